"""Matching: variants meet, families do not, and nothing depends on order."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allervers.core.text import fold
from allervers.people.matching import (
    Reason,
    Traits,
    block_keys,
    compare,
    likeness,
    one_to_one,
    pair_up,
    pairs,
    phonetic,
)


@pytest.mark.parametrize(
    "variants",
    [
        "mohamed mouhammad muhammad محمد mouhamed",
        "coulibaly koulibali couliballi",
        "cheikh sheikh cheick",
        "djibril jibril gibril",
        "youssef yusuf yousouf يوسف",
        "fatoumata fatimata fatumata",
        "dupont dupond",
        "ousmane osman",
        "wahid ouahid",
    ],
)
def test_variants_of_a_name_sound_alike(variants: str) -> None:
    assert len({phonetic(fold(word)) for word in variants.split()}) == 1


@pytest.mark.parametrize(("one", "other"), [("awa", "moussa"), ("diop", "diallo"), ("karim", "samir"), ("ali", "lea")])
def test_different_names_sound_different(one: str, other: str) -> None:
    assert phonetic(one) != phonetic(other)


AWA = Traits("Awa", "Diop", birth_year=1961, phones={"+33612345678": True})


def test_swapped_names_and_same_phone_are_told() -> None:
    evidence = compare(AWA, Traits("Diop", "Hawa", birth_year=1961, phones={"+33612345678": True}))

    assert evidence.score > 0.99
    assert evidence.reasons == (Reason.SAME_PHONE, Reason.SWAPPED, Reason.SAME_YEAR)


def test_first_of_january_is_weak_evidence() -> None:
    one, other = Traits("Awa", "Diop", birth_date=date(1961, 1, 1)), Traits("Awa", "Diop", birth_date=date(1961, 1, 1))
    sure = Traits("Awa", "Diop", birth_date=date(1961, 3, 12))

    assert compare(one, other).score < compare(sure, sure).score
    assert compare(one, other).reasons == (Reason.SAME_NAMES, Reason.ADMINISTRATIVE_BIRTH)


def test_brother_on_the_family_phone_is_another_person() -> None:
    brother = Traits("Moussa", "Diop", birth_year=1990, phones={"+33612345678": False})

    assert compare(AWA, brother).score < 0.05


def test_same_day_born_twins_stay_apart() -> None:
    born = date(1990, 5, 4)

    assert compare(Traits("Awa", "Diop", birth_date=born), Traits("Fanta", "Diop", birth_date=born)).score < 0.8


_names = st.sampled_from(
    ["Awa", "Hawa", "Diop", "Diallo", "محمد", "Mohamed", "Jean-Luc", "El Idrissi", "O", "", "陈", "N’Diaye"]
)
_traits = st.builds(
    Traits,
    given=_names,
    family=_names,
    nickname=_names,
    birth_date=st.one_of(st.none(), st.dates(date(1930, 1, 1), date(2020, 1, 1))),
    birth_year=st.one_of(st.none(), st.integers(1930, 2020)),
    phones=st.dictionaries(st.sampled_from(["+33600000001", "+33600000002"]), st.booleans(), max_size=2),
)


@given(_traits, _traits)
def test_comparison_is_symmetric_and_bounded(one: Traits, other: Traits) -> None:
    there, back = compare(one, other), compare(other, one)

    assert there.score == pytest.approx(back.score)
    assert 0 < there.score < 1


@given(_traits)
def test_blocks_ignore_the_order_of_names_and_stay_few(person: Traits) -> None:
    swapped = Traits(person.family, person.given, person.nickname, person.birth_date, person.birth_year)

    assert block_keys(person) == block_keys(swapped)
    assert len(block_keys(person)) <= 28


@given(st.text(max_size=20), st.text(max_size=20))
def test_likeness_takes_any_text(one: str, other: str) -> None:
    assert 0 <= likeness(fold(one), fold(other)) <= 1
    assert likeness(fold(one), fold(one)) == 1


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.floats(0.1, 0.9)), max_size=25), st.randoms())
def test_one_to_one_uses_each_side_once_in_any_order(
    drawn: list[tuple[int, int, float]], chance: random.Random
) -> None:
    from allervers.people.matching import Evidence

    found = {(i, j): (i, j, Evidence(score, ())) for i, j, score in drawn}
    candidates = list(found.values())
    kept = one_to_one(candidates)
    chance.shuffle(candidates)

    assert one_to_one(candidates) == kept
    assert len({i for i, _j, _e in kept}) == len({j for _i, j, _e in kept}) == len(kept)


GIVEN = [
    "Awa",
    "Fatoumata",
    "Mohamed",
    "Ibrahim",
    "Aïcha",
    "Moussa",
    "Mariam",
    "Youssef",
    "Djibril",
    "Khadija",
    "Jean",
    "Lina",
]
FAMILY = [
    "Diop",
    "Coulibaly",
    "Traoré",
    "Ben Salah",
    "El Idrissi",
    "Nguyen",
    "Dupont",
    "Camara",
    "Rahmani",
    "Petit",
    "Sow",
]
SPELT = {
    "Fatoumata": "Fatumata", "Mohamed": "Mouhammad", "Aïcha": "Aicha", "Youssef": "Yousouf", "Djibril": "Jibril",
    "Coulibaly": "Koulibali", "Traoré": "Traore", "El Idrissi": "Elidrissi", "Dupont": "Dupond", "Rahmani": "Rahmany",
}  # fmt: skip


@pytest.mark.slow
def test_pair_up_finds_people_in_families_with_administrative_births() -> None:
    chance = random.Random(7)
    left, right = [], []
    for _ in range(300):
        family, phone = chance.choice(FAMILY), f"+336{chance.randrange(10**8):08d}"
        for _member in range(chance.randint(1, 3)):
            given, year = chance.choice(GIVEN), chance.randrange(1940, 2015)
            born = (
                date(year, 1, 1)
                if chance.random() < 0.3
                else date(year, chance.randrange(2, 12), chance.randrange(2, 28))
            )
            left.append(Traits(given, family, birth_date=born, phones={phone: False}))
            names = [SPELT.get(given, given), SPELT.get(family, family)]
            if chance.random() < 0.15:
                names.reverse()
            phones = {phone: False} if chance.random() < 0.7 else {}
            right.append(Traits(*names, birth_date=born if chance.random() < 0.8 else None, phones=phones))

    kept = pair_up(left, right, threshold=0.5)

    right_ones = sum(i == j for i, j, _evidence in kept)
    precision, recall = right_ones / len(kept), right_ones / len(left)
    assert precision > 0.95, (precision, recall)
    assert recall > 0.9, (precision, recall)


def test_pairs_of_one_list_are_given_once() -> None:
    people = [AWA, Traits("Hawa", "Diop", birth_year=1961), Traits("Karim", "Sow", birth_year=1961)]

    assert [(i, j) for i, j, _evidence in pairs(people, threshold=0.7)] == [(0, 1)]

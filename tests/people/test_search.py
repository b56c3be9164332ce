"""Finding people, and noticing who is perhaps already known."""

import pytest

from allervers.people import actions, queries
from allervers.people.models import PersonCard
from tests.cast import Cast


@pytest.fixture
def people(cast: Cast) -> dict[str, PersonCard]:
    def opened(who: str, given: str, family: str, birth: str, phone: str = "") -> PersonCard:
        phones = [{"number": phone}] if phone else []
        identity = {"first_name": given, "last_name": family, "birth": birth, "phones": phones}
        return actions.open_card(by=cast.viewer(who), identity=identity)

    return {
        "awa": opened("mediator", "Awa", "Diop", "1961", "06 12 34 56 78"),
        "fatou": opened("mediator", "Fatoumata", "Coulibaly", "1990"),
        "arabic": opened("mediator", "محمد", "Ben Salah", "1985"),
        "sister": opened("sister", "Awa", "Diop", "1961", "06 12 34 56 78"),
        "other": opened("other", "Awa", "Diop", "1961", "06 12 34 56 78"),
    }


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("awa diop", "awa"),
        ("DIOP Awa", "awa"),
        ("hawa diop", "awa"),
        ("diop", "awa"),
        ("fatumata koulibali", "fatou"),
        ("coulibali", "fatou"),
        ("fat", "fatou"),
        ("mohamed ben salah", "arabic"),
        ("0612345678", "awa"),
        ("+33 6 12 34 56 78", "awa"),
    ],
)
def test_find_forgives_spelling_and_stays_in_reach(
    cast: Cast, people: dict[str, PersonCard], typed: str, who: str
) -> None:
    assert [match.card for match in queries.find(cast.viewer("mediator"), typed)] == [people[who]]


def test_find_by_code_folded(cast: Cast) -> None:
    card = cast.card(named=False, code="Ébène 27")
    cast.card(named=False, code="Aube 27")

    assert [match.card for match in queries.find(cast.viewer("mediator"), "ebene 27")] == [card]
    assert queries.find(cast.viewer("other"), "ebene 27") == []


@pytest.mark.parametrize("typed", ["", "   ", "zzz", "0612", "diop karim"])
def test_find_nothing(cast: Cast, people: dict[str, PersonCard], typed: str) -> None:
    assert queries.find(cast.viewer("mediator"), typed) == []


@pytest.mark.parametrize("who", ["coordinator", "ambassador", "volunteer", "technical"])
def test_find_is_empty_for_whoever_sees_no_one(cast: Cast, people: dict[str, PersonCard], who: str) -> None:
    assert queries.find(cast.viewer(who), "awa diop") == []


def test_known_card_says_why_and_the_sister_hub_says_no_more(cast: Cast, people: dict[str, PersonCard]) -> None:
    typed = {"first_name": "Diop", "last_name": "Hawa", "birth": "1961", "phones": [{"number": "0612345678"}]}

    here, elsewhere = queries.perhaps_known(cast.viewer("mediator"), typed)

    assert (here.card, here.label, here.year) == (people["awa"], "A. D.", 1961)
    assert here.reasons == ("same_phone", "swapped", "same_year")
    assert (elsewhere.card, elsewhere.label, elsewhere.year, elsewhere.reasons) == (None, "", None, ("same_phone",))


def test_other_organisation_is_told_nothing(cast: Cast, people: dict[str, PersonCard]) -> None:
    people["other"].delete()

    assert (
        queries.perhaps_known(cast.viewer("other"), {"first_name": "Awa", "last_name": "Diop", "birth": "1961"}) == []
    )


def test_sister_hub_needs_more_than_a_first_name_and_a_year(cast: Cast, people: dict[str, PersonCard]) -> None:
    known = queries.perhaps_known(cast.viewer("mediator"), {"first_name": "Awa", "birth": "1961"})

    assert all(candidate.card is not None for candidate in known)
    both = queries.perhaps_known(cast.viewer("mediator"), {"first_name": "Awa", "last_name": "Diop", "birth": "1961"})
    assert [candidate.card for candidate in both] == [people["awa"], None]


def test_pair_that_was_split_is_not_shown_again(cast: Cast, people: dict[str, PersonCard]) -> None:
    viewer = cast.viewer("mediator")
    double = actions.open_card(by=viewer, identity={"first_name": "Awa", "last_name": "Diop", "birth": "1961"})
    link = actions.propose_link(double, other=people["awa"], by=viewer)
    actions.reject_link(link, by=viewer)

    known = queries.perhaps_known(
        viewer, {"first_name": "Awa", "last_name": "Diop", "birth": "1961"}, besides=double.id
    )

    assert people["awa"] not in [candidate.card for candidate in known]


@pytest.mark.parametrize("typed", [{}, {"first_name": ""}, {"birth": "hier"}, {"phones": [{"number": "06"}]}])
def test_what_cannot_be_read_matches_no_one(
    cast: Cast, people: dict[str, PersonCard], typed: dict[str, object]
) -> None:
    assert queries.perhaps_known(cast.viewer("mediator"), typed) == []


@pytest.mark.parametrize("count", [1, 3])
def test_find_takes_the_same_queries_for_any_number(cast: Cast, count: int, django_assert_num_queries: object) -> None:
    viewer = cast.viewer("mediator")
    for _ in range(count):
        actions.open_card(by=viewer, identity={"first_name": "Awa", "last_name": "Diop"})

    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(queries.find(viewer, "awa diop")) == count

"""Reading an identity as people type it."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allervers.people import safe_hours
from allervers.people.identity import (
    TEAM_ONLY,
    Identity,
    IdentityRefused,
    Problem,
    holds_nir,
    hours_are_readable,
    parse,
    parse_birth,
    parse_phone,
    say_phone,
    to_json,
)

TODAY = date(2026, 11, 21)


def test_identity_of_a_nickname_alone_is_taken() -> None:
    assert parse({"nickname": " Tonton "}, today=TODAY) == Identity(nickname="Tonton")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1961", (None, 1961)),
        ("12/03/1961", (date(1961, 3, 12), None)),
        ("1961-03-12", (date(1961, 3, 12), None)),
        ("1.1.1961", (date(1961, 1, 1), None)),
        ("", (None, None)),
    ],
)
def test_birth_is_a_year_or_a_day(typed: str, read: object) -> None:
    assert parse_birth(typed, TODAY) == read


@pytest.mark.parametrize("typed", ["61", "1850", "2050", "31/02/1961", "hier", "22/11/2026"])
def test_birth_that_cannot_be_is_refused(typed: str) -> None:
    with pytest.raises(IdentityRefused) as refused:
        parse_birth(typed, TODAY)

    assert refused.value.problem == Problem.BIRTH


@pytest.mark.parametrize(
    "typed", ["06 12 34 56 78", "0612345678", "+33 6 12 34 56 78", "0033612345678", "06.12.34.56.78"]
)
def test_phone_is_one_number_however_typed(typed: str) -> None:
    assert parse_phone(typed) == "+33612345678"
    assert say_phone("+33612345678") == "06 12 34 56 78"


@pytest.mark.parametrize("typed", ["06 12 34", "allo", "+33 6 12 34 56 78 99 00"])
def test_phone_of_a_wrong_length_is_refused(typed: str) -> None:
    with pytest.raises(IdentityRefused):
        parse_phone(typed)


def test_phone_of_another_country_is_taken() -> None:
    assert parse_phone("+221 77 123 45 67") == "+221771234567"


@pytest.mark.parametrize(
    "text", ["1 61 03 59 350 123 45", "161035935012345", "n° 2 85 12 2A 123 456 78", "287 08 75 116 001"]
)
def test_social_security_number_is_refused_anywhere(text: str) -> None:
    assert holds_nir(text)
    with pytest.raises(IdentityRefused) as refused:
        parse({"first_name": "A", "note": f"son numéro : {text}"}, today=TODAY)
    assert refused.value.problem == Problem.STATE_NUMBER


@pytest.mark.parametrize(
    "text", ["06 12 34 56 78", "+33612345678", "12 rue du 11 novembre 1918, 59000", "FR76 3000 4000"]
)
def test_ordinary_numbers_are_not_social_security_numbers(text: str) -> None:
    assert not holds_nir(text)


def test_minor_is_told_from_the_day_or_surely_from_the_year() -> None:
    assert Identity(birth_date=date(2008, 11, 22)).is_minor(TODAY)
    assert not Identity(birth_date=date(2008, 11, 21)).is_minor(TODAY)
    assert Identity(birth_year=2009).is_minor(TODAY)
    assert not Identity(birth_year=2008).is_minor(TODAY)
    assert Identity(birth_year=1940).age_band(TODAY) == "80+"
    assert Identity().age_band(TODAY) == ""


def test_safe_hours_are_read_on_the_networks_clock() -> None:
    tuesday_ten, tuesday_eight = datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2026, 11, 24, 19, tzinfo=UTC)

    assert safe_hours.is_safe("Mo-Fr 09:00-12:00", tuesday_ten, "Europe/Paris") is True
    assert safe_hours.is_safe("Mo-Fr 09:00-12:00", tuesday_ten, "America/Cayenne") is False
    assert safe_hours.is_safe("Mo-Fr 09:00-12:00", tuesday_eight, "Europe/Paris") is False
    assert safe_hours.is_safe(TEAM_ONLY, tuesday_ten, "Europe/Paris") is None
    assert safe_hours.is_safe("", tuesday_ten, "Europe/Paris") is None


def test_each_choice_of_safe_hours_is_read_by_the_machine() -> None:
    assert [expression for expression, _label in safe_hours.CHOICES if not hours_are_readable(expression)] == []


def test_safe_hours_in_words_become_a_note_and_nothing_is_automatic() -> None:
    phone = parse({"phones": [{"number": "0612345678", "hours": "pas le vendredi"}]}, today=TODAY).phones[0]

    assert (phone.hours, phone.hours_note) == (TEAM_ONLY, "pas le vendredi")


_words = st.text(st.characters(categories=("L",), max_codepoint=0x2FFF), max_size=12)
_phones = st.lists(
    st.fixed_dictionaries(
        {
            "number": st.integers(600000000, 799999999).map(lambda n: f"+33{n}"),
            "owner": st.sampled_from(["self", "family", "friend", "hostel", "unknown"]),
            "sms": st.booleans(),
            "voicemail": st.booleans(),
            "hours": st.one_of(_words, st.sampled_from([code for code, _label in safe_hours.CHOICES])),
            "hours_note": _words,
        }
    ),
    max_size=3,
)
_raw = st.fixed_dictionaries(
    {
        "first_name": _words,
        "last_name": _words,
        "nickname": _words,
        "birth": st.one_of(
            st.just(""),
            st.integers(1900, 2026).map(str),
            st.dates(date(1900, 1, 1), TODAY).map(lambda day: day.strftime("%d/%m/%Y")),
        ),
        "phones": _phones,
        "helpers": st.lists(st.fixed_dictionaries({"name": _words, "tie": _words}), max_size=2),
        "note": _words,
    }
)


@given(_raw)
def test_identity_sealed_and_opened_is_the_same(raw: dict[str, object]) -> None:
    identity = parse(raw, today=TODAY)

    assert parse(to_json(identity), today=TODAY) == identity

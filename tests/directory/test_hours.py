from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from allervers.directory import hours

PARIS = ZoneInfo("Europe/Paris")
FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=PARIS)
CHRISTMAS = datetime(2026, 12, 25, 10, 0, tzinfo=PARIS)  # a Friday


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Mo-Fr 09:00-12:00; PH off", "Mo-Fr 09:00-12:00; PH off"),
        ("Du lundi au vendredi de 9h à 12h30 et de 14h à 17h", "Mo-Fr 09:00-12:30,14:00-17:00"),
        ("Mardi, jeudi 14h-16h", "Tu,Th 14:00-16:00"),
        ("Lundi : 9h00-12h00, Mercredi : 14:00-18:00", "Mo 09:00-12:00; We 14:00-18:00"),
        ("  ", ""),
    ],
)
def test_check_reads_both_notations(written: str, read: str) -> None:
    assert hours.check(written) == read


@pytest.mark.parametrize("nonsense", ["sur rendez-vous", "Mo-Fr 25:00-26:00", '"on verra"', "lundi", "Lu-Ve"])
def test_check_refuses_with_a_sentence(nonsense: str) -> None:
    with pytest.raises(hours.BadHours, match="Ces horaires ne se lisent pas"):
        hours.check(nonsense)


@pytest.mark.parametrize(
    ("expression", "at", "sentence"),
    [
        ("Mo-Fr 09:00-12:00", FRIDAY, "Ouvert jusqu’à 12\u00a0h"),
        ("Mo-Fr 09:00-16:30", FRIDAY, "Ouvert jusqu’à 16\u00a0h\u00a030"),
        ("Mo-Fr 14:00-18:00", FRIDAY, "Ouvre aujourd’hui à 14\u00a0h"),
        ("Sa 09:00-12:00", FRIDAY, "Ouvre demain à 9\u00a0h"),
        ("Mo 09:00-12:00", FRIDAY, "Ouvre lundi à 9\u00a0h"),
        ("24/7", FRIDAY, "Toujours ouvert"),
        ("", FRIDAY, "Horaires non connus"),
        ("n’importe quoi", FRIDAY, "Horaires non connus"),
        ("Mo-Fr 09:00-12:00", CHRISTMAS, "Jour férié : horaires à vérifier"),
        ("Mo-Fr 09:00-12:00; PH off", CHRISTMAS, "Ouvre lundi à 9\u00a0h"),
    ],
)
def test_status_says_it_in_a_sentence(expression: str, at: datetime, sentence: str) -> None:
    assert hours.status(expression, at).sentence(at) == sentence


def test_is_open_is_not_certain_on_a_holiday_nobody_spoke_of() -> None:
    assert hours.is_open("Mo-Fr 09:00-12:00", FRIDAY)
    assert not hours.is_open("Mo-Fr 09:00-12:00", CHRISTMAS)
    assert hours.is_open("Mo-Fr 09:00-12:00; PH 09:00-12:00", CHRISTMAS)


def test_a_closure_hides_opening_hours_until_it_ends() -> None:
    monday = datetime(2026, 11, 23, 0, 0, tzinfo=PARIS)

    status = hours.status("Mo-Fr 09:00-12:00", FRIDAY, closed_until=monday)

    assert status.is_open is False
    assert status.changes_at == datetime(2026, 11, 23, 9, 0, tzinfo=PARIS)


def test_told_speaks_french() -> None:
    assert hours.told("Mo-Fr 09:00-12:30; PH off") == "lun.-ven. 9\u00a0h-12\u00a0h\u00a030 ; jours fériés fermé"


def _told(expression: str, start: date, *shut: tuple[date, date]) -> list[str]:
    """ "23-26 9-12 14-17": days of the month, then hours; "closed", "?" when a holiday leaves them unknown."""
    week = hours.coming_week(expression, start, "Europe/Paris", shut=shut)
    return [f"{one.first.day}-{one.last.day} {_spans(one.spans)}" for one in week]


def _spans(spans: tuple[tuple[time, time], ...] | None) -> str:
    if spans is None:
        return "?"
    return " ".join(f"{begins:%H}-{ends:%H}" for begins, ends in spans) or "closed"


@pytest.mark.parametrize(
    ("expression", "start", "told"),
    [
        ("Mo-Fr 09:00-12:00,14:00-17:00", date(2026, 11, 23), ["23-27 09-12 14-17", "28-29 closed"]),
        ("Tu,Th 09:00-12:00", date(2026, 11, 24), ["24-24 09-12", "25-25 closed", "26-26 09-12", "27-30 closed"]),
        ("Fr 22:00-02:00", date(2026, 11, 26), ["26-26 closed", "27-27 22-02", "28-2 closed"]),
        ("24/7", date(2026, 12, 25), ["25-31 00-00"]),
        ("Mo-Su 18:00-08:00", date(2026, 11, 23), ["23-29 18-08"]),
        ("Fr 22:00-02:00", date(2026, 11, 21), ["21-26 closed", "27-27 22-02"]),
        ("Mo-Fr 09:00-12:00 unknown", date(2026, 11, 23), ["23-27 ?", "28-29 closed"]),
        ("Mo 08:00-24:00; Tu 00:00-24:00", date(2026, 11, 23), ["23-23 08-00", "24-24 00-00", "25-29 closed"]),
        ("Mo-Fr 09:00-12:00", date(2026, 12, 24), ["24-24 09-12", "25-25 ?", "26-27 closed", "28-30 09-12"]),
        ("Mo-Fr 09:00-12:00; PH off", date(2026, 12, 24), ["24-24 09-12", "25-27 closed", "28-30 09-12"]),
        ("", date(2026, 11, 23), []),
        ("on verra", date(2026, 11, 23), []),
    ],
)  # fmt: skip
def test_the_coming_week_joins_days_with_the_same_hours(expression: str, start: date, told: list[str]) -> None:
    assert _told(expression, start) == told


def test_a_closure_shuts_the_days_that_it_covers() -> None:
    closures = [(date(2026, 11, 1), date(2026, 11, 23)), (date(2026, 11, 26), date(2026, 12, 4))]
    assert _told("Mo-Fr 09:00-12:00", date(2026, 11, 23), *closures) == ["23-23 closed", "24-25 09-12", "26-29 closed"]


def test_day_and_night_is_promised_on_a_holiday_too() -> None:
    assert next(hours.openings("24/7", CHRISTMAS, "Europe/Paris"))[0] == CHRISTMAS

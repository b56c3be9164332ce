from datetime import datetime
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
        ("Mo-Fr 09:00-12:00", FRIDAY, "Ouvert jusqu’à 12 h"),
        ("Mo-Fr 09:00-16:30", FRIDAY, "Ouvert jusqu’à 16 h 30"),
        ("Mo-Fr 14:00-18:00", FRIDAY, "Ouvre aujourd’hui à 14 h"),
        ("Sa 09:00-12:00", FRIDAY, "Ouvre demain à 9 h"),
        ("Mo 09:00-12:00", FRIDAY, "Ouvre lundi à 9 h"),
        ("24/7", FRIDAY, "Toujours ouvert"),
        ("", FRIDAY, "Horaires non connus"),
        ("n’importe quoi", FRIDAY, "Horaires non connus"),
        ("Mo-Fr 09:00-12:00", CHRISTMAS, "Jour férié : horaires à vérifier"),
        ("Mo-Fr 09:00-12:00; PH off", CHRISTMAS, "Ouvre lundi à 9 h"),
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

from datetime import UTC, date, datetime

import pytest

from allervers.programmes import columns
from allervers.programmes.columns import Refused, Row, Why, read_headings, read_row

GOOD = {"campaign": "lille", "on": "14/03/2018"}


def test_headings_are_recognised_however_they_are_spelled() -> None:
    found = read_headings(["Campagne", "DATE SÉANCE", "pôle", "Résultat", "Orienté vers", "Âge", "session_date"])

    assert found.names == ("campaign", "on", "hub", "result", "referred_to", "age", "on")
    assert found.twice == ("session_date",)


def test_headings_that_must_never_be_kept_are_dropped_and_said() -> None:
    found = read_headings(["campagne", "date", "Nationalité", "N° sécu", "NIR", "Nom", "Téléphone", "Couleur", ""])

    assert found.dropped == ("Nationalité", "N° sécu", "NIR")
    assert found.identifying == ("Nom", "Téléphone")
    assert found.ignored == ("Couleur",)
    assert found.names[2:] == (None,) * 7


def test_headings_say_which_are_missing() -> None:
    assert read_headings(["code", "resultat"]).missing == ("campagne", "date_seance")


def test_row_reads_a_whole_line() -> None:
    cells = {
        "campaign": "lille",
        "on": datetime(2018, 3, 14, tzinfo=UTC), "hub": "Moulins", "ref": 12.0, "code": "roseau 27", "sex": "F",
        "age": 52.0, "language": "Tamoul", "result": "RDV", "referred_to": "Hôpital", "agreement": "oui",
        "attended": "venue", "outcome": "équipée", "delay": "8,5",
    }  # fmt: skip

    assert read_row(3, cells) == Row(
        line=3, campaign="lille", on=date(2018, 3, 14), hub="Moulins", ref="12", code="Roseau 27", sex="woman",
        age_band="45-64", language="ta", result="appointment", orientation="partner", recipient="Hôpital", agreed=True,
        answer="came", outcome="equipped", delay_days=60,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"campaign": ""}, Why.NO_CAMPAIGN),
        ({"on": "31/02/2018"}, Why.DATE),
        ({"on": ""}, Why.DATE),
        ({"code": "Awa Diop"}, Why.CODE),
        ({"ref": "Awa"}, Why.REF),
        ({"ref": "1 61 03 75 116 123 45"}, Why.INSURED),
        ({"sex": "?!"}, Why.SEX),
        ({"age": "vieux"}, Why.AGE),
        ({"age": "131"}, Why.AGE),
        ({"age": "፩"}, Why.AGE),
        ({"language": "klingon"}, Why.LANGUAGE),
        ({"result": "peut-être"}, Why.RESULT),
        ({"agreement": "Awa"}, Why.AGREEMENT),
        ({"attended": "mardi"}, Why.ATTENDED),
        ({"outcome": "cataracte"}, Why.OUTCOME),
        ({"delay": "long"}, Why.DELAY),
        ({"delay": "nan"}, Why.DELAY),
        ({"delay": "-1"}, Why.DELAY),
        ({"seen_on": "bientôt"}, Why.SEEN_ON),
        ({"seen_on": "01/03/2018"}, Why.SEEN_BEFORE),
        ({"delay": "8", "seen_on": "15/03/2018"}, Why.TWO_DELAYS),
    ],
)
def test_row_refuses_what_it_cannot_take(cells: dict[str, object], why: Why) -> None:
    with pytest.raises(Refused) as refused:
        read_row(2, {**GOOD, **cells})

    assert refused.value.why == why


@pytest.mark.parametrize("typed", ["Awa Diop", "awa"])
def test_refusal_never_prints_back_what_may_be_a_name(typed: str) -> None:
    for column in ("code", "ref", "agreement"):
        with pytest.raises(Refused) as refused:
            read_row(2, {**GOOD, column: typed})
        assert refused.value.shown == ""


def test_unknown_said_is_more_than_nothing_said() -> None:
    silent, unknown = read_row(2, {**GOOD, "attended": ""}), read_row(2, {**GOOD, "attended": "inconnu"})

    assert (silent.answer, silent.answered_unknown) == ("", False)
    assert (unknown.answer, unknown.answered_unknown) == ("", True)


def test_every_refusal_has_its_sentence() -> None:
    from allervers.programmes.refusals import SENTENCES

    assert set(SENTENCES) == set(Why)
    assert all(column.heading for column in columns.COLUMNS)

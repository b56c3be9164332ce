"""The journal is verified as it is stored, with anchors in a file; each kind of tampering is told."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from allervers.core import clock
from allervers.journal import anchors, duties
from allervers.journal.actions import action, record
from allervers.journal.models import ChainHead, Event
from allervers.journal.verification import Verdict, verify
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _anchors_of_its_own(settings, tmp_path):
    settings.ANCHOR_FILE = tmp_path / "deep" / "anchors.log"


@action
def _happen(cast: Cast, times: int = 1) -> None:
    for _ in range(times):
        record("hub.renamed", cast.wazemmes, by=cast.viewer("lead"))


def _verdict(cast: Cast) -> Verdict:
    return verify(cast.lille.id, anchors.read().get(str(cast.lille.id), []))


def _whys(cast: Cast) -> list[str]:
    return [fault.why for fault in _verdict(cast).faults]


def test_intact_journal_says_what_is_not_proved_yet(cast):
    _happen(cast, 3)
    anchors.append(clock.now())
    _happen(cast, 2)

    verdict = _verdict(cast)

    assert (verdict.faults, verdict.events.lines, verdict.events.anchored_to, verdict.events.unproven) == ([], 5, 3, 2)


@pytest.mark.parametrize(
    ("column", "value"),
    [("kind", "hub.closed"), ("subject_id", "x"), ("subject_kind", "x"), ("actor_id", ""), ("at", "2020-01-01T00:00Z")],
)
def test_index_column_that_disagrees_with_the_text_is_a_fault(cast, column, value):
    _happen(cast, 3)
    Event.objects.filter(seq=2).update(**{column: value})

    assert _whys(cast) == ["misfiled"]


def test_altered_text_is_a_fault(cast):
    _happen(cast, 3)
    row = Event.objects.get(seq=2)
    Event.objects.filter(seq=2).update(text=row.text.replace('"data":{}', '"data":{"x":1}'))

    assert _whys(cast) == ["altered"]


def test_text_that_is_no_longer_json_is_a_fault_not_a_crash(cast):
    _happen(cast, 1)
    Event.objects.update(text="…")

    assert _whys(cast) == ["altered", "misfiled"]


def test_cut_tail_is_found_by_the_anchor_even_when_the_head_was_moved_back(cast):
    _happen(cast, 5)
    anchors.append(clock.now())
    Event.objects.filter(seq__gt=3).delete()
    ChainHead.objects.update(seq=3, mac=Event.objects.get(seq=3).mac)

    assert _whys(cast) == ["anchored_event_is_gone"]


def test_cut_tail_without_anchor_is_found_by_the_head(cast):
    _happen(cast, 5)
    Event.objects.filter(seq__gt=3).delete()

    assert _whys(cast) == ["head_disagrees"]


def test_journal_wholly_removed_is_found(cast):
    _happen(cast, 2)
    anchors.append(clock.now())
    Event.objects.all().delete()
    ChainHead.objects.all().delete()

    with pytest.raises(SystemExit):
        call_command("verify_journal")


def test_chain_copied_under_another_network_is_found(cast):
    _happen(cast, 2)
    Event.objects.update(network_id=cast.toulouse.id)

    faults = verify(cast.toulouse.id, []).faults

    assert {fault.why for fault in faults} == {"altered", "head_disagrees"}


def test_event_appended_while_verifying_is_no_fault(cast, monkeypatch):
    _happen(cast, 2)
    from allervers.journal import verification

    read = verification._head(cast.lille.id)
    _happen(cast, 1)
    monkeypatch.setattr(verification, "_head", lambda _network_id: read)

    assert _whys(cast) == []


def test_declared_restore_voids_what_was_anchored_beyond_it(cast, capsys):
    _happen(cast, 5)
    anchors.append(clock.now())
    Event.objects.filter(seq__gt=3).delete()
    ChainHead.objects.update(seq=3, mac=Event.objects.get(seq=3).mac)
    call_command("anchor_journal", after_restore=True)
    _happen(cast, 4)

    assert _whys(cast) == []
    call_command("verify_journal", network="lille")
    assert "une restauration a été déclarée" in capsys.readouterr().out


def test_tick_anchors_at_most_every_five_minutes_and_only_what_moved(cast):
    start = clock.now()
    _happen(cast)
    for minute in range(6):
        duties.tick(start + timedelta(minutes=minute))
        _happen(cast)
    duties.tick(start + timedelta(minutes=30))
    duties.tick(start + timedelta(minutes=40))

    assert [anchor.seq for anchor in anchors.read()[str(cast.lille.id)]] == [1, 6, 7]


def test_anchor_file_is_readable_by_its_owner_only(cast):
    _happen(cast)
    anchors.append(clock.now())

    assert anchors.path().stat().st_mode & 0o777 == 0o600


def test_unreadable_anchor_is_told_with_its_line(cast):
    _happen(cast)
    anchors.append(clock.now())
    with Path(anchors.path()).open("a") as file:
        file.write("{torn\n")

    with pytest.raises(CommandError, match="La ligne 2 du fichier d’ancrage"):
        call_command("verify_journal")


def test_command_tells_json_and_exits_with_one_on_a_fault(cast, capsys):
    _happen(cast, 3)
    Event.objects.filter(seq=2).delete()

    with pytest.raises(SystemExit) as exit_code:
        call_command("verify_journal", "--json")

    told = json.loads(capsys.readouterr().out)
    assert exit_code.value.code == 1
    assert told["ok"] is False
    assert told["networks"][0]["network"] == "lille"
    assert [fault["why"] for fault in told["networks"][0]["faults"]] == ["missing"]
    assert "L’événement 2 manque" in told["networks"][0]["faults"][0]["sentence"]


def test_command_says_an_intact_journal(cast, capsys):
    _happen(cast, 3)

    call_command("verify_journal", "--network", "lille")

    assert "intact, 3 événements" in capsys.readouterr().out


def test_command_refuses_an_unknown_network(cast):
    with pytest.raises(CommandError, match="nulle-part"):
        call_command("verify_journal", "--network", "nulle-part")

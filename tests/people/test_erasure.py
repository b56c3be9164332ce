"""Erasing, on request, in time, and again after a restore."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from allervers.accounts.models import Network
from allervers.core import clock
from allervers.journal.actions import note_read
from allervers.journal.models import Event, IdentityRead
from allervers.people import actions, duties, vault
from allervers.people.actions.erasure import erased_ids
from allervers.people.models import CardLink, CardToken, PersonCard, Receipt
from config import duties as house
from tests.cast import Cast

IDENTITY = {"first_name": "Awa", "last_name": "Diop", "birth": "1961", "phones": [{"number": "06 12 34 56 78"}]}


@pytest.fixture(autouse=True)
def erasures(settings: object, tmp_path: Path) -> Path:
    path = tmp_path / "erasures.log"
    settings.ERASURE_FILE = path  # type: ignore[attr-defined]
    return path


def test_erasure_shreds_names_and_keeps_an_anonymous_thread(cast: Cast, erasures: Path) -> None:
    viewer = cast.viewer("mediator")
    card = actions.open_card(by=viewer, identity=IDENTITY, speaks=["bm"], sex="woman")
    sealed = vault.seal_text(
        "ses mots", place="needs.need.words", row=card.id, organisation_id=card.organisation_id, card=card
    )
    actions.give_information(card, by=viewer)
    agreement = actions.agree_to_share(card, recipient=cast.hospital, content=["need"], by=viewer)
    actions.propose_link(card, other=cast.card(), by=viewer)
    code = card.code

    assert actions.erase_card(card, by=viewer)

    card = PersonCard.objects.get(pk=card.pk)
    assert (bytes(card.sealed), bytes(card.wrapped_key), card.is_named, card.speaks) == (b"", b"", False, [])
    assert card.erased_at and code not in card.code and card.sex == "woman"
    assert (
        vault.open_text(sealed, place="needs.need.words", row=card.id, organisation_id=card.organisation_id, card=card)
        == ""
    )
    assert not CardToken.objects.filter(card=card).exists() and not CardLink.objects.exists()
    assert list(Receipt.objects.filter(card=card)) == [agreement]
    assert Event.objects.filter(kind="card.erased").count() == 1
    assert list(erased_ids()) == [card.id]
    assert erasures.stat().st_mode & 0o777 == 0o600


def test_erasing_twice_is_done_once(cast: Cast) -> None:
    card = cast.card()

    assert [actions.erase_card(card, by=None) for _ in range(2)] == [True, False]
    assert len(list(erased_ids())) == 1


def test_erasure_by_whoever_may_not_open_is_refused(cast: Cast) -> None:
    for who in ("sister", "other", "coordinator"):
        with pytest.raises(actions.OutOfReach):
            actions.erase_card(cast.card(), by=cast.viewer(who))


def test_list_that_cannot_be_written_stops_the_erasure(cast: Cast, settings: object, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.ERASURE_FILE = tmp_path / "file" / "erasures.log"  # type: ignore[attr-defined]
    card = cast.card()

    with pytest.raises(actions.ErasureListUnwritable, match="rien n’a été effacé"):
        actions.erase_card(card, by=None)

    card.refresh_from_db()
    assert card.erased_at is None and vault.identity(card)


def test_correcting_an_erased_card_is_refused(cast: Cast) -> None:
    card = cast.card()
    stale = PersonCard.objects.get(pk=card.pk)
    actions.erase_card(card, by=None)

    with pytest.raises(actions.CardErased):
        actions.update_card(stale, by=cast.viewer("mediator"), identity=IDENTITY)


def test_restored_backup_is_erased_again(cast: Cast, erasures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card = cast.card()
    kept = PersonCard.objects.filter(pk=card.pk).values().get()
    actions.erase_card(card, by=None)
    PersonCard.objects.filter(pk=card.pk).update(**{name: value for name, value in kept.items() if name != "id"})
    with erasures.open("a") as file:
        file.write("\n2026-11-21T10:00:00+00:00 0192")  # cut by a crash

    call_command("reapply_erasures")

    card.refresh_from_db()
    assert card.erased_at and not card.wrapped_key
    assert "1" in capsys.readouterr().out


def test_cards_without_contact_for_two_years_are_erased(cast: Cast) -> None:
    now = clock.now()
    old = cast.card(last_contact_at=now - timedelta(days=731))
    recent = cast.card(last_contact_at=now - timedelta(days=729))

    assert duties.clean_up(now)["erased"] == 1

    old.refresh_from_db()
    recent.refresh_from_db()
    assert old.erased_at and recent.erased_at is None


def test_network_may_shorten_but_not_lengthen(cast: Cast) -> None:
    now = clock.now()
    Network.objects.filter(pk=cast.lille.pk).update(retention={"card": 30})
    Network.objects.filter(pk=cast.toulouse.pk).update(retention={"card": 9999})
    here = cast.card(last_contact_at=now - timedelta(days=31))
    there = cast.card(cast.arnaud, last_contact_at=now - timedelta(days=731))

    assert duties.clean_up(now) == {"erased": 2, "doubles_proposed": 0}
    for card in (here, there):
        card.refresh_from_db()
        assert card.erased_at


def test_clean_up_command_runs_every_app(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    cast.card(last_contact_at=clock.now() - timedelta(days=800))

    call_command("clean_up")

    assert "people: erased 1" in capsys.readouterr().out


def test_house_export_holds_what_the_card_holds(cast: Cast) -> None:
    viewer = cast.viewer("mediator")
    card = actions.open_card(by=viewer, identity=IDENTITY)
    actions.give_information(card, by=viewer, language="fr")
    note_read([card.id], network=cast.lille.id, organisation=cast.association.id, reason="call", by=viewer)

    held = house.export_person(card)["people"]

    assert held["identity"]["last_name"] == "Diop"
    assert held["receipts"][0]["words"].startswith(cast.association.name)
    assert held["readings"] == [
        {"at": IdentityRead.objects.get().at.isoformat(), "who": "Mediator Cast, médiatrice", "reason": "la joindre"}
    ]


def test_duty_that_fails_lets_the_others_run(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []

    def fails(now: object) -> None:
        raise RuntimeError

    offered = [("one", fails), ("two", ran.append)]
    monkeypatch.setattr(house, "offering", lambda duty: iter(offered))

    with pytest.raises(ExceptionGroup):
        house.clean_up(clock.now())

    assert len(ran) == 1

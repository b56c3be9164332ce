"""The master key changes while all goes on; the former one is destroyed once no backup needs it."""

import io
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
from django.core.management import call_command

from allervers.accounts import backups, masters
from allervers.accounts import keys as organisation_keys
from allervers.accounts.models import OrganisationKey
from allervers.core import archive, clock, crypto, keys
from allervers.journal.models import ChainHead, Event
from allervers.journal.verification import verify
from allervers.outbox.actions import mail, opened
from allervers.outbox.models import Message
from allervers.people import actions, vault
from allervers.people.models import PersonCard
from allervers.programmes import uploads
from allervers.referrals import actions as referral_actions
from allervers.referrals import links
from tests.cast import Cast
from tests.referrals import scene

MONTH = timedelta(days=30)


@pytest.fixture(autouse=True)
def key_folder(tmp_path: Path, settings: object) -> Path:
    settings.KEY_DIR = shutil.copytree(settings.KEY_DIR, tmp_path / "keys")  # type: ignore[attr-defined]
    return tmp_path / "keys"


@pytest.fixture
def card(cast: Cast) -> PersonCard:
    return actions.open_card(by=cast.viewer("mediator"), identity={"first_name": "Awa"})


def _opens(card: PersonCard) -> bool:
    """As another process would: nothing remembered."""
    organisation_keys.forget()
    return vault.identity(PersonCard.objects.get(pk=card.pk)) == {"first_name": "Awa"}


def _only_the_key_in_use(folder: Path) -> None:
    for former in keys.former():
        former.path.unlink()
    assert [path.name for path in sorted(folder.glob("master*"))] == ["master.key"]


def test_all_that_is_sealed_is_found_again_under_the_new_key(cast: Cast, card: PersonCard, key_folder: Path) -> None:
    mail(to="a@example.org", subject="s", text="t", purpose="code")
    before = keys.master()

    call_command("rotate_master_key")
    assert keys.master() != before
    _only_the_key_in_use(key_folder)

    assert _opens(card)
    assert opened(Message.objects.get(purpose="code")) == ("a@example.org", "s", "t")
    verdict = verify(cast.lille.id, [])
    assert (verdict.faults, verdict.events.lines > 0) == ([], True)
    actions.open_card(by=cast.viewer("mediator"), identity={"first_name": "Lina"})
    assert verify(cast.lille.id, []).faults == []


def test_a_link_that_left_is_the_same_after_a_rotation(cast: Cast) -> None:
    made = referral_actions.make_list(cast.hospital, [scene.sent(cast)], by=cast.viewer("mediator"))
    before = links.token_of(made)

    masters.replace(clock.now())

    assert links.token_of(made) == before
    assert crypto.digest(before) == made.token_digest


def test_a_file_between_its_try_and_its_import_still_opens(cast: Cast) -> None:
    owner = cast.memberships["lead"].id
    kept = uploads.keep([b"1;2"], owner=owner)

    masters.replace(clock.now())

    assert uploads.opened(kept, owner=owner).read() == b"1;2"
    uploads.forget(kept)


def test_a_stolen_copy_of_before_opens_under_no_key_that_is_left(cast: Cast, card: PersonCard) -> None:
    stolen = OrganisationKey.objects.get(organisation=cast.association, version=card.key_version)
    place = f"accounts.organisationkey:{cast.association.id}:{card.key_version}"
    assert keys.unwrap(bytes(stolen.wrapped), place)

    masters.replace(clock.now())
    assert keys.unwrap(bytes(stolen.wrapped), place)  # a backup is still read
    assert masters.destroy_former(clock.after(days=29), kept=MONTH) == 0
    assert masters.destroy_former(clock.after(days=31), kept=MONTH) == 1

    with pytest.raises(keys.KeyMissing):
        keys.unwrap(bytes(stolen.wrapped), place)
    assert _opens(card)
    told = Event.objects.filter(network_id=cast.lille.id, kind__startswith="master_key").order_by("seq")
    assert list(told.values_list("kind", flat=True)) == ["master_key.replaced", "master_key.destroyed"]


def test_a_process_that_remembers_the_former_wrapping_reads_it_again(cast: Cast, card: PersonCard) -> None:
    assert _opens(card)
    assert vault.card_key(card)

    masters.replace(clock.now())
    masters.destroy_former(clock.after(days=31), kept=MONTH)
    organisation_keys._unwrap.cache_clear()

    assert vault.identity(card) == {"first_name": "Awa"}


def test_what_a_backup_put_back_is_sealed_again_before_the_former_key_goes(cast: Cast, card: PersonCard) -> None:
    old = {row.pk: bytes(row.wrapped) for row in OrganisationKey.objects.all()}
    head = bytes(ChainHead.objects.get(network_id=cast.lille.id).wrapped_key)
    masters.replace(clock.now())
    for pk, wrapped in old.items():
        OrganisationKey.objects.filter(pk=pk).update(wrapped=wrapped)
    ChainHead.objects.filter(network_id=cast.lille.id).update(wrapped_key=head)
    assert _opens(card)

    masters.destroy_former(clock.after(days=31), kept=MONTH)

    assert _opens(card)
    assert verify(cast.lille.id, []).faults == []


def test_a_backup_opens_under_the_key_it_was_made_with_until_that_is_destroyed(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for engine in ("_dump_sqlite", "_dump_postgresql"):  # a test's own transaction cannot be copied
        monkeypatch.setattr(backups, engine, _dump_one_letter)
    made = backups.write(tmp_path / "backups", clock.now())

    masters.replace(clock.now())
    assert backups.papers_of(made).counts == {"letters": 1}
    masters.destroy_former(clock.after(days=31), kept=MONTH)

    with pytest.raises(backups.CannotRestore, match="une détruite"):
        backups.papers_of(made)


def _dump_one_letter(_folder: Path, sealed: BinaryIO, key: bytes) -> dict[str, int]:
    return {"letters": archive.seal(key, io.BytesIO(b"x"), sealed)}


class Killed(BaseException):
    """What no handler catches."""


@pytest.mark.parametrize("call", range(1, 12))
@pytest.mark.django_db(transaction=True)
def test_killed_anywhere_it_opens_and_the_next_run_completes(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, key_folder: Path, call: int
) -> None:
    card = actions.open_card(by=cast.viewer("mediator"), identity={"first_name": "Awa"})
    with monkeypatch.context() as patch:
        _kill_at(patch, call)
        with pytest.raises(Killed):
            masters.replace(clock.now())

    assert _opens(card)
    assert verify(cast.lille.id, []).faults == []
    masters.replace(clock.after(minutes=1))
    masters.destroy_former(clock.after(days=40), kept=MONTH)
    assert [path.name for path in sorted(key_folder.glob("master*"))] == ["master.key"]
    assert _opens(card)
    assert verify(cast.lille.id, []).faults == []


def _kill_at(patch: pytest.MonkeyPatch, number: int) -> None:
    """The process dies just before its `number`th step on disk or in the database."""
    left = [number]

    def dying(step: Callable[..., object]) -> Callable[..., object]:
        def run(*arguments: object, **named: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            return step(*arguments, **named)

        return run

    for place, name in ((keys.os, "open"), (keys.os, "fsync"), (keys.Path, "replace"), (keys.Path, "unlink")):
        patch.setattr(place, name, dying(getattr(place, name)))
    patch.setattr(masters.duties, "reseal", dying(masters.duties.reseal))

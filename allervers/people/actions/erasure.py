"""Erasing someone: her key is shredded, what names her is removed, her thread stays and names no one."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.journal.actions import action, record
from allervers.people.actions.cards import OutOfReach
from allervers.people.models import PersonCard
from allervers.people.rules import may_open
from config import duties

_LINE = re.compile(r"(\S+) ([0-9a-f-]{36})")


class ErasureListUnwritable(Exception):
    """The list of erasures, kept outside the database, cannot be written: nothing is erased."""

    def __str__(self) -> str:
        return _(
            "La liste des effacements ne peut pas être écrite : rien n’a été effacé. "
            "Prévenez l’administration technique (disque plein ou droits du fichier), puis recommencez."
        )


@action
def erase_card(card: PersonCard, *, by: Viewer | None, reason: str = "asked") -> bool:
    """Erases for ever; False when it was done before. `reason`: asked, retention, restored.

    The list outside the database is written just before commit: restoring an old backup then erases again. A line too
    many, if the commit fails, is an erasure that was asked for.
    """
    if by is not None and not may_open(by, card):
        raise OutOfReach
    if not PersonCard.objects.filter(pk=card.pk, erased_at=None).update(erased_at=clock.now(), is_named=False):
        return False
    duties.erase_person(card)
    record("card.erased", card, by=by, reason=reason)
    _append(card.pk)
    card.refresh_from_db()
    return True


def reapply_erasures() -> int:
    """After restoring a backup: erases again whoever the list names; returns how many. Cards unknown here are skipped."""
    again = 0
    for card_id in erased_ids():
        card = PersonCard.objects.filter(pk=card_id, erased_at=None).first()
        if card is not None and erase_card(card, by=None, reason="restored"):
            again += 1
    return again


def erased_ids() -> Iterator[UUID]:
    """The cards that the list names, oldest first; a line cut by a crash is passed over."""
    path = Path(settings.ERASURE_FILE)
    if not path.exists():
        return
    with path.open() as lines:
        for line in lines:
            if found := _LINE.fullmatch(line.strip()):
                yield UUID(found[2])


def _append(card_id: UUID) -> None:
    path = Path(settings.ERASURE_FILE)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, f"\n{clock.now().isoformat()} {card_id}\n".encode())
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise ErasureListUnwritable from error

"""Films on their way: looked at when they come, made small by the worker a few seconds at a time, then said like any rendition.

A killed worker leaves a hold that runs out, and a file that waits: the film is begun again (docs/decisions/0002).
"""

import secrets
import shutil
import time
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db.models import F, Q, QuerySet

from allervers.journal.actions import Actor, action, record
from allervers.prevention import errors, media, voices
from allervers.prevention.effects import held_message
from allervers.prevention.enums import Medium, RenditionState, SentState
from allervers.prevention.models import Invitation, Message, Rendition, SentFilm
from allervers.prevention.sending import Parcel

HOLD = timedelta(minutes=2)
TRIES = 3
ROOM = 2_000_000_000  # bytes that a disk keeps free: a film is here twice while it is made
KEPT = timedelta(days=7)  # how long a film that was not taken says so
_SLICE = 4.0  # seconds of work in a turn: mails wait no longer


# --- what comes ------------------------------------------------------------------------------------------------------


def check_may_film(message: Message, *, language: str, edition: int, by: Actor) -> None:
    """Raises `Stale` when the French changed meanwhile, `AlreadyFilmed` when a link would replace an approved film, `NoRoom`."""
    if edition != message.edition:
        raise errors.Stale
    if _is_link(by.membership_id) and is_approved(message, language):
        raise errors.AlreadyFilmed
    if shutil.disk_usage(media.folder()).free < ROOM:
        raise errors.NoRoom


def is_approved(message: Message, language: str) -> bool:
    """A second speaker has approved a film of it: a link does not take its place."""
    films = Rendition.objects.filter(segment__message=message, language=language, medium=Medium.VIDEO)
    return films.filter(state=RenditionState.CHECKED).exclude(media=None).exists()


def already_sent(message: Message, *, language: str, sha256: str, by: Actor) -> bool:
    """This same film of hers is here, waiting or made, if its answer was lost on the way."""
    who = str(by.membership_id)
    waits = SentFilm.objects.exclude(state=SentState.FAILED).filter(message=message, language=language)
    films = Rendition.objects.filter(segment__message=message, language=language, medium=Medium.VIDEO)
    made = films.exclude(state=RenditionState.WITHDRAWN)
    return (
        waits.filter(sha256=sha256, sent_by=who).exists()
        or made.filter(media__source_sha256=sha256, made_by=who).exists()
    )


def receive(parcel: Parcel, message: Message, *, language: str, by: Actor) -> SentFilm:
    """All of a film is here: verified, looked at, kept for the worker. Raises an `errors.Unusable`; its pieces are then gone."""
    parcel.check()
    try:
        return receive_file(parcel.path, message, language=language, by=by, sha256=parcel.sha256)
    except errors.Unusable:
        parcel.forget()
        raise


def receive_file(source: Path, message: Message, *, language: str, by: Actor, sha256: str) -> SentFilm:
    """The same of a film that came in one piece. `source` is moved."""
    from allervers.prevention import video  # FFmpeg: see `formats`

    video.look(source)
    name = secrets.token_hex(16)
    source.replace(media.waiting_path(name))
    try:
        sent, former = _keep(message, language=language, name=name, sha256=sha256, by=by)
    except BaseException:
        media.waiting_path(name).unlink(missing_ok=True)
        raise
    for one in former:
        media.waiting_path(one).unlink(missing_ok=True)
    return sent


@action
def _keep(message: Message, *, language: str, name: str, sha256: str, by: Actor) -> tuple[SentFilm, list[str]]:
    """The row of a film that came; her former ones give way, even the one being made, and their names are returned."""
    former = SentFilm.objects.filter(message=message, language=language, sent_by=str(by.membership_id))
    names = list(former.values_list("name", flat=True))
    former.delete()
    sent = SentFilm.objects.create(
        network_id=message.network_id,
        message=message,
        language=language,
        edition=message.edition,
        name=name,
        sha256=sha256,
        sent_by=str(by.membership_id),
    )
    record("film.received", sent, by=by, language=language)
    return sent, names


@action
def begin_again(sent: SentFilm, *, by: Actor) -> bool:
    """Once more with the same file, if it is still here."""
    if not media.waiting_path(sent.name).exists():
        return False
    failed = SentFilm.objects.filter(pk=sent.pk, state=SentState.FAILED)
    done = failed.update(state=SentState.WAITING, tries=0, percent=0, why="", held_until=None)
    if done:
        record("film.begun_again", sent, by=by)
    return bool(done)


def forget(sent: SentFilm, *, by: Actor) -> None:
    """Not wanted any more, whatever became of it."""
    _forget(sent, by=by)
    media.waiting_path(sent.name).unlink(missing_ok=True)


@action
def _forget(sent: SentFilm, *, by: Actor) -> None:
    record("film.forgotten", sent, by=by)
    sent.delete()


def clean_up(now: datetime) -> int:
    """Films that were not taken say so for a week."""
    return SentFilm.objects.filter(state=SentState.FAILED, sent_at__lt=now - KEPT).delete()[0]


# --- what the worker makes of it -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sender:
    """Whoever sent it, by the opaque id that is kept of her."""

    membership_id: UUID


@dataclass
class _Work:
    """The film that this process is making. `sent.tries` is its hold: another process that takes the film counts one more."""

    sent: SentFilm
    steps: Generator[float, None, media.MadeFilm]


_in_hand: _Work | None = None


def work(now: datetime) -> int:
    """Goes on for a few seconds with the film in hand, or takes the next one: 1 when there was one."""
    global _in_hand
    held, _in_hand = _in_hand or _take(now), None
    if held is None:
        return 0
    until, share = time.monotonic() + _SLICE, 0.0
    try:
        while time.monotonic() < until:
            share = next(held.steps)
        if _is_still_mine(held.sent, share, now):
            _in_hand = held
        else:
            with suppress(OSError, errors.Unusable):  # who took it has cleared its files away
                held.steps.close()
    except StopIteration as end:
        _finish(held.sent, end.value)
    except errors.Unusable as refused:
        _fail(held.sent, refused)
    except OSError:  # a full disk: once more when the hold runs out
        if _held(held.sent).exists():
            raise
    return 1


def let_go() -> None:
    """The worker ends as it was told to: its film is free at once, and this try of it is not counted."""
    global _in_hand
    held, _in_hand = _in_hand, None
    if held is None:
        return
    with suppress(OSError, errors.Unusable):
        held.steps.close()
    _held(held.sent).update(state=SentState.WAITING, tries=F("tries") - 1, held_until=None, percent=0)


def _take(now: datetime) -> _Work | None:
    """The film that waits for longest, held against other workers; one whose makers were all killed is given up."""
    free = Q(state=SentState.WAITING) | Q(state=SentState.MAKING, held_until__lt=now)
    sent = SentFilm.objects.filter(free).select_related("message").order_by("sent_at", "id").first()
    if sent is None:
        return None
    if sent.tries >= TRIES or not media.waiting_path(sent.name).exists():
        _fail(sent, errors.NotMade())
        return None
    mine = SentFilm.objects.filter(free, pk=sent.pk, tries=sent.tries)
    if not mine.update(state=SentState.MAKING, tries=F("tries") + 1, held_until=now + HOLD, percent=0):
        return None
    sent.tries += 1
    media.forget_made_of(sent.name)  # what a killed worker left
    name = f"{sent.name}-{sent.tries}"  # another one's, if it only slept, are never these
    return _Work(sent, media.film_steps(media.waiting_path(sent.name), name=name))


def _is_still_mine(sent: SentFilm, share: float, now: datetime) -> bool:
    """Holds it for longer and says how far it is; not when it was forgotten, or taken while this process slept."""
    return bool(_held(sent).update(held_until=now + HOLD, percent=round(share * 100)))


def _held(sent: SentFilm) -> QuerySet[SentFilm]:
    return SentFilm.objects.filter(pk=sent.pk, state=SentState.MAKING, tries=sent.tries)


def _finish(sent: SentFilm, made: media.MadeFilm) -> None:
    """Its files get their rows, and it is said; or none of it."""
    try:
        with media.unless_kept(made):
            _say(sent, made)
    except _Lost:
        return
    except errors.Unusable as refused:
        _fail(sent, refused)
    else:
        media.waiting_path(sent.name).unlink(missing_ok=True)


@action
def _say(sent: SentFilm, made: media.MadeFilm) -> None:
    """Raises `Outdated`, `AlreadyFilmed`, `_Lost`."""
    message = held_message(sent.message_id)
    if not _held(sent).delete()[0]:
        raise _Lost
    if message.edition != sent.edition:
        raise errors.Outdated
    by = Sender(UUID(sent.sent_by))
    if _is_link(by.membership_id) and is_approved(message, sent.language):
        raise errors.AlreadyFilmed
    main = media.film_rows(made, sent.network_id, source_sha256=sent.sha256)
    voices.film(message, language=sent.language, media=main, by=by)


class _Lost(Exception):
    """Forgotten, or in other hands."""


@action
def _fail(sent: SentFilm, refused: errors.Unusable) -> None:
    """It says why. A file that is no good is not kept; one that we could not make is."""
    name = type(refused).__name__
    held = SentFilm.objects.filter(pk=sent.pk, tries=sent.tries)
    if not held.update(state=SentState.FAILED, why=name, held_until=None):
        return
    record("film.failed", sent, by=None, why=name)
    if not isinstance(refused, errors.NotMade):
        media.waiting_path(sent.name).unlink(missing_ok=True)


def _is_link(membership_id: UUID) -> bool:
    return Invitation.objects.filter(pk=membership_id).exists()

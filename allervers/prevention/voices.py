"""Voices: who is invited to say or judge a message, what she said, and the whole message made of its pieces."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import argon2
from django.db.models import F

from allervers.accounts.rules import Viewer
from allervers.core import clock, crypto, ids
from allervers.journal.actions import Actor, action, record
from allervers.prevention import formats
from allervers.prevention import media as files
from allervers.prevention.actions import render
from allervers.prevention.enums import InvitationKind, Medium, MessageKind, Origin, RenditionState
from allervers.prevention.errors import CodeLocked, CodeWrong
from allervers.prevention.models import Invitation, Media, Message, Rendition, Segment, WholeVoice
from allervers.prevention.sending import Parcel

OPEN_FOR = timedelta(days=30)
TRIES = 5
_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's floor: a phone's patience


# --- links -----------------------------------------------------------------------------------------------------------


@action
def invite(message: Message, *, language: str, kind: InvitationKind, by: Viewer) -> tuple[Invitation, str, str]:
    """A link for someone who speaks this language: the invitation, its token and its code, which nobody can show again."""
    token, code = secrets.token_urlsafe(32), ids.new_digits()
    invitation = Invitation.objects.create(
        network_id=message.network_id,
        message=message,
        language=language,
        kind=kind,
        token_digest=crypto.digest(token),
        code_hash=_HASHER.hash(code),
        made_by=str(by.membership_id),
        expires_at=clock.now() + OPEN_FOR,
    )
    record("invitation.made", invitation, by=by, language=language, link=kind)
    return invitation, token, code


@action
def revoke(invitation: Invitation, *, by: Viewer) -> None:
    """Cuts the link at once; what was said by it stays."""
    if Invitation.objects.filter(pk=invitation.pk, revoked_at=None).update(revoked_at=clock.now()):
        record("invitation.revoked", invitation, by=by)


def check_code(invitation: Invitation, typed: str) -> None:
    """Passes, or raises `CodeLocked`, `CodeWrong`. A try is counted before it is read, even when two race."""
    digits = "".join(str(int(letter)) for letter in typed if letter.isdecimal())
    if len(digits) != 6:
        raise CodeWrong
    mine = Invitation.objects.filter(pk=invitation.pk)
    if not mine.filter(tries__lt=TRIES).update(tries=F("tries") + 1):
        raise CodeLocked
    try:
        _HASHER.verify(invitation.code_hash, digits)
    except argon2.exceptions.VerificationError:
        raise CodeWrong from None
    mine.update(tries=0)


# --- what is said ----------------------------------------------------------------------------------------------------


@action
def say(
    segment: Segment, *, language: str, media: Media, by: Actor | None, origin: Origin = Origin.PERSON
) -> Rendition:
    """This voice says the segment in this language; it waits for a second speaker."""
    made = render(segment, language=language, medium=Medium.VOICE, by=by, origin=origin)
    made.media = media
    made.save(update_fields=["media"])
    return made


@action
def film(message: Message, *, language: str, media: Media, by: Actor | None) -> Rendition:
    """This film says the whole message in this language (a sign language, most of all); it waits for a second speaker."""
    title = message.segments.get(position=0)
    made = render(title, language=language, medium=Medium.VIDEO, by=by)
    made.media = media
    made.save(update_fields=["media"])
    return made


def already_sent(segment: Segment, *, language: str, sha256: str, by: Actor) -> Rendition | None:
    """What this same file of hers became, if its answer was lost on the way."""
    same = Rendition.objects.filter(
        segment=segment,
        language=language,
        medium=Medium.VOICE,
        made_by=str(by.membership_id),
        media__source_sha256=sha256,
    )
    return same.exclude(state=RenditionState.WITHDRAWN).first()


def receive(parcel: Parcel, segment: Segment, *, language: str, by: Actor) -> Rendition:
    """All of a recording is here: verified, made small, said. Raises an `errors.Unusable`; its pieces are gone either way.

    Not in a transaction: encoding takes seconds, and a file stands before its row.
    """
    try:
        parcel.check()
        return receive_file(parcel.path, segment, language=language, by=by, sha256=parcel.sha256)
    finally:
        parcel.forget()


def receive_file(source: Path, segment: Segment, *, language: str, by: Actor, sha256: str) -> Rendition:
    """The same of a file that came in one piece."""
    made = files.keep_voice(source, segment.message.network_id, source_sha256=sha256)
    return say(segment, language=language, media=made, by=by)


@action
def say_all(
    message: Message, *, voices: Mapping[tuple[UUID, str], Media], origin: Origin, by: Viewer | None
) -> list[Rendition]:
    """Many voices at once, by segment and language, where none stands: what a demonstration or a machine brings."""
    versions = dict(message.segments.values_list("pk", "version"))
    rows = Rendition.objects.bulk_create(
        Rendition(
            segment_id=segment,
            language=language,
            medium=Medium.VOICE,
            media=media,
            origin=origin,
            version=versions[segment],
            made_by=str(by.membership_id) if by else "",
        )
        for (segment, language), media in voices.items()
    )
    record("message.voices_added", message, by=by, origin=origin, voices=len(rows))
    return rows


# --- a whole message -------------------------------------------------------------------------------------------------


def parts_digest(media_ids: Iterable[UUID | None]) -> str:
    """Names the pieces of a whole in their order; "" while one lacks its voice."""
    held = list(media_ids)
    if not held or None in held:
        return ""
    return hashlib.sha256(" ".join(str(one) for one in held).encode()).hexdigest()


def pieces(message: Message, language: str, *, unchecked: bool) -> list[UUID | None]:
    """The voice of each segment that people hear, in order; None where there is none."""
    said = Rendition.objects.shown(unchecked=unchecked).filter(
        segment__message=message, language=language, medium=Medium.VOICE
    )
    by_segment = dict(said.values_list("segment_id", "media_id"))
    standing = message.segments.standing().order_by("position")
    return [by_segment.get(pk) for pk in standing.values_list("pk", flat=True)]


def make_whole(
    message: Message, language: str, *, unchecked: bool, known: dict[str, Media] | None = None
) -> WholeVoice | None:
    """The file of the whole message, made once all its pieces are heard. `known`: wholes already made, by digest of sounds.

    Not in a transaction: the file stands before its row. Twice makes it once.
    """
    if message.kind == MessageKind.HOUSE:
        return None  # our own words are heard one by one
    wanted = pieces(message, language, unchecked=unchecked)
    parts = parts_digest(wanted)
    there = WholeVoice.objects.filter(message=message, language=language).first()
    if not parts or (there is not None and there.parts == parts):
        return there if parts else None
    rows = Media.objects.in_bulk([one for one in wanted if one])
    ordered = [rows[one] for one in wanted if one]
    same = parts_digest([row.pk for row in ordered])
    if known is not None and same in known:
        made = files.copy(known[same])
    else:
        made = files.keep(message.network_id, lambda target: _joined(ordered, target))
    if known is not None:
        known[same] = made
    whole, _created = WholeVoice.objects.update_or_create(
        message=message, language=language, defaults={"parts": parts, "media": made}
    )
    return whole


def _joined(ordered: list[Media], target: Path) -> formats.Made:
    from allervers.prevention import sound  # FFmpeg: see `formats`

    return sound.join([files.path_of(one) for one in ordered], target)


def forget_outdated(*, unchecked: bool) -> int:
    """Wholes whose pieces are no longer those of their message: their files then go."""
    rows = WholeVoice.objects.select_related("message")
    old = [one for one in rows if one.parts != parts_digest(pieces(one.message, one.language, unchecked=unchecked))]
    return sum(one.delete()[0] for one in old)


def make_wholes(*, unchecked: bool) -> int:
    """Every whole that lacks: what a cut left undone."""
    said = Rendition.objects.shown(unchecked=unchecked).filter(medium=Medium.VOICE).exclude(media=None)
    wanted = said.values_list("segment__message_id", "language").distinct()
    messages = Message.objects.published().in_bulk({message for message, _language in wanted})
    made = [
        make_whole(messages[message], language, unchecked=unchecked)
        for message, language in wanted
        if message in messages
    ]
    return sum(one is not None for one in made)

"""Noting an encounter with its needs, and undoing it within a day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied

from allervers.accounts import keys
from allervers.accounts.rules import Viewer
from allervers.core import clock, crypto
from allervers.directory.models import Service, Territory
from allervers.journal.actions import action, once, record
from allervers.needs import errors, rules, sealing
from allervers.needs.actions.follow_up import (
    check_met,
    close_need,
    follow,
    open_need,
    reopen_need,
    set_next_contact,
    stratum_of,
    touch,
)
from allervers.needs.enums import Attempt, Category, Mode, NeedState, Outcome
from allervers.needs.models import Contact, Encounter, HandOver, Need
from allervers.people.enums import AgeBand, Sex
from allervers.people.models import PersonCard

MAX_HEAD_COUNT = 5000
_UNDO = timedelta(days=1)


@dataclass(frozen=True)
class Plan:
    """What comes next for a need: a contact, to do what; or nothing more, and it closes as solved."""

    at: datetime | None = None
    step: str = ""
    settled: bool = False


@dataclass(frozen=True)
class Want:
    """One need as it was said at an encounter. Without a plan of its own, the encounter's."""

    category: Category
    words: str = ""
    plan: Plan | None = None


@dataclass(frozen=True)
class Met:
    """What one encounter's form says, apart from who was there."""

    mode: Mode = Mode.DESK
    at: datetime | None = None  # paper and telephone are often keyed in later; none: now
    head_count: int = 1
    informed: bool = False
    oriented: bool = False
    accompanied: bool = False
    needs: Sequence[Want] = ()
    plan: Plan = Plan()  # for each need that has none of its own
    told_service: Service | None = None
    first_visit: bool | None = None
    sex: Sex | str = ""
    age_band: AgeBand | str = ""
    territory: Territory | None = None


def note_encounter(
    met: Met,
    *,
    by: Viewer,
    card: PersonCard | None = None,
    make_card: Callable[[], PersonCard] | None = None,
    operation: UUID | None = None,
    content: str = "",
) -> Encounter:
    """One contact: with a card, with someone unnamed, or a head-count; its needs are opened, or continued when open.

    `make_card` is called in the same transaction, for someone new. The same `operation` again gives the first encounter
    back; with another `content` (what the form held) it raises `AlreadyNoted`, so that a correction is never dropped.
    """
    if not rules.may_note(by):
        raise PermissionDenied
    fingerprint = crypto.blind(keys.index_key(by.organisation_id, "operation"), content) if content else ""
    return once(
        lambda: _echo(by, operation, fingerprint),
        lambda: _note(met, by=by, card=card, make_card=make_card, operation=operation, fingerprint=fingerprint),
    )


def _echo(by: Viewer, operation: UUID | None, fingerprint: str) -> Encounter | None:
    first = Encounter.objects.filter(operation=operation).first() if operation else None
    if first is None:
        return None
    if first.by_id != by.membership_id or first.fingerprint != fingerprint or first.cancelled_at:
        raise errors.AlreadyNoted
    return first


@action
def _note(
    met: Met,
    *,
    by: Viewer,
    card: PersonCard | None,
    make_card: Callable[[], PersonCard] | None,
    operation: UUID | None,
    fingerprint: str,
) -> Encounter:
    at = _checked(met, alone=card is None and make_card is None)
    card = make_card() if make_card else card
    encounter = Encounter.objects.create(
        network_id=by.network_id,
        organisation_id=by.organisation_id,
        hub_id=by.hub_id or (card.hub_id if card else None),
        card=card,
        stratum=stratum_of(card),
        head_count=met.head_count,
        mode=met.mode,
        at=at,
        informed=met.informed,
        oriented=met.oriented or met.told_service is not None,
        accompanied=met.accompanied,
        told_service=met.told_service,
        first_visit=_first_visit(card, at) if card else met.first_visit,
        sex=met.sex or (card.sex if card else ""),
        age_band=met.age_band or (card.age_band if card else ""),
        territory_id=met.territory.pk if met.territory else (card.territory_id if card else None),
        by_id=by.membership_id,
        operation=operation,
        fingerprint=fingerprint,
    )
    touch(card, at)
    record("encounter.noted", encounter, by=by, mode=met.mode, stratum=encounter.stratum, people=met.head_count)
    for want in met.needs:
        _open_or_continue(want, met, encounter, by=by)
    return encounter


def _checked(met: Met, *, alone: bool) -> datetime:
    """Refuses what cannot be; the moment of the encounter."""
    if not 1 <= met.head_count <= MAX_HEAD_COUNT or (met.head_count > 1 and not alone):
        raise errors.BadCount
    if met.head_count > 1 and met.needs:
        raise errors.CountHasNoNeed
    if not (met.needs or met.informed or met.oriented or met.accompanied or met.told_service):
        raise errors.NothingSaid
    return check_met(met.at)


def _first_visit(card: PersonCard, at: datetime) -> bool:
    return not Encounter.objects.standing().filter(card=card, at__lt=at).exists()


def _open_or_continue(want: Want, met: Met, encounter: Encounter, *, by: Viewer) -> None:
    """A need of the same kind that is still open for this card goes on; another would split its story in two."""
    need, plan = None, want.plan or met.plan
    if encounter.card is not None and want.category != Category.OTHER:
        same = rules.needs_for(by).open().filter(card=encounter.card, category=want.category)
        need = same.select_related("card", "network").order_by("opened_at").first()
    if need is None:
        need = open_need(
            by=by,
            category=want.category,
            card=encounter.card,
            words=want.words,
            next_contact_at=None if plan.settled else plan.at,
            step=plan.step,
            encounter=encounter,
        )
    else:
        contact = Contact(need=need, encounter=encounter, at=encounter.at, by_id=by.membership_id)
        contact.former_at, contact.former_step = need.next_contact_at, need.next_step
        contact.note = sealing.seal_note(contact, want.words)
        contact.save(force_insert=True)
        follow(need, contact, by=by)
        if plan.at and not plan.settled and not (need.card and need.card.no_follow_up):
            set_next_contact(need, by=by, at=plan.at, step=plan.step)
            Contact.objects.filter(pk=contact.pk).update(planned_at=plan.at)
    if plan.settled:
        close_need(need, by=by, outcome=Outcome.SOLVED, encounter=encounter)


@action
def undo_encounter(encounter: Encounter, *, by: Viewer) -> None:
    """Within a day: it counts no more, the needs it opened are closed as entered in error, those it continued go back.

    Raises `TooLateToUndo`, or `CannotUndo` when one of its needs has gone on since.
    """
    if not rules.encounters_for(by).filter(pk=encounter.pk).exists() or not rules.may_note(by):
        raise PermissionDenied
    now = clock.now()
    if now - encounter.noted_at > _UNDO:
        raise errors.TooLateToUndo
    if not Encounter.objects.standing().filter(pk=encounter.pk).update(cancelled_at=now):
        return
    encounter.cancelled_at = now
    for need in Need.objects.filter(encounter=encounter).select_related("card", "network"):
        _undo_need(need, by=by)
    continued = encounter.contacts.select_related("need__card", "need__network")
    for contact in continued.select_for_update(of=["self", "need"]):
        _undo_contact(contact, encounter, by=by)
    record("encounter.undone", encounter, by=by)


def _undo_contact(contact: Contact, encounter: Encounter, *, by: Viewer) -> None:
    """The need it continued waits for its former next contact, unless someone fixed another since; open again if this
    encounter closed it, and no other gesture."""
    need = contact.need
    closed_here = need.closed_with_id == encounter.pk
    if closed_here:
        reopen_need(need, by=by)
    elif contact.planned_at is None:
        return
    if need.is_open and need.next_contact_at == (None if closed_here else contact.planned_at):
        Need.objects.filter(pk=need.pk).update(next_contact_at=contact.former_at, next_step=contact.former_step)
        day = contact.former_at.isoformat() if contact.former_at else ""
        record("need.next_contact", need, by=by, at=day, owner=need.owner_id)


def _undo_need(need: Need, *, by: Viewer) -> None:
    went_on = need.state == NeedState.IN_PROGRESS or need.contacts.exclude(result=Attempt.NOTE).exists()
    if went_on or HandOver.objects.filter(need=need).exists():
        raise errors.CannotUndo
    if not need.is_open:
        reopen_need(need, by=by)
    close_need(need, by=by, outcome=Outcome.ENTERED_IN_ERROR)

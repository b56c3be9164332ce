"""A need's life: opened, followed, closed with one outcome, reopened; what stood in the way; what the person says."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db.models import F

from allervers.accounts.models import Membership
from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.directory.models import Service
from allervers.journal.actions import action, once, record
from allervers.needs import errors, letters, rules, sealing
from allervers.needs.enums import (
    TRIED_IN_VAIN,
    Attempt,
    Category,
    HandOverKind,
    Mode,
    NeedState,
    Outcome,
    Says,
    Stratum,
)
from allervers.needs.enums import Obstacle as ObstacleKind
from allervers.needs.models import Contact, Encounter, HandOver, HandOverQuerySet, Need, Obstacle
from allervers.outbox import actions as outbox
from allervers.people.models import PersonCard

DONE = (Outcome.SOLVED, Outcome.SOLVED_IN_PART)
_FARTHEST = timedelta(days=730)
_SLIP = timedelta(hours=1)


@action
def open_need(
    *,
    by: Viewer,
    category: Category,
    card: PersonCard | None = None,
    words: str = "",
    next_contact_at: datetime | None = None,
    step: str = "",
    encounter: Encounter | None = None,
    owner_id: UUID | None = None,
    hub_id: UUID | None = None,
) -> Need:
    """A need with its owner (whoever opens it, unless said) and its next contact. Raises `PastDay`."""
    if not rules.may_note(by):
        raise PermissionDenied
    need = Need(
        network_id=by.network_id,
        organisation_id=by.organisation_id,
        hub_id=hub_id or by.hub_id or (card.hub_id if card else None),
        card=card,
        encounter=encounter,
        category=category,
        owner_id=owner_id or by.membership_id,
        opened_at=encounter.at if encounter else clock.now(),
        next_contact_at=_next_contact(card, next_contact_at, by.timezone),
    )
    save_new(need, words=words, step=step, by=by)
    return need


def save_new(need: Need, *, words: str, step: str, by: Viewer | None) -> None:
    """A need with its sealed texts. Inside an action; `by` is None when a resident asked by herself."""
    need.words, need.next_step = sealing.seal_words(need, words), sealing.seal_next_step(need, step)
    need.save(force_insert=True)
    record("need.opened", need, by=by, category=need.category, card=need.card_id)


@action
def take_in_hand(need: Need, *, by: Viewer | None) -> None:
    """Something began to be done about it: a referral left, someone was reached."""
    if Need.objects.filter(pk=need.pk, state=NeedState.OPENED).update(state=NeedState.IN_PROGRESS):
        need.state = NeedState.IN_PROGRESS
        record("need.taken_in_hand", need, by=by)


def add_contact(
    need: Need,
    *,
    by: Viewer,
    result: Attempt,
    note: str = "",
    mode: Mode = Mode.PHONE,
    informed: bool = False,
    oriented: bool = False,
    accompanied: bool = False,
    at: datetime | None = None,
    operation: UUID | None = None,
) -> Contact:
    """Someone was reached (an encounter too), or was sought in vain (counted until she is), or a note alone.

    The same `operation` again changes nothing and gives the first contact back.
    """
    did = {"informed": informed, "oriented": oriented, "accompanied": accompanied}
    return once(
        lambda: Contact.objects.filter(operation=operation, need=need).first() if operation else None,
        lambda: _add_contact(need, by=by, result=result, note=note, mode=mode, did=did, at=at, operation=operation),
    )


@action
def _add_contact(
    need: Need,
    *,
    by: Viewer,
    result: Attempt,
    note: str,
    mode: Mode,
    did: dict[str, bool],
    at: datetime | None,
    operation: UUID | None,
) -> Contact:
    _must_write(need, by)
    if not need.is_open:
        raise errors.AlreadyClosed
    moment = check_met(at)
    encounter = None
    if result == Attempt.REACHED:
        encounter = encounter_about(need, by=by, mode=mode, at=moment, **did)
    contact = Contact(
        need=need, encounter=encounter, result=result, at=moment, by_id=by.membership_id, operation=operation
    )
    contact.note = sealing.seal_note(contact, note)
    contact.save(force_insert=True)
    follow(need, contact, by=by)
    return contact


def follow(need: Need, contact: Contact, *, by: Viewer) -> None:
    """What a contact changes on its need. Inside an action."""
    if contact.result == Attempt.REACHED:
        Need.objects.filter(pk=need.pk).update(unreachable_count=0)
    elif contact.result in TRIED_IN_VAIN:
        Need.objects.filter(pk=need.pk).update(unreachable_count=F("unreachable_count") + 1)
    if contact.result != Attempt.NOTE:
        take_in_hand(need, by=by)
    need.refresh_from_db(fields=["unreachable_count", "state"])
    record("need.contact", need, by=by, result=contact.result, encounter=contact.encounter_id)


def encounter_about(
    need: Need, *, by: Viewer, mode: Mode, at: datetime, informed: bool, oriented: bool, accompanied: bool
) -> Encounter:
    """The encounter that reaching someone about her need is. Inside an action."""
    card = need.card
    encounter = Encounter.objects.create(
        network_id=need.network_id,
        organisation_id=need.organisation_id,
        hub_id=by.hub_id or need.hub_id,
        card=card,
        stratum=stratum_of(card),
        mode=mode,
        at=at,
        informed=informed,
        oriented=oriented,
        accompanied=accompanied,
        first_visit=False if card else None,
        sex=card.sex if card else "",
        age_band=card.age_band if card else "",
        territory_id=card.territory_id if card else None,
        by_id=by.membership_id,
    )
    touch(card, at)
    record("encounter.noted", encounter, by=by, mode=mode, stratum=encounter.stratum, people=1)
    return encounter


@action
def set_next_contact(
    need: Need, *, by: Viewer | None, at: datetime | None, step: str = "", owner: Membership | None = None
) -> None:
    """When, to do what, by whom. Raises `PastDay`, `FollowUpDeclined`, `PersonErased`, `NotAnOwner`, `AlreadyClosed`."""
    if by is not None:
        _must_write(need, by)
    if at is not None and need.card is not None:
        if need.card.erased_at is not None:
            raise errors.PersonErased
        if need.card.no_follow_up:
            raise errors.FollowUpDeclined
    need.next_contact_at = _next_contact(need.card, at, by.timezone if by else need.network.timezone)
    need.next_step = sealing.seal_next_step(need, step)
    if owner is not None and owner.pk != need.owner_id:
        if by is not None and owner not in rules.owners_of(by, need):
            raise errors.NotAnOwner
        need.owner = owner
    changed = {"next_contact_at": need.next_contact_at, "next_step": need.next_step, "owner_id": need.owner_id}
    if not Need.objects.open().filter(pk=need.pk).update(**changed):
        raise errors.AlreadyClosed
    day = need.next_contact_at.isoformat() if need.next_contact_at else ""
    record("need.next_contact", need, by=by, at=day, owner=need.owner_id)


@action
def close_need(
    need: Need, *, by: Viewer | None, outcome: Outcome = Outcome.SOLVED, encounter: Encounter | None = None
) -> None:
    """One tap, or the `encounter` that settled it. `by` is None when an answer closes it. Raises `AlreadyClosed`."""
    if by is not None:
        _must_write(need, by)
    closed_at = clock.now()
    closing = {
        "state": NeedState.CLOSED,
        "closed_at": closed_at,
        "closed_with": encounter,
        "outcome": outcome,
        "next_contact_at": None,
    }
    if not Need.objects.open().filter(pk=need.pk).update(**closing):
        raise errors.AlreadyClosed
    for name, value in closing.items():
        setattr(need, name, value)
    if outcome in DONE:
        _tell_done(need, closed_at)
    record("need.closed", need, by=by, outcome=outcome)


@action
def reopen_need(need: Need, *, by: Viewer) -> None:
    """As it was before it was closed, without a next contact. Raises `NotClosed`."""
    _must_write(need, by)
    state = NeedState.IN_PROGRESS if need.contacts.exists() else NeedState.OPENED
    reopening = {"state": state, "closed_at": None, "closed_with": None, "outcome": ""}
    if not Need.objects.filter(pk=need.pk, state=NeedState.CLOSED).update(**reopening):
        raise errors.NotClosed
    for name, value in reopening.items():
        setattr(need, name, value)
    brought = list(_brought(need))
    _brought(need).update(done_at=None)
    outbox.cancel_about(*brought, purpose="hand_over_done")
    record("need.reopened", need, by=by)


def note_obstacle(
    need: Need | None,
    *,
    by: Viewer,
    kind: ObstacleKind,
    service: Service | None = None,
    operation: UUID | None = None,
) -> Obstacle:
    """What stood in the way, of this need or in general. The same `operation` again changes nothing."""
    if need is not None:
        _must_write(need, by)
    elif not rules.may_note(by):
        raise PermissionDenied
    mine = Obstacle.objects.filter(operation=operation, organisation_id=by.organisation_id)
    return once(
        lambda: mine.first() if operation else None,
        lambda: _note_obstacle(need, by=by, kind=kind, service=service, operation=operation),
    )


@action
def _note_obstacle(
    need: Need | None, *, by: Viewer, kind: ObstacleKind, service: Service | None, operation: UUID | None
) -> Obstacle:
    obstacle = Obstacle.objects.create(
        network_id=by.network_id,
        organisation_id=by.organisation_id,
        hub_id=need.hub_id if need else by.hub_id,
        need=need,
        service=service,
        kind=kind,
        operation=operation,
    )
    about = {"need": need.pk if need else None, "service": service.pk if service else None}
    record("obstacle.noted", obstacle, by=by, obstacle=kind, **about)
    return obstacle


@action
def person_says(need: Need, *, by: Viewer | None, says: Says) -> None:
    """Her own word on whether it is done; `by` is None when she answered by herself."""
    if by is not None:
        _must_write(need, by)
    need.person_says, need.person_said_at = says, clock.now()
    need.save(update_fields=["person_says", "person_said_at"])
    record("need.person_said", need, by=by, says=says)


def check_met(at: datetime | None) -> datetime:
    """The moment of an encounter; a day or an hour to come is refused, and one of more than two years ago."""
    now = clock.now()
    if at is None:
        return now
    if at > now:
        raise errors.NotYetMet
    if at < now - _FARTHEST:
        raise errors.TooLongAgo
    return at


def stratum_of(card: PersonCard | None) -> Stratum:
    if card is None:
        return Stratum.ANONYMOUS
    return Stratum.IDENTIFIED if card.is_named else Stratum.CODED


def touch(card: PersonCard | None, at: datetime) -> None:
    """Remembers the last contact, from which a card's retention counts."""
    if card is not None:
        PersonCard.objects.filter(pk=card.pk, last_contact_at__lt=at).update(last_contact_at=at)


def _next_contact(card: PersonCard | None, at: datetime | None, timezone: str) -> datetime | None:
    """The moment that was asked, or none for someone who declined follow-up."""
    if at is None or (card is not None and card.no_follow_up):
        return None
    day = at.astimezone(ZoneInfo(timezone)).date()
    if day < clock.today(timezone):
        raise errors.PastDay(day)
    if at > clock.now() + _FARTHEST:
        raise errors.TooFarDay
    return at


def _brought(need: Need) -> HandOverQuerySet:
    return HandOver.objects.filter(need=need, kind=HandOverKind.NEIGHBOUR)


def _tell_done(need: Need, at: datetime) -> None:
    """Whoever brought her sees that it is done and, if she agreed, is written to; in an hour, lest it was a slip."""
    waiting = list(_brought(need).filter(done_at=None).select_related("network"))
    for handed in (one for one in waiting if one.person_agreed):
        bringer = Membership.objects.active(at).filter(hand_overs_made=handed).select_related("user").first()
        if bringer is None or not bringer.user.email:
            continue
        subject, text = letters.done(handed)
        outbox.mail(
            to=bringer.user.email,
            subject=subject,
            text=text,
            purpose="hand_over_done",
            network=handed.network_id,
            organisation=handed.organisation_id,
            about=handed,
            once=f"hand_over_done:{handed.pk}",
            send_after=at + _SLIP,
        )
    if waiting:
        _brought(need).filter(done_at=None).update(done_at=at)


def _must_write(need: Need, by: Viewer) -> None:
    if not rules.may_write(by, need):
        raise PermissionDenied

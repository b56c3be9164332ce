"""Who arrives, what was found, who left: one gesture a line, each of them undone as easily."""

from uuid import UUID

from django.db.models import Max

from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.journal.actions import action, link, record
from allervers.needs.enums import Mode
from allervers.needs.models import Encounter
from allervers.people.models import PersonCard
from allervers.programmes import follow_up
from allervers.programmes.enums import Answered, Arrival, End, Orientation, ScreeningResult, Stratum
from allervers.programmes.errors import (
    AlreadyHere,
    AlreadyOriented,
    CountedWhole,
    FollowedByReferral,
    LineGone,
    NotHeld,
)
from allervers.programmes.models import Attendance, Session

_CHANGING = ["arrival", "result", "encounter", "need", "referral", "recipient", "orientation", "answer", "outcome"]


@action
def add_walk_in(
    session: Session,
    *,
    card: PersonCard | None = None,
    language: str = "",
    sex: str = "",
    age_band: str = "",
    operation: UUID | None = None,
    by: Viewer,
) -> Attendance:
    """Someone arrives: the next number on the list is hers, even when two desks add at once.

    The same `operation` twice gives the same line. Raises `AlreadyHere`, `CountedWhole`, `NotHeld`.
    """
    hold_list(session)
    if operation and (known := session.attendances.filter(operation=operation).first()):
        return known
    if session.held is False:
        raise NotHeld
    if session.head_count:
        raise CountedWhole(session.head_count)
    if card and (twin := session.attendances.filter(card=card).first()):
        raise AlreadyHere(twin.position)
    attendance = Attendance.objects.create(
        network_id=session.network_id,
        organisation_id=organisation_of(session),
        session=session,
        position=(session.attendances.aggregate(last=Max("position"))["last"] or 0) + 1,
        card=card,
        stratum=stratum_of(card),
        language=language or (card.speaks[0] if card and card.speaks else ""),
        sex=sex or (card.sex if card else ""),
        age_band=age_band or (card.age_band if card else ""),
        operation=operation,
    )
    record("attendance.added", attendance, by=by, session=session.id, stratum=attendance.stratum)
    return attendance


@action
def set_result(attendance: Attendance, *, result: str, by: Viewer) -> None:
    """She was seen, and this was found; her encounter is noted once. Raises `AlreadyOriented`."""
    _put(attendance, Arrival.SEEN, ScreeningResult(result), by)


@action
def mark_left(attendance: Attendance, *, by: Viewer) -> None:
    """She left without being seen. Raises `AlreadyOriented`."""
    _put(attendance, Arrival.LEFT, ScreeningResult.UNKNOWN, by)


@action
def restore(attendance: Attendance, *, arrival: str, result: str, by: Viewer) -> None:
    """Undoes a gesture: the line as it was before it. Raises `AlreadyOriented`."""
    _put(attendance, Arrival(arrival), ScreeningResult(result), by)


@action
def remove(attendance: Attendance, *, by: Viewer) -> None:
    """Takes off a line added by mistake; the others keep their numbers. Raises `AlreadyOriented`."""
    hold(attendance)
    _refuse_if_oriented(attendance)
    _unmeet(attendance)
    record("attendance.removed", attendance, by=by, session=attendance.session_id, position=attendance.position)
    attendance.delete()


@action
def note_follow_up(
    attendance: Attendance,
    *,
    orientation: str,
    answer: str = "",
    outcome: str = "",
    delay_days: int | None = None,
    by: Viewer,
) -> None:
    """What came of someone who has no referral here. Raises `FollowedByReferral`, `Contradiction`."""
    hold(attendance)
    if attendance.referral_id:
        raise FollowedByReferral
    follow_up.check(attendance.arrival, attendance.result, orientation, answer, outcome, delay_days)
    attendance.orientation, attendance.answer = Orientation(orientation), Answered(answer)
    attendance.outcome, attendance.delay_days = End(outcome), delay_days
    if orientation == Orientation.PARTNER and attendance.recipient_id is None:
        attendance.recipient_id = attendance.session.action.recipient_id
    attendance.save(update_fields=["orientation", "answer", "outcome", "delay_days", "recipient"])
    _say_oriented(attendance)
    record("attendance.followed", attendance, by=by, orientation=orientation, answer=answer, outcome=outcome)


def hold(attendance: Attendance) -> None:
    """The line as it stands now, held until commit: of two gestures at once, the second sees what the first did.

    Inside an action. Raises `LineGone`.
    """
    try:
        attendance.refresh_from_db(fields=_CHANGING, from_queryset=Attendance.objects.select_for_update())
    except Attendance.DoesNotExist as gone:
        raise LineGone from gone


def hold_list(session: Session) -> None:
    """The session as it stands now, held until commit: meanwhile nobody else adds to its list nor counts it.

    Inside an action.
    """
    session.refresh_from_db(fields=["held", "head_count"], from_queryset=Session.objects.select_for_update())


def organisation_of(session: Session) -> UUID:
    """Whose people those of a session are: its hub's host, or else the campaign's organisation."""
    return session.hub.organisation_id if session.hub else session.action.organisation_id


def stratum_of(card: PersonCard | None) -> Stratum:
    if card is None:
        return Stratum.ANONYMOUS
    return Stratum.IDENTIFIED if card.is_named else Stratum.CODED


def encounter_for(attendance: Attendance, *, by: Viewer | None) -> Encounter:
    """The one encounter, not saved, that counts this visit."""
    session = attendance.session
    return Encounter(
        network_id=attendance.network_id,
        organisation_id=attendance.organisation_id,
        hub_id=session.hub_id,
        card_id=attendance.card_id,
        stratum=attendance.stratum,
        mode=Mode.SCREENING,
        at=attendance.arrived_at,
        oriented=attendance.orientation in follow_up.ORIENTED,
        sex=attendance.sex,
        age_band=attendance.age_band,
        by_id=by.membership_id if by else None,
    )


def _put(attendance: Attendance, arrival: Arrival, result: ScreeningResult, by: Viewer) -> None:
    hold(attendance)
    _refuse_if_oriented(attendance)
    attendance.arrival, attendance.result = arrival, result
    if arrival == Arrival.SEEN:
        _meet(attendance, by)
    else:
        _unmeet(attendance)
    attendance.save(update_fields=["arrival", "result", "encounter"])
    record("attendance.seen", attendance, by=by, arrival=arrival.value, result=result.value)


def _meet(attendance: Attendance, by: Viewer) -> None:
    if attendance.encounter is None:
        attendance.encounter = encounter_for(attendance, by=by)
        attendance.encounter.save(force_insert=True)
        link(attendance, attendance.encounter, network=attendance.network_id)
        record("encounter.noted", attendance.encounter, by=by, mode=Mode.SCREENING.value, stratum=attendance.stratum)
    elif attendance.encounter.cancelled_at:
        attendance.encounter.cancelled_at = None
        attendance.encounter.save(update_fields=["cancelled_at"])


def _unmeet(attendance: Attendance) -> None:
    if attendance.encounter is not None and attendance.encounter.cancelled_at is None:
        attendance.encounter.cancelled_at = clock.now()
        attendance.encounter.save(update_fields=["cancelled_at"])


def _say_oriented(attendance: Attendance) -> None:
    if attendance.encounter is not None:
        attendance.encounter.oriented = attendance.orientation in follow_up.ORIENTED
        attendance.encounter.save(update_fields=["oriented"])


def _refuse_if_oriented(attendance: Attendance) -> None:
    if attendance.need_id or attendance.referral_id or attendance.orientation:
        raise AlreadyOriented

"""Planning a session, and saying whether it was held."""

from datetime import datetime

from django.db import IntegrityError, transaction

from allervers.accounts.models import Hub
from allervers.accounts.rules import Viewer
from allervers.journal.actions import action, record
from allervers.programmes.actions.lines import hold_list
from allervers.programmes.enums import Arrival, Form
from allervers.programmes.errors import (
    CountedWhole,
    EndsBeforeStart,
    HasPeople,
    ImpossibleYear,
    NotByLines,
    SessionTwice,
    StillWaiting,
)
from allervers.programmes.models import Action, Session

EARLIEST, LATEST = 1990, 2200  # the years of a campaign


@action
def plan_session(
    campaign: Action,
    *,
    hub: Hub | None,
    starts_at: datetime,
    ends_at: datetime | None = None,
    place: str = "",
    note: str = "",
    for_residents: bool = False,
    by: Viewer,
) -> Session:
    """One more date and place. Raises `NotByLines`, `ImpossibleYear`, `EndsBeforeStart`, `SessionTwice`."""
    if campaign.form != Form.LINES:
        raise NotByLines
    session = Session(network_id=campaign.network_id, action=campaign, hub=hub, place=place, note=note)
    session.for_residents = for_residents
    _schedule(session, starts_at, ends_at)
    record("session.planned", session, by=by, campaign=campaign.id, hub=hub.id if hub else None)
    return session


@action
def change_session(
    session: Session,
    *,
    starts_at: datetime,
    ends_at: datetime | None,
    place: str,
    note: str,
    for_residents: bool = False,
    by: Viewer,
) -> None:
    """Another hour or place. Raises `ImpossibleYear`, `EndsBeforeStart`, `SessionTwice`."""
    session.place, session.note, session.for_residents = place, note, for_residents
    _schedule(session, starts_at, ends_at)
    record("session.changed", session, by=by)


@action
def hold_session(session: Session, *, by: Viewer) -> None:
    """It was held, and its count is right: everyone on the list was seen or has left. Raises `StillWaiting`."""
    waiting = session.attendances.filter(arrival=Arrival.WAITING).count()
    if waiting:
        raise StillWaiting(waiting)
    _say(session, True)
    record("session.held", session, by=by, people=session.attendances.count())


@action
def cancel_session(session: Session, *, by: Viewer) -> None:
    """It was not held. Raises `HasPeople`."""
    hold_list(session)
    if session.attendances.exists() or session.head_count:
        raise HasPeople
    _say(session, False)
    record("session.not_held", session, by=by)


@action
def reopen_session(session: Session, *, by: Viewer) -> None:
    """Undoes either: not said yet."""
    _say(session, None)
    record("session.reopened", session, by=by)


@action
def count_heads(session: Session, *, count: int | None, by: Viewer) -> None:
    """People who came, where nobody was listed; None takes it back. Raises `CountedWhole` when there is a list."""
    hold_list(session)
    listed = session.attendances.count()
    if listed and count:
        raise CountedWhole(listed)
    session.head_count = count or None
    session.save(update_fields=["head_count"])
    record("session.counted", session, by=by, people=count or 0)


def _schedule(session: Session, starts_at: datetime, ends_at: datetime | None) -> None:
    if any(at is not None and not EARLIEST <= at.year <= LATEST for at in (starts_at, ends_at)):
        raise ImpossibleYear(EARLIEST, LATEST)
    if ends_at is not None and ends_at <= starts_at:
        raise EndsBeforeStart
    same = Session.objects.filter(action=session.action, hub=session.hub, starts_at=starts_at)
    if same.exclude(pk=session.pk).exists():  # the database holds it too, but not where there is no hub
        raise SessionTwice
    session.starts_at, session.ends_at = starts_at, ends_at
    try:
        with transaction.atomic():
            session.save()
    except IntegrityError as error:
        raise SessionTwice from error


def _say(session: Session, held: bool | None) -> None:
    session.held = held
    session.save(update_fields=["held"])

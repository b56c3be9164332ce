"""Writing and closing a call; taking an offer, calling back, keeping, declining, withdrawing, forgetting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from django.core.exceptions import PermissionDenied

from allervers.accounts.models import Hub
from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.directory.models import Territory
from allervers.journal.actions import action, once, record
from allervers.relief import rules, sealing
from allervers.relief.enums import CallKind, CallState, OfferState
from allervers.relief.errors import Incomplete, OutOfTurn
from allervers.relief.models import Call, Offer

_NEVER_LEFT = (OfferState.NEW, OfferState.DOUBTFUL, OfferState.CALLED, OfferState.KEPT)


@dataclass(frozen=True)
class Terms:
    """What a call says."""

    kind: CallKind
    until: date
    wanted: int = 1
    hub: Hub | None = None
    on: date | None = None
    begins: time | None = None
    ends: time | None = None
    meals: int | None = None
    language: str = ""
    words: str = ""
    link: str = ""


@dataclass(frozen=True)
class Given:
    """What someone offers, as she said it."""

    gifts: tuple[str, ...]
    phone: str
    name: str = ""
    words: str = ""
    days: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()
    on: date | None = None
    languages: tuple[str, ...] = ()
    meals: int | None = None
    territory: Territory | None = None
    reader: str = ""


# --- calls -----------------------------------------------------------------------------------------------------------


def write_call(network_id: UUID, *, terms: Terms, by: Viewer, operation: UUID | None = None) -> Call:
    """A call that everyone reads from now on. The same `operation` again changes nothing. Raises `Incomplete`."""
    return once(
        lambda: rules.calls_for(by).filter(operation=operation).first() if operation else None,
        lambda: _write_call(network_id, terms=terms, by=by, operation=operation),
    )


@action
def _write_call(network_id: UUID, *, terms: Terms, by: Viewer, operation: UUID | None) -> Call:
    if not rules.may_write(by) or network_id != by.network_id or (terms.hub and terms.hub.network_id != network_id):
        raise PermissionDenied
    if (terms.kind == CallKind.MONEY) != bool(terms.link) or (terms.on and terms.on > terms.until):
        raise Incomplete
    said = {name: getattr(terms, name) for name in Terms.__dataclass_fields__}
    call = Call.objects.create(network_id=network_id, written_by_id=by.membership_id, operation=operation, **said)
    record("call.written", call, by=by, call=terms.kind, wanted=terms.wanted, hub=call.hub_id)
    return call


@action
def close_call(call: Call, *, by: Viewer) -> None:
    """Nobody is asked any more; closing it again changes nothing."""
    if Call.objects.filter(pk=call.pk, state=CallState.OPEN).update(state=CallState.CLOSED, closed_at=clock.now()):
        record("call.closed", call, by=by)


# --- offers ----------------------------------------------------------------------------------------------------------


def take_offer(
    hub: Hub, *, given: Given, call: Call | None = None, doubtful: bool = False, operation: UUID | None = None
) -> Offer:
    """Someone offers, by the public form: her hub calls back. The same `operation` again changes nothing.

    `doubtful`: sent as a machine would; kept all the same, a person decides.
    """
    return once(
        lambda: Offer.objects.filter(operation=operation, network_id=hub.network_id).first() if operation else None,
        lambda: _take_offer(hub, given=given, call=call, doubtful=doubtful, operation=operation),
    )


@action
def _take_offer(hub: Hub, *, given: Given, call: Call | None, doubtful: bool, operation: UUID | None) -> Offer:
    said = {name: getattr(given, name) for name in Given.__dataclass_fields__}
    private = {name: said.pop(name) for name in ("name", "phone", "words")}
    offer = Offer(
        network_id=hub.network_id,
        organisation_id=hub.organisation_id,
        hub=hub,
        call=call if call and call.network_id == hub.network_id else None,
        state=OfferState.DOUBTFUL if doubtful else OfferState.NEW,
        operation=operation,
        **{name: list(value) if isinstance(value, tuple) else value for name, value in said.items()},
    )
    offer.sealed = sealing.seal(offer, **private)
    offer.save(force_insert=True)
    record("offer.taken", offer, by=None, gifts=list(given.gifts), doubtful=doubtful, hub=hub.pk)
    return offer


@action
def call_back(offer: Offer, *, by: Viewer) -> None:
    """She was called. Raises `OutOfTurn`."""
    _move(offer, OfferState.CALLED, by=by, before=(OfferState.NEW, OfferState.DOUBTFUL))
    record("offer.called", offer, by=by)


@action
def keep(offer: Offer, *, by: Viewer) -> None:
    """She helps: she counts among those found for the call that she answered. Raises `OutOfTurn`."""
    _move(offer, OfferState.KEPT, by=by, before=(*_NEVER_LEFT, OfferState.DECLINED))
    record("offer.kept", offer, by=by, call=offer.call_id)


@action
def decline(offer: Offer, *, by: Viewer) -> None:
    """Thank you, not this time. Raises `OutOfTurn`."""
    _move(offer, OfferState.DECLINED, by=by, before=_NEVER_LEFT)
    record("offer.declined", offer, by=by)


@action
def withdraw(offer: Offer, *, by: Viewer) -> None:
    """She phoned: she no longer offers. Raises `OutOfTurn`."""
    _move(offer, OfferState.WITHDRAWN, by=by, before=_NEVER_LEFT)
    record("offer.withdrawn", offer, by=by)


@action
def forget(offer: Offer, *, by: Viewer) -> None:
    """She asks that nothing of her is kept: who she is goes at once, that someone had offered stays."""
    _require_team(offer, by)
    moment = clock.now()
    Offer.objects.filter(pk=offer.pk, left_at=None).update(left_at=moment)
    Offer.objects.filter(pk=offer.pk).update(state=OfferState.WITHDRAWN, sealed=b"", answered_at=moment, territory=None)
    record("offer.forgotten", offer, by=by)


def _move(offer: Offer, to: OfferState, *, by: Viewer, before: Iterable[OfferState]) -> None:
    """One state to another, once, whoever else is looking at it."""
    _require_team(offer, by)
    moment = clock.now()
    left = moment if to in (OfferState.DECLINED, OfferState.WITHDRAWN) else None
    changes = {"state": to, "answered_at": moment, "answered_by_id": by.membership_id, "left_at": left}
    rows = Offer.objects.filter(pk=offer.pk, state__in=[state for state in before if state != to])
    if not rows.update(**changes):
        raise OutOfTurn
    for name, value in changes.items():
        setattr(offer, name, value)


def _require_team(offer: Offer, by: Viewer) -> None:
    if not rules.offers_for(by).filter(pk=offer.pk).exists():
        raise PermissionDenied

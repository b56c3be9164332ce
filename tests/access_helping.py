"""The objects of doors 4 and 5 for the walk of accesses: calls, offers, the agenda."""

from typing import Any

from allervers.core import clock
from allervers.programmes.models import Session
from allervers.relief import actions as relief
from allervers.relief.enums import CallKind, Gift
from tests import markers
from tests.access_objects import _reader, _session_of, _street, builds
from tests.access_walk import Position

builds("public:help", "public:help_thanks", "public:agenda")(_reader)
builds("public:feed")(_street)


@builds("public:event")
def _event(position: Position) -> dict[str, Any]:
    session = _session_of(position)
    Session.objects.filter(pk=session.pk).update(for_residents=True)
    return _reader(position) | {"pk": session.pk}


@builds("workspace:call_close")
def _call_of_a_hub(position: Position) -> dict[str, Any]:
    terms = relief.Terms(CallKind.DRIVER, clock.today(), wanted=2, hub=position.hub, meals=9)
    return {"pk": relief.write_call(position.hub.network_id, terms=terms, by=position.viewer).pk}


@builds("workspace:offer_step")
def _someone_offers(position: Position) -> dict[str, Any]:
    card = position.card()
    given = relief.Given((Gift.CAR,), markers.new_phone(card), name=markers.new("first_name", card))
    return {"pk": relief.take_offer(position.hub, given=given).pk}

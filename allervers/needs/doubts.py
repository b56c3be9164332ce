"""Which requests wait for someone to look at them. Nobody is refused: a doubt is a wait of some hours, and a code all the same.

Nothing here asks a third party. The signs are those of a machine: no page of ours was opened, a box that nobody sees was
filled, everything came in three seconds, the same number or words came again, or too much comes from one place.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from allervers.core import clock
from allervers.needs.enums import Doubt
from allervers.needs.models import HelpRequest, HelpRequestQuerySet

FASTEST = timedelta(seconds=4)  # three screens
LATEST = timedelta(hours=12)
SAME = timedelta(days=1)  # the same number, the same words
PLACE = timedelta(hours=1)
PLACE_HOLDS = 20  # a hostel, a hospital or an operator's antenna shares one address
MINUTE = timedelta(minutes=1)
MINUTE_HOLDS = 30  # of one network; beyond, a detail that is not certain is a doubt
_SURELY = (Doubt.FORGED, Doubt.TRAP)


@dataclass(frozen=True)
class Signs:
    """How a form came: what a browser cannot help telling."""

    nonce: str  # the form's own, which makes its code: sent twice, asked once
    age: timedelta | None = None  # since our page was opened; None: it never was
    trapped: bool = False
    origin: str = ""  # mark of the address
    crowded: bool = False  # came in a flood of forged ones, and could not be asked again


@dataclass(frozen=True)
class Said:
    """What of the request itself is weighed."""

    phone_mark: str
    words_mark: str
    is_certain: bool  # a number that exists, and a neighbourhood


def weigh(network_id: UUID, signs: Signs, said: Said) -> Doubt | None:
    """The first doubt, cheapest to find first; at most four short reads."""
    return _of_form(signs) or _of_others(network_id, signs, said, clock.now())


def is_forged(signs: Signs) -> bool:
    """Not sent from a page of ours, or caught by the box that nobody sees."""
    return signs.age is None or signs.trapped


def _of_form(signs: Signs) -> Doubt | None:
    if signs.trapped:
        return Doubt.TRAP
    if signs.age is None:
        return Doubt.FORGED
    if signs.crowded:
        return Doubt.FLOOD
    if signs.age < FASTEST:
        return Doubt.FAST
    return Doubt.LATE if signs.age > LATEST else None


def _of_others(network_id: UUID, signs: Signs, said: Said, now: datetime) -> Doubt | None:
    rows = HelpRequest.objects.filter(network_id=network_id)
    day = rows.filter(received_at__gte=now - SAME)
    if said.phone_mark and day.filter(phone_mark=said.phone_mark).exists():
        return Doubt.PHONE
    if said.words_mark and day.filter(words_mark=said.words_mark).exists():
        return Doubt.WORDS
    # Forged ones carry no mark: a neighbour on the same address is not blamed for them.
    near = rows.filter(origin_mark=signs.origin, received_at__gte=now - PLACE) if signs.origin else rows.none()
    if _more_than(near, PLACE_HOLDS):
        return Doubt.MANY
    if said.is_certain and not near.exists():
        return None
    last = HelpRequest.objects.since(network_id, now - MINUTE).exclude(doubt__in=_SURELY)
    return Doubt.FLOOD if _more_than(last, MINUTE_HOLDS) else None


def _more_than(rows: HelpRequestQuerySet, count: int) -> bool:
    return rows.order_by()[count : count + 1].exists()

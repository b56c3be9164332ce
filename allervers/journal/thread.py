"""The thread: what an object came from and what it led to, whatever their apps."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Q

from allervers.journal.actions import kind_and_id
from allervers.journal.models import ThreadLink

Knot = tuple[str, str]  # an object's kind ("needs.need") and id


@dataclass(frozen=True)
class Thread:
    """The knots within reach of one object, nearest first, and the links between them."""

    knots: list[Knot]
    links: list[ThreadLink]


def led_to(source: models.Model, kind: str = "") -> list[str]:
    """Ids of what `source` led to, oldest link first; of one kind when said ("referrals.referral")."""
    from_kind, from_id = kind_and_id(source)
    links = ThreadLink.objects.filter(from_kind=from_kind, from_id=from_id)
    if kind:
        links = links.filter(to_kind=kind)
    return list(links.order_by("at", "id").values_list("to_id", flat=True))


def came_from(target: models.Model, kind: str = "") -> list[str]:
    """Ids of what `target` came from, oldest link first; of one kind when said."""
    to_kind, to_id = kind_and_id(target)
    links = ThreadLink.objects.filter(to_kind=to_kind, to_id=to_id)
    if kind:
        links = links.filter(from_kind=kind)
    return list(links.order_by("at", "id").values_list("from_id", flat=True))


def around(start: models.Model, *, limit: int = 200) -> Thread:
    """All that `start` is joined to, both ways, at most about `limit` knots. One query for each step away from it."""
    first = kind_and_id(start)
    knots, edge, links = {first: None}, [first], dict[str, ThreadLink]()
    while edge and len(knots) < limit:
        ids = [ident for _kind, ident in edge]
        edge = []
        for link in ThreadLink.objects.filter(Q(from_id__in=ids) | Q(to_id__in=ids)).order_by("at", "id"):
            ends = (link.from_kind, link.from_id), (link.to_kind, link.to_id)
            if not any(end in knots for end in ends):
                continue
            links[str(link.id)] = link
            for knot in ends:
                if knot not in knots:
                    knots[knot] = None
                    edge.append(knot)
    return Thread(list(knots), list(links.values()))

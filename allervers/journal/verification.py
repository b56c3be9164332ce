"""Verifying a chain as stored: each event, its index columns, the head, and the anchors kept outside the database."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC
from uuid import UUID

from django.utils.translation import gettext as _

from allervers.core import keys
from allervers.journal import anchors, chain
from allervers.journal.keys import key_of
from allervers.journal.models import ChainHead, Event


@dataclass
class Verdict:
    """What verifying one network's chain found. `unproven` counts the events after the last anchor that holds."""

    network_id: UUID
    events: int = 0
    anchored_to: int = 0
    unproven: int = 0
    restores: list[int] = field(default_factory=list)  # declared: the position that each went back to
    faults: list[chain.Fault] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.faults

    def as_json(self) -> dict[str, object]:
        found = [{**asdict(fault), "sentence": sentence(fault)} for fault in self.faults]
        return {**asdict(self), "network_id": str(self.network_id), "faults": found}


def verify(network_id: UUID, anchored: list[anchors.Anchor]) -> Verdict:
    """Walks a chain from its first event, while others may append. One pass, constant memory beside the anchors."""
    verdict = Verdict(network_id, restores=[anchor.seq for anchor in anchored if anchor.restored])
    standing = anchors.standing(anchored)
    head = ChainHead.objects.filter(network_id=network_id).first() or ChainHead(network_id=network_id)
    last_seq, mac_at_head = 0, ""

    def lines() -> Iterator[chain.Line]:
        nonlocal last_seq, mac_at_head
        rows = Event.objects.filter(network_id=network_id).order_by("seq").iterator(chunk_size=2000)
        for row in rows:
            at = row.at.astimezone(UTC).isoformat()
            index = (at, row.kind, row.subject_kind, row.subject_id, row.actor_id)
            verdict.events += 1
            last_seq = row.seq
            if row.seq == head.seq:
                mac_at_head = row.mac
            if standing.get(row.seq) == row.mac:
                verdict.anchored_to = row.seq
            yield chain.Line(row.seq, row.text, row.mac, index)

    try:
        key = b"" if head._state.adding else key_of(head)
    except keys.KeyMissing:
        key = b""
        verdict.faults.append(chain.Fault(head.seq, "key_unreadable"))
    verdict.faults += chain.faults(key, lines(), standing)
    if mac_at_head != head.mac or (head.seq == 0 and last_seq > 0 and head._state.adding):
        verdict.faults.append(chain.Fault(last_seq, "head_disagrees"))
    verdict.unproven = max(0, last_seq - verdict.anchored_to)
    return verdict


def networks(anchored: dict[str, list[anchors.Anchor]]) -> list[UUID]:
    """Every network that has events, a head or an anchor: one whose rows are all gone is verified too."""
    stored = set(ChainHead.objects.values_list("network_id", flat=True))
    stored |= set(Event.objects.order_by().values_list("network_id", flat=True).distinct())
    return sorted(stored | {UUID(network_id) for network_id in anchored})


def sentence(fault: chain.Fault) -> str:
    """A fault in words, for whoever must act on it."""
    return {
        "missing": _("L’événement %(seq)s manque : il a été retiré du journal."),
        "out_of_order": _("L’événement attendu à la place %(seq)s n’y est pas : l’ordre a été changé."),
        "altered": _("L’événement %(seq)s a été modifié après avoir été écrit."),
        "misfiled": _("L’événement %(seq)s est classé autrement que ce que son texte dit (date, sujet ou auteur)."),
        "not_the_anchored_event": _("L’événement %(seq)s n’est pas celui que le fichier d’ancrage a vu."),
        "anchored_event_is_gone": _("L’événement %(seq)s, ancré, n’existe plus : la fin du journal a été coupée."),
        "key_unreadable": _(
            "La clé du journal ne s’ouvre plus : elle a été remplacée, ou la clé maîtresse n’est pas la bonne."
        ),
        "head_disagrees": _("La tête du journal ne correspond pas au dernier événement présent (%(seq)s)."),
    }[fault.why] % {"seq": fault.seq}

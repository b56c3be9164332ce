"""Verifying the chains as stored: each event and its index columns, each identity read, the head, and the anchors kept
outside the database."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC
from uuid import UUID

from django.utils.translation import gettext as _

from allervers.core import keys
from allervers.journal import anchors, chain
from allervers.journal.actions import text_of_read
from allervers.journal.keys import key_of, reads_key
from allervers.journal.models import ChainHead, Event, IdentityRead


@dataclass
class Walk:
    """How far one chain was walked: its lines, the last one that an anchor proves, and those after it."""

    lines: int = 0
    last: int = 0
    anchored_to: int = 0
    mac_at_head: str = ""

    @property
    def unproven(self) -> int:
        return max(0, self.last - self.anchored_to)


@dataclass
class Verdict:
    """What verifying one network's two chains found: its events, and the identities read."""

    network_id: UUID
    events: Walk = field(default_factory=Walk)
    reads: Walk = field(default_factory=Walk)
    restores: list[int] = field(default_factory=list)  # declared: the position that each went back to
    faults: list[chain.Fault] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.faults

    def as_json(self) -> dict[str, object]:
        told = {name: asdict(walk) | {"unproven": walk.unproven} for name, walk in self._walks()}
        found = [{**asdict(fault), "sentence": sentence(fault)} for fault in self.faults]
        return {"network_id": str(self.network_id), **told, "restores": self.restores, "faults": found}

    def _walks(self) -> list[tuple[str, Walk]]:
        return [("events", self.events), ("reads", self.reads)]


def verify(network_id: UUID, anchored: list[anchors.Anchor]) -> Verdict:
    """Walks both chains from their first line, while others may append. One pass, constant memory beside the anchors."""
    verdict = Verdict(network_id, restores=[anchor.seq for anchor in anchored if anchor.restored])
    head = _head(network_id)
    try:
        key, key_of_reads = (b"", b"") if head._state.adding else (key_of(head), reads_key(head))
    except keys.KeyMissing:
        key = key_of_reads = b""
        verdict.faults.append(chain.Fault(head.seq, "key_unreadable"))
    verdict.faults += _events(verdict.events, head, key, anchors.standing(anchored))
    standing = anchors.standing(anchored, reads=True)
    before = None
    while before != (before := _forgotten(network_id)):  # walked again if a clean-up passed meanwhile
        verdict.reads = Walk()
        found = _reads(verdict.reads, head, key_of_reads, standing, before)
    verdict.faults += [chain.Fault(fault.seq, f"read_{fault.why}") for fault in found]
    return verdict


def _head(network_id: UUID) -> ChainHead:
    return ChainHead.objects.filter(network_id=network_id).first() or ChainHead(network_id=network_id)


def _events(walk: Walk, head: ChainHead, key: bytes, standing: dict[int, str]) -> list[chain.Fault]:
    rows = Event.objects.filter(network_id=head.network_id).order_by("seq").iterator(chunk_size=2000)
    lines = (chain.Line(row.seq, row.text, row.mac, _index(row)) for row in rows)
    faults = list(chain.faults(key, _watched(lines, walk, head.seq, standing), standing))
    headless = head._state.adding and walk.last > 0
    return faults + ([chain.Fault(walk.last, "head_disagrees")] if walk.mac_at_head != head.mac or headless else [])


def _reads(
    walk: Walk, head: ChainHead, key: bytes, standing: dict[int, str], base: tuple[int, str]
) -> list[chain.Fault]:
    walk.last = walk.anchored_to = base[0]
    walk.mac_at_head = base[1] if head.reads_seq == base[0] else ""
    rows = IdentityRead.objects.filter(network_id=head.network_id).order_by("seq").iterator(chunk_size=2000)
    lines = (chain.Line(row.seq, text_of_read(row), row.mac) for row in rows)
    later = {seq: link for seq, link in standing.items() if seq > base[0]}
    faults = list(chain.faults(key, _watched(lines, walk, head.reads_seq, later), later, base=base))
    return faults + ([chain.Fault(walk.last, "head_disagrees")] if walk.mac_at_head != head.reads_mac else [])


def _watched(lines: Iterator[chain.Line], walk: Walk, head: int, standing: dict[int, str]) -> Iterator[chain.Line]:
    """The same lines; the walk notes how far they go and what proves them."""
    for line in lines:
        walk.lines += 1
        walk.last = line.seq
        if line.seq == head:
            walk.mac_at_head = line.mac
        if standing.get(line.seq) == line.mac:
            walk.anchored_to = line.seq
        yield line


def _index(row: Event) -> tuple[str, str, str, str, str]:
    return row.at.astimezone(UTC).isoformat(), row.kind, row.subject_kind, row.subject_id, row.actor_id


def _forgotten(network_id: UUID) -> tuple[int, str]:
    """The last link of the reads that were rightly forgotten: an event of the other chain says it."""
    told = Event.objects.filter(network_id=network_id, kind="identity_reads.forgotten").order_by("-seq").first()
    try:
        data = json.loads(told.text)["data"] if told else None
        return (int(data["seq"]), str(data["mac"])) if data else (0, "")
    except (ValueError, KeyError, TypeError):
        return 0, ""  # altered: the walk of events tells


def networks(anchored: dict[str, list[anchors.Anchor]]) -> list[UUID]:
    """Every network that has events, a head or an anchor: one whose rows are all gone is verified too."""
    stored = set(ChainHead.objects.values_list("network_id", flat=True))
    stored |= set(Event.objects.order_by().values_list("network_id", flat=True).distinct())
    return sorted(stored | {UUID(network_id) for network_id in anchored})


def sentence(fault: chain.Fault) -> str:
    """A fault in words, for whoever must act on it."""
    return {
        "read_missing": _("La lecture d’identité %(seq)s manque : elle a été retirée."),
        "read_out_of_order": _("La lecture d’identité attendue à la place %(seq)s n’y est pas : l’ordre a été changé."),
        "read_altered": _("La lecture d’identité %(seq)s a été modifiée après avoir été écrite."),
        "read_not_the_anchored_event": _(
            "La lecture d’identité %(seq)s n’est pas celle que le fichier d’ancrage a vue."
        ),
        "read_anchored_event_is_gone": _(
            "La lecture d’identité %(seq)s, ancrée, n’existe plus : la fin de la liste a été coupée."
        ),
        "read_head_disagrees": _("La dernière lecture d’identité présente (%(seq)s) n’est pas la dernière écrite."),
        "missing": _("L’événement %(seq)s manque : il a été retiré du journal."),
        "out_of_order": _("L’événement attendu à la place %(seq)s n’y est pas : l’ordre a été changé."),
        "altered": _("L’événement %(seq)s a été modifié après avoir été écrit."),
        "misfiled": _("L’événement %(seq)s est classé autrement que ce que son texte dit (date, sujet ou auteur)."),
        "not_the_anchored_event": _("L’événement %(seq)s n’est pas celui que le fichier d’ancrage a vu."),
        "anchored_event_is_gone": _("L’événement %(seq)s, ancré, n’existe plus : la fin du journal a été coupée."),
        "key_unreadable": _(
            "La clé du journal ne s’ouvre plus : elle a été remplacée, ou la clé maîtresse n’est pas la bonne."
        ),
        "head_disagrees": _("La tête du journal ne correspond pas au dernier événement présent (%(seq)s)."),
    }[fault.why] % {"seq": fault.seq}

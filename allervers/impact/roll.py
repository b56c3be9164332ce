"""The roll of a network: every card and code in the order of its traits, with one byte each, a bit a group.

Thousands of ids come as one text that the database joins; each is looked up once, and the rest is done on bytes: someone met ten
times is one byte, groups are united by bits, and a cell of the tables is a slice. A network of 25,000 people weighs 4 MB
while it is read, and is forgotten with the answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import compress
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, TextField, Value
from django.db.models.functions import Cast

from allervers.people.models import PersonCard

MET, INFORMED, ORIENTED, ACCOMPANIED = 1, 2, 4, 8
GROUPS = {
    "active": MET | INFORMED | ORIENTED | ACCOMPANIED,
    "informed": INFORMED,
    "oriented": ORIENTED,
    "accompanied": ACCOMPANIED,
    "union": INFORMED | ORIENTED | ACCOMPANIED,
}
_TABLES = {group: bytes(1 if byte & bits else 0 for byte in range(256)) for group, bits in GROUPS.items()}


class Joined(Aggregate):
    """`Joined("card_id")`: what the rows hold, with commas, written as this database does; a missing one is left out."""

    function = "STRING_AGG"
    output_field = TextField()

    def __init__(self, expression: Any, **extra: Any) -> None:
        super().__init__(Cast(expression, TextField()), Value(","), **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


@dataclass(frozen=True)
class Cell:
    """The cards and codes of one stratum, sex, age band and place, with how many are in each group."""

    named: bool
    sex: str
    age_band: str
    place: UUID | None
    sizes: dict[str, int]


class Roll:
    """Read once; then marked with the ids of a period, and asked."""

    def __init__(self, network_id: UUID) -> None:
        rows = PersonCard.objects.filter(network_id=network_id).order_by()
        traits = rows.values_list("is_named", "sex", "age_band", "territory_id").annotate(cards=Joined("id"))
        self._numbers: dict[str, int] = {}
        self._slices: list[tuple[bool, str, str, UUID | None, int, int]] = []
        cards: list[str] = []
        for named, sex, age_band, place, joined in traits:
            start = len(cards)
            cards += joined.split(",")
            self._slices.append((named, sex, age_band, place, start, len(cards)))
        self._numbers = dict(zip(cards, range(len(cards)), strict=True))
        self._bits = bytearray(len(cards))

    def mark(self, joined: str | None, bit: int) -> None:
        """These cards are in the group of this bit. One that is not on the roll was erased or opened meanwhile: passed over."""
        bits = self._bits
        for number in set(map(self._numbers.get, joined.split(",") if joined else ())):
            if number is not None:
                bits[number] |= bit

    def mark_kept(self, joined: str, bits: bytes) -> None:
        """These cards are in the groups of their own byte."""
        held = self._bits
        for number, byte in zip(map(self._numbers.get, joined.split(",") if joined else ()), bits, strict=True):
            if number is not None:
                held[number] |= byte

    def marked(self) -> tuple[str, bytes]:
        """The cards of any group, joined, and their groups, a byte each: what `mark_kept` takes."""
        return ",".join(compress(self._numbers, self._bits)), bytes(filter(None, self._bits))

    def cells(self) -> list[Cell]:
        """Each card and code of a group stands in one cell."""
        within = {group: self._bits.translate(table) for group, table in _TABLES.items()}
        made = []
        for named, sex, age_band, place, start, end in self._slices:
            sizes = {group: flags.count(1, start, end) for group, flags in within.items()}
            if sizes["active"]:
                made.append(Cell(named, sex, age_band, place, sizes))
        return made

    def those_in(self, group: str) -> list[str]:
        """Those in the group, in the order of the roll."""
        wanted = GROUPS[group]
        return [card for card, bits in zip(self._numbers, self._bits, strict=True) if bits & wanted]

    def groups_of(self, cards: Iterable[str]) -> dict[str, int]:
        """Of these cards, those on the roll, each with its groups' bits."""
        numbers = ((card, self._numbers.get(card)) for card in cards)
        return {card: self._bits[number] for card, number in numbers if number is not None}

"""Reading a screening file line by line and placing each line: its campaign, hub, partner, session, and its own key."""

import hashlib
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from allervers.accounts import keys as organisation_keys
from allervers.accounts.models import Hub, Organisation
from allervers.accounts.rules import Viewer
from allervers.core import clock, crypto
from allervers.core.text import fold
from allervers.journal.keys import network_key
from allervers.programmes import columns, follow_up, rules, spreadsheet
from allervers.programmes.columns import Headings, Refused, Row, Why
from allervers.programmes.enums import Form
from allervers.programmes.errors import Contradiction
from allervers.programmes.models import Action, Attendance, Session
from allervers.programmes.refusals import Refusal

BATCH = 500
_SHOWN_REFUSALS = 200


@dataclass
class Report:
    """What a file would do, or did."""

    headings: Headings
    lines: int = 0
    added: int = 0
    completed: int = 0
    known: int = 0
    sessions: int = 0
    new_sessions: int = 0
    referrals: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, refusal: Refusal) -> None:
        self.refused += 1
        if len(self.refusals) < _SHOWN_REFUSALS:
            self.refusals.append(refusal)


@dataclass(slots=True)
class Placed:
    """A line whose campaign, hub, partner and key are known; `attendance` once it was found or made."""

    row: Row
    campaign: Action
    hub: Hub | None
    organisation_id: UUID
    recipient_id: UUID | None
    key: str
    attendance: Attendance | None = None
    has_news: bool = False  # of someone already referred

    @property
    def was_referred(self) -> bool:
        """Whether the line becomes a real referral: its agreement is kept."""
        return self.row.agreed and self.row.orientation == "partner"

    @property
    def at(self) -> tuple[UUID, UUID | None, date]:
        return self.campaign.id, self.hub.id if self.hub else None, self.row.on


class Placing:
    """One pass over one file."""

    def __init__(self, file: BinaryIO, by: Viewer) -> None:
        self.file, self.by = file, by
        self.zone = ZoneInfo(by.timezone)
        self.today = clock.today(by.timezone)
        self.report = Report(Headings((), (), (), (), (), ()))
        self.days: set[tuple[UUID, UUID | None, date]] = set()
        self.sessions: dict[UUID, dict[tuple[UUID | None, date], Session]] = {}
        self.seen: dict[str, int] = {}
        self.ranks: Counter[bytes] = Counter()
        self.key_of: dict[UUID, bytes] = {}
        self.campaigns = {row.slug: row for row in Action.objects.filter(network_id=by.network_id)}
        hubs = list(Hub.objects.filter(network_id=by.network_id).select_related("organisation"))
        self.hubs = {fold(hub.slug): hub for hub in hubs} | {fold(hub.name): hub for hub in hubs}
        self.own_hubs = set(rules.hubs_for(by).values_list("id", flat=True))
        partners = Organisation.objects.filter(network_id=by.network_id, closed_at=None)
        self.recipients = {partner.id: partner for partner in partners}
        self.partners = {fold(partner.name): partner.id for partner in self.recipients.values()}
        self.keeps = set(
            Organisation.objects.filter(network_id=by.network_id, keeps_cards=True).values_list("id", flat=True)
        )

    def batches(self) -> Generator[list[Placed], None, None]:
        with closing(spreadsheet.rows(self.file)) as lines:
            yield from self._batches(lines)

    def _batches(self, lines: Iterator[tuple[int, list[object]]]) -> Iterator[list[Placed]]:
        first = next(lines, None)
        if first is None:
            raise spreadsheet.Unreadable(_("Ce fichier est vide : partez du modèle, une ligne par personne."))
        headings = self.report.headings = columns.read_headings(first[1])
        if headings.missing or headings.twice:
            raise spreadsheet.Unreadable(_heading_problem(headings))
        batch: list[Placed] = []
        for number, cells in lines:
            self.report.lines += 1
            try:
                batch.append(self._place(self._read(number, cells)))
            except Refused as refused:
                self.report.refuse(Refusal(number, refused.why, refused.column, refused.shown))
            if len(batch) == BATCH:
                yield batch
                batch = []
        yield batch

    def _read(self, number: int, cells: list[object]) -> Row:
        names = self.report.headings.names
        if any(cell not in (None, "") for cell in cells[len(names) :]):
            raise Refused(Why.TOO_MANY_CELLS)
        row = columns.read_row(number, {name: cell for name, cell in zip(names, cells, strict=False) if name})
        if row.on > self.today:
            raise Refused(Why.FUTURE, "on", f"{row.on:%d/%m/%Y}")
        try:
            follow_up.check(row.arrival, row.result, row.orientation, row.answer, row.outcome, row.delay_days)
        except Contradiction as error:
            raise _Contradicts(str(error)) from error
        return row

    def _place(self, row: Row) -> Placed:
        campaign = self.campaigns.get(row.campaign.lower())
        if campaign is None:
            raise Refused(Why.UNKNOWN_CAMPAIGN, "campaign", row.campaign)
        if campaign.form != Form.LINES:
            raise Refused(Why.DECLARED_CAMPAIGN, "campaign", row.campaign)
        hub = self._hub(row, campaign)
        organisation_id = hub.organisation_id if hub else campaign.organisation_id
        recipient_id = self._recipient(row, campaign)
        if row.code and organisation_id not in self.keeps:
            raise Refused(Why.NO_CARDS, "code")
        if row.agreed:
            self._check_agreement(row, organisation_id)
        placed = Placed(row, campaign, hub, organisation_id, recipient_id, "")
        placed.key = self._key(placed)
        self._check_session(placed)
        return placed

    def _hub(self, row: Row, campaign: Action) -> Hub | None:
        if not row.hub:
            if self.by.coordinates or (campaign.organisation_id == self.by.organisation_id and self.by.hub_id is None):
                return None
            raise Refused(Why.HUB_MISSING, "hub")
        hub = self.hubs.get(fold(row.hub))
        if hub is None:
            raise Refused(Why.UNKNOWN_HUB, "hub", row.hub)
        if hub.id not in self.own_hubs:
            raise Refused(Why.OTHER_HUB, "hub", row.hub)
        return hub

    def _recipient(self, row: Row, campaign: Action) -> UUID | None:
        if row.recipient:
            found = self.partners.get(fold(row.recipient))
            if found is None:
                raise Refused(Why.REFERRED_TO, "referred_to", row.recipient)
            return found
        return campaign.recipient_id if row.orientation == "partner" else None

    def _check_agreement(self, row: Row, organisation_id: UUID) -> None:
        if not row.code:
            raise Refused(Why.AGREEMENT_WITHOUT_CODE, "agreement")
        if not self.by.sees_people or organisation_id != self.by.organisation_id:
            raise Refused(Why.AGREEMENT_ELSEWHERE, "agreement")

    def _check_session(self, placed: Placed) -> None:
        session = self.session_of(placed)
        if session is not None and session.held is False:
            raise Refused(Why.NOT_HELD, "on")
        if session is not None and session.head_count:
            raise Refused(Why.COUNTED_WHOLE, "on", str(session.head_count))
        self.days.add(placed.at)

    def session_of(self, placed: Placed) -> Session | None:
        campaign = placed.campaign
        if campaign.id not in self.sessions:
            found = Session.objects.filter(action=campaign).select_related("hub", "action").order_by("-starts_at", "id")
            self.sessions[campaign.id] = {
                (row.hub_id, row.starts_at.astimezone(self.zone).date()): row for row in found
            }
        return self.sessions[campaign.id].get((placed.hub.id if placed.hub else None, placed.row.on))

    def _key(self, placed: Placed) -> str:
        """The line's own key; also refuses who stands twice in the file for one session."""
        row, where = placed.row, ":".join(map(str, placed.at))
        names = [f"{where}|{kind}|{fold(value)}" for kind, value in (("ref", row.ref), ("code", row.code)) if value]
        if not names:
            content = hashlib.sha256(f"{where}|{row.content()}".encode()).digest()[:16]
            self.ranks[content] += 1
            return self._blind(placed, f"{content.hex()}|{self.ranks[content]}")
        for name in names:
            if name in self.seen:
                raise Refused(Why.TWICE, shown=str(self.seen[name]))
            self.seen[name] = row.line
        return self._blind(placed, names[0])

    def _blind(self, placed: Placed, text: str) -> str:
        """Keyed, so that a key tells nothing of a code to whoever reads the table."""
        owner = placed.organisation_id
        if owner not in self.key_of:
            keeps = owner in self.keeps
            self.key_of[owner] = (
                organisation_keys.index_key(owner, "import") if keeps else network_key(self.by.network_id, "import")
            )
        return crypto.blind(self.key_of[owner], text)


class _Contradicts(Refused):
    """A whole sentence stands in `shown`, written by us."""

    def __init__(self, sentence: str) -> None:
        super().__init__(Why.CONTRADICTION)
        self.shown = sentence[0].lower() + sentence[1:]


def _heading_problem(headings: Headings) -> str:
    if headings.missing:
        return _("Il manque la colonne %(names)s : la première ligne du fichier porte les titres du modèle.") % {
            "names": ", ".join(f"« {name} »" for name in headings.missing)
        }
    return _("La colonne %(names)s est là deux fois : gardez-en une.") % {
        "names": ", ".join(f"« {name} »" for name in headings.twice)
    }

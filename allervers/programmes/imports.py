"""Importing a screening file: read and check all of it, then write all of it, or nothing.

Two passes over the file, a batch of lines at a time, so that its size does not matter. The same file twice adds nobody:
each line has a key made of its session and its reference, its code, or its content and rank.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import BinaryIO
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allervers.accounts import keys as organisation_keys
from allervers.accounts.models import Hub, Organisation
from allervers.accounts.rules import Viewer
from allervers.core import clock, crypto, keys
from allervers.core.text import fold
from allervers.journal.actions import action, kind_and_id, record
from allervers.journal.models import ThreadLink
from allervers.needs.models import Encounter
from allervers.people.models import PersonCard
from allervers.programmes import cards, columns, follow_up, rules, spreadsheet
from allervers.programmes.actions.lines import encounter_for
from allervers.programmes.columns import Headings, Refused, Row, Why
from allervers.programmes.enums import Arrival, Form, Stratum
from allervers.programmes.errors import Contradiction, ProgrammeError
from allervers.programmes.models import Action, Attendance, Session
from allervers.programmes.refusals import Refusal

_BATCH = 500
_SHOWN_REFUSALS = 200
_OPENS_AT = time(9)  # a file says a day, not an hour


class NothingImported(ProgrammeError):
    """Some lines are refused, so none was written; `report` says which and why."""

    def __init__(self, report: "Report") -> None:
        super().__init__(
            ngettext(
                "Rien n’a été enregistré : %(count)s ligne est refusée.",
                "Rien n’a été enregistré : %(count)s lignes sont refusées.",
                report.refused,
            )
            % {"count": report.refused}
        )
        self.report = report


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
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, refusal: Refusal) -> None:
        self.refused += 1
        if len(self.refusals) < _SHOWN_REFUSALS:
            self.refusals.append(refusal)


@dataclass(slots=True)
class _Placed:
    """A line whose campaign, hub, partner and key are known; `attendance` once it was found or made."""

    row: Row
    campaign: Action
    hub: Hub | None
    organisation_id: UUID
    recipient_id: UUID | None
    key: str
    attendance: Attendance | None = None

    @property
    def at(self) -> tuple[UUID, UUID | None, date]:
        return self.campaign.id, self.hub.id if self.hub else None, self.row.on


def check(file: BinaryIO, *, by: Viewer) -> Report:
    """The dry run: reads the whole file, writes nothing. Raises `spreadsheet.Unreadable`."""
    return _Import(file, by).run(write=False)


def apply(file: BinaryIO, *, by: Viewer) -> Report:
    """Checks, then writes everything in one transaction. Raises `NothingImported`, `spreadsheet.Unreadable`."""
    report = check(file, by=by)
    if report.refused:
        raise NothingImported(report)
    for _try in range(3):
        try:
            return _apply(file, by=by)
        except IntegrityError:  # someone was added to the same list meanwhile: read it again
            continue
    return _apply(file, by=by)


@action
def _apply(file: BinaryIO, *, by: Viewer) -> Report:
    importing = _Import(file, by)
    report = importing.run(write=True)
    if report.refused:
        raise NothingImported(report)
    for session, lines in importing.touched.values():
        record("session.imported", session, by=by, lines=lines)
    return report


class _Import:
    """One pass over one file."""

    def __init__(self, file: BinaryIO, by: Viewer) -> None:
        self.file, self.by = file, by
        self.zone = ZoneInfo(by.timezone)
        self.today = clock.today(by.timezone)
        self.report = Report(Headings((), (), (), (), (), ()))
        self.touched: dict[tuple[UUID, UUID | None, date], tuple[Session, int]] = {}
        self.missing_sessions: set[tuple[UUID, UUID | None, date]] = set()
        self.sessions: dict[UUID, dict[tuple[UUID | None, date], Session]] = {}
        self.positions: dict[UUID, int] = {}
        self.seen: dict[str, int] = {}
        self.ranks: Counter[bytes] = Counter()
        self.key_of: dict[UUID, bytes] = {}
        self.campaigns = {row.slug: row for row in Action.objects.filter(network_id=by.network_id)}
        hubs = list(Hub.objects.filter(network_id=by.network_id).select_related("organisation"))
        self.hubs = {fold(hub.slug): hub for hub in hubs} | {fold(hub.name): hub for hub in hubs}
        self.own_hubs = set(rules.hubs_for(by).values_list("id", flat=True))
        partners = Organisation.objects.filter(network_id=by.network_id, closed_at=None)
        self.partners = {fold(name): ident for ident, name in partners.values_list("id", "name")}
        self.keeps = set(
            Organisation.objects.filter(network_id=by.network_id, keeps_cards=True).values_list("id", flat=True)
        )

    def run(self, *, write: bool) -> Report:
        for batch in self._batches():
            self._find(batch)
            standing = [placed for placed in batch if self._agrees(placed)]
            if write and not self.report.refused:
                self._write(standing)
        if not self.report.lines and not self.report.refused:
            raise spreadsheet.Unreadable(_("Ce fichier n’a aucune ligne sous ses titres : une ligne par personne."))
        self.report.sessions = len(self.touched) + len(self.missing_sessions)
        return self.report

    # --- reading ---

    def _batches(self) -> Iterator[list[_Placed]]:
        lines = spreadsheet.rows(self.file)
        first = next(lines, None)
        if first is None:
            raise spreadsheet.Unreadable(_("Ce fichier est vide : partez du modèle, une ligne par personne."))
        headings = self.report.headings = columns.read_headings(first[1])
        if headings.missing or headings.twice:
            raise spreadsheet.Unreadable(_heading_problem(headings))
        batch: list[_Placed] = []
        for number, cells in lines:
            self.report.lines += 1
            try:
                batch.append(self._place(self._read(number, cells)))
            except Refused as refused:
                self.report.refuse(Refusal(number, refused.why, refused.column, refused.shown))
            if len(batch) == _BATCH:
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

    def _place(self, row: Row) -> _Placed:
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
        placed = _Placed(row, campaign, hub, organisation_id, recipient_id, "")
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

    def _check_session(self, placed: _Placed) -> None:
        session = self._session(placed)
        if session is None:
            self.missing_sessions.add(placed.at)
        elif session.held is False:
            raise Refused(Why.NOT_HELD, "on")
        elif session.head_count:
            raise Refused(Why.COUNTED_WHOLE, "on", str(session.head_count))

    def _session(self, placed: _Placed) -> Session | None:
        campaign = placed.campaign
        if campaign.id not in self.sessions:
            found = Session.objects.filter(action=campaign).select_related("hub", "action").order_by("-starts_at", "id")
            self.sessions[campaign.id] = {
                (row.hub_id, row.starts_at.astimezone(self.zone).date()): row for row in found
            }
        return self.sessions[campaign.id].get((placed.hub.id if placed.hub else None, placed.row.on))

    def _key(self, placed: _Placed) -> str:
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

    def _blind(self, placed: _Placed, text: str) -> str:
        """Keyed, so that a key tells nothing of a code to whoever reads the table."""
        owner = placed.organisation_id
        if owner not in self.key_of:
            keeps = owner in self.keeps
            self.key_of[owner] = (
                organisation_keys.index_key(owner, "import") if keeps else crypto.derive(keys.master(), "import")
            )
        return crypto.blind(self.key_of[owner], text)

    # --- against what is there ---

    def _find(self, batch: list[_Placed]) -> None:
        """The attendance that each line is already, if it is: two queries a batch."""
        sessions = {session.id for placed in batch if (session := self._session(placed))}
        if not sessions:
            return
        there = Attendance.objects.filter(session_id__in=sessions).select_related(
            "session__action", "referral", "card", "encounter"
        )
        by_key = {row.import_key: row for row in there.filter(import_key__in=[placed.key for placed in batch])}
        codes = {placed.row.code for placed in batch if placed.row.code}
        by_code = {(row.session_id, row.card.code): row for row in there.filter(card__code__in=codes) if row.card}
        for placed in batch:
            session = self._session(placed)
            if session is not None:
                placed.attendance = by_key.get(placed.key) or by_code.get((session.id, placed.row.code))

    def _agrees(self, placed: _Placed) -> bool:
        """Whether a line may stand beside what is known of it."""
        attendance, row = placed.attendance, placed.row
        if row.agreed and row.orientation == "partner" and placed.recipient_id is None:
            self.report.refuse(Refusal(row.line, Why.NO_RECIPIENT, "referred_to"))
            return False
        if attendance is None:
            self.report.added += 1
            return True
        news, clash = _news(attendance, placed)
        if clash:
            self.report.refuse(Refusal(row.line, Why.SAYS_OTHERWISE, clash))
            return False
        if news:
            self.report.completed += 1
        else:
            self.report.known += 1
        return True

    # --- writing ---

    def _write(self, batch: list[_Placed]) -> None:
        for placed in batch:
            self._ensure_session(placed)
        cards = self._cards(batch)
        fresh = [placed for placed in batch if placed.attendance is None]
        for placed in fresh:
            placed.attendance = self._attendance(placed, cards.get((placed.organisation_id, placed.row.code)))
        made = [placed.attendance for placed in fresh if placed.attendance]
        encounters = [row.encounter for row in made if row.encounter]
        Encounter.objects.bulk_create(encounters, batch_size=_BATCH)
        Attendance.objects.bulk_create(made, batch_size=_BATCH)
        _link(made)
        for placed in batch:
            if placed not in fresh and placed.attendance:
                self._complete(placed)

    def _ensure_session(self, placed: _Placed) -> None:
        session = self._session(placed)
        if session is None:
            starts_at = datetime.combine(placed.row.on, _OPENS_AT, self.zone)
            session = Session.objects.create(
                network_id=self.by.network_id,
                action=placed.campaign,
                hub=placed.hub,
                starts_at=starts_at,
                held=True,
            )
            self.sessions[placed.campaign.id][placed.hub.id if placed.hub else None, placed.row.on] = session
            self.missing_sessions.discard(placed.at)
            self.report.new_sessions += 1
            record("session.planned", session, by=self.by, campaign=placed.campaign.id, hub=session.hub_id)
        elif session.held is None:
            session.held = True
            session.save(update_fields=["held"])
        self.touched[placed.at] = session, self.touched.get(placed.at, (session, 0))[1] + 1

    def _cards(self, batch: list[_Placed]) -> dict[tuple[UUID, str], PersonCard]:
        wanted = {(placed.organisation_id, placed.row.code): placed for placed in batch if placed.row.code}
        there = PersonCard.objects.filter(
            organisation_id__in={owner for owner, _code in wanted}, code__in={code for _owner, code in wanted}
        )
        found = {(card.organisation_id, card.code): card for card in there}
        for owner_and_code, placed in wanted.items():
            if owner_and_code not in found:
                found[owner_and_code] = cards.card_of_code(
                    placed.row,
                    organisation_id=placed.organisation_id,
                    hub=placed.hub,
                    at=self._starts(placed),
                    by=self.by,
                )
        return {pair: card for pair, card in found.items() if card.erased_at is None}

    def _starts(self, placed: _Placed) -> datetime:
        session = self._session(placed)
        assert session is not None, "sessions are made before their lines"
        return session.starts_at

    def _attendance(self, placed: _Placed, card: PersonCard | None) -> Attendance:
        row, session = placed.row, self._session(placed)
        assert session is not None, "sessions are made before their lines"
        if session.id not in self.positions:
            self.positions[session.id] = session.attendances.aggregate(last=Max("position"))["last"] or 0
        self.positions[session.id] += 1
        attendance = Attendance(
            network_id=session.network_id,
            organisation_id=placed.organisation_id,
            session=session,
            position=self.positions[session.id],
            card=card,
            stratum=Stratum.CODED if row.code else Stratum.ANONYMOUS,
            arrived_at=session.starts_at,
            import_key=placed.key,
            **_told(placed),
        )
        if card is not None and card.is_named:
            attendance.stratum = Stratum.IDENTIFIED
        if attendance.arrival == Arrival.SEEN:
            attendance.encounter = encounter_for(attendance, by=self.by)
        return attendance

    def _complete(self, placed: _Placed) -> None:
        attendance = placed.attendance
        assert attendance is not None, "only lines that were found are completed"
        news, _clash = _news(attendance, placed)
        if not news:
            return
        for name, value in news.items():
            setattr(attendance, name, value)
        if attendance.arrival == Arrival.SEEN and attendance.encounter is None:
            attendance.encounter = encounter_for(attendance, by=self.by)
            attendance.encounter.save(force_insert=True)
            _link([attendance])
        attendance.save()
        record("attendance.completed", attendance, by=self.by, columns=sorted(news))


class _Contradicts(Refused):
    """A whole sentence stands in `shown`, written by us."""

    def __init__(self, sentence: str) -> None:
        super().__init__(Why.CONTRADICTION)
        self.shown = sentence[0].lower() + sentence[1:]


def _told(placed: _Placed) -> dict[str, object]:
    """What a line says, as an attendance keeps it. What a referral will tell is not kept twice."""
    row = placed.row
    person = {"sex": row.sex, "age_band": row.age_band, "language": row.language}
    seen = {"arrival": row.arrival, "result": row.result}
    return {
        **person,
        **seen,
        "orientation": row.orientation,
        "recipient_id": placed.recipient_id,
        "answer": row.answer,
        "outcome": row.outcome,
        "delay_days": row.delay_days,
    }


_COLUMN_OF = {"age_band": "age", "recipient_id": "referred_to", "orientation": "referred_to", "answer": "attended",
              "delay_days": "delay", "arrival": "result"}  # fmt: skip


def _news(attendance: Attendance, placed: _Placed) -> tuple[dict[str, object], str]:
    """What a line adds to what is known of it, and the column in which it says otherwise, if it does."""
    row = placed.row
    if not row.ref and not row.code:
        return {}, ""  # its key is its content: the very same line
    told = _told(placed)
    if attendance.referral_id:
        line = follow_up.line_of(attendance)
        for name in ("orientation", "answer", "outcome"):
            if getattr(row, name) not in ("", getattr(line, name)):
                return {}, _COLUMN_OF.get(name, name)
        told = {name: told[name] for name in ("sex", "age_band", "language", "arrival", "result")}
    if not row.result and row.arrival == "seen":
        told.pop("arrival")  # the file says nothing of what was found
    news: dict[str, object] = {}
    for name, value in told.items():
        known = getattr(attendance, name)
        if value in ("", None) or value == known:
            continue
        if known in ("", None) or (name == "arrival" and known == Arrival.WAITING):
            news[name] = value
        else:
            return {}, _COLUMN_OF.get(name, name)
    return news, ""


def _link(attendances: list[Attendance]) -> None:
    """Each line led to its encounter: as `journal.actions.link`, many at once."""
    links = []
    for attendance in attendances:
        if attendance.encounter is not None:
            (from_kind, from_id), (to_kind, to_id) = kind_and_id(attendance), kind_and_id(attendance.encounter)
            links.append(
                ThreadLink(
                    network_id=attendance.network_id, from_kind=from_kind, from_id=from_id, to_kind=to_kind, to_id=to_id
                )
            )
    ThreadLink.objects.bulk_create(links, batch_size=_BATCH)


def _heading_problem(headings: Headings) -> str:
    if headings.missing:
        return _("Il manque la colonne %(names)s : la première ligne du fichier porte les titres du modèle.") % {
            "names": ", ".join(f"« {name} »" for name in headings.missing)
        }
    return _("La colonne %(names)s est là deux fois : gardez-en une.") % {
        "names": ", ".join(f"« {name} »" for name in headings.twice)
    }

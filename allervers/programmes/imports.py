"""Importing a screening file: read and check all of it, then write all of it, or nothing.

Two passes over the file, a batch of lines at a time, so that its size does not matter. The same file twice adds nobody:
each line has a key made of its session and its reference, its code, or its content and rank.
"""

from contextlib import closing
from datetime import date, datetime, time
from typing import BinaryIO
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allervers.accounts.rules import Viewer
from allervers.journal.actions import action, kind_and_id, record
from allervers.journal.models import ThreadLink
from allervers.needs.models import Encounter
from allervers.people.models import PersonCard
from allervers.programmes import cards, follow_up, past_referrals, spreadsheet
from allervers.programmes.actions.lines import encounter_for
from allervers.programmes.columns import Why
from allervers.programmes.enums import Arrival, Stratum
from allervers.programmes.errors import ProgrammeError
from allervers.programmes.models import Attendance, Session
from allervers.programmes.placing import BATCH, Placed, Placing, Report
from allervers.programmes.refusals import Refusal

_OPENS_AT = time(9)  # a file says a day, not an hour


class NothingImported(ProgrammeError):
    """Some lines are refused, so none was written; `report` says which and why."""

    def __init__(self, report: "Report") -> None:
        super().__init__(
            ngettext(
                "Rien n’a été enregistré : %(count)s ligne est refusée.",
                "Rien n’a été enregistré : %(count)s lignes sont refusées.",
                report.refused,
            )
            % {"count": report.refused}
        )
        self.report = report


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
    past_referrals.list_and_hear(importing.referred, by=by)
    past_referrals.hear(importing.heard, by=by)
    for session, lines in importing.touched.values():
        record("session.imported", session, by=by, lines=lines)
    return report


class _Import(Placing):
    """One pass over one file."""

    def __init__(self, file: BinaryIO, by: Viewer) -> None:
        super().__init__(file, by)
        self.touched: dict[tuple[UUID, UUID | None, date], tuple[Session, int]] = {}
        self.positions: dict[UUID, int] = {}
        self.referred: list[past_referrals.Past] = []
        self.heard: list[past_referrals.Past] = []

    def run(self, *, write: bool) -> Report:
        with closing(self.batches()) as batches:
            for batch in batches:
                self._find(batch)
                standing = [placed for placed in batch if self._agrees(placed)]
                if write and not self.report.refused:
                    self._write(standing)
        if not self.report.lines and not self.report.refused:
            raise spreadsheet.Unreadable(_("Ce fichier n’a aucune ligne sous ses titres : une ligne par personne."))
        self.report.sessions = len(self.days)
        return self.report

    # --- against what is there ---

    def _find(self, batch: list[Placed]) -> None:
        """The attendance that each line is already, if it is: two queries a batch."""
        sessions = {session.id for placed in batch if (session := self.session_of(placed))}
        if not sessions:
            return
        there = Attendance.objects.filter(session_id__in=sessions).select_related(
            "session__action", "session__hub", "referral", "card", "encounter", "need"
        )
        by_key = {row.import_key: row for row in there.filter(import_key__in=[placed.key for placed in batch])}
        codes = {placed.row.code for placed in batch if placed.row.code}
        by_code = {(row.session_id, row.card.code): row for row in there.filter(card__code__in=codes) if row.card}
        for placed in batch:
            session = self.session_of(placed)
            if session is not None:
                placed.attendance = by_key.get(placed.key) or by_code.get((session.id, placed.row.code))

    def _agrees(self, placed: Placed) -> bool:
        """Whether a line may stand beside what is known of it."""
        attendance, row = placed.attendance, placed.row
        if placed.was_referred and placed.recipient_id is None:
            self.report.refuse(Refusal(row.line, Why.NO_RECIPIENT, "referred_to"))
            return False
        if attendance is None:
            self.report.added += 1
            self.report.referrals += placed.was_referred
            return True
        news, clash = _news(attendance, placed)
        if clash:
            self.report.refuse(Refusal(row.line, Why.SAYS_OTHERWISE, clash))
            return False
        placed.has_news = _tells_more(attendance, placed)
        if news or placed.has_news:
            self.report.completed += 1
        else:
            self.report.known += 1
        return True

    # --- writing ---

    def _write(self, batch: list[Placed]) -> None:
        for placed in batch:
            self._ensure_session(placed)
        cards = self._cards(batch)
        fresh = [placed for placed in batch if placed.attendance is None]
        for placed in fresh:
            placed.attendance = self._attendance(placed, cards.get((placed.organisation_id, placed.row.code)))
        made = [placed.attendance for placed in fresh if placed.attendance]
        encounters = [row.encounter for row in made if row.encounter]
        Encounter.objects.bulk_create(encounters, batch_size=BATCH)
        Attendance.objects.bulk_create(made, batch_size=BATCH)
        _link(made)
        for placed in batch:
            if placed not in fresh and placed.attendance:
                self._complete(placed)
        self._refer(batch)

    def _refer(self, batch: list[Placed]) -> None:
        """Referrals for the lines whose agreement is kept, and news of those that have one already."""
        for placed in batch:
            attendance, recipient_id = placed.attendance, placed.recipient_id
            if attendance is None or recipient_id is None or not placed.was_referred:
                continue
            past = past_referrals.Past(attendance, placed.row, self.recipients[recipient_id])
            if attendance.referral is None:
                past_referrals.make([past], by=self.by)
                self.referred.append(past)
            elif placed.has_news:
                self.heard.append(past)

    def _ensure_session(self, placed: Placed) -> None:
        session = self.session_of(placed)
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
            self.report.new_sessions += 1
            record("session.planned", session, by=self.by, campaign=placed.campaign.id, hub=session.hub_id)
        elif session.held is None:
            session.held = True
            session.save(update_fields=["held"])
        self.touched[placed.at] = session, self.touched.get(placed.at, (session, 0))[1] + 1

    def _cards(self, batch: list[Placed]) -> dict[tuple[UUID, str], PersonCard]:
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

    def _starts(self, placed: Placed) -> datetime:
        session = self.session_of(placed)
        assert session is not None, "sessions are made before their lines"
        return session.starts_at

    def _attendance(self, placed: Placed, card: PersonCard | None) -> Attendance:
        row, session = placed.row, self.session_of(placed)
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

    def _complete(self, placed: Placed) -> None:
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


def _told(placed: Placed) -> dict[str, object]:
    """What a line says, as an attendance keeps it. What a referral will tell is not kept twice."""
    row = placed.row
    person = {"sex": row.sex, "age_band": row.age_band, "language": row.language}
    seen = {"arrival": row.arrival, "result": row.result}
    if placed.was_referred:
        return {**person, **seen}
    return {
        **person,
        **seen,
        "orientation": row.orientation,
        "recipient_id": placed.recipient_id,
        "answer": row.answer,
        "outcome": row.outcome,
        "delay_days": row.delay_days,
    }


def _tells_more(attendance: Attendance, placed: Placed) -> bool:
    """Whether the file knows more than the partner has said."""
    if not attendance.referral_id or not placed.was_referred:
        return False
    line = follow_up.line_of(attendance)
    return any(getattr(placed.row, name) and not getattr(line, name) for name in ("answer", "outcome"))


_COLUMN_OF = {"age_band": "age", "recipient_id": "referred_to", "orientation": "referred_to", "answer": "attended",
              "delay_days": "delay", "arrival": "result"}  # fmt: skip


def _news(attendance: Attendance, placed: Placed) -> tuple[dict[str, object], str]:
    """What a line adds to what is known of it, and the column in which it says otherwise, if it does."""
    row = placed.row
    if not row.ref and not row.code:
        return {}, ""  # its key is its content: the very same line
    told = _told(placed)
    if attendance.referral_id:
        line = follow_up.line_of(attendance)
        for name in ("orientation", "answer", "outcome"):
            if getattr(row, name) and getattr(line, name) not in ("", getattr(row, name)):
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
    ThreadLink.objects.bulk_create(links, batch_size=BATCH)

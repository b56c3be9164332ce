"""Reading the answers of a list from a form's fields: the same for the partner's page, the telephone and the sheet.

For line 12: `a12` the answer, `r12` a result (of someone who came), `y12` the reason of an absence, `m12` a moment, `w12`
what the form showed when it was opened: a line left as it was shown is not an answer, so that a page opened yesterday
never undoes what was said since.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime

from allervers.core import clock
from allervers.needs.enums import SOCIAL_CATEGORIES, Category
from allervers.referrals import errors, shown, states
from allervers.referrals.actions import Given
from allervers.referrals.enums import AbsenceReason, AnswerKind, ReferralState
from allervers.referrals.models import Referral, ReturnLine, ReturnList

FIRST = (AnswerKind.CAME, AnswerKind.DID_NOT_COME)
SELDOM = (
    AnswerKind.MOVED,
    AnswerKind.CAME_NOT_SEEN,
    AnswerKind.DECLINED_NO_ROOM,
    AnswerKind.DECLINED_NOT_US,
    AnswerKind.APPOINTMENT,
    AnswerKind.ACKNOWLEDGED,
)
RESULTS = (AnswerKind.EQUIPPED, AnswerKind.TREATED, AnswerKind.GRANTED)
WITH_MOMENT = {AnswerKind.MOVED, AnswerKind.APPOINTMENT}
_FARTHEST = timedelta(days=730)
_MOVED_STAYS = timedelta(days=3)  # then the line asks again
_EQUIPPING = {Category.EYES, Category.HEARING, Category.TEETH}
_GRANTING = {Category.COVERAGE, *SOCIAL_CATEGORIES}


@dataclass
class Line:
    """One line of a list as a form shows it."""

    position: int
    referral: Referral
    read: shown.Shown | None
    answer: str
    result: str
    reason: str = ""
    moment: str = ""
    was: str = ""
    error: str = ""

    @property
    def results(self) -> tuple[AnswerKind, ...]:
        """The results that make sense for this need; all of them when the partner may not read it."""
        need = self.read.need if self.read else ""
        if need in _GRANTING:
            return (AnswerKind.GRANTED,)
        if need in _EQUIPPING:
            return (AnswerKind.EQUIPPED, AnswerKind.TREATED)
        return (AnswerKind.TREATED,) if need else RESULTS

    @property
    def is_answered(self) -> bool:
        return bool(self.answer)


@dataclass
class Reading:
    """What a form said: the answers, and its lines with what was typed and what is wrong."""

    given: list[Given] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def faults(self) -> list[Line]:
        return [line for line in self.lines if line.error]


def lines_of(return_list: ReturnList, *, opened: bool) -> list[Line]:
    """The lines still worth an answer, as they stand. `opened` unseals what the partner may read of each.

    What was withdrawn, taken back or erased is not shown any more. One query.
    """
    rows = ReturnLine.objects.filter(return_list=return_list).select_related("referral__card", "referral__need")
    lines = []
    for row in rows.exclude(referral__state=ReferralState.DRAFTED).exclude(referral__shown=b"").order_by("position"):
        read = shown.opened(row.referral) if opened else None
        answer, result = standing(row.referral)
        if not opened or read is not None:
            lines.append(Line(row.position, row.referral, read, answer, result, was=_joined(answer, result)))
    return lines


def standing(referral: Referral) -> tuple[str, str]:
    """The answer that a form shows as given already, and its result; empty while the partner's word is awaited."""
    state = referral.state
    if state == ReferralState.MOVED and referral.last_word_at and referral.last_word_at > clock.now() - _MOVED_STAYS:
        return AnswerKind.MOVED, ""
    if state in states.WAITING or state in {ReferralState.DRAFTED, ReferralState.CLOSED}:
        return "", ""
    if state == ReferralState.RESULT:
        return AnswerKind.CAME, referral.result
    if state == ReferralState.DECLINED:
        return referral.result, ""
    found = {
        ReferralState.KEPT: AnswerKind.CAME,
        ReferralState.MISSED: AnswerKind.DID_NOT_COME,
        ReferralState.CAME_NOT_SEEN: AnswerKind.CAME_NOT_SEEN,
    }
    return found[ReferralState(state)], ""


def read(posted: Mapping[str, str], lines: Iterable[Line], *, timezone: str, missing: str) -> Reading:
    """The answers in `posted`, line by line; `missing` is the sentence of a line whose moment is lacking or unreadable.

    Values out of the closed lists are not answers. Nothing here writes.
    """
    reading = Reading()
    for line in lines:
        place = line.position
        answer = posted.get(f"a{place}", line.answer)
        result = posted.get(f"r{place}", "")
        was = posted.get(f"w{place}", line.was)
        line.reason = posted.get(f"y{place}", "")
        line.moment = posted.get(f"m{place}", "")
        line.answer = answer if answer in {*FIRST, *SELDOM} else ""
        line.result = result if result in RESULTS and line.answer == AnswerKind.CAME else ""
        reading.lines.append(line)
        if not line.answer or (_joined(line.answer, line.result) == was and not line.moment):
            continue
        kind = AnswerKind(line.result or line.answer)
        moment = _moment(line.moment, timezone) if kind in WITH_MOMENT else None
        if (kind == AnswerKind.APPOINTMENT or (line.moment and kind in WITH_MOMENT)) and moment is None:
            line.error = missing
            continue
        if moment is not None and is_too_far(moment):
            line.error = str(errors.DateTooFar())
            continue
        reason = line.reason if kind == AnswerKind.DID_NOT_COME and line.reason in AbsenceReason.values else ""
        reading.given.append(Given(line.referral.pk, kind, reason, moment))
    return reading


def is_too_far(moment: datetime) -> bool:
    """A slip of the year: an appointment more than two years away, before or after."""
    return abs(moment - clock.now()) > _FARTHEST


def _joined(answer: str, result: str) -> str:
    return f"{answer}+{result}" if result else str(answer)


def _moment(typed: str, timezone: str) -> datetime | None:
    try:
        found = parse_datetime(typed.strip())
    except ValueError:
        return None
    if found is None:
        return None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(timezone))

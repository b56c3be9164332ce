"""What came of a line: read from its referral when it has one, else from what was noted on it."""

from django.utils.translation import gettext as _

from allervers.core import clock
from allervers.programmes.enums import Answered, Arrival, End, Orientation, ScreeningResult
from allervers.programmes.errors import Contradiction
from allervers.programmes.funnel import Line
from allervers.programmes.models import Attendance
from allervers.referrals.enums import AnswerKind, EndedAs, ReferralState
from allervers.referrals.models import Referral

ORIENTED = frozenset({Orientation.PARTNER, Orientation.ELSEWHERE})

_ENDS = {
    AnswerKind.EQUIPPED: End.EQUIPPED,
    AnswerKind.TREATED: End.TREATED,
    AnswerKind.GRANTED: End.TREATED,  # a right obtained there: a good end too
}
_STATES = {
    ReferralState.KEPT: Answered.CAME,
    ReferralState.RESULT: Answered.CAME,
    ReferralState.CAME_NOT_SEEN: Answered.CAME_NOT_SEEN,
    ReferralState.MISSED: Answered.DID_NOT_COME,
    ReferralState.DECLINED: Answered.DECLINED,
    ReferralState.MOVED: Answered.MOVED,
}
_NEVER_LEFT = {
    EndedAs.ELSEWHERE: Orientation.ELSEWHERE,
    EndedAs.WITHDRAWN: Orientation.REFUSED,
    EndedAs.CANCELLED: Orientation.NOWHERE,
}


def line_of(attendance: Attendance) -> Line:
    """The person's line for the funnel. Reads `referral` and `session`, loaded beforehand."""
    result = attendance.result
    if result == ScreeningResult.EQUIPMENT and attendance.need_id:
        result = ScreeningResult.APPOINTMENT  # not equipped there and then: someone is asked to do it
    referral = attendance.referral
    if referral is None:
        return Line(
            arrival=attendance.arrival,
            result=result,
            orientation=attendance.orientation,
            answer=attendance.answer,
            outcome=attendance.outcome,
            delay_days=attendance.delay_days,
            waited_days=_days(attendance, None) if _waits(attendance) else None,
        )
    answer = _answer(referral)
    return Line(
        arrival=attendance.arrival,
        result=result,
        orientation=_orientation(referral),
        answer=answer,
        outcome=_ENDS.get(AnswerKind(referral.result), "") if referral.result else attendance.outcome,
        delay_days=_delay(attendance, referral) if answer == Answered.CAME else None,
        waited_days=_days(attendance, None) if referral.sent_at and answer in {"", Answered.TO_COME} else None,
    )


def check(arrival: str, result: str, orientation: str, answer: str, outcome: str, delay_days: int | None) -> None:
    """Raises `Contradiction`, saying which two facts exclude each other."""
    needs = {ScreeningResult.APPOINTMENT, ScreeningResult.URGENT, ScreeningResult.EQUIPMENT}
    if orientation and (arrival == Arrival.LEFT or result not in needs):
        raise Contradiction(
            _("Une orientation est notée pour quelqu’un qui n’a besoin de rien : corrigez le résultat, ou videz-la.")
        )
    if answer and orientation != Orientation.PARTNER:
        raise Contradiction(_("La venue se note pour qui a été orienté vers un partenaire : dites d’abord lequel."))
    if outcome and answer != Answered.CAME:
        raise Contradiction(_("La suite se note pour qui est venu au rendez-vous : notez d’abord qu’elle est venue."))
    if delay_days is not None and answer != Answered.CAME:
        raise Contradiction(_("Le délai se compte jusqu’au rendez-vous tenu : notez d’abord qu’elle est venue."))


def _waits(attendance: Attendance) -> bool:
    return attendance.orientation == Orientation.PARTNER and attendance.answer in {"", Answered.TO_COME}


def _orientation(referral: Referral) -> str:
    if referral.sent_at:
        return Orientation.PARTNER
    return _NEVER_LEFT.get(EndedAs(referral.ended_as), Orientation.UNKNOWN) if referral.ended_as else ""


def _answer(referral: Referral) -> str:
    state = ReferralState(referral.state)
    if state in _STATES:
        return _STATES[state]
    if referral.first_seen_at:  # closed after she was seen
        return Answered.CAME
    if state == ReferralState.APPOINTMENT and referral.appointment_at:
        if referral.appointment_at > clock.now():
            return Answered.TO_COME
        return Answered.DID_NOT_COME if referral.appointments_missed else Answered.UNKNOWN
    if state == ReferralState.CLOSED and referral.appointments_missed:
        return Answered.DID_NOT_COME
    return Answered.UNKNOWN


def _delay(attendance: Attendance, referral: Referral) -> int | None:
    return _days(attendance, referral) if referral.first_seen_at else None


def _days(attendance: Attendance, seen: Referral | None) -> int:
    until = seen.first_seen_at if seen and seen.first_seen_at else clock.now()
    return max(0, (until.date() - attendance.session.starts_at.date()).days)

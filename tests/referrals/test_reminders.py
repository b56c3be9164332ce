from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allervers.core import clock
from allervers.outbox.actions import opened
from allervers.outbox.models import Message
from allervers.people import safe_hours, vault
from allervers.people.identity import TEAM_ONLY
from allervers.people.models import PersonCard
from allervers.referrals import actions, reach, tasks, wording
from allervers.referrals.models import Referral, Submission
from tests.cast import Cast
from tests.referrals.scene import Partner, agree, need_of, sent

MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)  # 9 h 30 on the wall


def _days(count: float) -> datetime:
    return MONDAY + timedelta(days=count)


def _tick(at: datetime) -> None:
    with clock.fixed(at):
        tasks.tick(at)


def test_partner_is_chased_three_times_then_the_team_is_told(cast: Cast) -> None:
    with clock.fixed(MONDAY):
        referral = sent(cast)
    for day in range(40):
        _tick(_days(day + 0.01))

    chases = [message for message in Message.objects.order_by("created_at") if message.purpose == "return_chase"]
    assert [(message.created_at - MONDAY).days for message in chases] == [7, 14, 21]
    referral.refresh_from_db()
    referral.need.refresh_from_db()
    assert (referral.chased, referral.chase_at, referral.state) == (3, None, "sent")
    assert referral.need.next_contact_at is not None


def test_all_chases_carry_the_same_link(cast: Cast) -> None:
    with clock.fixed(MONDAY):
        sent(cast)
    for day in (8, 15):
        _tick(_days(day))

    texts = [opened(message)[2] for message in Message.objects.filter(purpose="return_chase")]
    assert len(texts) == 2 and texts[0] == texts[1]


def test_one_mail_chases_for_all_persons_of_a_partner(cast: Cast) -> None:
    with clock.fixed(MONDAY):
        for _ in range(3):
            sent(cast)
    _tick(_days(8))

    message = Message.objects.get(purpose="return_chase")
    assert "3 personnes" in opened(message)[1]


def test_any_answer_stops_the_chase(cast: Cast) -> None:
    with clock.fixed(MONDAY):
        referral = sent(cast)
    with clock.fixed(_days(2)):
        Partner().says(referral, "declined_no_room")
    for day in range(3, 60):
        _tick(_days(day))

    assert not Message.objects.filter(purpose="return_chase").exists()


def test_partner_is_chased_in_office_hours_of_its_network_only(cast: Cast) -> None:
    with clock.fixed(_days(5)):  # a Saturday: the ladder's first step is the next one
        sent(cast)
    left = []
    for hours in range(7 * 24 - 2, 10 * 24):
        at = _days(5) + timedelta(hours=hours)
        _tick(at)
        if not left and Message.objects.filter(purpose="return_chase").exists():
            left.append(at.astimezone(clock.ZoneInfo("Europe/Paris")).strftime("%A %H:%M"))

    assert left == ["Monday 09:30"]


@pytest.mark.parametrize(
    ("at", "zone", "leaves"),
    [
        ("2026-11-23T08:00", "Europe/Paris", "2026-11-23T08:00"),  # a Monday, 9 h there
        ("2026-11-23T07:59", "Europe/Paris", "2026-11-23T08:00"),
        ("2026-11-23T17:00", "Europe/Paris", "2026-11-24T08:00"),  # 18 h: the next morning
        ("2026-11-27T17:30", "Europe/Paris", "2026-11-30T08:00"),  # Friday evening: Monday
        ("2026-11-22T12:00", "Europe/Paris", "2026-11-23T08:00"),
        ("2026-11-23T08:00", "America/Cayenne", "2026-11-23T12:00"),
        ("2026-03-27T17:30", "Europe/Paris", "2026-03-30T07:00"),  # the clocks change on that Sunday
    ],
)
def test_office_moment_is_the_next_opening_there(at: str, zone: str, leaves: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)

    assert reach.office_moment(moment, zone) == datetime.fromisoformat(leaves).replace(tzinfo=UTC)


def test_withdrawn_receipt_stops_everything_by_itself(cast: Cast) -> None:
    with clock.fixed(MONDAY):
        referral = sent(cast)
    assert referral.agreement is not None
    referral.agreement.withdrawn_at = _days(1)
    referral.agreement.save()
    for day in (2, 8, 15):
        _tick(_days(day))

    referral.refresh_from_db()
    assert (referral.state, referral.ended_as) == ("closed", "withdrawn")
    assert not Message.objects.filter(purpose="return_chase").exists()


def _with_appointment(cast: Cast, at: datetime, **card: object) -> Referral:
    need = need_of(cast, cast.card(**card))
    assert need.card is not None
    agree(need.card, cast.hospital)
    drafted = actions.draft(need, by=cast.viewer("mediator"), recipient=cast.hospital)
    referral = actions.send(drafted, by=cast.viewer("mediator"), tell=False)
    Partner().says(referral, "appointment", appointment_at=at)
    return referral


@pytest.mark.parametrize(("speaks", "says"), [(["ary"], "موعد"), (["en"], "appointment"), (["snk"], "rendez-vous")])
def test_person_is_reminded_once_in_her_language(cast: Cast, speaks: list[str], says: str) -> None:
    with clock.fixed(MONDAY):
        referral = _with_appointment(cast, _days(3), speaks=speaks)
    for hour in range(90):
        _tick(MONDAY + timedelta(hours=hour))

    message = Message.objects.get(purpose="appointment_reminder")
    to, subject, text = opened(message)
    assert referral.card is not None
    assert to == vault.identity(referral.card)["phones"][0]["number"]
    assert says in text and subject == ""
    assert 9 <= message.send_after.astimezone(clock.ZoneInfo("Europe/Paris")).hour < 19
    assert message.send_before == referral.appointment_at


def test_moved_appointment_is_reminded_again(cast: Cast) -> None:
    with clock.fixed(MONDAY):
        referral = _with_appointment(cast, _days(1))
        tasks.tick(MONDAY)
        Partner().says(referral, "moved", appointment_at=_days(1.5))
        tasks.tick(MONDAY)

    assert Message.objects.filter(purpose="appointment_reminder").count() == 2


def test_reminder_that_waits_for_morning_does_not_leave_for_an_appointment_moved_at_night(cast: Cast) -> None:
    night = MONDAY - timedelta(hours=6)
    with clock.fixed(night):
        referral = _with_appointment(cast, MONDAY + timedelta(hours=6))
    _tick(night)
    with clock.fixed(night + timedelta(hours=1)):
        Partner().says(referral, "moved", appointment_at=MONDAY + timedelta(days=9))

    assert [message.state for message in Message.objects.filter(purpose="appointment_reminder")] == ["cancelled"]


def test_reminder_stopped_by_an_answer_is_written_again_once_it_is_undone(cast: Cast) -> None:
    night = MONDAY - timedelta(hours=6)
    with clock.fixed(night):
        referral = _with_appointment(cast, MONDAY + timedelta(hours=6))
    _tick(night)
    with clock.fixed(night + timedelta(hours=1)):
        heard = Partner().says(referral, "did_not_come")
        assert heard.submission is not None
        actions.undo(heard.submission, by=None)
    _tick(night + timedelta(hours=2))

    states = (
        Message.objects.filter(purpose="appointment_reminder").order_by("created_at").values_list("state", flat=True)
    )
    assert list(states) == ["cancelled", "waiting"]


def test_reminder_of_an_appointment_undone_does_not_leave(cast: Cast) -> None:
    night = MONDAY - timedelta(hours=6)
    with clock.fixed(night):
        _with_appointment(cast, MONDAY + timedelta(hours=6))
    _tick(night)
    with clock.fixed(night + timedelta(hours=1)):
        actions.undo(Submission.objects.get(), by=None)

    assert [message.state for message in Message.objects.filter(purpose="appointment_reminder")] == ["cancelled"]


def test_reminder_of_an_appointment_that_ended_does_not_leave(cast: Cast) -> None:
    with clock.fixed(MONDAY):
        referral = _with_appointment(cast, _days(1))
        tasks.tick(MONDAY)
        Partner().says(referral, "declined_no_room")

    assert Message.objects.get(purpose="appointment_reminder").state == "cancelled"


def _identity(card: PersonCard, **phone: object) -> None:
    names = vault.identity(card)
    names["phones"] = [{**names["phones"][0], **phone}]
    card.sealed = vault.seal_identity(card, names)
    card.save()


@pytest.mark.parametrize(
    ("phone", "card", "code"),
    [
        ({}, {}, "sms"),
        ({"sms": False}, {}, "no_phone"),
        ({"number": ""}, {}, "no_phone"),
        ({"hours": "Mo-Su 20:00-22:00"}, {}, "no_safe_hour"),
        ({"hours": "le soir"}, {}, "no_safe_hour"),
        ({"hours": TEAM_ONLY, "hours_note": "le soir"}, {}, "no_safe_hour"),
        ({}, {"no_follow_up": True}, "no_follow_up"),
        ({}, {"is_minor": True}, "no_phone"),
        ({"owner": "family"}, {"is_minor": True}, "sms"),
    ],
)
def test_who_may_be_written_to(cast: Cast, phone: dict[str, object], card: dict[str, object], code: str) -> None:
    made = cast.card(**card)
    _identity(made, **phone)

    with clock.fixed(MONDAY):
        assert reach.by_sms(made, before=_days(1), timezone="Europe/Paris").code == code


@pytest.mark.parametrize(("expression", "_label"), safe_hours.CHOICES)
@pytest.mark.parametrize("timezone", ["Europe/Paris", "Indian/Reunion"])
def test_she_is_written_to_in_her_hours_on_the_networks_clock(expression: str, _label: str, timezone: str) -> None:
    at = reach.first_safe_moment(MONDAY, MONDAY + timedelta(days=3), expression, timezone)

    assert (at is None) == (expression == TEAM_ONLY)
    assert at is None or safe_hours.is_safe(expression, at, timezone) is not False


@given(st.integers(0, 365 * 24 * 60))
def test_safe_moment_is_between_nine_and_nineteen_and_never_past(minutes: int) -> None:
    now = MONDAY + timedelta(minutes=minutes)
    at = reach.first_safe_moment(now, now + timedelta(days=2), "", "Europe/Paris")

    assert at is not None and at >= now - timedelta(minutes=15)
    assert 9 <= at.astimezone(clock.ZoneInfo("Europe/Paris")).hour < 19


def test_words_to_a_person_name_no_one_and_nothing_of_health() -> None:
    forbidden = ("santé", "health", "hôpital", "médecin", "doctor", "صحة", "مستشفى", "طبيب", "salud", "saúde", "sağlık")
    texts = [*wording.APPOINTMENT.values(), *wording.SAY.values()]

    assert set(wording.APPOINTMENT) == set(wording.SAY) == set(wording.LANGUAGES.values())
    assert not [word for word in forbidden for text in texts if word in text.lower()]
    assert all(len(wording.APPOINTMENT["fr"].format(when="24/11, 14:30", phone="03 20 00 00 00")) <= 160 for _ in [0])

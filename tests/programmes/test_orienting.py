from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from allervers.core import clock
from allervers.needs.models import Need
from allervers.outbox.models import Message
from allervers.people import actions as people
from allervers.programmes import actions, errors, queries
from allervers.programmes.actions import Oriented, Undone
from allervers.programmes.models import Attendance, Session
from allervers.referrals import actions as referrals
from allervers.referrals.actions.sending import SENDABLE
from allervers.referrals.enums import AnswerBy, AnswerKind
from allervers.referrals.models import Referral, ReturnList
from tests.cast import Cast
from tests.two_at_once import at_once


@pytest.fixture
def listed(cast: Cast, session: Session) -> list[Attendance]:
    """Someone who agreed, someone who did not, a code, someone unnamed, someone who needs nothing, someone waiting."""
    by = cast.viewer("mediator")
    agreed, silent, code = cast.card(), cast.card(), cast.card(named=False)
    people.agree_to_share(agreed, recipient=cast.hospital, content=list(SENDABLE), by=by)
    lines = [actions.add_walk_in(session, card=card, by=by) for card in (agreed, silent, code, None, None, None)]
    for line, result in zip(lines[:5], ["appointment", "urgent", "equipment", "appointment", "nothing"], strict=True):
        actions.set_result(line, result=result, by=by)
    return lines


def test_orient_sends_who_agreed_and_keeps_the_rest_as_drafts(cast: Cast, listed: list[Attendance]) -> None:
    done = actions.orient(listed, recipient=cast.hospital, by=cast.viewer("mediator"))

    assert done == Oriented(needs=4, sent=1, drafts=2, unnamed=1)
    assert sorted(Referral.objects.values_list("state", flat=True)) == ["drafted", "drafted", "sent"]
    assert Need.objects.filter(card=None).count() == 1
    assert ReturnList.objects.get().lines.count() == 1
    assert Message.objects.get().purpose == "return_link"
    assert [line.encounter.oriented for line in listed[:4] if line.encounter] == [True, False, False, False]


def test_orient_twice_opens_nothing_more(cast: Cast, listed: list[Attendance]) -> None:
    by = cast.viewer("mediator")
    actions.orient(listed, recipient=cast.hospital, by=by)

    with pytest.raises(errors.NobodyTicked):
        actions.orient(listed, recipient=cast.hospital, by=by)
    assert Need.objects.count() == 4


def test_whole_gesture_is_undone_within_a_day(cast: Cast, session: Session, listed: list[Attendance]) -> None:
    by = cast.viewer("mediator")
    actions.orient(listed, recipient=cast.hospital, by=by)
    at = Attendance.objects.exclude(need=None).values_list("oriented_at", flat=True).distinct().get()
    assert at is not None

    undone = actions.undo_orient(session, at=at, by=by)

    assert undone == Undone(lines=4, kept=0)
    assert set(Need.objects.values_list("state", "outcome")) == {("closed", "entered_in_error")}
    assert [(one.state, one.ended_as) for one in Referral.objects.all()] == [("closed", "cancelled")]
    assert not ReturnList.objects.get().is_open()
    assert Message.objects.get().state == "cancelled"
    assert not Attendance.objects.filter(encounter__oriented=True).exists()
    again = list(Attendance.objects.select_related("session__action", "card", "encounter"))
    assert actions.orient(again, recipient=cast.hospital, by=by).needs == 4
    assert actions.undo_orient(session, at=at, by=by) == Undone(0, 0)


@pytest.mark.postgres  # on SQLite the second waits before it reads
@pytest.mark.django_db(transaction=True)
def test_gesture_undone_twice_at_once_is_undone_once(cast: Cast, session: Session, listed: list[Attendance]) -> None:
    by = cast.viewer("mediator")
    actions.orient(listed, recipient=cast.hospital, by=by)
    at = Attendance.objects.exclude(need=None).values_list("oriented_at", flat=True).distinct().get()
    assert at is not None

    def undo() -> Undone:
        return actions.undo_orient(Session.objects.get(pk=session.pk), at=at, by=by)

    assert at_once(undo, undo) == (Undone(4, 0), Undone(0, 0))


def test_undone_gesture_leaves_those_whose_story_went_on(
    cast: Cast, session: Session, listed: list[Attendance]
) -> None:
    by = cast.viewer("mediator")
    actions.orient(listed, recipient=cast.hospital, by=by)
    at = Attendance.objects.exclude(need=None).values_list("oriented_at", flat=True).distinct().get()
    assert at is not None
    sent = Referral.objects.get(state="sent")
    referrals.answer(
        [referrals.Given(referral_id=sent.pk, kind=AnswerKind.CAME)], by=None, channel=AnswerBy.LINK, operation="one"
    )
    draft = Referral.objects.filter(state="drafted").select_related("card", "need__card").order_by("drafted_at")[0]
    assert draft.card is not None
    people.agree_to_share(draft.card, recipient=cast.hospital, content=list(SENDABLE), by=by)
    referrals.send(draft, by=by, tell=False)

    assert actions.undo_orient(session, at=at, by=by) == Undone(lines=2, kept=2)
    assert ReturnList.objects.get().is_open()
    assert Need.objects.filter(state="closed").count() == 2


def test_gesture_is_not_undone_after_a_day_nor_by_others(
    cast: Cast, session: Session, listed: list[Attendance]
) -> None:
    actions.orient(listed, recipient=cast.hospital, by=cast.viewer("mediator"))
    at = clock.now()

    with pytest.raises(PermissionDenied):
        actions.undo_orient(session, at=at, by=cast.viewer("coordinator"))
    with clock.fixed(at + timedelta(days=1, minutes=1)), pytest.raises(errors.TooLateToUndo):
        actions.undo_orient(session, at=at, by=cast.viewer("mediator"))


def test_page_offers_to_undo_the_gesture_and_does(cast: Cast, session: Session, listed: list[Attendance]) -> None:
    client, url = cast.client("mediator"), reverse("workspace:screening_orient", args=[session.pk])
    page = reverse("workspace:screening_session", args=[session.pk])
    client.post(url, {"ligne": [str(line.pk) for line in listed], "recipient": str(cast.hospital.pk)})

    shown = client.get(page)
    stamp = shown.context["gestures"][0]["stamp"]
    done = client.post(url, {"undo": stamp}, follow=True)
    bad = client.post(url, {"undo": "hier"}, follow=True)

    assert "4 personnes orientées vers Hôpital" in shown.content.decode()
    assert "4 orientations défaites." in done.content.decode()
    assert done.context["gestures"] == [] and "Rien n’a changé" in bad.content.decode()
    with clock.fixed(clock.after(days=2)):
        assert cast.client("mediator").get(page).context["gestures"] == []


def test_orient_sent_twice_at_once_opens_one_need_each(cast: Cast, listed: list[Attendance]) -> None:
    by = cast.viewer("mediator")
    read_before = list(Attendance.objects.select_related("session__action", "card", "encounter"))
    actions.orient(listed, recipient=cast.hospital, by=by)

    with pytest.raises(errors.NobodyTicked):
        actions.orient(read_before, recipient=cast.hospital, by=by)
    assert Need.objects.count() == 4


def test_someone_erased_since_is_not_oriented(cast: Cast, listed: list[Attendance]) -> None:
    by = cast.viewer("mediator")
    assert listed[0].card is not None
    people.erase_card(listed[0].card, by=by)

    done = actions.orient(listed, recipient=cast.hospital, by=by)

    assert done == Oriented(needs=3, sent=0, drafts=2, unnamed=1)


def test_orient_is_not_for_who_reads_codes_only(cast: Cast, listed: list[Attendance]) -> None:
    with pytest.raises(PermissionDenied):
        actions.orient(listed, recipient=cast.hospital, by=cast.viewer("coordinator"))


def test_drafts_are_not_counted_as_referred_and_answers_are_read(
    cast: Cast, session: Session, listed: list[Attendance]
) -> None:
    actions.orient(listed, recipient=cast.hospital, by=cast.viewer("mediator"))
    sent = Referral.objects.get(state="sent")
    given = [referrals.Given(referral_id=sent.pk, kind=AnswerKind.EQUIPPED)]
    referrals.answer(given, by=None, channel=AnswerBy.LINK, operation="one")

    data: dict[str, Any] = queries.funnel_data(session.action)

    found = {
        stage["name"]: {one["name"]: one["count"] for one in stage["outcomes"] if one["count"]}
        for stage in data["stages"]
    }
    assert found == {
        "people": {"need_appointment": 4, "nothing": 1, "unknown": 1},
        "need_appointment": {"referred": 1, "unknown": 3},
        "referred": {"came": 1},
        "came": {"equipped": 1},
    }
    assert data["delay"]["served"] == 1


def test_line_with_a_need_changes_no_more_by_a_gesture(cast: Cast, listed: list[Attendance]) -> None:
    by = cast.viewer("mediator")
    actions.orient(listed, recipient=cast.hospital, by=by)

    with pytest.raises(errors.AlreadyOriented):
        actions.set_result(listed[0], result="nothing", by=by)
    with pytest.raises(errors.FollowedByReferral):
        actions.note_follow_up(listed[1], orientation="refused", by=by)

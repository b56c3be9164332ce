from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from allervers.core import clock
from allervers.journal.models import ThreadLink
from allervers.needs import actions, errors, rules, sealing
from allervers.needs.enums import Category, Outcome
from allervers.needs.models import HandOver, Need
from allervers.outbox import tasks
from allervers.outbox.actions import opened
from allervers.outbox.models import Message
from tests.cast import Cast

NOON = datetime(2027, 1, 12, 11, 0, tzinfo=UTC)


def _brought(cast: Cast, **values: object) -> HandOver:
    told = {"name": "Une voisine", "phone": "03 20 00 00 00", "note": "Elle a mal aux dents", **values}
    return actions.bring(by=cast.viewer("ambassador"), hub=cast.wazemmes, category=Category.TEETH, **told)  # type: ignore[arg-type]


def test_ambassador_brings_someone_and_the_hub_opens_her_need(cast: Cast) -> None:
    handed = _brought(cast)

    need = actions.accept_hand_over(handed, by=cast.viewer("lead"))

    assert (need.category, need.owner, need.hub) == (Category.TEETH, cast.memberships["lead"], cast.wazemmes)
    assert sealing.words(need) == "Elle a mal aux dents"
    assert sealing.told(HandOver.objects.get())["name"] == "Une voisine"
    assert ThreadLink.objects.get().to_id == str(need.pk)


def test_ambassador_hears_it_is_done_and_hears_otherwise_when_it_is_reopened(cast: Cast) -> None:
    by = cast.viewer("mediator")
    need = actions.accept_hand_over(_brought(cast, person_agreed=True), by=by)

    actions.close_need(need, by=by)
    done = HandOver.objects.get().done_at
    actions.reopen_need(need, by=by)
    actions.close_need(need, by=by, outcome=Outcome.UNREACHABLE)

    assert done is not None
    assert HandOver.objects.get().done_at is None


def test_ambassador_is_written_to_once_that_it_is_done_if_the_person_agreed(cast: Cast) -> None:
    by = cast.viewer("mediator")
    with clock.fixed(NOON):
        agreed = actions.accept_hand_over(_brought(cast, person_agreed=True), by=by)
        silent = actions.accept_hand_over(_brought(cast, person_agreed=False), by=by)
        for need in (agreed, silent):
            actions.close_need(need, by=by)
    message = Message.objects.get()
    with clock.fixed(NOON + timedelta(hours=2)):
        tasks.tick(clock.now())
        actions.reopen_need(agreed, by=by)
        actions.close_need(agreed, by=by, outcome=Outcome.SOLVED_IN_PART)

    to, subject, text = opened(message)
    assert to == cast.memberships["ambassador"].user.email
    assert "12 janvier" in subject and "12 janvier" in text
    assert not [word for word in ("voisine", "dent", "santé", "03 20") if word in (subject + text).lower()]
    assert (Message.objects.get().state, message.send_after) == ("sent", NOON + timedelta(hours=1))


def test_slip_that_is_mended_within_the_hour_tells_nothing_and_the_true_end_does(cast: Cast) -> None:
    by = cast.viewer("mediator")
    need = actions.accept_hand_over(_brought(cast, person_agreed=True), by=by)

    actions.close_need(need, by=by)
    actions.reopen_need(need, by=by)
    actions.close_need(need, by=by, outcome=Outcome.UNREACHABLE)
    told = list(Message.objects.values_list("state", flat=True))
    actions.reopen_need(need, by=by)
    actions.close_need(need, by=by)

    assert told == ["cancelled"]
    assert sorted(Message.objects.values_list("state", flat=True)) == ["cancelled", "waiting"]


@pytest.mark.parametrize("gone", ["left", "no_address"])
def test_ambassador_who_left_or_has_no_address_is_not_written_to(cast: Cast, gone: str) -> None:
    need = actions.accept_hand_over(_brought(cast, person_agreed=True), by=cast.viewer("mediator"))
    member = cast.memberships["ambassador"]
    if gone == "left":
        member.ends_at = clock.now()
        member.save()
    else:
        type(member.user).objects.filter(pk=member.user_id).update(email="")

    actions.close_need(need, by=cast.viewer("mediator"))

    assert HandOver.objects.get().done_at is not None
    assert not Message.objects.exists()


def test_same_operation_brings_once(cast: Cast) -> None:
    operation = uuid4()

    assert _brought(cast, operation=operation) == _brought(cast, operation=operation)
    assert HandOver.objects.count() == 1


def test_ambassador_reaches_her_own_hand_overs_and_no_need(cast: Cast) -> None:
    handed = _brought(cast)
    actions.accept_hand_over(handed, by=cast.viewer("mediator"))

    assert list(rules.hand_overs_for(cast.viewer("ambassador"))) == [handed]
    assert not rules.needs_for(cast.viewer("ambassador")).exists()
    assert not rules.hand_overs_for(cast.viewer("volunteer")).exists()
    assert not rules.hand_overs_for(cast.viewer("sister")).exists()


def test_answered_once_only_and_by_the_hub_that_receives(cast: Cast) -> None:
    handed = _brought(cast)
    with pytest.raises(errors.NotYours):
        actions.accept_hand_over(handed, by=cast.viewer("sister"))
    actions.decline_hand_over(handed, by=cast.viewer("mediator"))

    with pytest.raises(errors.AlreadyAnswered):
        actions.accept_hand_over(HandOver.objects.get(), by=cast.viewer("lead"))

    assert not Need.objects.exists()


def test_need_changes_hands_when_the_sister_hub_accepts_and_its_card_follows(cast: Cast) -> None:
    card = cast.card()
    need = actions.open_need(by=cast.viewer("mediator"), category=Category.GP, card=card)

    handed = actions.hand_over(need, by=cast.viewer("mediator"), hub=cast.moulins, note="Elle déménage")
    before = Need.objects.get().owner
    actions.accept_hand_over(handed, by=cast.viewer("sister"))

    need, card = Need.objects.get(), type(card).objects.get()
    assert (before, need.owner, need.hub) == (cast.memberships["mediator"], cast.memberships["sister"], cast.moulins)
    assert card.hub == cast.moulins


def test_card_is_open_to_both_hubs_while_both_follow_someone(cast: Cast) -> None:
    card, by = cast.card(), cast.viewer("mediator")
    actions.open_need(by=by, category=Category.EYES, card=card)
    need = actions.open_need(by=by, category=Category.GP, card=card)

    actions.accept_hand_over(actions.hand_over(need, by=by, hub=cast.moulins), by=cast.viewer("sister"))

    assert type(card).objects.get().hub is None


def test_need_is_handed_to_someone_of_the_same_organisation_once(cast: Cast) -> None:
    need, by = actions.open_need(by=cast.viewer("mediator"), category=Category.GP), cast.viewer("mediator")

    with pytest.raises(errors.NobodyToReceive):
        actions.hand_over(need, by=by)
    with pytest.raises(errors.ReceiverElsewhere):
        actions.hand_over(need, by=by, hub=cast.fives)
    actions.hand_over(need, by=by, to=cast.memberships["lead"])
    with pytest.raises(errors.AlreadyHandedOver):
        actions.hand_over(need, by=by, hub=cast.moulins)
    with pytest.raises(errors.NotYours):
        actions.accept_hand_over(HandOver.objects.select_related("need").get(), by=by)


def test_bringing_is_for_ambassadors_and_the_team_inside_their_network(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        actions.bring(by=cast.viewer("volunteer"), hub=cast.wazemmes, category=Category.GP)
    with pytest.raises(PermissionDenied):
        actions.bring(by=cast.viewer("ambassador"), hub=cast.arnaud, category=Category.GP)

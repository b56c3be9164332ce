import time
from datetime import timedelta

import pytest

from allervers.core import clock, crypto
from allervers.outbox.actions import opened
from allervers.outbox.models import Message
from allervers.referrals import actions, errors, links
from allervers.referrals.actions import Given
from allervers.referrals.enums import AnswerBy, AnswerKind
from allervers.referrals.models import Answer, Referral, ReturnList, Submission
from tests.cast import Cast
from tests.referrals.scene import sent


def _list(cast: Cast, size: int = 2) -> ReturnList:
    return actions.make_list(cast.hospital, [sent(cast) for _ in range(size)], by=cast.viewer("mediator"))


def test_token_is_not_in_the_database_and_changes_when_renewed(cast: Cast) -> None:
    made = _list(cast)
    first = links.token_of(made)
    stored = str(ReturnList.objects.values().get(pk=made.pk))

    assert len(first) == 43 and first not in stored
    assert made.token_digest == crypto.digest(first)
    actions.renew_link(made, by=cast.viewer("mediator"))
    assert links.token_of(made) != first
    assert not ReturnList.objects.filter(token_digest=crypto.digest(first)).exists()


def test_code_locks_after_five_wrong_tries(cast: Cast) -> None:
    made = _list(cast)
    digits = actions.new_code(made, by=cast.viewer("mediator"))
    wrong = "000000" if digits != "000000" else "111111"
    for _ in range(5):
        with pytest.raises(errors.CodeWrong):
            actions.check_code(made, wrong)

    with pytest.raises(errors.CodeLocked):
        actions.check_code(made, digits)
    again = actions.new_code(made, by=cast.viewer("mediator"))
    actions.check_code(made, f" {again[:3]} {again[3:]}")


def test_empty_code_counts_no_try(cast: Cast) -> None:
    made = _list(cast)
    actions.new_code(made, by=cast.viewer("mediator"))
    for typed in ("", "12", "abcdef"):
        with pytest.raises(errors.CodeWrong):
            actions.check_code(made, typed)

    made.refresh_from_db()
    assert made.tries == 0


def test_expired_and_revoked_lists_take_no_code(cast: Cast) -> None:
    made = _list(cast)
    digits = actions.new_code(made, by=cast.viewer("mediator"))

    with clock.fixed(clock.now() + timedelta(days=61)), pytest.raises(errors.ListClosed):
        actions.check_code(made, digits)
    actions.revoke(made, by=cast.viewer("mediator"))
    with pytest.raises(errors.ListClosed):
        actions.check_code(made, digits)


def test_code_travels_by_another_path_than_the_link(cast: Cast) -> None:
    cast.hospital.phone = "06 39 98 00 01"
    cast.hospital.save()
    made = _list(cast)
    actions.send_link(made, by=cast.viewer("mediator"))

    messages = {message.channel: opened(message) for message in Message.objects.all()}
    assert set(messages) == {"mail", "sms"}
    digits = messages["sms"][2][-6:]
    actions.check_code(made, digits)
    assert digits not in messages["mail"][2]
    assert links.token_of(made) not in messages["sms"][2]


def test_link_is_mailed_once_a_day_at_most(cast: Cast) -> None:
    made = _list(cast)
    actions.send_link(made, by=cast.viewer("mediator"))
    actions.send_link(made, by=cast.viewer("mediator"))

    assert Message.objects.filter(channel="mail").count() == 1


def test_no_address_is_said(cast: Cast) -> None:
    made = _list(cast)
    made.recipient.email = ""

    with pytest.raises(errors.NoAddress):
        actions.send_link(made, by=cast.viewer("mediator"))


def test_fifty_seven_lines_are_heard_in_one_transaction(cast: Cast, django_assert_max_num_queries) -> None:
    rows = [sent(cast) for _ in range(57)]
    made = actions.make_list(cast.hospital, rows, by=cast.viewer("mediator"))
    kinds = [AnswerKind.EQUIPPED] * 12 + [AnswerKind.CAME] * 19 + [AnswerKind.DID_NOT_COME] * 14
    given = [Given(row.pk, kind) for row, kind in zip(rows, kinds, strict=False)]

    start = time.perf_counter()
    with django_assert_max_num_queries(30):
        heard = actions.answer(given, by=None, channel=AnswerBy.LINK, operation="x", return_list=made)

    assert time.perf_counter() - start < 3
    assert len(heard.answers) == 45
    assert Referral.objects.waiting().count() == 12
    assert (Submission.objects.count(), Answer.objects.count()) == (1, 45)

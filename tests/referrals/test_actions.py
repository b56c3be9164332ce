import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from allervers.core import clock
from allervers.journal.models import Event, IdentityRead
from allervers.needs.enums import Says
from allervers.outbox.actions import opened
from allervers.outbox.models import Message
from allervers.people import vault
from allervers.referrals import actions, errors, queries, shown
from allervers.referrals.enums import AnswerBy
from allervers.referrals.models import Answer, Referral, Submission
from allervers.referrals.rules import referrals_for, return_lists_for
from tests.cast import Cast
from tests.referrals.scene import Partner, agree, need_of, sent


def test_referral_does_not_leave_without_an_agreement(cast: Cast) -> None:
    drafted = actions.draft(need_of(cast), by=cast.viewer("mediator"), recipient=cast.hospital)

    with pytest.raises(errors.NoAgreement):
        actions.send(drafted, by=cast.viewer("mediator"))

    drafted.refresh_from_db()
    assert (drafted.state, drafted.shown, Message.objects.count()) == ("drafted", b"", 0)


@pytest.mark.parametrize("why", ["another recipient", "less content", "withdrawn"])
def test_agreement_must_name_recipient_and_content_and_stand(cast: Cast, why: str) -> None:
    need = need_of(cast)
    assert need.card is not None
    recipient = cast.other_association if why == "another recipient" else cast.hospital
    receipt = agree(need.card, recipient, ["need"] if why == "less content" else None)
    if why == "withdrawn":
        receipt.withdrawn_at = clock.now()
        receipt.save()
    drafted = actions.draft(need, by=cast.viewer("mediator"), recipient=cast.hospital)

    with pytest.raises(errors.NoAgreement):
        actions.send(drafted, by=cast.viewer("mediator"))


def test_database_itself_refuses_a_sent_referral_without_agreement(cast: Cast) -> None:
    drafted = actions.draft(need_of(cast), by=cast.viewer("mediator"), recipient=cast.hospital)

    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=drafted.pk).update(state="sent")


def test_sending_seals_what_the_partner_reads_and_no_more(cast: Cast) -> None:
    referral = sent(cast, tell=True)

    read = shown.opened(Referral.objects.get(pk=referral.pk))
    assert read is not None and referral.card is not None
    identity = vault.identity(referral.card)
    assert read.who == f"{identity['first_name'][0]}. {identity['last_name'][0]}."
    assert read.need == "eyes"
    told = str(read)
    assert all(identity[name] not in told for name in ("first_name", "last_name", "address"))
    assert identity["phones"][0]["number"] not in told
    assert IdentityRead.objects.get().card_ids == [str(referral.card_id)]
    assert referral.need.__class__.objects.get(pk=referral.need_id).state == "in_progress"


def test_mail_of_a_sending_holds_a_link_and_nothing_of_the_person(cast: Cast) -> None:
    referral = sent(cast, tell=True)

    to, subject, text = opened(Message.objects.get())
    assert to == "accueil@hopital.example"
    assert "/r/" in text
    assert referral.line_code not in subject + text
    assert referral.lines.get().return_list.token_digest not in text


def test_without_initials_in_the_agreement_the_partner_reads_a_code(cast: Cast) -> None:
    need = need_of(cast)
    assert need.card is not None
    agree(need.card, cast.hospital, ["need"])
    drafted = actions.draft(need, by=cast.viewer("mediator"), recipient=cast.hospital, content=["need"])

    read = shown.opened(actions.send(drafted, by=cast.viewer("mediator"), tell=False))

    assert read == shown.Shown(who=need.card.code, need="eyes", call_back="Wazemmes")


def test_drafting_and_sending_twice_changes_nothing(cast: Cast) -> None:
    need, operation = need_of(cast), uuid.uuid4()
    assert need.card is not None
    agree(need.card, cast.hospital)
    by = cast.viewer("mediator")
    first = actions.draft(need, by=by, recipient=cast.hospital, operation=operation)

    assert actions.draft(need, by=by, recipient=cast.hospital, operation=operation) == first
    actions.send(first, by=by)
    with pytest.raises(errors.AlreadySent):
        actions.send(first, by=by)
    with pytest.raises(errors.AlreadyReferred):
        actions.draft(need, by=by, recipient=cast.hospital)
    assert Message.objects.count() == 1


def test_who_may_refer(cast: Cast) -> None:
    need = need_of(cast)

    for who in ("coordinator", "other", "ambassador", "volunteer", "foreigner"):
        with pytest.raises(errors.NotYours):
            actions.draft(need, by=cast.viewer(who), recipient=cast.hospital)
    with pytest.raises(errors.NotARecipient):
        actions.draft(need, by=cast.viewer("mediator"), recipient=cast.elsewhere)


def test_who_reads_referrals_and_lists(cast: Cast) -> None:
    referral = sent(cast)
    made = actions.make_list(cast.hospital, [referral], by=cast.viewer("mediator"))

    for who in ("mediator", "lead", "coordinator"):
        assert list(referrals_for(cast.viewer(who))) == [referral]
        assert list(return_lists_for(cast.viewer(who))) == [made]
    for who in ("sister", "other", "foreigner", "ambassador", "volunteer", "member", "auditor", "technical"):
        assert not referrals_for(cast.viewer(who)).exists()
        assert not return_lists_for(cast.viewer(who)).exists()


def test_answers_move_the_referral_and_bring_its_need_forward(cast: Cast) -> None:
    referral, partner = sent(cast), Partner()
    soon = clock.now() + timedelta(days=3)

    partner.says(referral, "acknowledged")
    assert referral.state == "acknowledged"
    partner.says(referral, "appointment", appointment_at=soon)
    assert (referral.state, referral.appointment_at) == ("appointment", soon)
    partner.says(referral, "did_not_come", reason="transport")
    assert (referral.state, referral.appointments_missed, referral.chase_at) == ("missed", 1, None)
    referral.need.refresh_from_db()
    assert referral.need.next_contact_at is not None
    actions.propose_again(referral, by=cast.viewer("mediator"))
    partner.says(referral, "came")
    heard = partner.says(referral, "equipped")
    assert (referral.state, referral.result, referral.ended_as) == ("result", "equipped", "done")
    assert not heard.answers[0].is_amendment
    kinds = Event.objects.filter(subject_id=str(referral.pk)).order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == [
        "referral.drafted", "referral.sent", "referral.answered", "referral.answered", "referral.answered",
        "referral.proposed_again", "referral.answered", "referral.answered",
    ]  # fmt: skip


def test_same_submission_twice_changes_nothing(cast: Cast) -> None:
    referral, partner = sent(cast), Partner()
    first = partner.says(referral, "came", operation="one")
    second = partner.says(referral, "came", operation="one")
    third = partner.says(referral, "came", operation="two")

    assert second.same_again and second.submission == first.submission
    assert third.submission is None
    assert (Submission.objects.count(), Answer.objects.count()) == (1, 1)


def test_a_different_later_answer_is_an_amendment_that_someone_sees(cast: Cast) -> None:
    referral, partner = sent(cast), Partner()
    first = partner.says(referral, "came").answers[0]
    partner.says(referral, "did_not_come")

    amendment = queries.unseen_amendments(cast.viewer("lead")).get()
    assert (amendment.amends, amendment.kind, referral.state, referral.first_seen_at) == (
        first,
        "did_not_come",
        "missed",
        None,
    )
    assert not queries.unseen_amendments(cast.viewer("other")).exists()
    actions.mark_seen(amendment, by=cast.viewer("lead"))
    assert not queries.unseen_amendments(cast.viewer("lead")).exists()


def test_late_word_after_closing_as_unknown_counts_and_is_seen(cast: Cast) -> None:
    referral = sent(cast)
    actions.close_unknown(referral, by=cast.viewer("mediator"))
    Partner().says(referral, "came")

    assert (referral.state, referral.ended_as) == ("kept", "")
    assert queries.unseen_amendments(cast.viewer("mediator")).count() == 1


def test_undo_within_a_day_restores_and_not_after(cast: Cast) -> None:
    referral, partner = sent(cast), Partner()
    before = Referral.objects.values().get(pk=referral.pk)
    heard = partner.says(referral, "declined_no_room")
    assert heard.submission is not None

    assert actions.undo(heard.submission, by=None) == 1
    assert actions.undo(heard.submission, by=None) == 0
    assert Referral.objects.values().get(pk=referral.pk) == before

    again = partner.says(referral, "declined_no_room")
    assert again.submission is not None
    with clock.fixed(clock.now() + timedelta(hours=25)), pytest.raises(errors.TooLateToUndo):
        actions.undo(again.submission, by=None)


def test_undo_leaves_a_line_that_changed_since(cast: Cast) -> None:
    referral, partner = sent(cast), Partner()
    first = partner.says(referral, "came")
    partner.says(referral, "equipped")
    assert first.submission is not None

    assert actions.undo(first.submission, by=None) == 0
    referral.refresh_from_db()
    assert referral.state == "result"


def test_withdrawn_agreement_stops_shows_nothing_and_hears_nothing(cast: Cast) -> None:
    referral = sent(cast)
    actions.withdraw(referral, by=cast.viewer("mediator"))
    heard = Partner().says(referral, "came")

    assert heard.submission is None
    assert (referral.state, referral.ended_as, bytes(referral.shown)) == ("closed", "withdrawn", b"")
    assert Message.objects.get().purpose == "referral_withdrawn"


def test_referring_elsewhere_ends_one_and_drafts_another(cast: Cast) -> None:
    referral = sent(cast)
    other = actions.refer_elsewhere(referral, by=cast.viewer("mediator"), recipient=cast.other_association)

    referral.refresh_from_db()
    assert (referral.ended_as, other.state, other.need) == ("elsewhere", "drafted", referral.need)


def test_the_person_has_her_say(cast: Cast) -> None:
    referral = sent(cast)
    actions.note_say(referral, says=Says.NOBODY, by=cast.viewer("mediator"), channel=AnswerBy.PHONE)
    actions.note_say(referral, says=Says.NOBODY, by=cast.viewer("mediator"), channel=AnswerBy.PHONE)

    referral.need.refresh_from_db()
    assert (referral.person_says, referral.need.person_says, referral.state) == ("nobody", "nobody", "sent")
    assert Event.objects.filter(kind="referral.person_said").count() == 1


def test_partner_record_counts_silence_refusals_and_delay(cast: Cast) -> None:
    start = clock.now() - timedelta(days=40)
    with clock.fixed(start):
        rows = [sent(cast) for _ in range(4)]
    with clock.fixed(start + timedelta(days=10)):
        Partner().says(rows[0], "came")
        Partner().says(rows[1], "declined_not_us")
    with clock.fixed(start + timedelta(days=20)):
        Partner().says(rows[2], "equipped")

    record = queries.partner_record(cast.viewer("mediator"), cast.hospital)

    assert (record.sent, record.seen, record.declined, record.silent, record.waiting) == (4, 2, 1, 1, 1)
    assert (record.delay.mean, record.delay.median, record.delay.longest_waiting) == (15, 20, 40)
    assert [partner.count for partner in queries.silent_partners(cast.viewer("coordinator"))] == [1]
    assert queries.silent_partners(cast.viewer("other")) == []


def test_thread_of_a_need_tells_each_step(cast: Cast) -> None:
    referral = sent(cast)
    Partner().says(referral, "came")

    assert [step.look for step in queries.thread_of(referral.need)] == ["sent", "came"]

from datetime import timedelta

from allervers.core import clock
from allervers.needs import actions, duties, sealing
from allervers.needs.enums import Attempt, Category
from allervers.needs.models import Contact, HandOver, Need
from tests.cast import Cast


def test_export_holds_her_words_and_what_was_done(cast: Cast) -> None:
    card, by = cast.card(), cast.viewer("mediator")
    met = actions.Met(accompanied=True, needs=[actions.Want(Category.EYES, "je ne lis plus")])
    actions.note_encounter(met, by=by, card=card)
    actions.add_contact(Need.objects.select_related("card").get(), by=by, result=Attempt.VOICEMAIL, note="rappeler")

    export = duties.export_person(card)

    assert [encounter["accompanied"] for encounter in export["encounters"]] == [True]
    assert export["needs"][0]["words"] == "je ne lis plus"
    assert export["needs"][0]["contacts"][0]["note"] == "rappeler"


def test_erasure_takes_her_words_and_leaves_the_thread(cast: Cast) -> None:
    card, by = cast.card(), cast.viewer("mediator")
    need = actions.open_need(by=by, category=Category.EYES, card=card, words="je ne lis plus", step="rappeler")
    actions.add_contact(need, by=by, result=Attempt.VOICEMAIL, note="rappeler")
    actions.note_encounter(actions.Met(needs=[actions.Want(Category.EYES)]), by=by, card=card)  # remembers the step
    other = actions.open_need(by=by, category=Category.EYES, card=cast.card(), words="autre personne")

    duties.erase_person(card)

    need = Need.objects.select_related("card").get(pk=need.pk)
    texts = [bytes(text) for row in Contact.objects.values_list("note", "former_step") for text in row]
    assert (sealing.words(need), sealing.next_step(need), texts) == ("", "", [b""] * 4)
    assert (need.category, need.is_open) == (Category.EYES, True)
    assert sealing.words(Need.objects.select_related("card").get(pk=other.pk)) == "autre personne"


def test_erasure_wipes_what_the_ambassador_wrote_of_her(cast: Cast) -> None:
    handed = actions.bring(by=cast.viewer("ambassador"), hub=cast.wazemmes, category=Category.GP, name="Awa")
    card = cast.card()
    actions.accept_hand_over(handed, by=cast.viewer("mediator"), make_card=lambda told: card)

    duties.erase_person(card)

    assert sealing.told(HandOver.objects.select_related("need__card").get()) == {}


def test_words_without_a_card_go_ninety_days_after_closing(cast: Cast) -> None:
    by = cast.viewer("mediator")
    closed = actions.open_need(by=by, category=Category.GP, words="dit une fois")
    kept = actions.open_need(by=by, category=Category.GP, words="encore ouvert")
    carded = actions.open_need(by=by, category=Category.GP, words="avec sa fiche", card=cast.card())
    for need in (closed, carded):
        actions.close_need(need, by=by)

    duties.clean_up(clock.after(days=89))
    early = sealing.words(Need.objects.get(pk=closed.pk))
    duties.clean_up(clock.after(days=91))

    words = [sealing.words(Need.objects.select_related("card").get(pk=need.pk)) for need in (closed, kept, carded)]
    assert early == "dit une fois"
    assert words == ["", "encore ouvert", "avec sa fiche"]


def test_hand_over_is_wiped_in_time_sooner_where_the_network_says_so(cast: Cast) -> None:
    handed = actions.bring(by=cast.viewer("ambassador"), hub=cast.wazemmes, category=Category.GP, note="au foyer")
    with clock.fixed(clock.now() + timedelta(days=30)):
        actions.decline_hand_over(handed, by=cast.viewer("mediator"))

    duties.clean_up(clock.after(days=100))
    kept = sealing.told(HandOver.objects.get())
    cast.lille.retention = {"request": 30}
    cast.lille.save()
    duties.clean_up(clock.after(days=100))

    assert kept == {"note": "au foyer"}
    assert sealing.told(HandOver.objects.get()) == {}

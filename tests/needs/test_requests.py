"""A request for help: what becomes of it at once, what waits, what its code can do, when it is forgotten."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from allervers.accounts.models import Membership, Organisation
from allervers.core import clock
from allervers.directory.models import HubCoverage, Territory
from allervers.journal.models import Event
from allervers.needs import actions, doubts, duties, errors, queries, sealing
from allervers.needs.actions import Asked
from allervers.needs.doubts import Signs
from allervers.needs.enums import Category, Channel, Doubt, Outcome, Reach, RequestState
from allervers.needs.models import HelpRequest, Need
from allervers.needs.wishes import When, Wish
from tests.cast import Cast

THURSDAY = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)  # ten o'clock in Lille
GENUINE = timedelta(seconds=30)


def signs(nonce: str = "n", age: timedelta | None = GENUINE, *, trapped: bool = False, origin: str = "home") -> Signs:
    return Signs(nonce, age, trapped, origin)


def phone_of(cast: Cast) -> str:
    """A marker: whoever reads it must be entitled to a card of Wazemmes."""
    from allervers.people import vault

    return str(vault.identity(cast.card())["phones"][0]["number"])


def neighbourhood(cast: Cast, name: str = "Wazemmes", hub: object = None) -> Territory:
    made = Territory.objects.create(kind="neighbourhood", code=name, name=name)
    HubCoverage.objects.create(hub=hub or cast.wazemmes, territory=made)
    return made


def ask(cast: Cast, sign: Signs | None = None, **said: object) -> tuple[HelpRequest, str]:
    values = {"wish": Wish.MEAL, "when": When.SOON, "language": "ar", "phone": "+33611223344"} | said
    return actions.ask(cast.lille, Asked(**values), sign or signs())


def test_request_becomes_a_need_of_the_hub_that_covers_the_neighbourhood(cast: Cast) -> None:
    place, phone = neighbourhood(cast, hub=cast.moulins), phone_of(cast)

    with clock.fixed(THURSDAY):
        made, code = ask(cast, territory=place, phone=phone)

    need = Need.objects.get()
    assert (made.state, made.doubt, made.need, made.hub) == (RequestState.RECEIVED, "", need, cast.moulins)
    assert (need.hub, need.category, need.card, need.owner) == (cast.moulins, Category.FOOD, None, None)
    assert need.next_contact_at == THURSDAY and made.promised_by == datetime(2026, 11, 26, 11, 0, tzinfo=UTC)
    assert len(code) == 12 and code.isdecimal()
    assert phone.encode() not in bytes(made.sealed) and sealing.told_in(made) == {"phone": phone}


def test_hubs_lead_owns_what_comes_to_her(cast: Cast) -> None:
    made, _code = ask(cast, territory=neighbourhood(cast))

    assert made.need is not None and made.need.owner == cast.memberships["lead"]


def test_without_a_neighbourhood_the_hub_with_fewest_open_needs_answers(cast: Cast) -> None:
    actions.open_need(by=cast.viewer("other"), category=Category.EYES)
    actions.open_need(by=cast.viewer("sister"), category=Category.EYES)

    assert queries.hub_for(cast.lille.id, None) == cast.wazemmes


def test_requests_at_night_are_promised_for_the_next_working_half_day(cast: Cast) -> None:
    friday_evening = datetime(2026, 11, 27, 19, 0, tzinfo=UTC)

    with clock.fixed(friday_evening):
        made, _code = ask(cast)

    assert made.need is not None
    assert made.need.next_contact_at == datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
    assert made.promised_by == datetime(2026, 11, 30, 11, 0, tzinfo=UTC)


def test_hubs_own_hours_are_promised(cast: Cast) -> None:
    place = neighbourhood(cast)
    cast.wazemmes.opening_hours = "Th 13:00-20:00"
    cast.wazemmes.save()

    with clock.fixed(THURSDAY):
        made, _code = ask(cast, territory=place)

    assert made.promised_by == datetime(2026, 11, 26, 19, 0, tzinfo=UTC)


def test_same_form_twice_is_one_request_and_the_same_code(cast: Cast) -> None:
    first, second = ask(cast), ask(cast)

    assert first == second
    assert (HelpRequest.objects.count(), Need.objects.count()) == (1, 1)


def test_code_finds_its_request_however_it_is_typed(cast: Cast) -> None:
    made, code = ask(cast)
    spaced = f"{code[:3]} {code[3:6]}-{code[6:]}"

    assert actions.find(cast.lille.id, spaced) == made
    assert actions.find(cast.lille.id, code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))) == made
    assert actions.find(cast.lille.id, f"{(int(code) + 1) % 10**12:012d}") is None
    assert actions.find(cast.toulouse.id, code) is None
    assert code not in str(HelpRequest.objects.values().get())


@pytest.mark.parametrize(
    ("sign", "doubt"),
    [
        (signs(age=None), Doubt.FORGED),
        (signs(trapped=True), Doubt.TRAP),
        (signs(age=timedelta(seconds=3)), Doubt.FAST),
        (signs(age=timedelta(hours=13)), Doubt.LATE),
    ],
)
def test_doubtful_forms_wait_in_quarantine_with_a_code_all_the_same(cast: Cast, sign: Signs, doubt: Doubt) -> None:
    made, code = ask(cast, sign)

    assert (made.state, made.doubt, made.need) == (RequestState.QUARANTINED, doubt, None)
    assert actions.find(cast.lille.id, code) == made and made.is_open
    assert (Need.objects.count(), Event.objects.filter(subject_kind="needs.helprequest").count()) == (0, 0)


def test_same_number_again_within_a_day_waits_and_is_free_the_day_after(cast: Cast) -> None:
    ask(cast, signs("1"))
    again, _code = ask(cast, signs("2"))
    with clock.fixed(clock.now() + timedelta(hours=25)):
        later, _code = ask(cast, signs("3"))

    assert (again.doubt, later.doubt) == (Doubt.PHONE, "")


def test_same_words_again_wait(cast: Cast) -> None:
    ask(cast, signs("1"), note="Achetez ici")
    again, _code = ask(cast, signs("2"), phone="+33611223355", note="Achetez ici")

    assert again.doubt == Doubt.WORDS


def test_one_place_fills_its_bucket_and_another_is_not_blamed(cast: Cast) -> None:
    for turn in range(doubts.PLACE_HOLDS + 1):
        made, _code = ask(cast, signs(f"{turn}"), phone=f"+3361122{turn:04d}")
        assert made.doubt == ""
    beyond, _code = ask(cast, signs("beyond"), phone="+33611229999")
    elsewhere, _code = ask(cast, signs("else", origin="other"), phone="+33611228888")

    assert (beyond.doubt, elsewhere.doubt) == (Doubt.MANY, "")


def test_forged_forms_leave_no_mark_on_their_address(cast: Cast) -> None:
    for turn in range(doubts.PLACE_HOLDS + 2):
        ask(cast, signs(f"{turn}", age=None), phone=f"+3361122{turn:04d}")
    made, _code = ask(cast, signs("genuine"), phone="+33611229999")

    assert made.doubt == "" and set(HelpRequest.objects.values_list("origin_mark", flat=True)) == {"", "home"}


def test_in_a_flood_only_what_is_certain_goes_through(cast: Cast) -> None:
    place = neighbourhood(cast)
    for turn in range(doubts.MINUTE_HOLDS + 1):
        ask(cast, signs(f"{turn}", origin=f"o{turn}"), phone=f"+3361122{turn:04d}")
    certain, _code = ask(cast, signs("a", origin="a"), phone="+33612345678", territory=place)
    vague, _code = ask(cast, signs("b", origin="b"), phone="+33612345679")

    assert (certain.doubt, vague.doubt) == ("", Doubt.FLOOD)


def test_accepting_opens_the_need_and_refusing_opens_none(cast: Cast) -> None:
    place, by = neighbourhood(cast), cast.viewer("mediator")
    one, _code = ask(cast, signs("1", age=None), territory=place)
    other, _code = ask(cast, signs("2", age=None), territory=place)

    need = actions.accept_request(one, by=by)
    actions.refuse_request(other, by=by)

    assert need.is_open and one.need == need and (one.state, other.state) == ("received", "refused")
    for request in (one, other):
        with pytest.raises(errors.RequestAnswered):
            actions.accept_request(request, by=by)
    assert Need.objects.count() == 1


@pytest.mark.parametrize("who", ["sister", "other", "foreigner", "coordinator", "ambassador"])
def test_quarantine_is_answered_by_its_hub_only(cast: Cast, who: str) -> None:
    made, _code = ask(cast, signs(age=None), territory=neighbourhood(cast))

    with pytest.raises(PermissionDenied):
        actions.accept_request(made, by=cast.viewer(who))


def test_withdrawing_takes_the_number_at_once_and_closes_the_need(cast: Cast) -> None:
    made, _code = ask(cast)

    actions.withdraw_request(made)

    made.refresh_from_db()
    need = Need.objects.get()
    assert (sealing.told_in(made), made.phone_mark, made.state) == ({}, "", RequestState.WITHDRAWN)
    assert need.outcome == Outcome.DECLINED_BY_PERSON
    with pytest.raises(errors.RequestClosed):
        actions.withdraw_request(made)


def test_changing_from_a_page_opened_before_stopping_brings_no_number_back(cast: Cast) -> None:
    made, code = ask(cast)
    opened = actions.find(cast.lille.id, code)
    assert opened is not None
    actions.withdraw_request(made)

    with pytest.raises(errors.RequestClosed):
        actions.change_request(opened, when=When.EVENING, reach=Reach.CALL, phone="+33611223355")

    made.refresh_from_db()
    assert sealing.told_in(made) == {}


def test_stopping_while_the_team_accepts_leaves_no_need_open(cast: Cast) -> None:
    made, code = ask(cast, signs(age=None), territory=neighbourhood(cast))
    opened = actions.find(cast.lille.id, code)
    assert opened is not None
    actions.accept_request(made, by=cast.viewer("mediator"))

    actions.withdraw_request(opened)

    assert not Need.objects.open().exists()


def test_what_waits_writes_nothing_in_the_journal_however_often_it_changes(cast: Cast) -> None:
    made, _code = ask(cast, signs(age=None))

    actions.change_request(made, when=When.EVENING, reach=Reach.SMS)
    actions.withdraw_request(made)

    assert not Event.objects.filter(kind__startswith="help_request").exists()


def test_changing_keeps_the_number_unless_another_is_given(cast: Cast) -> None:
    made, code = ask(cast)
    found = actions.find(cast.lille.id, code)
    assert found is not None

    actions.change_request(found, when=When.EVENING, reach=Reach.SMS)
    assert sealing.told_in(found)["phone"] == "+33611223344"
    actions.change_request(found, when=When.EVENING, reach=Reach.CALL, phone="+33611223355")

    made.refresh_from_db()
    need = Need.objects.select_related("card").get()
    assert (made.when, sealing.told_in(made)["phone"]) == (When.EVENING, "+33611223355")
    assert sealing.next_step(need) == "Appeler. Un soir."


def test_for_someone_else_only_with_her_agreement(cast: Cast) -> None:
    with pytest.raises(errors.NotAgreed):
        ask(cast, for_other=True)
    made, _code = ask(cast, for_other=True, agreed=True)

    assert made.agreed_at is not None


def test_a_number_or_a_code_but_one_of_them(cast: Cast) -> None:
    with pytest.raises(errors.NoNumber):
        ask(cast, phone="")
    made, _code = ask(cast, phone="", reach=Reach.CODE)

    assert made.state == RequestState.RECEIVED


def test_closed_structure_answers_nobody(cast: Cast) -> None:
    place = neighbourhood(cast, hub=cast.fives)
    Organisation.objects.filter(pk=cast.other_association.pk).update(closed_at=clock.now())

    assert list(queries.neighbourhoods(cast.lille.id)) == []
    assert queries.hub_for(cast.lille.id, place) != cast.fives


def test_network_without_a_hub_that_keeps_people_answers_nobody(cast: Cast) -> None:
    Membership.objects.all().delete()
    HelpRequest.objects.all().delete()
    cast.lille.hubs.all().delete()

    with pytest.raises(errors.NobodyAnswers):
        ask(cast)


def test_operator_takes_it_for_her_own_organisation_and_nothing_waits(cast: Cast) -> None:
    place = neighbourhood(cast, hub=cast.fives)  # another association's hub

    made, _code = actions.ask(
        cast.lille,
        Asked(Wish.MEAL, When.SOON, "fr", territory=place, phone="+33611223344"),
        signs(age=None),
        by=cast.viewer("mediator"),
    )

    assert (made.state, made.channel, made.organisation) == ("received", Channel.PHONE, cast.association)
    with pytest.raises(PermissionDenied):
        actions.ask(
            cast.lille,
            Asked(Wish.MEAL, When.SOON, "fr", phone="+33611223344"),
            signs("x"),
            by=cast.viewer("ambassador"),
        )


def test_events_say_codes_only(cast: Cast) -> None:
    made, code = ask(cast, note="mots à elle")
    actions.withdraw_request(made)

    told = " ".join(Event.objects.values_list("text", flat=True))
    assert {"help_request.received", "help_request.withdrawn"} <= set(Event.objects.values_list("kind", flat=True))
    assert "11223344" not in told and code not in told and "mots" not in told


@pytest.mark.parametrize("nothing", [None, "", "dix", -3])
def test_requests_are_forgotten_in_time(cast: Cast, nothing: object) -> None:
    cast.lille.retention = {"quarantine": nothing, "request": nothing}
    cast.lille.save()
    closed, _code = ask(cast, signs("1"))
    assert closed.need is not None
    actions.close_need(closed.need, by=None)
    ask(cast, signs("2", age=None), phone="+33611223355")
    kept, _code = ask(cast, signs("3"), phone="+33611223366")
    now = clock.now()

    duties.clean_up(now + timedelta(days=29))
    assert HelpRequest.objects.count() == 3
    assert set(HelpRequest.objects.values_list("origin_mark", "phone_mark", "words_mark")) == {("", "", "")}
    duties.clean_up(now + timedelta(days=31))
    assert not HelpRequest.objects.quarantined().exists() and HelpRequest.objects.count() == 2
    duties.clean_up(now + timedelta(days=91))
    assert list(HelpRequest.objects.all()) == [kept]


def test_export_and_erasure_reach_the_request_of_a_card(cast: Cast) -> None:
    card = cast.card()
    made, _code = ask(cast)
    Need.objects.update(card=card, words=b"", next_step=b"")

    assert duties.export_person(card)["needs"][0]["request"]["phone"] == "+33611223344"
    duties.erase_person(card)

    made.refresh_from_db()
    assert (bytes(made.sealed), made.phone_mark) == (b"", "")

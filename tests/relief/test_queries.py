"""The board: what it counts, what it never tells."""

from datetime import timedelta

import pytest
from django.utils import translation

from allervers.accounts.models import Hub, Organisation
from allervers.core import clock
from allervers.directory.models import HubCoverage, Territory
from allervers.needs.models import Need
from allervers.prevention import actions as prevention
from allervers.prevention.enums import Medium, RenditionState
from allervers.prevention.models import Message, Rendition
from allervers.relief import actions, queries
from allervers.relief.enums import CallKind, Gift
from tests.cast import Cast
from tests.relief.test_actions import called, offered


def _needs(cast: Cast, hub: Hub, count: int, category: str = "food", **changed: object) -> None:
    values = {"network": hub.network, "organisation": hub.organisation, "hub": hub, "category": category} | changed
    Need.objects.bulk_create(Need(**values) for _ in range(count))


def _needed(cast: Cast) -> list[tuple[str, str, int]]:
    lines = queries.board(cast.lille, clock.today()).needs
    return [(line.category, line.hub.name if line.hub else "", line.missing) for line in lines]


def test_a_line_under_the_threshold_is_not_shown(cast: Cast) -> None:
    _needs(cast, cast.wazemmes, 10)
    assert _needed(cast) == []

    _needs(cast, cast.wazemmes, 1)
    assert _needed(cast) == [("food", "Wazemmes", 10)]  # eleven, said by fives


def test_counts_are_said_by_fives(cast: Cast) -> None:
    _needs(cast, cast.wazemmes, 16)
    before = _needed(cast)
    _needs(cast, cast.wazemmes, 3)

    assert before == _needed(cast) == [("food", "Wazemmes", 15)]


def test_small_hubs_are_said_together_or_not_at_all(cast: Cast) -> None:
    _needs(cast, cast.wazemmes, 12)
    _needs(cast, cast.moulins, 5)
    _needs(cast, cast.fives, 5)
    assert _needed(cast) == [("food", "Wazemmes", 10)]

    _needs(cast, cast.fives, 2)
    assert sorted(_needed(cast)) == [("food", "", 10), ("food", "Wazemmes", 10)]


def test_the_threshold_is_the_networks_own(cast: Cast) -> None:
    _needs(cast, cast.wazemmes, 12)
    cast.lille.publication_threshold = 20
    assert _needed(cast) == []

    cast.lille.publication_threshold = 3
    _needs(cast, cast.moulins, 4)
    assert sorted(_needed(cast)) == [("food", "Moulins", 4), ("food", "Wazemmes", 10)]


@pytest.mark.parametrize("category", ["violence", "mental", "legal", "eyes", "housing", "care_refusal"])
def test_what_volunteers_cannot_serve_is_never_there(cast: Cast, category: str) -> None:
    _needs(cast, cast.wazemmes, 30, category)

    assert _needed(cast) == []


def test_needs_that_someone_follows_in_time_are_not_missing(cast: Cast) -> None:
    owner = cast.memberships["mediator"]
    _needs(cast, cast.wazemmes, 20, owner=owner, next_contact_at=clock.now() + timedelta(days=1))
    _needs(cast, cast.arnaud, 20)
    closed = {"state": "closed", "closed_at": clock.now(), "outcome": "solved"}
    _needs(cast, cast.wazemmes, 20, **closed)
    assert _needed(cast) == []

    _needs(cast, cast.wazemmes, 20, owner=owner, next_contact_at=clock.now() - timedelta(days=1))
    assert _needed(cast) == [("food", "Wazemmes", 20)]


def test_a_call_says_how_many_are_still_missing_and_what_happens_otherwise(cast: Cast) -> None:
    call = called(cast, wanted=3, meals=9)
    for step in (actions.keep, actions.call_back):
        offer = offered(cast)
        offer.call = call
        offer.save()
        step(offer, by=cast.viewer("lead"))

    line = queries.board(cast.lille, clock.today()).calls[0]

    assert (line.found, line.missing, line.is_complete) == (1, 2, False)
    assert line.title == "2 personnes qui conduisent"
    assert line.otherwise == "Sinon, 9 repas ne partent pas."


def test_todays_calls_come_first_and_complete_ones_last(cast: Cast) -> None:
    today = clock.today()
    done = called(cast, kind=CallKind.TRUCK, wanted=1)
    offer = offered(cast)
    offer.call = done
    offer.save()
    actions.keep(offer, by=cast.viewer("lead"))
    called(cast, kind=CallKind.FOOD, until=today + timedelta(days=1))
    called(cast, kind=CallKind.VISIT, on=today)
    called(cast, kind=CallKind.PHONE, until=today - timedelta(days=1))

    lines = queries.board(cast.lille, today).calls

    assert [line.kind for line in lines] == [CallKind.VISIT, CallKind.FOOD, CallKind.TRUCK]
    assert [line.is_complete for line in lines] == [False, False, True]


def _message(cast: Cast) -> Message:
    today = clock.today()
    made = prevention.write(
        cast.lille,
        title=prevention.Line("Chaud", "sun"),
        lines=[prevention.Line("Buvez.")],
        terms=prevention.Terms(today, today),
        said={"ps": ["ګرمي", "وڅښئ"], "ar": ["حر", "اشربوا"], "fr-FALC": ["Chaud", "Buvez."]},
        by=cast.viewer("mediator"),
    )
    prevention.publish(made, by=cast.viewer("lead"))
    return made


def test_languages_lack_a_checked_text_or_a_voice(cast: Cast) -> None:
    message = _message(cast)
    arabic = Rendition.objects.filter(segment__message=message, language="ar")
    arabic.update(state=RenditionState.CHECKED, checked_at=clock.now())
    assert [line.language for line in queries.board(cast.lille, clock.today()).voices] == ["ar", "ps"]

    for segment in message.segments.all():
        prevention.render(segment, language="ar", medium=Medium.VOICE, by=cast.viewer("mediator"))
    arabic.update(state=RenditionState.CHECKED, checked_at=clock.now())
    assert [(v.language, v.missing) for v in queries.board(cast.lille, clock.today()).voices] == [("ps", 1)]
    assert queries.board(cast.lille, clock.today() + timedelta(days=1)).voices == []


def test_titles_speak_the_readers_language(cast: Cast) -> None:
    called(cast, kind=CallKind.LANGUAGE, language="snk")
    line = queries.board(cast.lille, clock.today()).calls[0]

    assert line.title == "Quelqu’un qui parle soninké"
    with translation.override("ar"):
        assert "Sooninkanxanne" in line.title and "soninké" not in line.title


def test_an_offer_goes_to_the_nearest_hub_else_where_fewest_wait(cast: Cast) -> None:
    area = Territory.objects.create(kind="neighbourhood", code="Q1", name="Le Port")
    HubCoverage.objects.create(hub=cast.wazemmes, territory=area)
    for hub in (cast.fives, cast.wazemmes):
        actions.take_offer(hub, given=actions.Given((Gift.TIME,), "+33639980101"))

    assert queries.receiving_hub(cast.lille) == cast.moulins
    assert queries.receiving_hub(cast.lille, area) == cast.wazemmes
    Hub.objects.filter(network=cast.toulouse).delete()
    assert queries.receiving_hub(cast.toulouse) is None


def test_a_coordinator_counts_and_nobody_else_does(cast: Cast) -> None:
    offered(cast)
    actions.keep(offered(cast), by=cast.viewer("lead"))

    counts = [(hub.name, hub.waiting, hub.kept) for hub in queries.waiting_by_hub(cast.viewer("coordinator"))]

    assert counts == [("Wazemmes", 1, 1), ("Fives", 0, 0), ("Moulins", 0, 0)]
    assert queries.waiting_by_hub(cast.viewer("lead")) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_board_costs_the_same_whatever_it_holds(cast: Cast, rows: int, django_assert_num_queries: object) -> None:
    for _ in range(rows):
        called(cast, hub=cast.wazemmes)
        _needs(cast, cast.wazemmes, 12)
    _message(cast)

    with django_assert_num_queries(5):  # type: ignore[operator]  # a fixture of pytest-django
        board = queries.board(cast.lille, clock.today())
        assert [line.title for line in (*board.calls, *board.needs, *board.voices)]


def test_a_structure_that_closed_receives_no_offer(cast: Cast) -> None:
    area = Territory.objects.create(kind="neighbourhood", code="Q1", name="Le Port")
    HubCoverage.objects.create(hub=cast.wazemmes, territory=area)
    Organisation.objects.filter(pk=cast.wazemmes.organisation_id).update(closed_at=clock.now())

    hub = queries.receiving_hub(cast.lille, area)

    assert hub is not None and hub.organisation_id != cast.wazemmes.organisation_id

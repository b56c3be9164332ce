"""The same form twice at once, as a double click sends it: the first row answers both, whatever was written."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model

from allervers.core import clock
from allervers.needs import actions as needs
from allervers.needs.enums import Attempt, Category, Obstacle
from allervers.needs.models import Need
from allervers.people import actions as people
from allervers.people.enums import ReceiptKind
from allervers.referrals import actions as referrals
from allervers.referrals import errors as referral_errors
from allervers.referrals.models import Referral
from allervers.relief import actions as relief
from allervers.relief.enums import CallKind, Gift
from tests.cast import Cast
from tests.referrals import scene
from tests.two_at_once import at_once

Gesture = Callable[[Cast, Need, UUID], Model]


def _made_list(cast: Cast, need: Need, operation: UUID) -> Model:
    rows = list(Referral.objects.all())
    return referrals.make_list(cast.hospital, rows, by=cast.viewer("mediator"), operation=operation)


def _agreement(cast: Cast, need: Need, operation: UUID) -> Model:
    assert need.card is not None
    by = cast.viewer("mediator")
    return people.record_agreement(need.card, kind=ReceiptKind.INFORMATION, by=by, operation=operation)


def _no_follow_up(cast: Cast, need: Need, operation: UUID) -> Model:
    assert need.card is not None
    return people.ask_no_follow_up(need.card, by=cast.viewer("mediator"), operation=operation)


def _encounter_of_someone_new(cast: Cast, need: Need, operation: UUID) -> Model:
    by = cast.viewer("mediator")
    met = needs.Met(informed=True)
    return needs.note_encounter(met, by=by, make_card=lambda: people.open_code(by=by), operation=operation)


def _call(cast: Cast, need: Need, operation: UUID) -> Model:
    terms = relief.Terms(CallKind.FOOD, clock.today())
    return relief.write_call(cast.lille.pk, terms=terms, by=cast.viewer("mediator"), operation=operation)


def _offer(cast: Cast, need: Need, operation: UUID) -> Model:
    return relief.take_offer(cast.wazemmes, given=relief.Given((Gift.TIME,), "+33639980101"), operation=operation)


GESTURES: dict[str, Gesture] = {
    "call": _call,
    "offer": _offer,
    "obstacle": lambda cast, need, operation: needs.note_obstacle(
        need, by=cast.viewer("mediator"), kind=Obstacle.COST, operation=operation
    ),
    "contact": lambda cast, need, operation: needs.add_contact(
        need, by=cast.viewer("mediator"), result=Attempt.VOICEMAIL, operation=operation
    ),
    "encounter": _encounter_of_someone_new,
    "neighbour": lambda cast, need, operation: needs.bring(
        by=cast.viewer("ambassador"), hub=cast.moulins, category=Category.TEETH, operation=operation
    ),
    "draft": lambda cast, need, operation: referrals.draft(
        need, by=cast.viewer("mediator"), recipient=cast.city, operation=operation
    ),
    "list": _made_list,
    "agreement": _agreement,
    "no follow-up": _no_follow_up,
    "card": lambda cast, need, operation: people.open_code(by=cast.viewer("mediator"), operation=operation),
}


@pytest.mark.postgres  # on SQLite the second waits before it reads
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("gesture", GESTURES.values(), ids=GESTURES.keys())
def test_two_at_once_write_one_row(cast: Cast, gesture: Gesture) -> None:
    scene.sent(cast)
    need, operation = scene.need_of(cast), uuid4()

    first, second = at_once(
        lambda: gesture(cast, need, operation),
        lambda: gesture(cast, Need.objects.select_related("card").get(pk=need.pk), operation),
    )

    assert isinstance(first, Model)
    assert first == second
    assert type(first)._default_manager.filter(operation=operation).count() == 1


def test_an_id_of_another_organisation_gives_none_of_its_rows(cast: Cast) -> None:
    scene.sent(cast)
    operation, other = uuid4(), cast.viewer("other")
    for name in ("obstacle", "list"):
        GESTURES[name](cast, scene.need_of(cast), operation)

    with pytest.raises(IntegrityError), transaction.atomic():
        needs.note_obstacle(None, by=other, kind=Obstacle.FEAR, operation=operation)
    with pytest.raises(referral_errors.NothingToList):
        referrals.make_list(cast.hospital, [], by=other, operation=operation)

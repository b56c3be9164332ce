"""Two gestures on one message at once: none waits for the other for ever, none undoes what the other did."""

from collections.abc import Callable

import pytest

from allervers.prevention import actions, voices
from allervers.prevention.enums import Change, Medium, RenditionState
from allervers.prevention.errors import Stale
from allervers.prevention.models import Message, Rendition, Segment
from tests.cast import Cast
from tests.prevention.test_french_is_read import ENGLISH, _mark, written
from tests.prevention.voiced import filmed
from tests.two_at_once import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
Gesture = Callable[[Cast, Segment, str], object]

GESTURES: dict[str, Gesture] = {
    "reword": lambda cast, one, read: actions.reword(
        one, line=actions.Line("Riez."), change=Change.SAFETY, by=cast.viewer("lead")
    ),
    "accept": lambda cast, one, read: actions.accept(one, read=read, by=cast.viewer("mediator")),
    "drop": lambda cast, one, read: actions.drop(one, read=read, by=cast.viewer("mediator")),
    "add": lambda cast, one, read: actions.add_segment(one.message, line=actions.Line("Riez."), by=cast.viewer("lead")),
    "publish": lambda cast, one, read: actions.publish(one.message, by=cast.viewer("mediator")),
    "render": lambda cast, one, read: actions.render(
        one, language="en", medium=Medium.TEXT, text="Drink.", by=cast.viewer("lead")
    ),
    "check": lambda cast, one, read: actions.check(
        one.renditions.get(), version=one.version, by=cast.viewer("coordinator")
    ),
    "refuse": lambda cast, one, read: actions.refuse(one.renditions.get(), by=cast.viewer("lead")),
}


@pytest.mark.parametrize("gesture", GESTURES.values(), ids=GESTURES.keys())
def test_who_waits_for_a_message_holds_nothing_of_it(cast: Cast, gesture: Gesture) -> None:
    message = written(cast, said=ENGLISH)
    segment = message.segments.get(position=1)
    actions.reword(segment, line=actions.Line("Buvez."), change=Change.MINOR, by=cast.viewer("lead"))
    segment, read = Segment.objects.select_related("message").get(pk=segment.pk), _mark(segment)

    def hold_all() -> None:
        for rows in (Segment.objects.filter(message=message), Rendition.objects.filter(segment__message=message)):
            assert list(rows.select_for_update(of=("self",), nowait=True))

    _held, gave = at_once(
        lambda: Message.objects.select_for_update().get(pk=message.pk),
        lambda: gesture(cast, segment, read),
        then=hold_all,
    )

    assert not isinstance(gave, Exception)


def test_two_sentences_added_at_once_are_two(cast: Cast) -> None:
    message = written(cast)

    first, second = at_once(
        lambda: actions.add_segment(message, line=actions.Line("Riez."), by=cast.viewer("lead")),
        lambda: actions.add_segment(message, line=actions.Line("Dormez."), by=cast.viewer("mediator")),
    )

    assert isinstance(first, Segment) and isinstance(second, Segment)
    assert (first.position, second.position) == (3, 4)


@pytest.mark.parametrize("medium", [Medium.TEXT, Medium.VIDEO])
def test_what_new_french_flags_stays_flagged(cast: Cast, medium: Medium) -> None:
    message, lead = written(cast), cast.viewer("lead")
    segment, mediator = message.segments.get(position=1), cast.viewer("mediator")
    if medium == Medium.TEXT:
        said = actions.render(segment, language="en", medium=medium, text="Drink.", by=mediator)
    else:
        said = voices.film(message, language="fsl", media=filmed(message), by=mediator)
    actions.reword(segment, line=actions.Line("Buvez !"), change=Change.MINOR, by=lead)
    read, french = _mark(segment), said.french

    _accepted, gave = at_once(
        lambda: actions.accept(segment, read=read, by=mediator),
        lambda: actions.check(said, version=french, by=lead),
    )

    said.refresh_from_db()
    assert (type(gave), said.state) == (Stale, RenditionState.FLAGGED)

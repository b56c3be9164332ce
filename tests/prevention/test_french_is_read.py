"""French is read, then shown: whatever two people do and in whatever order, residents read words that both said yes to."""

from datetime import timedelta

import pytest

from allervers.core import clock, ids
from allervers.journal.models import Event
from allervers.prevention import actions, queries, voices
from allervers.prevention.enums import Change, RenditionState
from allervers.prevention.errors import Incomplete, SameSpeaker, Stale, StillAway
from allervers.prevention.models import Message, Proposal, Rendition, Segment
from tests.cast import Cast
from tests.prevention.voiced import filmed

LINES = [actions.Line("Buvez de l’eau."), actions.Line("Appelez le 15.", phone="15")]


def written(cast: Cast, *, published: bool = True, said: dict[str, list[str]] | None = None) -> Message:
    """By the mediator; read by the lead when it is published; its English checked."""
    terms = actions.Terms(clock.today(), clock.today() + timedelta(days=90))
    made = actions.write(
        cast.lille,
        title=actions.Line("Chaud", "sun"),
        lines=LINES,
        terms=terms,
        slug=ids.new_digits(8),
        said=said,
        by=cast.viewer("mediator"),
    )
    if published:
        actions.publish(made, by=cast.viewer("lead"))
    for row in Rendition.objects.filter(segment__message=made):
        actions.check(row, version=1, by=cast.viewer("lead"))
    return made


def read_in(message: Message, language: str) -> list[str]:
    """What a resident reads of a message, title first; nothing when it is not shown."""
    if not Message.objects.published().filter(pk=message.pk).exists():
        return []
    shown = queries.shown(message, language, clock.today(), unchecked=False)
    return [one.text for one in (shown.title, *shown.lines)]


def _mark(segment: Segment) -> str:
    return Segment.objects.get(pk=segment.pk).mark


ENGLISH = {"en": ["Hot", "Drink water.", "Call 15."]}


@pytest.mark.parametrize(
    ("change", "state", "english"),
    [
        (Change.MINOR, RenditionState.FLAGGED, "Drink water."),
        (Change.MEANING, RenditionState.WITHDRAWN, "Buvez souvent."),
    ],
)
def test_new_words_wait_and_touch_the_languages_when_they_are_shown(
    cast: Cast, change: Change, state: str, english: str
) -> None:
    message = written(cast, said=ENGLISH)
    segment = message.segments.get(position=1)

    waits = actions.reword(segment, line=actions.Line("Buvez souvent."), change=change, by=cast.viewer("lead"))

    assert waits == actions.Remaining([], [("en", "text")], waits=True)
    assert read_in(message, "fr") == ["Chaud", "Buvez de l’eau.", "Appelez le 15."]
    assert read_in(message, "en") == ENGLISH["en"]

    actions.accept(segment, read=_mark(segment), by=cast.viewer("mediator"))

    assert read_in(message, "fr") == ["Chaud", "Buvez souvent.", "Appelez le 15."]
    assert read_in(message, "en") == ["Hot", english, "Call 15."]
    states = {row.segment.position: row.state for row in Rendition.objects.select_related("segment")}
    assert states == {0: RenditionState.CHECKED, 1: state, 2: RenditionState.CHECKED}
    assert [one for one in Event.objects.values_list("kind", flat=True) if "words" in one] == [
        "message.words_proposed",
        "message.words_read",
    ]


def test_a_faulty_sentence_is_away_at_once_and_its_new_words_wait(cast: Cast) -> None:
    message = written(cast, said=ENGLISH)
    segment = message.segments.get(position=2)

    actions.reword(
        segment, line=actions.Line("Appelez le 112.", phone="112"), change=Change.SAFETY, by=cast.viewer("lead")
    )

    assert read_in(message, "fr") == ["Chaud", "Buvez de l’eau."]
    assert read_in(message, "en") == ["Hot", "Drink water."]
    assert queries.shown(message, "fr", clock.today(), unchecked=False).is_cut
    with pytest.raises(SameSpeaker):
        actions.accept(segment, read=_mark(segment), by=cast.viewer("lead"))

    actions.accept(segment, read=_mark(segment), by=cast.viewer("mediator"))

    assert read_in(message, "en") == ["Hot", "Drink water.", "Appelez le 112."]
    assert not queries.shown(message, "fr", clock.today(), unchecked=False).is_cut


def test_without_its_title_a_message_is_not_shown(cast: Cast) -> None:
    message = written(cast)
    title = message.segments.get(position=0)

    actions.reword(title, line=actions.Line("Froid"), change=Change.SAFETY, by=cast.viewer("lead"))
    assert read_in(message, "fr") == []

    actions.accept(title, read=_mark(title), by=cast.viewer("mediator"))
    assert read_in(message, "fr")[0] == "Froid"


def test_a_wrong_number_waits_as_words_do_and_touches_no_language(cast: Cast) -> None:
    message = written(cast, said=ENGLISH)
    segment = message.segments.get(position=2)

    actions.reword(
        segment, line=actions.Line("Appelez le 15.", phone="115"), change=Change.MINOR, by=cast.viewer("lead")
    )
    assert queries.shown(message, "fr", clock.today(), unchecked=False).lines[1].segment.phone == "15"

    actions.accept(segment, read=_mark(segment), by=cast.viewer("mediator"))
    shown = queries.shown(message, "en", clock.today(), unchecked=False).lines[1]
    assert (shown.text, shown.segment.phone, shown.segment.version) == ("Call 15.", "115", 1)


def test_a_sentence_added_waits_and_may_be_given_up(cast: Cast) -> None:
    message = written(cast)

    first = actions.add_segment(message, line=actions.Line("Fermez les volets."), by=cast.viewer("lead"))
    assert read_in(message, "fr") == ["Chaud", "Buvez de l’eau.", "Appelez le 15."]
    actions.accept(first, read=_mark(first), by=cast.viewer("mediator"))
    second = actions.add_segment(message, line=actions.Line("Riez."), by=cast.viewer("lead"))
    actions.drop(second, read=_mark(second), by=cast.viewer("lead"))

    assert read_in(message, "fr") == ["Chaud", "Buvez de l’eau.", "Appelez le 15.", "Fermez les volets."]
    assert not Segment.objects.filter(pk=second.pk).exists()


def test_who_wrote_takes_her_words_back_and_everything_is_as_before(cast: Cast) -> None:
    message = written(cast, said=ENGLISH)
    segment = message.segments.get(position=1)

    actions.reword(segment, line=actions.Line("Buvez."), change=Change.SAFETY, by=cast.viewer("lead"))
    actions.reword(segment, line=actions.Line("Buvez !"), change=Change.MINOR, by=cast.viewer("lead"))
    actions.drop(segment, read=_mark(segment), by=cast.viewer("lead"))

    assert read_in(message, "en") == ENGLISH["en"]
    assert not Proposal.objects.exists()


def test_a_sentence_taken_away_comes_back_by_nobody_else(cast: Cast) -> None:
    message = written(cast)
    segment = message.segments.get(position=1)
    lead, mediator = cast.viewer("lead"), cast.viewer("mediator")
    actions.reword(segment, line=actions.Line("Buvez."), change=Change.SAFETY, by=lead)

    with pytest.raises(StillAway):
        actions.drop(segment, read=_mark(segment), by=mediator)
    actions.reword(segment, line=actions.Line("Buvez peu."), change=Change.MINOR, by=mediator)
    for who in (lead, mediator):
        with pytest.raises(StillAway):
            actions.drop(segment, read=_mark(segment), by=who)
    assert read_in(message, "fr") == ["Chaud", "Appelez le 15."]

    # The former words may come back, as any words do: one writes, the other reads.
    actions.reword(segment, line=LINES[0], change=Change.MINOR, by=lead)
    actions.accept(segment, read=_mark(segment), by=mediator)
    assert read_in(message, "fr") == ["Chaud", "Buvez de l’eau.", "Appelez le 15."]


def test_a_verdict_is_about_the_words_that_were_read(cast: Cast) -> None:
    message = written(cast)
    segment, lead, mediator = message.segments.get(position=1), cast.viewer("lead"), cast.viewer("mediator")
    actions.reword(segment, line=actions.Line("Buvez."), change=Change.MINOR, by=lead)
    read = _mark(segment)
    actions.reword(segment, line=actions.Line("Ne buvez pas."), change=Change.MINOR, by=lead)

    for judge in (actions.accept, actions.drop):
        with pytest.raises(Stale):
            judge(segment, read=read, by=mediator)
    assert Proposal.objects.get().text == "Ne buvez pas."


def test_a_message_that_two_people_wrote_is_read_by_both(cast: Cast) -> None:
    message = written(cast, published=False)
    lead, mediator = cast.viewer("lead"), cast.viewer("mediator")
    actions.reword(message.segments.get(position=1), line=actions.Line("Buvez."), change=Change.MINOR, by=lead)

    assert actions.publish(message, by=mediator) is False  # she has read the lead's sentence; hers wait
    assert read_in(message, "fr") == []
    with pytest.raises(SameSpeaker):
        actions.publish(message, by=mediator)
    assert actions.publish(message, by=lead) is True
    assert read_in(message, "fr") == ["Chaud", "Buvez.", "Appelez le 15."]


def test_a_film_of_the_whole_message_follows_each_of_its_sentences(cast: Cast) -> None:
    message, lead, mediator = written(cast), cast.viewer("lead"), cast.viewer("mediator")
    film = voices.film(message, language="fsl", media=filmed(message), by=mediator)
    actions.check(film, version=film.french, by=lead)
    segment = message.segments.get(position=1)

    def is_seen() -> bool:
        return queries.film_of(queries.shown(message, "fsl", clock.today(), unchecked=False)) is not None

    assert is_seen()
    actions.reword(segment, line=actions.Line("Buvez."), change=Change.SAFETY, by=lead)
    assert not is_seen()
    actions.drop(segment, read=_mark(segment), by=lead)
    assert is_seen()
    for text, change, seen in (("Buvez !", Change.MINOR, True), ("Buvez peu.", Change.MEANING, False)):
        actions.reword(segment, line=actions.Line(text), change=change, by=lead)
        actions.accept(segment, read=_mark(segment), by=mediator)
        assert is_seen() is seen


def test_the_edition_changes_when_residents_read_something_else_and_not_before(cast: Cast) -> None:
    message = written(cast, published=False)
    in_preparation = message.edition
    actions.publish(message, by=cast.viewer("lead"))
    segment = message.segments.get(position=1)
    actions.reword(segment, line=actions.Line("Buvez."), change=Change.MINOR, by=cast.viewer("lead"))
    added = actions.add_segment(message, line=actions.Line("Riez."), by=cast.viewer("lead"))
    assert message.edition == in_preparation

    gone = message.segments.get(position=2)
    actions.reword(gone, line=actions.Line(""), change=Change.MINOR, by=cast.viewer("lead"))
    seen = {in_preparation}
    for one in (segment, added, gone):
        actions.accept(one, read=_mark(one), by=cast.viewer("mediator"))
        seen.add(message.edition)
    assert len(seen) == 4


def test_the_title_is_never_given_up_nor_the_last_idea(cast: Cast) -> None:
    message = written(cast, published=False)
    title, one, other = message.segments.all()

    for segment, refused in ((title, True), (one, False), (other, True)):
        if refused:
            with pytest.raises(Incomplete):
                actions.drop(segment, read=segment.mark, by=cast.viewer("lead"))
        else:
            actions.drop(segment, read=segment.mark, by=cast.viewer("lead"))
    assert message.segments.count() == 2

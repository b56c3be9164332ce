"""What a change of the French does: to what waits, to other languages, to films; and what the journal keeps of it."""

import json
from collections.abc import Callable

import pytest

from allervers.core import clock
from allervers.journal.models import Event
from allervers.prevention import actions, queries, voices
from allervers.prevention.enums import Change, Medium, MessageState, RenditionState
from allervers.prevention.errors import Incomplete, Stale
from allervers.prevention.models import Message, Proposal, Rendition, Segment
from tests.cast import Cast
from tests.prevention.test_french_is_read import ENGLISH, LINES, _mark, read_in, written
from tests.prevention.voiced import filmed

NUMBERS = {"en": ["Hot", "Drink water.", "Call 0800."]}


def _filmed(cast: Cast, message: Message) -> Rendition:
    film = voices.film(message, language="fsl", media=filmed(message), by=cast.viewer("mediator"))
    actions.check(film, version=film.french, by=cast.viewer("lead"))
    return film


def _state(rendition: Rendition) -> str:
    return Rendition.objects.get(pk=rendition.pk).state


def _told(kind: str) -> list[object]:
    return [json.loads(one.text)["data"] for one in Event.objects.filter(kind=kind).order_by("seq")]


# --- what waits ------------------------------------------------------------------------------------------------------


def test_the_same_words_said_unsafe_are_taken_away_and_wait(cast: Cast) -> None:
    message = written(cast, said=ENGLISH)
    segment = message.segments.get(position=2)

    away = actions.reword(segment, line=LINES[1], change=Change.SAFETY, by=cast.viewer("lead"))

    assert away == actions.Remaining([("en", "text")], [], waits=True, is_away=True)
    assert read_in(message, "fr") == ["Chaud", "Buvez de l’eau."]
    actions.accept(segment, read=_mark(segment), by=cast.viewer("mediator"))
    assert read_in(message, "en") == ENGLISH["en"]


def test_the_same_words_said_unsafe_delete_nobody_s_proposal(cast: Cast) -> None:
    message = written(cast)
    segment = message.segments.get(position=2)
    actions.reword(segment, line=actions.Line("Appelez le 112."), change=Change.MINOR, by=cast.viewer("mediator"))

    actions.reword(segment, line=LINES[1], change=Change.SAFETY, by=cast.viewer("lead"))

    assert read_in(message, "fr") == ["Chaud", "Buvez de l’eau."]
    assert Proposal.objects.get().text == LINES[1].text


def test_what_waits_changes_as_much_as_its_furthest_step(cast: Cast) -> None:
    message = written(cast, said=ENGLISH)
    segment, lead = message.segments.get(position=1), cast.viewer("lead")
    actions.reword(segment, line=actions.Line("Ne buvez pas d’eaux."), change=Change.MEANING, by=lead)
    actions.reword(segment, line=actions.Line("Ne buvez pas d’eau."), change=Change.MINOR, by=lead)

    actions.accept(segment, read=_mark(segment), by=cast.viewer("mediator"))

    assert read_in(message, "en") == ["Hot", "Ne buvez pas d’eau.", "Call 15."]


def test_a_verdict_is_about_what_the_words_do_too(cast: Cast) -> None:
    message = written(cast, said=ENGLISH)
    segment, lead, mediator = message.segments.get(position=1), cast.viewer("lead"), cast.viewer("mediator")
    marks = []
    for change in Change:
        actions.reword(segment, line=actions.Line("Buvez."), change=change, by=lead)
        marks.append(_mark(segment))
    Proposal.objects.update(took_away=True)
    Segment.objects.filter(pk=segment.pk).update(off_at=None)
    marks.append(_mark(segment))

    assert len(set(marks)) == 4
    for read in marks[:-1]:
        with pytest.raises(Stale):
            actions.accept(segment, read=read, by=mediator)


def test_words_are_written_over_others_knowingly(cast: Cast) -> None:
    message = written(cast)
    segment, lead, mediator = message.segments.get(position=1), cast.viewer("lead"), cast.viewer("mediator")
    read = _mark(segment)
    actions.reword(segment, line=actions.Line("Buvez."), change=Change.MINOR, by=mediator)

    with pytest.raises(Stale):
        actions.reword(segment, line=actions.Line("Riez."), change=Change.MINOR, by=lead, read=read)
    assert Proposal.objects.get().text == "Buvez."
    actions.reword(segment, line=actions.Line("Riez."), change=Change.MINOR, by=lead, read=_mark(segment))
    assert Proposal.objects.get().text == "Riez."


def test_a_message_is_not_said_to_be_published_without_its_title(cast: Cast) -> None:
    message, lead, mediator = written(cast), cast.viewer("lead"), cast.viewer("mediator")
    actions.withdraw(message, by=lead)
    title = message.segments.get(position=0)
    actions.reword(title, line=actions.Line("Froid"), change=Change.SAFETY, by=lead)
    actions.reword(message.segments.get(position=1), line=actions.Line("Buvez."), change=Change.MINOR, by=mediator)

    assert actions.publish(message, by=lead) is False
    assert Message.objects.get().state == MessageState.WITHDRAWN
    assert actions.publish(message, by=mediator) is True
    assert read_in(message, "fr") == ["Froid", "Buvez.", "Appelez le 15."]


def test_dates_corrected_from_an_old_page_do_not_publish_again(cast: Cast) -> None:
    message, lead = written(cast), cast.viewer("lead")
    read_before = Message.objects.get(pk=message.pk)
    actions.withdraw(message, by=lead)

    actions.edit(read_before, terms=actions.Terms(clock.today(), clock.today()), by=lead)

    message.refresh_from_db()
    assert (message.state, message.expires_on) == (MessageState.WITHDRAWN, clock.today())


# --- a sentence that goes --------------------------------------------------------------------------------------------


def test_a_sentence_that_residents_read_goes_once_a_second_person_agrees(cast: Cast) -> None:
    message, lead, mediator = written(cast, said=ENGLISH), cast.viewer("lead"), cast.viewer("mediator")
    film, segment = _filmed(cast, message), message.segments.get(position=1)

    waits = actions.reword(segment, line=actions.Line(""), change=Change.MINOR, by=lead)
    assert waits.waits and not waits.is_away
    assert read_in(message, "en") == ENGLISH["en"]
    gone = actions.accept(segment, read=_mark(segment), by=mediator)

    assert gone == actions.Remaining([("en", "text"), ("fsl", "video")], [], is_gone=True)
    assert read_in(message, "en") == ["Hot", "Call 15."]
    assert _state(film) == RenditionState.FLAGGED
    for other in message.segments.all():  # a title and one idea remain
        with pytest.raises(Incomplete):
            actions.reword(other, line=actions.Line(""), change=Change.MINOR, by=lead)


def test_a_sentence_of_a_message_in_preparation_goes_at_once(cast: Cast) -> None:
    message = written(cast, published=False)
    segment = message.segments.get(position=1)

    assert actions.reword(segment, line=actions.Line(""), change=Change.MINOR, by=cast.viewer("lead")).is_gone

    assert [one.text for one in message.segments.all()] == ["Chaud", "Appelez le 15."]
    with pytest.raises(Stale):
        actions.accept(segment, read="", by=cast.viewer("lead"))


# --- other languages and films ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "english"),
    [(Change.MINOR, "Call 0800."), (Change.MEANING, "Appelez le 15."), (Change.SAFETY, "Appelez le 15.")],
)
def test_another_number_takes_away_what_may_say_the_former_one(cast: Cast, change: Change, english: str) -> None:
    message = written(cast, said=NUMBERS)
    segment = message.segments.get(position=2)

    actions.reword(segment, line=actions.Line("Appelez le 15.", phone="3919"), change=change, by=cast.viewer("lead"))
    actions.accept(segment, read=_mark(segment), by=cast.viewer("mediator"))

    assert read_in(message, "en")[2] == english


def test_a_sentence_that_nobody_has_read_touches_no_film(cast: Cast) -> None:
    message, lead = written(cast), cast.viewer("lead")
    film = _filmed(cast, message)
    added = actions.add_segment(message, line=actions.Line("Riez."), by=lead)

    actions.reword(added, line=actions.Line("Riez beaucoup."), change=Change.MEANING, by=lead)

    assert _state(film) == RenditionState.CHECKED


def _published(cast: Cast, message: Message) -> None:
    actions.publish(message, by=cast.viewer("lead"))


def _withdrawn(cast: Cast, message: Message) -> None:
    _published(cast, message)
    actions.withdraw(message, by=cast.viewer("lead"))


@pytest.mark.parametrize("become", [_published, _withdrawn])
def test_a_sentence_more_is_not_said_by_the_film_once_it_is_read(
    cast: Cast, become: Callable[[Cast, Message], None]
) -> None:
    message = written(cast, published=False)
    film = _filmed(cast, message)
    become(cast, message)
    assert _state(film) == RenditionState.CHECKED
    added = actions.add_segment(message, line=actions.Line("Riez."), by=cast.viewer("lead"))
    assert _state(film) == RenditionState.CHECKED

    touched = actions.accept(added, read=_mark(added), by=cast.viewer("mediator")).touched

    assert (touched, _state(film)) == ([("fsl", "video")], RenditionState.FLAGGED)


def test_the_film_of_a_message_in_preparation_says_all_of_it(cast: Cast) -> None:
    message = written(cast, published=False)
    film = _filmed(cast, message)
    lead, added = cast.viewer("lead"), actions.add_segment(message, line=actions.Line("Riez."), by=cast.viewer("lead"))
    assert _state(film) == RenditionState.FLAGGED

    film.refresh_from_db()
    actions.check(film, version=film.french, by=lead)
    actions.drop(added, read=_mark(added), by=lead)
    assert _state(film) == RenditionState.FLAGGED


def test_a_film_is_judged_beside_all_the_french_that_it_says(cast: Cast) -> None:
    message, lead = written(cast), cast.viewer("lead")
    film = voices.film(message, language="fsl", media=filmed(message), by=cast.viewer("mediator"))
    seen, segment = film.french, message.segments.get(position=1)
    actions.reword(segment, line=actions.Line("Buvez !"), change=Change.MINOR, by=lead)
    actions.accept(segment, read=_mark(segment), by=cast.viewer("mediator"))
    film.refresh_from_db()

    with pytest.raises(Stale):
        actions.check(film, version=seen, by=lead)
    actions.check(film, version=film.french, by=lead)
    assert _state(film) == RenditionState.CHECKED


def test_the_film_of_a_message_in_preparation_has_its_words_underneath(cast: Cast) -> None:
    message = written(cast, published=False)
    film = _filmed(cast, message)
    assert film.media is not None

    said = queries.captions_of(film.media, unchecked=False)

    assert all(words in said for words in ("Chaud", "Buvez de l’eau.", "Appelez le 15."))


def test_a_film_has_underneath_the_words_that_residents_read(cast: Cast) -> None:
    """A turn of phrase flags the other languages: they stay shown until they are looked at again."""
    message = written(cast, said=ENGLISH)
    film = voices.film(message, language="en", media=filmed(message), by=cast.viewer("mediator"))
    assert film.media is not None
    segment = message.segments.get(position=1)
    actions.reword(segment, line=actions.Line("Buvez !"), change=Change.MINOR, by=cast.viewer("lead"))
    actions.accept(segment, read=_mark(segment), by=cast.viewer("mediator"))

    said = queries.captions_of(film.media, unchecked=False)

    assert all(words in said for words in ENGLISH["en"]) and "Buvez" not in said


def test_what_is_said_of_other_french_than_the_one_that_was_read_is_refused(cast: Cast) -> None:
    message = written(cast)
    segment, lead = message.segments.get(position=1), cast.viewer("lead")
    actions.reword(segment, line=actions.Line("Ne buvez pas."), change=Change.MINOR, by=lead)
    actions.accept(segment, read=_mark(segment), by=cast.viewer("mediator"))

    with pytest.raises(Stale):
        actions.render(segment, language="en", medium=Medium.TEXT, text="Drink.", by=lead)
    assert not Rendition.objects.exists()


def test_what_was_flagged_since_it_was_read_is_read_again(cast: Cast) -> None:
    message = written(cast, said=ENGLISH)
    row = Rendition.objects.get(segment__position=1)
    Rendition.objects.filter(pk=row.pk).update(state=RenditionState.FLAGGED)

    with pytest.raises(Stale):
        actions.check(row, version=1, by=cast.viewer("lead"))
    assert message.segments.count() == 3


# --- what the team counts --------------------------------------------------------------------------------------------


def test_the_page_and_the_newsroom_count_the_same_sentences(cast: Cast) -> None:
    message, lead = written(cast, said=ENGLISH), cast.viewer("lead")
    actions.add_segment(message, line=actions.Line("Riez."), by=lead)
    actions.reword(message.segments.get(position=1), line=actions.Line("Buvez."), change=Change.SAFETY, by=lead)
    segment = message.segments.get(position=2)
    Rendition.objects.filter(segment=segment).delete()

    (line,) = queries.coverage(message)
    waiting = queries.waiting(Message.objects.all(), clock.today(), clock.now() - clock.now(), own=set())

    assert (line.checked, line.missing) == (1, 1)
    assert [one.count for one in waiting if one.kind == "missing"] == [1]


# --- the journal -----------------------------------------------------------------------------------------------------


def test_the_journal_says_what_came_back_what_went_and_what_was_read(cast: Cast) -> None:
    message, lead, mediator = written(cast, said=ENGLISH), cast.viewer("lead"), cast.viewer("mediator")
    one, two = message.segments.get(position=1), message.segments.get(position=2)
    actions.reword(one, line=actions.Line("Buvez."), change=Change.SAFETY, by=lead)
    actions.drop(one, read=_mark(one), by=lead)
    actions.reword(one, line=actions.Line("Buvez !"), change=Change.MINOR, by=lead)
    actions.drop(one, read=_mark(one), by=lead)
    added = actions.add_segment(message, line=actions.Line("Riez."), by=lead)
    actions.drop(added, read=_mark(added), by=lead)
    for segment in (one, two):
        actions.reword(segment, line=actions.Line(f"{segment.text} !"), change=Change.MINOR, by=lead)
    actions.publish(message, by=mediator)

    assert _told("message.words_dropped") == [
        {"position": 1, "back": True},
        {"position": 1, "back": False},
        {"position": 3, "deleted": True},
    ]
    assert _told("message.words_read") == [{"sentences": 2, "positions": [1, 2], "renditions": 2}]

"""Writing, saying, checking, publishing; what a new French wording does to exactly what was said of it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from allervers.core import clock
from allervers.journal.models import Event
from allervers.prevention import actions, queries, rules
from allervers.prevention.duties import clean_up
from allervers.prevention.enums import Change, Medium, MessageState, RenditionState
from allervers.prevention.errors import Incomplete, NameTaken, SameSpeaker, Stale
from allervers.prevention.models import Message, Misunderstanding, Rendition, Segment, Tally
from tests.cast import Cast
from tests.two_at_once import at_once

TERMS = actions.Terms(date(2026, 6, 1), date(2026, 9, 15), source_name="Santé publique France")
LINES = [actions.Line("Buvez de l’eau.", "glass"), actions.Line("Appelez le 15.", "phone", urgent=True, phone="15")]
SAID = {"ar": ["حر", "ماء", "١٥"], "en": ["Hot", "Drink water.", "Call 15."]}


def written(cast: Cast, by: str = "mediator") -> Message:
    return actions.write(
        cast.lille,
        title=actions.Line("Il fait très chaud", "sun"),
        lines=LINES,
        terms=TERMS,
        said=SAID,
        by=cast.viewer(by),
    )


def published(cast: Cast) -> Message:
    """Written by the mediator, read and published by the lead on 1 July."""
    message = written(cast)
    with clock.fixed(_noon(date(2026, 7, 1))):
        actions.publish(message, by=cast.viewer("lead"))
    return message


def _state(message: Message) -> dict[tuple[int, str], str]:
    rows = Rendition.objects.filter(segment__message=message)
    return {(row.segment.position, row.language): row.state for row in rows.select_related("segment")}


def test_write_cuts_a_message_in_segments_that_wait_for_a_second_speaker(cast: Cast) -> None:
    message = written(cast)

    assert [(s.position, s.text, s.pictogram, s.urgent, s.phone) for s in message.segments.all()] == [
        (0, "Il fait très chaud", "sun", False, ""),
        (1, "Buvez de l’eau.", "glass", False, ""),
        (2, "Appelez le 15.", "phone", True, "15"),
    ]
    assert (message.state, message.slug, len(message.code)) == (MessageState.DRAFT, "il-fait-tres-chaud", 6)
    assert set(_state(message).values()) == {RenditionState.TO_CHECK}
    assert len(_state(message)) == 6


def test_write_refuses_a_name_that_is_taken_and_an_end_before_its_beginning(cast: Cast) -> None:
    written(cast)

    with pytest.raises(NameTaken):
        written(cast)
    with pytest.raises(Incomplete):
        actions.write(
            cast.lille,
            title=actions.Line("Froid", "sun"),
            lines=LINES,
            terms=actions.Terms(date(2026, 6, 2), date(2026, 6, 1)),
            by=cast.viewer("lead"),
        )
    assert Message.objects.count() == 1


def test_publish_asks_for_a_second_reader(cast: Cast) -> None:
    message = written(cast)

    with clock.fixed(_noon(date(2026, 7, 1))):
        with pytest.raises(SameSpeaker):
            actions.publish(message, by=cast.viewer("mediator"))
        actions.publish(message, by=cast.viewer("lead"))

    assert Message.objects.published().get() == message
    assert Event.objects.filter(kind="message.published").count() == 1


def test_publish_refuses_what_is_no_longer_true(cast: Cast) -> None:
    message = written(cast)

    with clock.fixed(_noon(date(2026, 9, 16))), pytest.raises(Incomplete):
        actions.publish(message, by=cast.viewer("lead"))


def test_a_rendition_is_checked_by_someone_else_who_read_the_french_as_it_is(cast: Cast) -> None:
    segment = written(cast).segments.get(position=1)
    made = actions.render(segment, language="bm", medium=Medium.TEXT, text="Ji min.", by=cast.viewer("mediator"))

    with pytest.raises(SameSpeaker):
        actions.check(made, version=1, by=cast.viewer("mediator"))
    with pytest.raises(Stale):
        actions.check(made, version=2, by=cast.viewer("lead"))
    actions.check(made, version=1, by=cast.viewer("lead"))

    made.refresh_from_db()
    assert (made.state, made.checked_by) == (RenditionState.CHECKED, str(cast.viewer("lead").membership_id))


def test_saying_it_again_takes_the_place_of_the_former_and_waits_again(cast: Cast) -> None:
    segment = written(cast).segments.get(position=1)
    first = segment.renditions.get(language="en")
    actions.check(first, version=1, by=cast.viewer("lead"))

    actions.render(segment, language="en", medium=Medium.TEXT, text="Drink!", by=cast.viewer("lead"))

    again = segment.renditions.get(language="en")
    assert (again.pk, again.text, again.state, again.checked_at) == (first.pk, "Drink!", RenditionState.TO_CHECK, None)


@pytest.mark.parametrize(
    ("change", "state"),
    [(Change.MINOR, RenditionState.FLAGGED), (Change.SAFETY, RenditionState.WITHDRAWN)],
)
def test_new_french_words_touch_exactly_what_was_said_of_them(cast: Cast, change: Change, state: str) -> None:
    message = written(cast)
    line = actions.Line("Buvez souvent.", "glass")

    remaining = actions.reword(message.segments.get(position=1), line=line, change=change, by=cast.viewer("lead"))

    assert {place for place, now in _state(message).items() if now == state} == {(1, "ar"), (1, "en")}
    assert {now for (position, _l), now in _state(message).items() if position != 1} == {RenditionState.TO_CHECK}
    assert remaining.touched == [("ar", "text"), ("en", "text")]
    assert remaining.kept == ([] if change == Change.SAFETY else remaining.touched)
    assert message.segments.get(position=1).version == 2


def test_another_pictogram_touches_no_rendition(cast: Cast) -> None:
    segment = written(cast).segments.get(position=1)

    remaining = actions.reword(
        segment, line=actions.Line(segment.text, "wash"), change=Change.SAFETY, by=cast.viewer("lead")
    )

    assert remaining == actions.Remaining([], [("ar", "text"), ("en", "text")])
    assert segment.message.segments.get(position=1).version == 1


def test_residents_get_what_is_checked_and_french_in_place_of_what_was_withdrawn(cast: Cast) -> None:
    message, today = published(cast), date(2026, 7, 1)
    lead, segment = cast.viewer("lead"), message.segments.get(position=1)
    for row in Rendition.objects.filter(segment__message=message, language="en"):
        actions.check(row, version=1, by=lead)
    actions.reword(segment, line=actions.Line("Buvez souvent."), change=Change.SAFETY, by=lead)
    actions.accept(segment, read=Segment.objects.get(pk=segment.pk).mark, by=cast.viewer("mediator"))

    english = queries.shown(message, "en", today, unchecked=False)
    arabic = queries.shown(message, "ar", today, unchecked=False)
    demonstration = queries.shown(message, "ar", today, unchecked=True)

    assert [(s.text, s.language, s.is_off) for s in (english.title, *english.lines)] == [
        ("Hot", "en", False),
        ("Buvez souvent.", "fr", True),
        ("Call 15.", "en", False),
    ]
    assert [s.language for s in (arabic.title, *arabic.lines)] == ["fr", "fr", "fr"]
    assert [s.text for s in (demonstration.title, *demonstration.lines)] == ["حر", "Buvez souvent.", "١٥"]
    assert (english.checked, demonstration.checked) == (True, False)
    assert [one.language.code for one in queries.languages_of(message, unchecked=True)] == ["fr"]


def test_languages_are_offered_when_every_segment_is_said(cast: Cast) -> None:
    message = published(cast)

    offered = queries.languages_of(message, unchecked=True)

    assert [(one.language.code, one.text, one.voice) for one in offered] == [
        ("fr", True, False), ("en", True, False), ("ar", True, False),
    ]  # fmt: skip
    assert [one.language.code for one in queries.languages_of(message, unchecked=False)] == ["fr"]


def test_shelf_leaves_out_what_is_expired_or_not_published(cast: Cast) -> None:
    message = written(cast)
    day = date(2026, 7, 1)
    assert queries.shelf(cast.lille.id, "fr", day, unchecked=False) == []

    with clock.fixed(_noon(day)):
        actions.publish(message, by=cast.viewer("lead"))

    assert [one.title.text for one in queries.shelf(cast.lille.id, "fr", day, unchecked=False)] == [
        "Il fait très chaud"
    ]
    assert queries.shelf(cast.toulouse.id, "fr", day, unchecked=False) == []
    assert queries.shelf(cast.lille.id, "fr", date(2026, 9, 16), unchecked=False) == []
    actions.withdraw(message, by=cast.viewer("lead"))
    assert queries.shelf(cast.lille.id, "fr", day, unchecked=False) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_shelf_costs_the_same_whatever_it_holds(cast: Cast, rows: int, django_assert_num_queries: object) -> None:
    for number in range(rows):
        message = actions.write(
            cast.lille,
            title=actions.Line(f"Message {number}", "sun"),
            lines=LINES,
            terms=TERMS,
            said=SAID,
            by=cast.viewer("mediator"),
        )
        with clock.fixed(_noon(date(2026, 7, 1))):
            actions.publish(message, by=cast.viewer("lead"))

    with django_assert_num_queries(4):  # type: ignore[operator]  # a fixture of pytest-django
        shelf = queries.shelf(cast.lille.id, "ar", date(2026, 7, 1), unchecked=True)

    assert [one.title.text for one in shelf] == ["حر"] * rows


def test_openings_are_counted_a_day_and_a_language(cast: Cast) -> None:
    message = written(cast)
    for what in ("opened", "opened", "shared"):
        actions.count(message, language="ar", what=what, day=date(2026, 7, 1))

    assert list(Tally.objects.values_list("language", "opened", "listened", "shared")) == [("ar", 2, 0, 1)]
    with pytest.raises(ValueError, match="language"):
        actions.count(message, language="ar", what="language", day=date(2026, 7, 1))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", [0, 3])
def test_two_openings_at_once_are_two(cast: Cast, before: int) -> None:
    """The first of a day writes its row, which the second finds; later ones add to it where it stands."""
    message = written(cast)

    def opened() -> None:
        actions.count(message, language="ar", what="opened", day=date(2026, 7, 1))

    for _time in range(before):
        opened()
    at_once(opened, opened)

    assert list(Tally.objects.values_list("opened", flat=True)) == [before + 2]


def test_words_understood_otherwise_are_forgotten_in_time(cast: Cast) -> None:
    segment = written(cast).segments.get(position=1)
    noted = actions.note_misunderstanding(segment, language="ar", words="…")

    assert clean_up(noted.at + timedelta(days=89))["words_forgotten"] == 0
    assert clean_up(noted.at + timedelta(days=91))["words_forgotten"] == 1
    assert Misunderstanding.objects.get().words == ""


@pytest.mark.parametrize("who", ["ambassador", "volunteer", "member", "auditor", "technical", "foreigner"])
def test_messages_are_out_of_reach_of_who_does_not_write_them_here(cast: Cast, who: str) -> None:
    message = written(cast)

    assert list(rules.messages_for(cast.viewer(who))) == []
    assert list(rules.renditions_for(cast.viewer(who))) == []
    assert list(rules.messages_for(cast.viewer("other"))) == [message]


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def test_a_verdict_is_about_what_was_read_even_when_both_race(cast: Cast) -> None:
    segment = written(cast).segments.get(position=1)
    read = segment.renditions.get(language="en")
    actions.render(segment, language="en", medium=Medium.TEXT, text="Drink!", by=cast.viewer("mediator"))

    for judge in (
        lambda: actions.check(read, version=1, by=cast.viewer("lead")),
        lambda: actions.refuse(read, by=cast.viewer("lead")),
    ):
        with pytest.raises(Stale):
            judge()

    assert segment.renditions.get(language="en").state == RenditionState.TO_CHECK

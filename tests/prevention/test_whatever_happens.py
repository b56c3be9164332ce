"""Whatever three accounts of two people do, and in whatever order: residents read French that both said yes to, and no
translation or film that says something else. The story below remembers by itself; it reads nothing that the code concludes."""

from dataclasses import dataclass, field
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from allervers.accounts.enums import Role
from allervers.accounts.models import Membership
from allervers.accounts.rules import Viewer, viewer_of
from allervers.core import clock
from allervers.prevention import actions, queries
from allervers.prevention.enums import Change, Medium, MessageState, RenditionState
from allervers.prevention.errors import PreventionError
from allervers.prevention.models import Message, Rendition, Segment
from tests.cast import Cast
from tests.prevention.test_french_is_read import written

WHO = ("mediator", "lead", "mediator elsewhere")
STRENGTH = [Change.MINOR, Change.MEANING, Change.SAFETY]
DOES = ["look", "reword", "accept", "drop", "add", "publish", "withdraw", "render", "check", "film", "check film"]
STEPS = st.tuples(
    st.sampled_from(DOES),
    st.sampled_from(WHO),
    st.integers(0, 3),  # which sentence
    st.sampled_from(["Un.", "Deux.", ""]),
    st.sampled_from(["", "15"]),
    st.sampled_from(list(Change)),
)
Step = tuple[str, str, int, str, str, Change]
Words = tuple[str, str, bool, str]
Said = tuple[str, str]  # what a translation may repeat of a sentence: its text and its number


def person(who: str) -> str:
    return who.partition(" ")[0]


def said_of(words: Words) -> Said:
    return words[0], words[3]


@dataclass
class Waits:
    """Words that one person wrote, and the furthest step that led to them."""

    words: Words
    author: str
    change: Change
    is_new: bool


@dataclass
class Seen:
    """What someone had in front of her when she last looked."""

    mark: str
    marks: dict[UUID, str]
    waits: dict[UUID, Words]
    says: dict[UUID, Said]
    french: int | None  # of the film


@dataclass
class Story:
    cast: Cast
    message: Message
    viewers: dict[str, Viewer]
    signed: dict[tuple[UUID, Words], set[str]] = field(default_factory=dict)
    waits: dict[UUID, Waits] = field(default_factory=dict)
    away: dict[UUID, tuple[str, bool]] = field(default_factory=dict)  # by whom; whether another one wrote since
    sense: dict[UUID, set[Said]] = field(default_factory=dict)  # what a translation may still say
    makers: dict[str, str] = field(default_factory=dict)
    film: dict[UUID, set[Said]] | None = None
    film_owes: bool = False  # a verdict, since something was changed that it does not say, or not so
    seen: dict[str, Seen] = field(default_factory=dict)

    # --- what is there

    def rows(self) -> list[Segment]:
        return list(Segment.objects.select_related("proposal", "message").filter(message=self.message))

    def is_draft(self) -> bool:
        return Message.objects.get(pk=self.message.pk).state == MessageState.DRAFT

    def look(self) -> Seen:
        message, rows = Message.objects.get(pk=self.message.pk), self.rows()
        film = self.film_row()
        return Seen(
            message.mark,
            {one.pk: one.mark for one in rows},
            {pk: waits.words for pk, waits in self.waits.items()},
            {one.pk: said_of(one.words) for one in message.to_say},
            film.french if film else None,
        )

    def film_row(self) -> Rendition | None:
        rows = Rendition.objects.filter(segment__message=self.message, medium=Medium.VIDEO)
        return rows.select_related("segment__message").first()

    # --- what changes

    def sign(self, pk: UUID, words: Words, who: str) -> None:
        self.signed.setdefault((pk, words), set()).add(person(who))

    def becomes(self, segment: Segment, words: Words, change: Change, *, is_filmed: bool) -> None:
        """The French of a sentence becomes `words`."""
        former, said = said_of(segment.words), said_of(words)
        is_other = former[0] != said[0] or (former[1] != said[1] and change != Change.MINOR)
        if is_other and change != Change.MINOR:
            self.sense[segment.pk] = set()
            self.film = None if is_filmed else self.film
        self.sense[segment.pk].add(said)
        if self.film and segment.pk in self.film:
            self.film[segment.pk].add(said)
            self.film_owes |= is_other

    def stands(self, segment: Segment, waits: Waits, words_read: Words, who: str) -> None:
        """Someone said yes to what she had read of what waited."""
        assert waits.author != person(who), "read by who wrote it"
        self.sign(segment.pk, words_read, who)
        if waits.is_new:
            self.film_owes |= not self.is_draft()
        else:
            change = Change.SAFETY if segment.pk in self.away else waits.change
            self.becomes(segment, waits.words, change, is_filmed=True)
        del self.waits[segment.pk]
        self.away.pop(segment.pk, None)
        if self.film and (segment.pk in self.film) != bool(waits.words[0]):
            self.film_owes = True

    def goes(self, segment: Segment) -> None:
        """A sentence that nobody had read is no more."""
        del self.waits[segment.pk]
        self.film_owes |= self.is_draft()

    # --- what they do

    def step(self, step: Step) -> None:
        does, who, place, text, phone, change = step
        viewer, line = self.viewers[who], actions.Line(text, phone=phone)
        if does == "look":
            self.seen[who] = self.look()
        elif does == "withdraw":
            actions.withdraw(self.message, by=viewer)
        elif does == "add":
            made = actions.add_segment(self.message, line=actions.Line(text or "Trois.", phone=phone), by=viewer)
            self.sign(made.pk, made.words, who)
            self.sense[made.pk] = {said_of(made.words)}
            self.waits[made.pk] = Waits(made.words, person(who), change, is_new=True)
            self.film_owes |= self.is_draft()
        elif does == "publish":
            self.publish(who)
        elif does == "film":
            self.shoot(who)
        elif does == "check film":
            self.check_film(who)
        else:
            rows = self.rows()
            if place < len(rows):
                getattr(self, does)(rows[place], who, line, change)

    def publish(self, who: str) -> None:
        seen, rows = self.seen.get(who) or self.look(), self.rows()
        to_read = [one for one in rows if one.pk in self.waits and self.waits[one.pk].author != person(who)]
        was_draft = self.is_draft()
        actions.publish(self.message, by=self.viewers[who], read=seen.mark)
        for segment in to_read:
            owed = self.film_owes
            self.stands(segment, self.waits[segment.pk], seen.waits[segment.pk], who)
            if was_draft and segment.read_at is None:
                self.film_owes = owed  # the film of a message in preparation says it already

    def reword(self, segment: Segment, who: str, line: actions.Line, change: Change) -> None:
        waits, words = self.waits.get(segment.pk), (line.text, line.pictogram, line.urgent, line.phone)
        remaining = actions.reword(segment, line=line, change=change, by=self.viewers[who])
        if waits and waits.is_new:
            if not line.text:
                self.goes(segment)
            elif words != segment.words:
                self.becomes(segment, words, change, is_filmed=self.is_draft())
                self.waits[segment.pk] = Waits(words, person(who), change, is_new=True)
                self.sign(segment.pk, words, who)
            return
        if not remaining.waits:
            assert segment.pk not in self.away and change != Change.SAFETY, "unsafe words that stay"
            self.waits.pop(segment.pk, None)
            return
        furthest = max(change, waits.change, key=STRENGTH.index) if waits else change
        self.waits[segment.pk] = Waits(words, person(who), furthest, is_new=False)
        self.sign(segment.pk, words, who)
        if segment.pk in self.away:
            by, touched = self.away[segment.pk]
            self.away[segment.pk] = (by, touched or by != person(who))
        elif furthest == Change.SAFETY:
            self.away[segment.pk] = (person(who), False)

    def accept(self, segment: Segment, who: str, line: actions.Line, change: Change) -> None:
        seen = self.seen.get(who) or self.look()
        actions.accept(segment, read=seen.marks.get(segment.pk, ""), by=self.viewers[who])
        self.stands(segment, self.waits[segment.pk], seen.waits[segment.pk], who)

    def drop(self, segment: Segment, who: str, line: actions.Line, change: Change) -> None:
        seen = self.seen.get(who) or self.look()
        actions.drop(segment, read=seen.marks.get(segment.pk, ""), by=self.viewers[who])
        assert seen.waits[segment.pk] == self.waits[segment.pk].words, "other words than those she saw"
        if self.waits[segment.pk].is_new:
            self.goes(segment)
            return
        assert self.away.pop(segment.pk, (person(who), False)) == (person(who), False)
        del self.waits[segment.pk]
        if self.film and segment.pk not in self.film:
            self.film_owes = True

    def render(self, segment: Segment, who: str, line: actions.Line, change: Change) -> None:
        text = "en:" + "|".join(said_of(segment.words))
        actions.render(segment, language="en", medium=Medium.TEXT, text=text, by=self.viewers[who])
        self.makers[f"{segment.pk}"] = person(who)

    def check(self, segment: Segment, who: str, line: actions.Line, change: Change) -> None:
        row = Rendition.objects.filter(segment=segment, medium=Medium.TEXT).first()
        if row is not None and row.text == "en:" + "|".join(said_of(segment.words)):
            actions.check(row, version=segment.version, by=self.viewers[who])
            assert self.makers[f"{segment.pk}"] != person(who), "a translation read by who made it"

    def shoot(self, who: str) -> None:
        seen = self.look()
        title = self.rows()[0]
        actions.render(title, language="fsl", medium=Medium.VIDEO, by=self.viewers[who])
        self.film, self.film_owes = {pk: {said} for pk, said in seen.says.items()}, True
        self.makers["film"] = person(who)

    def check_film(self, who: str) -> None:
        film, seen = self.film_row(), self.seen.get(who) or self.look()
        if film is not None:
            actions.check(film, version=seen.french or 0, by=self.viewers[who])
            assert self.makers["film"] != person(who), "a film judged by who made it"
            self.film, self.film_owes = {pk: {said} for pk, said in seen.says.items()}, False

    # --- what residents meet

    def holds(self) -> None:
        if not Message.objects.published().filter(pk=self.message.pk).exists():
            return
        for language in ("fr", "en", "fsl"):
            shown = queries.shown(self.message, language, clock.today(), unchecked=False)
            assert shown is not None
            for one in (shown.title, *shown.lines):
                segment = one.segment
                assert self.signed[segment.pk, segment.words] == {"mediator", "lead"}, "French that one person approved"
                assert segment.pk not in self.away, "a sentence taken away for safety"
                if one.language == "en":
                    said = tuple(one.text.removeprefix("en:").split("|"))
                    assert said in self.sense[segment.pk], "a translation of other French"
                else:
                    assert one.text == segment.text
            if shown.title.film is not None:
                self.film_holds(shown, shown.title.film)

    def film_holds(self, shown: queries.Shown, film: Rendition) -> None:
        assert not self.away, "a film that says a sentence taken away"
        assert self.film is not None, "a film of another sense"
        assert not self.film_owes or film.state != RenditionState.CHECKED, (
            "a film that lacks something and does not say so"
        )
        for one in (shown.title, *shown.lines):
            said = self.film.get(one.segment.pk)
            assert said is None or said_of(one.segment.words) in said, "a film of other words"


def _steps(*told: tuple[str, str, int, str, str, Change]) -> list[Step]:
    return list(told)


MINOR, MEANING, SAFETY = STRENGTH
_SAFETY_THEN_MINOR = _steps(
    ("render", "lead", 1, "", "", MINOR),
    ("check", "mediator", 1, "", "", MINOR),
    ("publish", "lead", 0, "", "", MINOR),
    ("reword", "lead", 1, "Deux.", "", SAFETY),
    ("reword", "mediator", 1, "Un.", "", MINOR),
    ("accept", "lead", 1, "", "", MINOR),
)
_ANOTHER_WROTE_SINCE = _steps(
    ("reword", "lead", 1, "Deux.", "", SAFETY),
    ("reword", "mediator", 1, "Un.", "", MINOR),
    ("drop", "mediator", 1, "", "", MINOR),
)
_MEANING_THEN_MINOR = _steps(
    ("render", "lead", 1, "", "", MINOR),
    ("check", "mediator", 1, "", "", MINOR),
    ("reword", "lead", 1, "Un.", "", MEANING),
    ("reword", "lead", 1, "Deux.", "", MINOR),
    ("accept", "mediator", 1, "", "", MINOR),
)
_ANOTHER_ACCOUNT = _steps(
    ("reword", "mediator", 1, "Un.", "", MINOR), ("accept", "mediator elsewhere", 1, "", "", MINOR)
)
_SEEN_EARLIER = _steps(
    ("reword", "lead", 1, "Un.", "", MINOR),
    ("look", "mediator", 1, "", "", MINOR),
    ("reword", "lead", 1, "Deux.", "", MINOR),
    ("accept", "mediator", 1, "", "", MINOR),
)
_ANOTHER_NUMBER = _steps(
    ("render", "lead", 2, "", "", MINOR),
    ("check", "mediator", 2, "", "", MINOR),
    ("reword", "lead", 2, "Appelez le 15.", "", MEANING),
    ("accept", "mediator", 2, "", "", MINOR),
)
_FILMED = [("film", "lead", 0, "", "", MINOR), ("check film", "mediator", 0, "", "", MINOR)]
_PUBLISHED = [("publish", "mediator", 0, "", "", MINOR), ("publish", "lead", 0, "", "", MINOR)]
_FILM_OF_A_DRAFT = _steps(*_FILMED, ("add", "lead", 0, "Un.", "", MINOR), *_PUBLISHED)
_FILM_OF_MORE = _steps(("add", "lead", 0, "Un.", "", MINOR), *_FILMED, ("drop", "lead", 3, "", "", MINOR), *_PUBLISHED)
_FILM_SEEN_EARLIER = _steps(
    _FILMED[0],
    ("look", "mediator", 0, "", "", MINOR),
    ("reword", "mediator", 1, "Un.", "", MINOR),
    ("accept", "lead", 1, "", "", MINOR),
    _FILMED[1],
)
_SAME_WORDS = _steps(("reword", "lead", 2, "Appelez le 15.", "15", SAFETY))
_FILM_WITHOUT_IT = _steps(("reword", "lead", 1, "Un.", "", SAFETY), *_FILMED, ("drop", "lead", 1, "", "", MINOR))
_FILM_OF_A_WITHDRAWN = _steps(
    *_FILMED,
    ("withdraw", "lead", 0, "", "", MINOR),
    ("add", "lead", 0, "Un.", "", MINOR),
    ("publish", "mediator", 0, "", "", MINOR),
)


@pytest.mark.slow
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=25), starts_published=st.booleans())
@example(steps=_SAFETY_THEN_MINOR, starts_published=False)
@example(steps=_ANOTHER_WROTE_SINCE, starts_published=True)
@example(steps=_MEANING_THEN_MINOR, starts_published=True)
@example(steps=_ANOTHER_ACCOUNT, starts_published=True)
@example(steps=_SEEN_EARLIER, starts_published=True)
@example(steps=_ANOTHER_NUMBER, starts_published=True)
@example(steps=_SAME_WORDS, starts_published=True)
@example(steps=_FILM_OF_A_DRAFT, starts_published=False)
@example(steps=_FILM_OF_MORE, starts_published=False)
@example(steps=_FILM_SEEN_EARLIER, starts_published=True)
@example(steps=_FILM_WITHOUT_IT, starts_published=True)
@example(steps=_FILM_OF_A_WITHDRAWN, starts_published=True)
def test_residents_never_read_what_one_person_alone_approved(
    cast: Cast, steps: list[Step], starts_published: bool
) -> None:
    user, place = cast.memberships["mediator"].user, cast.other_association
    second, _made = Membership.objects.get_or_create(
        user=user, network=cast.lille, organisation=place, defaults={"role": Role.MEDIATOR}
    )
    message = written(cast, published=starts_published)
    viewers = {
        "mediator": cast.viewer("mediator"),
        "lead": cast.viewer("lead"),
        "mediator elsewhere": viewer_of(second),
    }
    story = Story(cast, message, viewers)
    for segment in message.segments.all():
        story.sense[segment.pk] = {said_of(segment.words)}
        story.signed[segment.pk, segment.words] = {"mediator", "lead"} if starts_published else {"mediator"}
        if not starts_published:
            story.waits[segment.pk] = Waits(segment.words, "mediator", MINOR, is_new=True)
    for step in steps:
        try:
            with transaction.atomic():
                story.step(step)
        except PreventionError:
            pass
        story.holds()
    Message.objects.filter(pk=message.pk).delete()

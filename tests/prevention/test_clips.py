"""A message for young people as an upright video: made of what may be heard and read, light, and gone with its words."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import av
import pytest
from django.db import OperationalError
from django.test import Client

from allervers.core import clock
from allervers.core.languages import LANGUAGES
from allervers.prevention import actions, clips, media, queries, voices
from allervers.prevention.duties import clean_up
from allervers.prevention.enums import Audience, Change, Medium
from allervers.prevention.models import Clip, Message, Rendition, Segment
from tests.cast import Cast
from tests.prevention.voiced import filmed, spoken

pytestmark = pytest.mark.slow  # each makes a film

ARABIC = ["نومك: القرار لك", "اتصل على الرقم 0 800 235 236. إنه مجاني.", "اتصل بالرقم 3114."]


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path / "data"
    clips._rests_until = None
    clips._given_up.clear()
    yield
    clips._rests_until = None


def _message(cast: Cast, audience: Audience = Audience.YOUNG) -> Message:
    today = clock.today()
    made = actions.write(
        cast.lille,
        title=actions.Line("Ton sommeil : c’est toi qui décides", "sun"),
        lines=[
            actions.Line("Appelle le 0 800 235 236. C’est gratuit.", "phone", phone="0800235236"),
            actions.Line("Tu penses à mourir ? Appelle le 3114.", "phone", urgent=True, phone="3114"),
        ],
        terms=actions.Terms(today, today + timedelta(days=30), audience, "Fil Santé Jeunes"),
        said={"ar": ARABIC},
        by=cast.viewer("mediator"),
    )
    actions.publish(made, by=cast.viewer("lead"))
    return made


def _check(cast: Cast, message: Message, language: str, *, medium: Medium | None = None) -> None:
    rows = Rendition.objects.filter(segment__message=message, language=language)
    for row in rows.filter(medium=medium) if medium else rows:
        actions.check(row, version=row.french, by=cast.viewer("other" if row.made_by else "lead"))
    voices.make_whole(message, language, unchecked=False)


def _made(message: Message, language: str = "fr") -> Clip | None:
    return Clip.objects.filter(message=message, language=language).first()


def _with_its_video(cast: Cast) -> Message:
    """In French."""
    message = _message(cast)
    spoken(message, "fr", by=cast.viewer("mediator"))
    _check(cast, message, "fr")
    clips.work(clock.now())
    return message


def test_a_message_for_young_people_that_is_heard_becomes_a_light_upright_video(cast: Cast) -> None:
    message = _message(cast)
    spoken(message, "fr", by=cast.viewer("mediator"))
    _check(cast, message, "fr")

    assert (clips.work(clock.now()), clips.work(clock.now())) == (1, 0)

    made = _made(message).media
    with av.open(str(media.path_of(made))) as held:
        images, voice = held.streams.video[0].codec_context, held.streams.audio[0].codec_context
        assert (images.name, images.width, images.height, voice.name) == ("h264", 540, 960, "aac")
    whole = message.whole_voices.get(language="fr").media.seconds
    assert made.seconds == pytest.approx(whole + 3, abs=0.4)
    assert made.size < 60_000 + 1_500_000 * made.seconds / 60


def test_each_card_is_seen_while_its_sentence_is_said(cast: Cast) -> None:
    message = _with_its_video(cast)

    grounds = []
    with av.open(str(media.path_of(_made(message).media))) as held:
        for image in held.decode(video=0):
            red = bytes(image.reformat(format="rgb24").planes[0])[:3]
            grounds.append((image.time, red[0] > 100))

    changes = [round(at, 1) for (at, red), (_before, was) in zip(grounds[1:], grounds, strict=False) if red != was]
    # 0.6 s a sentence, half a second of breath behind it: the third one is urgent, and red.
    assert changes == pytest.approx([2.3, 3.5], abs=0.25)


def test_nothing_is_made_of_what_is_not_checked_not_said_or_not_for_young_people(cast: Cast) -> None:
    unheard, unread, old, everyone = (_message_named(cast, name) for name in ("a", "b", "c", "d"))
    Message.objects.filter(pk=everyone.pk).update(audience=Audience.ALL)
    for one in (unread, old, everyone):
        spoken(one, "ar", by=cast.viewer("mediator"))
    _check(cast, unheard, "ar")
    _check(cast, unread, "ar", medium=Medium.VOICE)
    _check(cast, old, "ar")
    _check(cast, everyone, "ar")
    Message.objects.filter(pk=old.pk).update(expires_on=clock.today() - timedelta(days=1), written_on="2020-01-01")

    assert clips.work(clock.now()) == 0
    assert Clip.objects.count() == 0


def _message_named(cast: Cast, name: str) -> Message:
    made = _message(cast)
    Message.objects.filter(pk=made.pk).update(slug=name)
    return Message.objects.get(pk=made.pk)


def test_a_message_that_someone_filmed_has_no_drawn_video(cast: Cast) -> None:
    message = _message(cast)
    spoken(message, "fr", by=cast.viewer("mediator"))
    made = voices.film(message, language="fr", media=filmed(message), by=cast.viewer("mediator"))
    _check(cast, message, "fr")
    assert made.medium == Medium.VIDEO and clips.work(clock.now()) == 0


def test_another_word_takes_the_video_away_until_it_is_made_anew(cast: Cast) -> None:
    message = _with_its_video(cast)
    first = _made(message).media
    url, page = f"/film/{first.pk}.mp4", f"/porte/lille/fr/comprendre/{message.slug}/"
    assert Client().get(url).status_code == 200 and f"{url}?garder" in Client().get(page).content.decode()

    segment = message.segments.get(position=1)
    actions.reword(segment, line=actions.Line("Appelle le 3114."), change=Change.MINOR, by=cast.viewer("lead"))
    assert Client().get(url).status_code == 200  # nobody else has read it yet
    actions.accept(segment, read=Segment.objects.get(pk=segment.pk).mark, by=cast.viewer("mediator"))

    assert Client().get(url).status_code == 404 and url not in Client().get(page).content.decode()
    assert clips.work(clock.now() + clips.EVERY * 2) == 1
    second = _made(message).media
    assert second.pk != first.pk and Client().get(f"/film/{second.pk}.mp4").status_code == 200
    with clock.fixed(clock.now() + timedelta(days=2)):
        clean_up(clock.now())
    assert not media.path_of(first).exists() and media.path_of(second).exists()


def test_a_network_that_takes_another_name_has_its_videos_drawn_again(cast: Cast) -> None:
    message = _with_its_video(cast)
    url = f"/film/{_made(message).media.pk}.mp4"

    type(cast.lille).objects.filter(pk=cast.lille.pk).update(name="Santé à Lille")

    assert Client().get(url).status_code == 404
    assert clips.work(clock.now() + clips.EVERY * 2) == 1


@pytest.mark.parametrize("position", [0, 1])
def test_a_sentence_taken_away_for_safety_takes_the_video_away(cast: Cast, position: int) -> None:
    message = _with_its_video(cast)
    url = f"/film/{_made(message).media.pk}.mp4"
    segment = message.segments.get(position=position)

    actions.reword(segment, line=actions.Line("Autrement."), change=Change.SAFETY, by=cast.viewer("lead"))

    assert Client().get(url).status_code == 404
    assert clips.work(clock.now() + clips.EVERY * 2) == 0


def test_words_from_right_to_left_have_their_video_too(cast: Cast) -> None:
    message = _message(cast)
    spoken(message, "ar", by=cast.viewer("mediator"))
    _check(cast, message, "ar")

    assert clips.work(clock.now()) == 1
    shown = queries.shown(message, "ar", clock.today(), unchecked=False)
    assert clips.clip_of(shown, "ar") == _made(message, "ar").media


def test_a_script_without_letters_on_this_computer_has_no_video(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clips, "_families", lambda: frozenset({"Libertinus Serif", "Noto Naskh Arabic"}))

    assert [clips.can_draw(LANGUAGES[code]) for code in ("fr", "ru", "ar", "ta", "zh")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_what_could_not_be_made_is_not_tried_again_and_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    message = _message(cast)
    spoken(message, "fr", by=cast.viewer("mediator"))
    _check(cast, message, "fr")
    media.path_of(message.whole_voices.get().media).unlink()

    with pytest.raises(FileNotFoundError):
        clips.work(clock.now())

    assert clips.work(clock.now()) == 0 and [path for path in media.folder().iterdir() if "part" in path.suffix] == []


def test_a_video_that_nobody_may_see_any_more_leaves_the_disk(cast: Cast) -> None:
    message = _with_its_video(cast)
    files = [media.path_of(_made(message).media), media.path_of(message.whole_voices.get().media)]
    clean_up(clock.now() + timedelta(days=2))
    assert [path.exists() for path in files] == [True, True]

    for row in Rendition.objects.filter(segment__message=message, language="fr", medium=Medium.VOICE):
        actions.refuse(row, by=cast.viewer("lead"))
    clean_up(clock.now() + timedelta(days=10))

    assert (Clip.objects.count(), message.whole_voices.count()) == (0, 0)
    assert [path.exists() for path in files] == [False, False]


@pytest.mark.parametrize(("fault", "made"), [(OSError(28, "full"), 1), (OperationalError(), 1), (ValueError(), 0)])
def test_a_fault_that_passes_does_not_give_a_video_up(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, fault: Exception, made: int
) -> None:
    message = _message(cast)
    spoken(message, "fr", by=cast.viewer("mediator"))
    _check(cast, message, "fr")

    def failing(*_args: object) -> None:
        raise fault

    with monkeypatch.context() as fixed:
        fixed.setattr(media, "keep_clip", failing)
        with pytest.raises(type(fault)):
            clips.work(clock.now())

    assert clips.work(clock.now()) == 0  # not at every turn
    assert clips.work(clock.now() + clips.EVERY * 2) == made


def test_a_message_too_old_to_follow_is_not_passed_on_as_a_video(cast: Cast) -> None:
    message = _with_its_video(cast)
    page = f"/porte/lille/fr/comprendre/{message.slug}/"
    assert "?garder" in Client().get(page).content.decode()

    with clock.fixed(clock.now() + timedelta(days=40)):
        assert f"/film/{_made(message).media_id}.mp4" not in Client().get(page).content.decode()

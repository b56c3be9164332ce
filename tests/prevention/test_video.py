"""A film becomes two small ones and a poster, or nothing; its subtitles are its sentences."""

import secrets
from datetime import timedelta
from pathlib import Path

import av
import pytest
from django.test import Client

from allervers.core import clock
from allervers.prevention import actions, errors, media, video, voices
from allervers.prevention.enums import Medium
from allervers.prevention.models import Media, Message, Rendition
from tests.cast import Cast
from tests.prevention.sounds import film, noise
from tests.prevention.voiced import filmed


def _shape(path: Path) -> tuple[str, int, int, str]:
    with av.open(str(path)) as held:
        images, voice = held.streams.video[0].codec_context, held.streams.audio[0].codec_context
        return images.name, images.width, images.height, voice.name


@pytest.fixture
def message(cast: Cast) -> Message:
    today = clock.today()
    made = actions.write(
        cast.lille,
        title="Il fait très chaud",
        lines=[actions.Line("Buvez de l’eau & <reposez-vous>.", "glass")],
        terms=actions.Terms("sun", today, today + timedelta(days=30)),
        by=cast.viewer("mediator"),
    )
    actions.publish(made, by=cast.viewer("lead"))
    return made


@pytest.mark.parametrize(("lines", "width"), [(video.SMALL, 256), (video.LARGE, 640)])
def test_a_film_is_made_small_with_its_sound_and_without_its_metadata(tmp_path: Path, lines: int, width: int) -> None:
    source = film(tmp_path / "in.exe", 3, width=1280, height=720, title="Madame Zarrouk")

    made = video.encode(source, tmp_path / "out.mp4", lines=lines)

    assert _shape(made.path) == ("h264", width, lines, "aac")
    assert made.seconds == pytest.approx(3, abs=0.2) and made.size == made.path.stat().st_size
    assert b"Zarrouk" in source.read_bytes() and b"Zarrouk" not in made.path.read_bytes()


def test_a_small_film_is_not_made_larger(tmp_path: Path) -> None:
    made = video.encode(film(tmp_path / "in.mkv", 1, width=160, height=120), tmp_path / "out.mp4", lines=video.LARGE)

    assert _shape(made.path)[1:3] == (160, 120)


def _cut(path: Path) -> Path:
    whole = video.encode(film(path.with_suffix(".mkv"), 3), path.with_suffix(".whole"), lines=video.SMALL).path
    path.write_bytes(whole.read_bytes()[:500])
    return path


@pytest.mark.parametrize(
    "make",
    [
        lambda path: noise(path, 2),
        lambda path: path.write_bytes(b"MZ" + secrets.token_bytes(9000)) and path,
        lambda path: path.touch() or path,
        _cut,
    ],
    ids=["a sound", "a program", "empty", "cut"],
)
def test_what_is_not_a_film_is_refused_and_nothing_stays(cast: Cast, settings, tmp_path: Path, make) -> None:
    settings.DATA_DIR = tmp_path / "data"

    with pytest.raises(errors.NotAFilm):
        media.keep_film(make(tmp_path / "film.mp4"), cast.lille.pk)

    assert [path.name for path in media.folder().iterdir() if path.is_file()] == []
    assert Media.objects.count() == 0


def test_a_film_is_seen_once_a_second_speaker_checked_it(cast: Cast, message: Message) -> None:
    made = voices.film(message, language="fsl", media=filmed(message), by=cast.viewer("mediator"))
    small, large, poster = (Media.objects.get(kind=kind) for kind in ("small", "large", "poster"))
    files = [f"/film/{small.pk}.mp4", f"/film/{large.pk}.mp4", f"/film/{poster.pk}.jpg", f"/film/{small.pk}.vtt"]
    assert made.medium == Medium.VIDEO and small.main is None and {large.main, poster.main} == {small}
    page = f"/porte/lille/fsl/comprendre/{message.slug}/"
    assert [Client().get(url).status_code for url in files] == [404] * 4
    assert "<video" not in Client().get(page).content.decode()

    actions.check(made, version=1, by=cast.viewer("lead"))

    answers = [Client().get(url) for url in files]
    assert [answer.status_code for answer in answers] == [200] * 4
    kinds = [answer.headers["Content-Type"] for answer in answers]
    assert kinds == ["video/mp4", "video/mp4", "image/jpeg", "text/vtt; charset=utf-8"]
    shown = Client().get(page).content.decode()
    assert all(url in shown for url in files)
    assert Client().get(f"/film/{small.pk}.jpg").status_code == 404
    assert Client().get(f"/son/{small.pk}.ogg").status_code == 404
    assert Client().get(f"/film/{small.pk}.mp4?garder").headers["Content-Disposition"].startswith("attachment")

    actions.refuse(Rendition.objects.get(pk=made.pk), by=cast.viewer("lead"))
    assert cast.client("lead").get(files[-1]).content == b"WEBVTT\n"

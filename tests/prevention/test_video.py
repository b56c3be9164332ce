"""A film becomes two small ones and a poster, or nothing; its subtitles are its sentences."""

import resource
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
from tests.prevention.sounds import film, huge_image, noise, shifted_film, still_clock, turned_film
from tests.prevention.voiced import filmed

pytestmark = pytest.mark.slow  # each makes a film


def _shape(path: Path) -> tuple[str, int, int, str]:
    with av.open(str(path)) as held:
        images, voice = held.streams.video[0].codec_context, held.streams.audio[0].codec_context
        return images.name, images.width, images.height, voice.name


@pytest.fixture
def message(cast: Cast) -> Message:
    today = clock.today()
    made = actions.write(
        cast.lille,
        title=actions.Line("Il fait très chaud", "sun"),
        lines=[actions.Line("Buvez de l’eau & <reposez-vous>.", "glass")],
        terms=actions.Terms(today, today + timedelta(days=30)),
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


@pytest.mark.parametrize(
    ("degrees", "shape", "white"),
    [(0, (640, 360), "left"), (90, (360, 640), "top"), (180, (640, 360), "right"), (270, (360, 640), "bottom")],
)
def test_a_telephone_held_upright_makes_an_upright_film(
    tmp_path: Path, degrees: int, shape: tuple[int, int], white: str
) -> None:
    source = turned_film(tmp_path / "in.mp4", degrees, width=1280, height=720)

    films = video.run(video.make(source, {video.LARGE: tmp_path / "l.mp4", video.SMALL: tmp_path / "s.mp4"}))

    for lines, film_made in films.items():
        with av.open(str(film_made.path)) as held:
            image = next(held.decode(video=0))
        width, height = (side * lines // video.LARGE for side in shape)
        assert (image.width, image.height, image.rotation) == (width, height, 0)
        spots = {"left": (2, height // 2), "right": (width - 3, height // 2)}
        spots |= {"top": (width // 2, 2), "bottom": (width // 2, height - 3)}
        held_luma = bytes(image.planes[0])
        luma = {where: held_luma[y * image.planes[0].line_size + x] for where, (x, y) in spots.items()}
        opposite = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}[white]
        assert luma[white] > 200 > 50 > luma[opposite]


def test_the_short_side_is_counted(tmp_path: Path) -> None:
    made = video.encode(film(tmp_path / "in.mkv", 1, width=720, height=1280), tmp_path / "o.mp4", lines=video.SMALL)

    assert _shape(made.path)[1:3] == (144, 256)


def test_progress_is_told_and_a_film_left_half_way_leaves_nothing(tmp_path: Path) -> None:
    steps = video.make(film(tmp_path / "in.mkv", 4), {video.SMALL: tmp_path / "out.mp4"})

    shares = [next(steps), next(steps)]
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == [".out.mp4.part"]
    steps.close()

    assert 0 < shares[0] < shares[1] < 1
    assert [path.name for path in tmp_path.iterdir()] == ["in.mkv"]


def test_a_film_too_long_too_heavy_or_too_wide_is_refused_at_once(tmp_path: Path, monkeypatch) -> None:
    source = film(tmp_path / "in.mp4", 3, width=320, height=240, kind="mp4")
    assert video.look(source).seconds == pytest.approx(3, abs=0.2)

    for name, value, refused in (
        ("allervers.prevention.formats.MAX_SECONDS", 2, errors.TooLong),
        ("allervers.prevention.formats.MAX_FILM_BYTES", 999, errors.FilmTooBig),
        ("allervers.prevention.video._MOST_PIXELS", 999, errors.FilmTooWide),
    ):
        with monkeypatch.context() as fixed:
            fixed.setattr(name, value)
            with pytest.raises(refused):
                video.look(source)


def test_a_browsers_film_says_no_length_and_is_measured_while_it_is_made(tmp_path: Path, monkeypatch) -> None:
    source = film(tmp_path / "in.webm", 3, kind="webm", live=True)
    assert video.look(source).seconds == 0
    monkeypatch.setattr("allervers.prevention.formats.MAX_SECONDS", 2)

    with pytest.raises(errors.TooLong):
        video.encode(source, tmp_path / "out.mp4", lines=video.SMALL)

    assert [path.name for path in tmp_path.iterdir()] == ["in.webm"]


def test_a_film_that_ends_before_its_end_is_cut(tmp_path: Path) -> None:
    whole = video.encode(film(tmp_path / "in.mkv", 6), tmp_path / "whole.mp4", lines=video.SMALL).path.read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) // 2])

    assert video.look(tmp_path / "cut.mp4").seconds == pytest.approx(6, abs=0.2)  # its header came first
    with pytest.raises(errors.Broken):
        video.encode(tmp_path / "cut.mp4", tmp_path / "out.mp4", lines=video.SMALL)


def _cut(path: Path) -> Path:
    whole = video.encode(film(path.with_suffix(".mkv"), 3), path.with_suffix(".whole"), lines=video.SMALL).path
    path.write_bytes(whole.read_bytes()[:500])
    return path


@pytest.mark.parametrize(
    ("make", "refused"),
    [
        (lambda path: noise(path, 2), errors.NotAFilm),
        (lambda path: path.write_bytes(b"MZ" + secrets.token_bytes(9000)) and path, errors.NotAFilm),
        (lambda path: path.touch() or path, errors.NotAFilm),
        (_cut, errors.Broken),
    ],
    ids=["a sound", "a program", "empty", "cut"],
)
def test_what_is_not_a_film_is_refused_and_nothing_stays(cast: Cast, settings, tmp_path: Path, make, refused) -> None:
    settings.DATA_DIR = tmp_path / "data"

    with pytest.raises(refused):
        media.keep_film(make(tmp_path / "film.mp4"), cast.lille.pk)

    assert [path.name for path in media.folder().iterdir() if path.is_file()] == []
    assert Media.objects.count() == 0


@pytest.mark.parametrize("small_first", [0, 3])
def test_a_small_file_with_a_huge_image_is_refused_before_it_is_decoded(tmp_path: Path, small_first: int) -> None:
    source = huge_image(tmp_path / "in.mov", small_first=small_first)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(errors.FilmTooWide):
        video.encode(source, tmp_path / "out.mp4", lines=video.SMALL)

    assert source.stat().st_size < 1_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 120_000  # kilobytes; decoded, it is 180 MB


def test_looking_has_an_end(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(video, "_PATIENCE_OF_LOOKING", -1)

    with pytest.raises(errors.NotMade):
        video.look(film(tmp_path / "in.mkv", 1))


def test_images_whose_clock_stands_still_hold_nobody(tmp_path: Path, monkeypatch) -> None:
    with pytest.raises(errors.Broken):
        video.encode(still_clock(tmp_path / "many.mkv", 4000), tmp_path / "out.mp4", lines=video.SMALL)

    some = still_clock(tmp_path / "some.mkv", 400)
    clocks = iter(range(100_000))
    monkeypatch.setattr(video.time, "monotonic", lambda: next(clocks))  # each look at it, a second later
    steps = video.make(some, {video.SMALL: tmp_path / "out.mp4"})
    assert [next(steps) <= 1 for _step in range(9)] == [True] * 9
    steps.close()

    monkeypatch.setattr(video, "_PATIENCE", 50)
    with pytest.raises(errors.NotMade):
        video.encode(some, tmp_path / "out.mp4", lines=video.SMALL)


@pytest.mark.parametrize(("images_at", "sound_at"), [(0, 0), (10, 10), (2, 0), (0, 2)])
def test_what_is_seen_and_heard_together_stays_together(tmp_path: Path, images_at: int, sound_at: int) -> None:
    source = shifted_film(tmp_path / "in.mkv", images_at=images_at, sound_at=sound_at)
    start = min(images_at, sound_at)

    made = video.encode(source, tmp_path / "out.mp4", lines=video.SMALL)

    with av.open(str(made.path)) as held:
        white = next(image.time for image in held.decode(video=0) if bytes(image.planes[0])[5] > 150)
    with av.open(str(made.path)) as held:
        loud = next(one.time for one in held.decode(audio=0) if max(memoryview(bytes(one.planes[0])).cast("f")) > 0.2)
    assert white == pytest.approx(images_at - start + 1, abs=0.15)
    assert loud == pytest.approx(sound_at - start + 1, abs=0.15)


def test_a_film_under_a_second_is_too_short(tmp_path: Path) -> None:
    with pytest.raises(errors.TooShort):
        video.encode(still_clock(tmp_path / "in.mkv", 20), tmp_path / "out.mp4", lines=video.SMALL)


def test_a_film_is_seen_once_a_second_speaker_checked_it(cast: Cast, message: Message) -> None:
    made = voices.film(message, language="fsl", media=filmed(message), by=cast.viewer("mediator"))
    small, large, poster = (Media.objects.get(kind=kind) for kind in ("small", "large", "poster"))
    files = [f"/film/{small.pk}.mp4", f"/film/{large.pk}.mp4", f"/film/{poster.pk}.jpg", f"/film/{small.pk}.vtt"]
    assert made.medium == Medium.VIDEO and small.main is None and {large.main, poster.main} == {small}
    page = f"/porte/lille/fsl/comprendre/{message.slug}/"
    assert [Client().get(url).status_code for url in files] == [404] * 4
    assert "<video" not in Client().get(page).content.decode()

    actions.check(made, version=made.french, by=cast.viewer("lead"))

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

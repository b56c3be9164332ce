"""A film on its way: kept until the worker has made it, begun again after a kill, said once, or refused with its reason."""

import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import av
import pytest

from allervers.core import clock
from allervers.journal.models import Event
from allervers.outbox import worker
from allervers.prevention import actions, errors, films, media, video, voices
from allervers.prevention.duties import clean_up, tick
from allervers.prevention.enums import Change, InvitationKind, RenditionState, SentState
from allervers.prevention.models import Media, Message, Rendition, Segment, SentFilm
from tests.cast import Cast
from tests.prevention.sounds import film
from tests.prevention.voiced import filmed

pytestmark = pytest.mark.slow  # each makes a film


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setattr(films, "_SLICE", 60.0)
    yield
    films._in_hand = None
    for one in _dead:
        with suppress(OSError, errors.Unusable):
            one.steps.close()
    _dead.clear()


@pytest.fixture
def message(cast: Cast) -> Message:
    today = clock.today()
    made = actions.write(
        cast.lille,
        title=actions.Line("Il fait très chaud", "sun"),
        lines=[actions.Line("Buvez de l’eau.", "glass")],
        terms=actions.Terms(today, today + timedelta(days=90)),
        by=cast.viewer("mediator"),
    )
    actions.publish(made, by=cast.viewer("lead"))
    return made


@pytest.fixture
def send(cast: Cast, message: Message, tmp_path: Path) -> Callable[..., SentFilm]:
    whole = film(tmp_path / "sent.mkv", 3).read_bytes()

    def send_(held: bytes = b"", *, by: object = None, language: str = "fsl") -> SentFilm:
        source = media.parts_folder() / "in.part"
        source.write_bytes(held or whole)
        digest = hashlib.sha256(held or whole).hexdigest()
        return films.receive_file(source, message, language=language, by=by or cast.viewer("mediator"), sha256=digest)

    return send_


_dead: list[films._Work] = []


def _files() -> list[str]:
    return sorted(
        path.name for place in (media.folder(), media.parts_folder()) for path in place.iterdir() if path.is_file()
    )


def _killed() -> None:
    """The process that made it is no more: nothing of it runs, its files lie where they were."""
    _dead.append(films._in_hand)  # closing it would clean up, as a kill does not
    films._in_hand = None


def test_a_film_waits_then_is_made_and_waits_for_a_second_speaker(cast: Cast, message: Message, send) -> None:
    sent = send()
    assert (sent.state, _files()) == (SentState.WAITING, [f"{sent.name}.film"])

    assert tick(clock.now())["films"] == 1

    made = Rendition.objects.get(medium="video")
    assert (made.language, made.state, made.made_by) == ("fsl", RenditionState.TO_CHECK, sent.sent_by)
    assert made.media is not None and made.media.source_sha256 == sent.sha256
    assert sorted(Media.objects.values_list("kind", flat=True)) == ["large", "poster", "small"]
    assert _files() == sorted(Media.objects.values_list("name", flat=True))
    assert (SentFilm.objects.count(), tick(clock.now())["films"]) == (0, 0)
    assert Event.objects.get(kind="rendition.made").actor_id == sent.sent_by


def test_a_turn_is_short_and_says_how_far_it_is(send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(films, "_SLICE", 0.0001)
    sent, told = send(), []

    for _turn in range(40):
        if not films.work(clock.now()):
            break
        told += SentFilm.objects.values_list("percent", flat=True)

    assert 0 < told[0] < 100 and told == sorted(told) and len(told) >= 2
    assert not SentFilm.objects.filter(pk=sent.pk).exists() and Rendition.objects.filter(medium="video").exists()


def test_a_worker_killed_half_way_begins_again_and_nothing_half_made_remains(
    send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(films, "_SLICE", 0.0001)
    now, sent = clock.now(), send()
    films.work(now)
    _killed()
    assert [name for name in _files() if name.endswith(".part")] == [
        f".{sent.name}-1-large.mp4.part",
        f".{sent.name}-1-small.mp4.part",
    ]
    monkeypatch.setattr(films, "_SLICE", 60.0)

    assert films.work(now + timedelta(seconds=30)) == 0  # another worker may still be at it
    assert films.work(now + films.HOLD + timedelta(seconds=1)) == 1

    assert Rendition.objects.filter(medium="video").count() == 1 and SentFilm.objects.count() == 0
    assert _files() == sorted(Media.objects.values_list("name", flat=True))


def test_the_worker_that_slept_and_comes_back_changes_nothing(send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(films, "_SLICE", 0.0001)
    now = clock.now()
    send()
    films.work(now)
    slept, films._in_hand = films._in_hand, None
    monkeypatch.setattr(films, "_SLICE", 60.0)
    films.work(now + films.HOLD + timedelta(seconds=1))
    before = (Rendition.objects.get(medium="video").media_id, _files(), Event.objects.count())

    films._in_hand = slept
    assert films.work(now + films.HOLD + timedelta(seconds=2)) == 1

    assert (Rendition.objects.get(medium="video").media_id, Event.objects.count()) == (before[0], before[2])
    assert all((media.folder() / name).exists() for name in Media.objects.values_list("name", flat=True))


def test_a_film_that_kills_every_worker_is_given_up_and_may_be_begun_again(
    cast: Cast, send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(films, "_SLICE", 0.0001)
    now, sent = clock.now(), send()
    for _kill in range(films.TRIES):
        films.work(now)
        _killed()
        now += films.HOLD + timedelta(seconds=1)

    films.work(now)

    sent.refresh_from_db()
    assert (sent.state, sent.why) == (SentState.FAILED, "NotMade")
    assert "arrêtée plusieurs fois" in errors.why(sent.why)
    assert films.begin_again(sent, by=cast.viewer("lead")) is True
    monkeypatch.setattr(films, "_SLICE", 60.0)
    films.work(now)
    assert Rendition.objects.filter(medium="video").count() == 1


def test_a_film_that_only_shows_its_fault_while_it_is_made_says_why_and_is_not_kept(
    send, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send(film(tmp_path / "long.webm", 3, kind="webm", live=True).read_bytes())
    monkeypatch.setattr("allervers.prevention.formats.MAX_SECONDS", 2)

    films.work(clock.now())

    sent.refresh_from_db()
    assert (sent.state, sent.why, _files()) == (SentState.FAILED, "TooLong", [])
    assert errors.why(sent.why) == "C’est trop long : 10 minutes au plus."
    assert '"why":"TooLong"' in Event.objects.get(kind="film.failed").text.replace(" ", "")
    assert clean_up(clock.now() + timedelta(days=8))["films_forgotten"] == 1


def test_a_disk_that_is_full_loses_no_film(send, monkeypatch: pytest.MonkeyPatch) -> None:
    now, sent = clock.now(), send()

    def full(*_args: object) -> Iterator[float]:
        yield 0.1
        raise av.error.OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as fixed:
        fixed.setattr(video, "_made", full)
        with pytest.raises(OSError, match="No space"):
            films.work(now)
    assert _files() == [f"{sent.name}.film"]

    films.work(now + films.HOLD + timedelta(seconds=1))

    assert Rendition.objects.filter(medium="video").count() == 1


def test_what_is_no_film_is_refused_at_once(send) -> None:
    with pytest.raises(errors.NotAFilm):
        send(b"MZ" + bytes(range(256)) * 40)

    assert SentFilm.objects.count() == 0


def test_french_that_changes_during_the_making_asks_for_another_film(cast: Cast, message: Message, send) -> None:
    sent = send()
    segment = message.segments.get(position=1)
    actions.reword(segment, line=actions.Line("Buvez souvent."), change=Change.MINOR, by=cast.viewer("lead"))
    actions.accept(segment, read=Segment.objects.get(pk=segment.pk).mark, by=cast.viewer("mediator"))

    films.work(clock.now())

    sent.refresh_from_db()
    assert (sent.state, sent.why, _files()) == (SentState.FAILED, "Outdated", [])
    assert Rendition.objects.count() == Media.objects.count() == 0


def test_a_link_never_takes_the_place_of_a_film_that_was_approved(cast: Cast, message: Message, send) -> None:
    link, _token, _code = voices.invite(message, language="fsl", kind=InvitationKind.FILM, by=cast.viewer("lead"))
    sent = send(by=link)
    approved = voices.film(message, language="fsl", media=filmed(message), by=cast.viewer("mediator"))
    actions.check(approved, version=approved.french, by=cast.viewer("lead"))
    with pytest.raises(errors.AlreadyFilmed):
        films.check_may_film(message, language="fsl", edition=message.edition, by=link)
    films.check_may_film(message, language="fsl", edition=message.edition, by=cast.viewer("mediator"))

    films.work(clock.now())

    sent.refresh_from_db()
    assert sent.why == "AlreadyFilmed" and Rendition.objects.get(medium="video").media_id == approved.media_id


def test_another_film_of_the_same_person_takes_the_place_of_the_one_that_waits(
    cast: Cast, send, tmp_path: Path
) -> None:
    first, other = send(), send(by=cast.viewer("lead"))
    second = send(film(tmp_path / "again.mkv", 2).read_bytes())

    assert set(SentFilm.objects.values_list("pk", flat=True)) == {other.pk, second.pk}
    assert _files() == sorted([f"{other.name}.film", f"{second.name}.film"]) and first.name not in "".join(_files())


def test_waiting_films_are_spared_by_the_clean_up_and_forgotten_ones_are_not(cast: Cast, send) -> None:
    sent, later = send(), clock.now() + timedelta(days=8)
    stray = media.waiting_path("0" * 32)
    stray.write_bytes(b"cut between file and row")
    os.utime(media.waiting_path(sent.name), (1, 1))
    os.utime(stray, (1, 1))

    clean_up(later)
    assert _files() == [f"{sent.name}.film"]
    films.forget(sent, by=cast.viewer("lead"))

    assert (_files(), SentFilm.objects.count()) == ([], 0)


def test_a_newer_film_of_hers_takes_the_place_of_the_one_being_made(send, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(films, "_SLICE", 0.0001)
    older = send()
    films.work(clock.now())
    assert SentFilm.objects.get().state == SentState.MAKING

    newer = send(film(tmp_path / "newer.mkv", 2).read_bytes())
    monkeypatch.setattr(films, "_SLICE", 60.0)
    for _turn in range(3):
        films.work(clock.now())

    assert Rendition.objects.get(medium="video").media.source_sha256 == newer.sha256 != older.sha256
    assert _files() == sorted(Media.objects.values_list("name", flat=True))


def test_a_film_that_was_taken_away_may_be_sent_again(cast: Cast, message: Message, send) -> None:
    sent, by = send(), cast.viewer("mediator")
    films.work(clock.now())
    assert films.already_sent(message, language="fsl", sha256=sent.sha256, by=by)

    Rendition.objects.filter(medium="video").update(state=RenditionState.WITHDRAWN)

    assert not films.already_sent(message, language="fsl", sha256=sent.sha256, by=by)


def test_a_worker_told_to_stop_gives_its_film_back_and_counts_no_try(send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(films, "_SLICE", 0.0001)
    sent = send()
    for _restart in range(films.TRIES + 1):
        films.work(clock.now())
        worker.end()

    sent.refresh_from_db()
    assert (sent.state, sent.tries, _files()) == (SentState.WAITING, 0, [f"{sent.name}.film"])
    monkeypatch.setattr(films, "_SLICE", 60.0)
    assert films.work(clock.now()) == 1 and SentFilm.objects.count() == 0


def test_without_room_on_the_disk_no_film_is_taken(cast: Cast, message: Message, monkeypatch) -> None:
    monkeypatch.setattr(films.shutil, "disk_usage", lambda _place: SimpleNamespace(free=films.ROOM - 1))

    with pytest.raises(errors.NoRoom):
        films.check_may_film(message, language="fsl", edition=message.edition, by=cast.viewer("mediator"))

"""The media folder: files of ours under names drawn at random, each with its row. The file is there before its row."""

import secrets
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from allervers.prevention import formats
from allervers.prevention.enums import MediaKind
from allervers.prevention.models import Clip, Media, Rendition, SentFilm, WholeVoice

_UNUSED_FOR = timedelta(days=1)
_CUT_FOR = timedelta(days=7)


def folder() -> Path:
    path = Path(settings.DATA_DIR) / "media"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def parts_folder() -> Path:
    """Where what is being sent waits for its end."""
    path = folder() / "parts"
    path.mkdir(exist_ok=True, mode=0o700)
    return path


def path_of(media: Media) -> Path:
    return folder() / media.name


def keep_voice(source: Path, network_id: UUID, *, source_sha256: str = "") -> Media:
    """A recording made small. Outside any transaction: its file stands before its row. Raises an `errors.Unusable`."""
    from allervers.prevention import sound  # FFmpeg: see `formats`

    return keep(network_id, lambda target: sound.encode(source, target), source_sha256=source_sha256)


def keep(network_id: UUID, make: Callable[[Path], formats.Made], *, source_sha256: str = "") -> Media:
    """The file that `make` writes, and its row."""
    target = folder() / f"{secrets.token_hex(16)}.ogg"
    made = make(target)
    try:
        return Media.objects.create(
            network_id=network_id,
            kind=MediaKind.VOICE,
            mime=formats.VOICE_MIME,
            name=target.name,
            size=made.size,
            seconds=made.seconds,
            sha256=made.sha256,
            source_sha256=source_sha256,
        )
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def keep_film(source: Path, network_id: UUID, *, source_sha256: str = "") -> Media:
    """A film made small, in one go. Raises an `errors.Unusable`; all of it stands or nothing."""
    from allervers.prevention import video  # FFmpeg: see `formats`

    made = video.run(film_steps(source, name=secrets.token_hex(16)))
    with unless_kept(made), transaction.atomic():
        return film_rows(made, network_id, source_sha256=source_sha256)


MadeFilm = dict[MediaKind, formats.Made]


def film_steps(source: Path, *, name: str) -> Generator[float, None, MadeFilm]:
    """The files of a film, step by step: 144 lines, 360 lines, a poster. Minutes of work: the worker's, not a page's. `name` is
    drawn at random, and no other try's. Closed half-way, it leaves nothing.
    """
    from allervers.prevention import video  # FFmpeg: see `formats`

    names = {kind: folder() / f"{name}-{kind}{suffix}" for kind, suffix in _FILM.items()}
    sizes = {video.SMALL: names[MediaKind.SMALL], video.LARGE: names[MediaKind.LARGE]}
    try:
        films = yield from video.make(source, sizes)
        poster = video.poster(names[MediaKind.LARGE], names[MediaKind.POSTER])
    except BaseException:
        for path in names.values():
            path.unlink(missing_ok=True)
        raise
    return {MediaKind.SMALL: films[video.SMALL], MediaKind.LARGE: films[video.LARGE], MediaKind.POSTER: poster}


def film_rows(made: MadeFilm, network_id: UUID, *, source_sha256: str) -> Media:
    """The rows of these files: the smallest, to which the others hang. In a transaction."""
    main = _row(network_id, MediaKind.SMALL, made[MediaKind.SMALL], source_sha256=source_sha256)
    for kind in (MediaKind.LARGE, MediaKind.POSTER):
        _row(network_id, kind, made[kind], source_sha256=source_sha256, main=main)
    return main


@contextmanager
def unless_kept(made: MadeFilm) -> Iterator[None]:
    """Files whose rows do not come to stand are gone too."""
    try:
        yield
    except BaseException:
        for one in made.values():
            one.path.unlink(missing_ok=True)
        raise


_FILM = {MediaKind.SMALL: ".mp4", MediaKind.LARGE: ".mp4", MediaKind.POSTER: ".jpg"}


def keep_clip(network_id: UUID, make: Callable[[Path], formats.Made]) -> Media:
    """The upright video that `make` writes, and its row."""
    target = folder() / f"{secrets.token_hex(16)}.mp4"
    try:
        return _row(network_id, MediaKind.CLIP, make(target))
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _row(
    network_id: UUID, kind: MediaKind, made: formats.Made, *, source_sha256: str = "", main: Media | None = None
) -> Media:
    return Media.objects.create(
        network_id=network_id,
        kind=kind,
        mime=formats.POSTER_MIME if kind == MediaKind.POSTER else formats.FILM_MIME,
        name=made.path.name,
        size=made.size,
        seconds=made.seconds,
        sha256=made.sha256,
        source_sha256=source_sha256,
        main=main,
    )


def forget_made_of(name: str) -> None:
    """Whatever a film of this name became in tries that were cut."""
    for path in folder().glob(f"*{name}-*"):
        path.unlink(missing_ok=True)


def waiting_path(name: str) -> Path:
    """Where a film that came waits for the worker; its `name` is a row's."""
    return parts_folder() / f"{name}.film"


def copy(media: Media) -> Media:
    """The same sound under another name, for another row to hold alone."""

    def link(target: Path) -> formats.Made:
        shutil.copyfile(path_of(media), target)
        return formats.Made(target, media.seconds, media.size, media.sha256)

    return keep(media.network_id, link)


def forget_unused(now: datetime) -> int:
    """Rows that nothing makes heard any more, then files without a row, a day later; sendings cut a week ago, films that
    wait for the worker apart."""
    holders = (Rendition.objects.exclude(media=None), WholeVoice.objects.all(), Clip.objects.all())
    used = Q()
    for rows_that_hold in holders:
        used |= Q(pk__in=rows_that_hold.values("media"))
    old = Media.objects.filter(main=None, created_at__lt=now - _UNUSED_FOR).exclude(used)
    rows = old.delete()[0]
    named = set(Media.objects.values_list("name", flat=True))
    gone = [path for path in _older(folder(), now - _UNUSED_FOR) if path.name not in named]
    waiting = {waiting_path(name) for name in SentFilm.objects.values_list("name", flat=True)}
    gone += [path for path in _older(parts_folder(), now - _CUT_FOR) if path not in waiting]
    for path in gone:
        path.unlink(missing_ok=True)
    return rows + len(gone)


def _older(place: Path, moment: datetime) -> list[Path]:
    files = [path for path in place.iterdir() if path.is_file()]
    return [path for path in files if datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment]

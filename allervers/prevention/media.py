"""The media folder: files of ours under names drawn at random, each with its row. The file is there before its row."""

import secrets
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from allervers.prevention import formats
from allervers.prevention.enums import MediaKind
from allervers.prevention.models import Media, Rendition, WholeVoice

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
    """A film made small: its 144 lines, to which its 360 lines and its poster hang. Minutes of work: the worker's, not a
    page's. Raises an `errors.Unusable`; all of it stands or nothing."""
    from allervers.prevention import video  # FFmpeg: see `formats`

    names = {kind: folder() / f"{secrets.token_hex(16)}{suffix}" for kind, suffix in _FILM.items()}
    try:
        made = {
            MediaKind.SMALL: video.encode(source, names[MediaKind.SMALL], lines=video.SMALL),
            MediaKind.LARGE: video.encode(source, names[MediaKind.LARGE], lines=video.LARGE),
            MediaKind.POSTER: video.poster(names[MediaKind.LARGE], names[MediaKind.POSTER]),
        }
        with transaction.atomic():
            main = _film_row(network_id, MediaKind.SMALL, made[MediaKind.SMALL], None, source_sha256)
            for kind in (MediaKind.LARGE, MediaKind.POSTER):
                _film_row(network_id, kind, made[kind], main, source_sha256)
        return main
    except BaseException:
        for path in names.values():
            path.unlink(missing_ok=True)
        raise


_FILM = {MediaKind.SMALL: ".mp4", MediaKind.LARGE: ".mp4", MediaKind.POSTER: ".jpg"}


def _film_row(network_id: UUID, kind: MediaKind, made: formats.Made, main: Media | None, source_sha256: str) -> Media:
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


def copy(media: Media) -> Media:
    """The same sound under another name, for another row to hold alone."""

    def link(target: Path) -> formats.Made:
        shutil.copyfile(path_of(media), target)
        return formats.Made(target, media.seconds, media.size, media.sha256)

    return keep(media.network_id, link)


def forget_unused(now: datetime) -> int:
    """Rows that nothing makes heard any more, then files without a row, a day later; sendings cut a week ago."""
    used = Q(pk__in=Rendition.objects.exclude(media=None).values("media")) | Q(
        pk__in=WholeVoice.objects.values("media")
    )
    old = Media.objects.filter(main=None, created_at__lt=now - _UNUSED_FOR).exclude(used)
    rows = old.delete()[0]
    named = set(Media.objects.values_list("name", flat=True))
    gone = [path for path in _older(folder(), now - _UNUSED_FOR) if path.name not in named]
    gone += _older(parts_folder(), now - _CUT_FOR)
    for path in gone:
        path.unlink(missing_ok=True)
    return rows + len(gone)


def _older(place: Path, moment: datetime) -> list[Path]:
    files = [path for path in place.iterdir() if path.is_file()]
    return [path for path in files if datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment]

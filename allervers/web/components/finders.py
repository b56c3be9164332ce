"""Serves the joined style files and scripts of `bundles.py` to collectstatic and to the development server alike."""

import atexit
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage, Storage

from allervers.web.components.bundles import BUNDLES, joined


@cache
def _folder() -> Path:
    """A folder of this process: both callers want real files on a disk, and neither wants them in the repository."""
    folder = Path(tempfile.mkdtemp(prefix="aller-vers-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _write(name: str) -> Path:
    path = _folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = joined(name)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    return path


class BundleFinder(BaseFinder):
    """Finds a bundle by its name; joins it again at each look, so that an edited part shows at the next reload."""

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [str(_write(path))] if path in BUNDLES else []
        return found[0] if found and not find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        storage = FileSystemStorage(location=_folder())
        for name in BUNDLES:
            _write(name)
            yield name, storage

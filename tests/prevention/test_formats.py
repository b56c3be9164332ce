"""What is said of our files without loading what makes them."""

import subprocess
import sys

from allervers.prevention import formats

_WHAT_EVERY_PAGE_LOADS = """
import sys
import config.wsgi
from django.urls import get_resolver

assert get_resolver().url_patterns
assert "allervers.prevention.media" in sys.modules
print([name for name in sys.modules if name.split(".")[0] == "av"])
"""


def test_subtitles_are_the_sentences_one_after_the_other() -> None:
    told = formats.captions([("Buvez de l’eau & <reposez-vous>.", 1.5), ("Appelez --> vite.", 3661)])

    assert told == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nBuvez de l’eau &amp; &lt;reposez-vous>.\n\n"
        "00:00:01.500 --> 01:01:02.500\nAppelez → vite.\n"
    )


def test_no_page_loads_ffmpeg_before_a_file_is_made() -> None:
    """20 MB of the site, and as much of the worker: see `bench.memory`."""
    loaded = subprocess.run([sys.executable, "-c", _WHAT_EVERY_PAGE_LOADS], capture_output=True, text=True, check=True)

    assert loaded.stdout == "[]\n"

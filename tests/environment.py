"""Loaded before Django's settings: tests have folders and keys of their own, never the installation's."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_scratch = Path(tempfile.mkdtemp(prefix="allervers-tests-"))
atexit.register(shutil.rmtree, _scratch, ignore_errors=True)
(_scratch / "keys").mkdir()
(_scratch / "keys" / "master.key").write_text("11" * 32)
(_scratch / "keys" / "secret.key").write_text("a-secret-key-for-tests-that-is-long-enough-for-django")
os.environ["ALLERVERS_DATA"] = str(_scratch)
os.environ["ALLERVERS_KEYS"] = str(_scratch / "keys")
os.environ.pop("ALLERVERS_DEMO", None)
(_scratch / "static").mkdir()
os.environ["ALLERVERS_STATIC"] = str(_scratch / "static")

"""What `make run`, `make start` and their sisters do: choose the installation, prepare it, serve it.

The demonstration and a real installation never share a folder: the first shows mails on screen and asks no second factor.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARK = "demonstration.txt"


def environment(kind: str) -> dict[str, str]:
    """The variables of one kind of installation; those that are set already win, but for its kind itself."""
    chosen = {"ALLERVERS_DATA": str(ROOT / "var")}
    if kind == "association":
        chosen["ALLERVERS_DATA"] = str(ROOT / "var" / "association")
        if not os.environ.get("MAIL_HOST"):
            chosen["ALLERVERS_CONSOLE_CODES"] = "1"
    return chosen | os.environ | {"ALLERVERS_DEMO": "1" if kind == "demonstration" else "0"}


def main(what: str, *rest: str) -> None:
    os.chdir(ROOT)
    kind = "demonstration" if what in {"demonstration", "seed"} else "association"
    os.environ.update(environment(kind))
    data = Path(os.environ["ALLERVERS_DATA"])
    if kind == "association" and (data / MARK).exists():
        sys.exit(f"{data} contient une démonstration : choisissez un autre dossier par la variable ALLERVERS_DATA.")
    if what == "manage":
        sys.exit(_manage(*rest))
    if what == "backup":
        sys.exit(subprocess.run([sys.executable, "scripts/backup.py", *rest]).returncode)
    if what == "seed":
        _forget_demonstration(data)
    if not (data / "keys" / "master.key").exists() and "ALLERVERS_KEYS" not in os.environ:
        _manage("init_keys")
    prepared = subprocess.run([sys.executable, "scripts/prepare.py", kind])
    if prepared.returncode or what == "seed":
        sys.exit(prepared.returncode)
    os.execv(sys.executable, [sys.executable, "scripts/serve.py"])


def _manage(*arguments: str) -> int:
    return subprocess.run([sys.executable, "manage.py", *arguments]).returncode


def _forget_demonstration(data: Path) -> None:
    """Only what bears the demonstration's mark is thrown away, and only files of ours."""
    if not (data / MARK).exists():
        return
    for name in ("allervers.sqlite3", "allervers.sqlite3-wal", "allervers.sqlite3-shm", "anchors.log", "erasures.log"):
        (data / name).unlink(missing_ok=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

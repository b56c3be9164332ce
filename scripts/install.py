"""Makes the virtual environment and installs the locked packages, when the lock has changed since last time.

Usage: install.py FOLDER run|dev. Standard library only: it runs before anything is installed. uv, itself locked, does in
seconds what pip does in half a minute; where uv cannot (no build of it, an index that only pip knows), pip does it all.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(folder: Path, what: str) -> None:
    lock = ROOT / "requirements" / f"{what}.txt"
    stamp = folder / "installed"
    wanted = f"{what} {hashlib.sha256(lock.read_bytes()).hexdigest()} {sys.version_info[:2]}\n"
    done = stamp.read_text() if stamp.exists() else ""
    if wanted in done or _more_is_there(what, done):
        return
    python = folder / "bin" / "python"
    if not python.exists():
        _make(folder)
    print(f"Installation des paquets de {lock.relative_to(ROOT)} (une seule fois)…", flush=True)
    if not _with_uv(folder, python, lock):
        _pip(python, ["--require-hashes", "-r", str(lock)], check=True)
    stamp.write_text(wanted)


def _more_is_there(what: str, done: str) -> bool:
    """Whoever has the development packages has those of running: both locks must stand as they were installed."""
    return what == "run" and done.startswith("dev ") and done == _dev_line()


def _dev_line() -> str:
    lock = ROOT / "requirements" / "dev.txt"
    return f"dev {hashlib.sha256(lock.read_bytes()).hexdigest()} {sys.version_info[:2]}\n"


def _make(folder: Path) -> None:
    made = subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True, text=True)
    if made.returncode:
        sys.exit(
            "L’environnement virtuel n’a pas pu être créé. Sur Debian ou Ubuntu, installez d’abord le paquet "
            f"python{sys.version_info[0]}.{sys.version_info[1]}-venv, puis relancez.\n{made.stdout}{made.stderr}"
        )


def _with_uv(folder: Path, python: Path, lock: Path) -> bool:
    uv = folder / "bin" / "uv"
    if not uv.exists():
        only_uv = folder / "uv.txt"
        only_uv.write_text(_block("uv", (ROOT / "requirements" / "dev.txt").read_text()))
        if not _pip(python, ["--only-binary", ":all:", "--require-hashes", "-r", str(only_uv)], check=False):
            return False
    command = [str(uv), "pip", "install", "-q", "--python", str(python), "--require-hashes", "-r", str(lock)]
    quiet = os.environ | {"UV_LINK_MODE": "copy"}  # the cache may be on another disk
    return subprocess.run(command, env=quiet, capture_output=True).returncode == 0


def _block(name: str, lock: str) -> str:
    """The lines of one package in a lock file: its version and its hashes."""
    kept, inside = [], False
    for line in lock.splitlines(keepends=True):
        if not line.startswith(" "):
            inside = line.startswith(f"{name}==")
        if inside:
            kept.append(line)
    return "".join(kept)


def _pip(python: Path, arguments: list[str], *, check: bool) -> bool:
    if not (python.parent / "pip").exists():
        subprocess.run([str(python), "-m", "ensurepip", "--default-pip"], capture_output=True)
    command = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=not check)
    if check and done.returncode:
        sys.exit("Les paquets n’ont pas pu être installés : vérifiez la connexion, puis relancez la même commande.")
    return done.returncode == 0


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

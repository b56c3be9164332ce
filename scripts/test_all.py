"""Runs everything: `make test`. Installs what tests need where it may, starts a PostgreSQL of its own, stops it at the end.

WITHOUT="postgres browser" leaves out what a machine cannot have, and says so; the rest must pass.
"""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [sys.executable, "-m", "pytest"]
PACKAGES = {
    "postgres": ["postgresql"],
    "browser": ["chromium", "fonts-noto-core"],
    "proxy": ["nginx-light", "openssl"],
}


@dataclass(frozen=True)
class Step:
    name: str
    arguments: list[str]
    needs: str = ""
    on_postgres: bool = False
    minutes: int = 20


APART = ["--ignore=tests/kills", "--ignore=tests/deploy"]
STEPS = [
    Step("rapide, SQLite", ["-n", "2", "-m", "not slow and not browser and not postgres"]),
    Step("lente, SQLite", ["-n", "2", "-m", "slow and not browser and not postgres", *APART]),
    Step("PostgreSQL", ["-n", "2", "-m", "not browser", *APART], needs="postgres", on_postgres=True, minutes=30),
    Step("navigateur", ["-n", "2", "-m", "browser"], needs="browser", minutes=40),
    Step("arrêts brutaux", ["-n", "2", "tests/kills", "-m", "slow"], needs="postgres"),
    Step("déploiement", ["-n", "2", "--dist", "loadscope", "tests/deploy", "-m", "slow"], needs="postgres"),
]


def main() -> int:
    os.chdir(ROOT)
    without = set(os.environ.get("WITHOUT", "").split())
    missing = {name for name in PACKAGES if not _has(name)} - without
    if missing:
        _install(sorted(package for name in missing for package in PACKAGES[name]))
        missing = {name for name in missing if not _has(name)}
    if missing:
        packages = " ".join(package for name in sorted(missing) for package in PACKAGES[name])
        print(
            f"Ces tests ne peuvent pas tourner ici : {', '.join(sorted(missing))}. Il faut les paquets {packages}, que "
            f"cette session n’a pas pu installer : demandez à qui administre la machine « apt-get install {packages} », "
            f'ou passez-vous d’eux : make test WITHOUT="{" ".join(sorted(missing))}".',
            file=sys.stderr,
        )
        return 1
    results = []
    with _postgres("postgres" not in without) as url:
        for step in STEPS:
            if step.needs in without:
                results.append((step.name, 0.0, "laissé de côté", True))
                continue
            results.append(_run(step, url))
    print("\n" + "=" * 100)
    for name, seconds, closing, passed in results:
        print(f"{'ok    ' if passed else 'ÉCHEC '} {name:18} {seconds / 60:5.1f} min   {closing}")
    return 0 if all(passed for *_, passed in results) else 1


def _run(step: Step, postgres: str) -> tuple[str, float, str, bool]:
    """Shows a step's output as it comes; keeps its closing line."""
    environment = os.environ | {"ALLERVERS_TEST_POSTGRES": postgres}
    environment.pop("DATABASE_URL", None)
    if step.on_postgres:
        environment["DATABASE_URL"] = postgres
    print(f"\n=== {step.name} : pytest {' '.join(step.arguments)}", flush=True)
    begun, closing = time.monotonic(), ""
    process = subprocess.Popen(
        [*PYTEST, *step.arguments], env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(process.pid, signal.SIGKILL))
    signal.alarm(step.minutes * 60)
    try:
        for line in process.stdout:
            print(line, end="", flush=True)
            closing = line.strip() or closing
        code = process.wait()
    except KeyboardInterrupt:
        os.killpg(process.pid, signal.SIGTERM)
        raise
    finally:
        signal.alarm(0)
    return step.name, time.monotonic() - begun, closing, code == 0


def _has(name: str) -> bool:
    if name == "postgres":
        return _server_program("initdb") is not None
    if name == "browser":
        return any(shutil.which(program) for program in ("chromium", "chromium-browser", "google-chrome"))
    return all(shutil.which(program, path=_with_sbin()) for program in ("nginx", "openssl"))


def _with_sbin() -> str:
    return os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"


def _install(packages: list[str]) -> None:
    """By the system's package manager, as root or by a sudo that asks nothing."""
    if not shutil.which("apt-get"):
        return
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if as_root and (not shutil.which("sudo") or subprocess.run([*as_root, "true"], capture_output=True).returncode):
        return
    print(f"Installation de {' '.join(packages)} par apt-get…", flush=True)
    # RUNLEVEL=1: the services that come along are installed, not started.
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    subprocess.run([*apt, "update"], stdout=subprocess.DEVNULL)
    subprocess.run([*apt, "install", "-y", "--no-install-recommends", *packages], stdout=subprocess.DEVNULL)


def _server_program(name: str) -> str | None:
    found = shutil.which(name)
    if found:
        return found
    candidates = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return str(candidates[-1]) if candidates else None


@contextmanager
def _postgres(wanted: bool) -> Iterator[str]:
    """A PostgreSQL of our own in a temporary folder, on a free port, gone at the end. Gives its address."""
    if not wanted:
        yield ""
        return
    initdb, postgres = _server_program("initdb"), _server_program("postgres")
    assert initdb and postgres
    user = "postgres" if os.geteuid() == 0 else getpass.getuser()  # it refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="allervers-pg-"))
    shutil.chown(folder, user)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    made = [initdb, "-D", str(data), "-U", "allervers", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
    subprocess.run(made, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)
    options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": str(folder), "max_connections": "100"}
    options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    command = [postgres, "-D", str(data), "-p", str(port)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, user=user, cwd=folder, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait_for(port, server)
        yield f"postgres://allervers@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    sys.exit("PostgreSQL n’a pas démarré.")


if __name__ == "__main__":
    sys.exit(main())

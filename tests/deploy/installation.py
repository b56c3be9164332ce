"""A whole installation in a temporary folder: its own keys, database and processes, started as the units start them."""

import http.client
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
UNITS = ROOT / "deploy" / "systemd"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgres_database(like: str = "template1") -> Iterator[str]:
    """A database of the server that `make test` started, empty or `like` another; skips where there is no server."""
    server = os.environ.get("ALLERVERS_TEST_POSTGRES") or os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        pytest.skip("needs a PostgreSQL server: make test starts one")
    name = f"installation_{uuid.uuid4().hex[:12]}"
    base, _, _ = server.rpartition("/")
    with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")  # type: ignore[arg-type]  # a name made above
        yield f"{base}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


@dataclass
class Installation:
    folder: Path
    database_url: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port = free_port()
        self.data = self.folder / "data"
        self.data.mkdir(parents=True, exist_ok=True)

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "ALLERVERS_DATA": str(self.data),
            "ALLERVERS_KEYS": str(self.folder / "keys"),
            "ALLERVERS_STATIC": str(self.folder / "static"),
            "PORT": str(self.port),
            "DATABASE_URL": self.database_url or f"sqlite:///{self.data / 'allervers.sqlite3'}",
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
        }
        return own | self.extra

    def manage(self, *arguments: str, check: bool = True) -> str:
        """Runs a management command; gives what it said."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    @contextmanager
    def running(self, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A management command under way, to be killed."""
        command = [sys.executable, "manage.py", *arguments]
        with subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL) as process:
            yield process

    def python(self, code: str) -> str:
        """Runs a few lines with the applications loaded; gives what they printed, last line first stripped."""
        return self.manage("shell", "--no-imports", "-c", code).strip()

    def prepare(self) -> None:
        self.manage("init_keys")
        self.python(
            "from django.core.management import call_command\n"
            "call_command('migrate', verbosity=0)\ncall_command('createcachetable')"
        )

    def copy(self, folder: Path, database_url: str = "") -> "Installation":
        """The same installation in another folder; its PostgreSQL database is copied by the caller."""
        shutil.copytree(self.folder, folder)
        return Installation(folder, database_url, dict(self.extra))

    def command_of(self, unit: str) -> list[str]:
        """What a unit starts, with this Python in the place of the installed one."""
        started = re.findall(r"^ExecStart=(.+)$", (UNITS / unit).read_text(), re.MULTILINE)
        assert len(started) == 1
        words = shlex.split(started[0])
        assert words[0] == "/opt/aller-vers/.venv/bin/python"
        return [sys.executable, *words[1:]]

    def start(self, *units: str) -> None:
        for unit in units:
            log = (self.folder / f"{unit}.log").open("ab")
            self.processes[unit] = subprocess.Popen(
                self.command_of(unit), cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
            log.close()

    def wait_until_it_answers(self, seconds: float = 40) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self._answers():
                return
            assert all(process.poll() is None for process in self.processes.values()), self.logs()
            time.sleep(0.05)
        raise AssertionError(f"no answer on {self.port}: {self.logs()}")

    def _answers(self) -> bool:
        """A page comes, whatever its code: gunicorn listens before the site is loaded."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", "/sante/")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return True

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Every process with its children, and waits for them."""
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, number)
        for process in self.processes.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes.clear()

    def logs(self) -> str:
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

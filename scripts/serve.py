"""Serves web and worker together on one computer; Ctrl-C stops both. A city runs them as services (deploy/)."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
GRACE = 20.0  # seconds a process has to finish what it began


@dataclass
class Child:
    """One process. `restart`: its death starts it again, ever less quickly; else its death ends everything."""

    name: str
    argv: list[str]
    restart: bool
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)
    due: float = 0.0

    def start(self) -> None:
        # In a session of its own: Ctrl-C reaches this supervisor only, which stops its children in order.
        self.process = subprocess.Popen(self.argv, cwd=ROOT, start_new_session=True)

    def is_up(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        if self.process is None or not self.is_up():
            return
        self.process.terminate()
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Supervisor:
    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self.stopping = False

    def run(self) -> int:
        """Until a signal, or the death of a child that is not restarted. Returns the exit code."""
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self._stop)
        code = 0
        for child in self.children:
            child.start()
        while not self.stopping:
            time.sleep(0.2)
            for child in self.children:
                if not child.is_up() and not self.stopping:
                    code = self._mourn(child)
        for child in self.children:
            child.stop()
        return code

    def _mourn(self, child: Child) -> int:
        """Starts again what may be, one second after its death, then two, up to thirty while it keeps dying."""
        assert child.process is not None
        code = child.process.returncode
        if not child.restart:
            print(f"{child.name} s’est arrêté (code {code}).", file=sys.stderr, flush=True)
            self.stopping = True
            return code or 1
        now = time.monotonic()
        if not child.due:
            child.deaths = [moment for moment in child.deaths if now - moment < 60] + [now]
            child.due = now + min(2 ** (len(child.deaths) - 1), 30)
            print(f"{child.name} s’est arrêté (code {code}) ; il est relancé.", file=sys.stderr, flush=True)
        elif now >= child.due:
            child.due = 0.0
            child.start()
        return 0

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True


def _port_is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def _announce(port: int) -> None:
    """Says where to go once the pages answer, whatever they say."""
    for _ in range(600):
        if _answers(port):
            print(f"\nAller-vers est prêt : http://localhost:{port}\nCtrl-C arrête tout.", flush=True)
            return
        time.sleep(0.1)


def _answers(port: int) -> bool:
    probe = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        probe.request("GET", "/sante/")
        probe.getresponse().read()
    except OSError:
        return False
    finally:
        probe.close()
    return True


def main() -> int:
    host, port = os.environ.get("BIND", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    if _port_is_taken("127.0.0.1", port):
        print(
            f"Le port {port} est déjà pris. Choisissez-en un autre, par exemple : make run PORT=8001", file=sys.stderr
        )
        return 1
    os.environ["BIND"] = host
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "config.wsgi:application"]
    children = [
        Child("Le serveur", gunicorn, restart=False),
        Child("Le travailleur de fond", [sys.executable, "manage.py", "worker"], restart=True),
    ]
    threading.Thread(target=_announce, args=[port], daemon=True).start()
    return Supervisor(children).run()


if __name__ == "__main__":
    sys.exit(main())

"""What web and worker hold after 1,000 requests to a big city's pages: `python -m bench.memory`.

PSS (shared pages counted once among those who share them), summed over gunicorn's processes and the worker, started as
the units start them; beside an empty Python, which is the floor. BIG_CITY=folder keeps the year for the next run.
"""

import argparse
import http.client
import os
import random
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import city, pages

ROOT = Path(__file__).resolve().parent.parent
LIMIT_MB = 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1000)
    wanted = parser.parse_args().requests
    with tempfile.TemporaryDirectory() as scratch:
        city.build(Path(os.environ.get("BIG_CITY", scratch)))
        calls = _calls()
        port = _free_port()
        os.environ["PORT"] = str(port)
        started = {name: _start(name) for name in ("aller-vers-web", "aller-vers-worker")}
        try:
            _wait_for(port)
            before = {name: pss(process.pid) for name, process in started.items()}
            began = time.perf_counter()
            answers = [_get(port, *random.Random(n).choice(calls)) for n in range(wanted)]  # a load
            spent = time.perf_counter() - began
            after = {name: pss(process.pid) for name, process in started.items()}
        finally:
            for process in started.values():
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(120)  # a worker ends the clean-up it began: of a new year, 40 s
    empty = _empty_python()
    for name in started:
        print(f"{name:20} {before[name]:7.1f} MB at start, {after[name]:7.1f} MB after {wanted} requests")
    total = sum(after.values())
    print(
        f"{'together':20} {total:7.1f} MB, limit {LIMIT_MB}; an empty Python: {empty:.1f} MB, ratio {total / empty:.1f}"
    )
    print(f"{wanted} requests, one client, {spent:.0f} s; answered 200: {answers.count(200)}")


def pss(pid: int) -> float:
    """Megabytes of a process and all its descendants."""
    total, waiting = 0.0, [pid]
    while waiting:
        here = waiting.pop()
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{here}/smaps_rollup").read_text(), re.MULTILINE)
        total += int(found[1]) / 1000 if found else 0
        for task in Path(f"/proc/{here}/task").iterdir():
            waiting += [int(child) for child in (task / "children").read_text().split()]
    return total


def _calls() -> list[tuple[str, str]]:
    """Each role's pages with a session of that role."""
    from allervers.accounts.enums import Role
    from allervers.accounts.models import Membership

    found = []
    for role in (Role.COORDINATOR, Role.HUB_LEAD, Role.MEDIATOR):
        member = Membership.objects.filter(role=role).select_related("user").first()
        client = pages._client(member.user.email)
        session = client.cookies["sessionid"].value  # type: ignore[attr-defined]
        found += [(path, session) for path in pages.paths(member.user.email)]
    return found


def _start(unit: str) -> subprocess.Popen[bytes]:
    """What the unit starts, with the environment that it sets."""
    told = (ROOT / f"deploy/systemd/{unit}.service").read_text()
    words = shlex.split(re.findall(r"^ExecStart=(.+)$", told, re.M)[0])
    added = dict(re.findall(r"^Environment=(\w+)=(.+)$", told, re.M))
    return subprocess.Popen([sys.executable, *words[1:]], cwd=ROOT, env=os.environ | added, start_new_session=True)


def _get(port: int, path: str, session: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", path, headers={"Cookie": f"sessionid={session}", "Accept-Language": "fr"})
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def _wait_for(port: int) -> None:
    for _ in range(600):
        try:
            _get(port, "/sante/", "")
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the web does not answer: the bench measures nothing")


def _empty_python() -> float:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    time.sleep(1)
    held = pss(process.pid)
    process.communicate(b"\n")
    return held


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()

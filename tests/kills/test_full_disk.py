"""A disk that is really full, while people work: each is told that nothing was saved, and what was saved is there, once."""

import http.client
import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.deploy.installation import Installation
from tests.deploy.people import FILL, SIGN_IN
from tests.kills.test_kills import COUNT, Worker

pytestmark = pytest.mark.slow
_SIZE = "48m"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of a few megabytes."""
    disk = tmp_path / "installation" / "data"
    disk.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(command, capture_output=True, text=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("this machine does not let a test mount a disk of its own")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.fixture
def installation(small_disk: Path, tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "installation", extra={"ALLERVERS_DEMO": "1"})
    made.prepare()
    made.python(FILL)
    made.manage("collectstatic", "--noinput", "-v", "0")
    yield made
    made.stop(signal.SIGKILL)


def test_a_full_disk_loses_nothing_that_was_acknowledged(installation: Installation, small_disk: Path) -> None:
    session = installation.python(SIGN_IN.format(who="mediator")).rpartition("session:")[2]
    path = installation.python("from django.urls import reverse\nprint('path:' + reverse('workspace:encounter_new'))")
    stop = threading.Event()
    worker = Worker(installation.port, path.rpartition("path:")[2], session, stop)
    work = threading.Thread(target=worker.work)
    installation.start("aller-vers-web.service", "aller-vers-worker.service")
    installation.wait_until_it_answers()
    work.start()
    try:
        _until(lambda: len(worker.acknowledged) > 5)
        _fill(small_disk / "filler")
        _until(lambda: _stands_still(worker))
        said = _refused(installation.port, worker)
        (small_disk / "filler").unlink()
        before = len(worker.acknowledged)
        _until(lambda: len(worker.acknowledged) > before + 5)
    finally:
        stop.set()
        work.join(60)
    installation.stop()

    told = json.loads(installation.python(COUNT).rpartition("counted:")[2])
    noted = [operation for operation, _needs in told["found"]]
    assert "disque de cette installation est plein" in said
    assert [operation for operation in worker.acknowledged if operation not in noted] == []
    assert len(set(noted)) == len(noted)
    assert {needs for _operation, needs in told["found"]} == {2}
    assert set(told["events"]) == {1}
    assert (told["stray"], told["needs_alone"]) == (0, 0)
    assert installation.manage("verify_journal")


def _fill(path: Path) -> None:
    """Takes all the room that is left, to the last page."""
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    file.write(b"0" * size)
            except OSError:
                continue


def _stands_still(worker: Worker) -> bool:
    """The write-ahead log has some pages to use again; then nothing is acknowledged any more."""
    before, tries = len(worker.acknowledged), worker.tries
    time.sleep(1)
    return len(worker.acknowledged) == before and worker.tries > tries


def _refused(port: int, worker: Worker) -> str:
    """What the site answers to who notes someone while the disk is full."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"sessionid={worker.session}; csrftoken={'k' * 32}",
        "X-CSRFToken": "k" * 32,
    }
    body = "operation=00000000-0000-4000-8000-000000000001&seen=on&who=none&next=settled&mode=desk&needs=eyes"
    try:
        connection.request("POST", worker.path, body, headers)
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def _until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)

"""kill -9 of web and worker under load, twenty times on each database: what was acknowledged is there, once."""

import http.client
import json
import random
import signal
import threading
import time
import urllib.parse
import uuid
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.deploy.installation import Installation, postgres_database
from tests.deploy.people import FILL, SIGN_IN

pytestmark = pytest.mark.slow
KILLS = 20
UNITS = ("aller-vers-web.service", "aller-vers-worker.service")
CSRF = "k" * 32

COUNT = """
import json
from collections import Counter
from allervers.journal.models import Event
from allervers.needs.models import Encounter, Need
found = [[str(e.operation), e.needs.count()] for e in Encounter.objects.exclude(operation=None)]
noted = Counter(Event.objects.filter(kind="encounter.noted").values_list("subject_id", flat=True))
ids = [str(pk) for pk in Encounter.objects.values_list("pk", flat=True)]
print("counted:" + json.dumps({"found": found, "events": [noted[i] for i in ids], "stray": len(set(noted) - set(ids)),
    "needs_alone": Need.objects.filter(encounter=None).count()}))
"""


@dataclass
class Worker:
    """Someone at her desk, who notes one encounter after another and sends again what was not acknowledged."""

    port: int
    path: str
    session: str
    stop: threading.Event
    acknowledged: list[str] = field(default_factory=list)
    tries: int = 0

    def work(self) -> None:
        while not self.stop.is_set():
            operation = str(uuid.uuid4())
            while not self._send(operation):
                if self.stop.is_set():
                    return
                time.sleep(0.05)
            self.acknowledged.append(operation)
            if random.random() < 0.2:  # a nervous second click, long after
                self._send(random.choice(self.acknowledged))

    def _send(self, operation: str) -> bool:
        """Whether the site said that it is noted."""
        self.tries += 1
        said = {
            "operation": operation,
            "seen": "on",
            "who": "none",
            "informed": "on",
            "next": "settled",
            "mode": "desk",
        }
        body = urllib.parse.urlencode([*said.items(), ("needs", "eyes"), ("needs", "teeth")])
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"sessionid={self.session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", self.path, body, headers)
            response = connection.getresponse()
            page = response.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        if response.status in {200, 403, 404}:
            raise AssertionError(f"{response.status}: the form was refused, not interrupted: {page[:3000]!r}")
        return response.status == 302


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    with postgres_database() if request.param == "postgresql" else nullcontext("") as url:
        made = Installation(tmp_path / "installation", url, {"ALLERVERS_DEMO": "1"})
        made.prepare()
        made.python(FILL)
        made.manage("collectstatic", "--noinput", "-v", "0")
        yield made
        made.stop(signal.SIGKILL)


def test_nothing_acknowledged_is_lost_or_doubled(installation: Installation) -> None:
    sessions = [
        installation.python(SIGN_IN.format(who=who)).rpartition("session:")[2]
        for who in ("mediator", "sister", "other")
    ]
    path = installation.python("from django.urls import reverse\nprint('path:' + reverse('workspace:encounter_new'))")
    stop = threading.Event()
    workers = [Worker(installation.port, path.rpartition("path:")[2], session, stop) for session in sessions]
    threads = [threading.Thread(target=worker.work) for worker in workers]
    installation.start(*UNITS)
    installation.wait_until_it_answers()
    for thread in threads:
        thread.start()

    try:
        for _ in range(KILLS):
            time.sleep(random.uniform(0.2, 1.2))
            installation.stop(signal.SIGKILL)
            installation.start(*UNITS)
            installation.wait_until_it_answers()
        time.sleep(1)
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    installation.stop()

    told = json.loads(installation.python(COUNT).rpartition("counted:")[2])
    needs_of = dict(told["found"])
    acknowledged = [operation for worker in workers for operation in worker.acknowledged]
    assert len(acknowledged) > KILLS
    assert all(worker.acknowledged for worker in workers)
    assert [operation for operation in acknowledged if operation not in needs_of] == []
    assert len(needs_of) == len(told["found"])
    assert set(needs_of.values()) == {2}  # an encounter and its needs came together
    assert set(told["events"]) == {1}
    assert told["stray"] == 0
    assert told["needs_alone"] == 0
    assert installation.manage("verify_journal")
    print(f"{len(acknowledged)} acknowledged, {sum(worker.tries for worker in workers)} tries, {KILLS} kills")

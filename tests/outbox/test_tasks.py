import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core import mail

from allervers.core import clock
from allervers.outbox import actions, queries, sending, tasks
from allervers.outbox.models import Message, State
from tests.cast import Cast


def _mail(**more: object) -> Message:
    message = actions.mail(to="a@example.org", subject="Bonjour", text="Un lien", purpose="return_link", **more)
    assert message is not None
    return message


def test_due_message_leaves_once(db: None) -> None:
    message = _mail()

    assert tasks.tick(clock.now()) == 1
    assert tasks.tick(clock.now()) == 0
    assert [sent.subject for sent in mail.outbox] == ["Bonjour"]
    assert mail.outbox[0].extra_headers["Message-ID"].startswith(f"<{message.id}@")
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.SENT, 1)


def test_message_under_another_lease_is_left_alone_until_it_ends(db: None) -> None:
    _mail()
    Message.objects.update(lease_until=clock.now() + timedelta(minutes=1))

    assert tasks.tick(clock.now()) == 0
    assert tasks.tick(clock.now() + timedelta(minutes=2)) == 1


def test_claim_is_won_once(db: None) -> None:
    message, now = _mail(), clock.now()

    assert [tasks._claim(message.pk, now) for _ in range(3)] == [True, False, False]


def test_lost_server_is_retried_with_patience_then_given_up(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    message = _mail()

    def lost(*args: object, **kwargs: object) -> None:
        raise sending.NotSent("ConnectionRefusedError", unreachable=True)

    monkeypatch.setattr(sending, "send", lost)
    now, waits = clock.now(), []
    for _ in range(9):
        tasks.tick(now)
        message.refresh_from_db()
        waits.append(message.send_after - now)
        now = max(message.send_after, now)

    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15)]
    assert (message.state, message.last_error, message.attempts) == (State.FAILED, "ConnectionRefusedError", 9)
    assert actions.retry(message.pk)
    monkeypatch.undo()
    assert tasks.tick(clock.now()) == 1


def test_one_lost_server_is_not_asked_twenty_times_a_tick(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        _mail()
    asked = []

    def lost(*args: object, **kwargs: object) -> None:
        asked.append(1)
        raise sending.NotSent("ConnectionRefusedError", unreachable=True)

    monkeypatch.setattr(sending, "send", lost)
    tasks.tick(clock.now())

    assert len(asked) == 1


def test_message_too_late_to_matter_is_cancelled(db: None) -> None:
    message = _mail(send_before=clock.now() - timedelta(minutes=1))

    assert tasks.tick(clock.now()) == 0
    message.refresh_from_db()
    assert message.state == State.CANCELLED


def test_words_are_forgotten_after_thirty_days(db: None) -> None:
    message = _mail()
    tasks.tick(clock.now())

    assert tasks.clean_up(clock.now() + timedelta(days=29)) == 0
    assert tasks.clean_up(clock.now() + timedelta(days=31)) == 1
    message.refresh_from_db()
    assert actions.opened(message) == ("", "", "")


def test_nothing_leaves_a_demonstration(db: None, settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    message = _mail()

    tasks.tick(clock.now())
    message.refresh_from_db()
    assert mail.outbox == []
    assert (message.state, actions.opened(message)[2]) == (State.SENT, "Un lien")


def test_sms_waits_without_a_gateway_and_the_team_is_told(cast: Cast) -> None:
    actions.sms(to="+33700000001", text="123456", purpose="return_code", network=cast.lille.id)
    with clock.fixed(clock.now() + timedelta(minutes=11)):
        assert tasks.tick(clock.now()) == 0
        told = queries.trouble(cast.lille.id)

    assert told is not None
    assert (told.waiting, told.failed, told.no_gateway) == (1, 0, True)
    assert queries.trouble(cast.toulouse.id) is None


@pytest.fixture
def gateway() -> Iterator[tuple[str, list[dict[str, str]], list[int]]]:
    """A gateway on loopback that answers the statuses it is given, then 200."""
    received: list[dict[str, str]] = []
    statuses: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(statuses.pop(0) if statuses else 200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/sms", received, statuses
    server.shutdown()
    server.server_close()


def test_sms_goes_through_the_gateway(db: None, settings: object, gateway: tuple) -> None:
    settings.SMS_URL, received, statuses = gateway  # type: ignore[attr-defined]
    statuses.extend([503])
    message = actions.sms(to="+33700000001", text="Rappel", purpose="appointment_reminder")
    assert message is not None

    assert tasks.tick(clock.now()) == 0
    message.refresh_from_db()
    assert (message.state, message.last_error) == (State.WAITING, "http_503")
    assert tasks.tick(clock.now() + timedelta(minutes=2)) == 1
    assert received[1] == {"id": str(message.id), "to": "+33700000001", "text": "Rappel"}


def test_gateway_that_refuses_for_good_is_not_asked_again(db: None, settings: object, gateway: tuple) -> None:
    settings.SMS_URL, _received, statuses = gateway  # type: ignore[attr-defined]
    statuses.extend([422])
    message = actions.sms(to="+33700000001", text="Rappel", purpose="appointment_reminder")
    assert message is not None
    tasks.tick(clock.now())

    message.refresh_from_db()
    assert (message.state, message.last_error) == (State.FAILED, "http_422")

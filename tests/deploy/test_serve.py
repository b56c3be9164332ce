import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from scripts import serve


@pytest.fixture(autouse=True)
def _signals_are_left_as_found() -> object:
    found = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for name, handler in found.items():
        signal.signal(name, handler)


def _child(name: str, code: str, *, restart: bool) -> serve.Child:
    return serve.Child(name, [sys.executable, "-c", code], restart)


def _when(supervisor: serve.Supervisor, happened: object, do: object) -> threading.Thread:
    def watch() -> None:
        for _ in range(200):
            if happened():  # type: ignore[operator]
                break
            time.sleep(0.05)
        do()  # type: ignore[operator]

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def test_supervisor_starts_a_dead_worker_again(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lives = tmp_path / "lives"
    code = f"open({str(lives)!r}, 'a').write('x')"
    web = _child("web", "import time; time.sleep(60)", restart=False)
    supervisor = serve.Supervisor([web, _child("worker", code, restart=True)])
    watch = _when(supervisor, lambda: lives.exists() and len(lives.read_text()) >= 2, lambda: supervisor._stop(2, None))

    assert supervisor.run() == 0
    watch.join()

    assert len(lives.read_text()) >= 2
    assert not web.is_up()
    assert "worker s’est arrêté" in capfd.readouterr().err


def test_supervisor_ends_with_the_web(capfd: pytest.CaptureFixture[str]) -> None:
    worker = _child("worker", "import time; time.sleep(60)", restart=True)
    supervisor = serve.Supervisor([_child("web", "raise SystemExit(7)", restart=False), worker])

    assert supervisor.run() == 7

    assert not worker.is_up()
    assert "web s’est arrêté (code 7)" in capfd.readouterr().err


def test_supervisor_kills_who_does_not_stop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(serve, "GRACE", 0.3)
    ready = tmp_path / "ready"
    deaf = f"import signal, time; signal.signal(15, signal.SIG_IGN); open({str(ready)!r}, 'w'); time.sleep(60)"
    child = _child("web", deaf, restart=False)
    supervisor = serve.Supervisor([child])
    watch = _when(supervisor, ready.exists, lambda: supervisor._stop(2, None))

    supervisor.run()
    watch.join()

    assert not child.is_up()
    assert child.process and child.process.returncode == -signal.SIGKILL


def test_a_port_that_is_taken_is_said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))

        assert serve.main() == 1

    assert "est déjà pris" in capsys.readouterr().err

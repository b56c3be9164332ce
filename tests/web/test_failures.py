import errno
import io
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError
from django.test import Client
from django.urls import reverse

from allervers.core import keys
from allervers.web import failures
from allervers.web.public import views
from tests.cast import Cast


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError("database or disk is full"), "disque de cette installation est plein"),
        (OperationalError("attempt to write a readonly database"), "disque de cette installation est plein"),
        (OSError(errno.ENOSPC, "No space left on device"), "disque de cette installation est plein"),
        (OperationalError('could not extend file "base/1": No space left on device'), "disque"),
        (OperationalError("database is locked"), "très occupée"),
        (OperationalError("connection refused"), "La base ne répond pas"),
        (InterfaceError("connection already closed"), "La base ne répond pas"),
    ],
)
def test_a_bad_day_has_its_sentence(
    client: Client, monkeypatch: pytest.MonkeyPatch, db: None, error: Exception, words: str
) -> None:
    def broken() -> None:
        raise error

    monkeypatch.setattr(views.worker, "beat", broken)

    response = client.get("/sante/")

    assert response.status_code == 503
    assert words in response.content.decode()
    assert "rien n’a été enregistré" in response.content.decode()
    assert response["Retry-After"] == "30"


def test_the_cause_behind_an_error_is_found() -> None:
    try:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as error:
            raise RuntimeError("upload") from error
    except RuntimeError as error:
        sentence = failures.explained(error)

    assert sentence is not None
    assert "plein" in sentence.said


@pytest.mark.parametrize("error", [ValueError("x"), IntegrityError("Key (code)=(Roseau 27) already exists"), None])
def test_a_fault_of_ours_keeps_its_own_page(error: Exception | None) -> None:
    assert failures.explained(error) is None


def test_a_form_beyond_any_of_ours_is_refused_with_a_sentence(client: Client, db: None) -> None:
    response = client.post("/compte/login/", {f"field{n}": "x" for n in range(5001)})
    assert response.status_code == 413
    assert "5 000 cases" in response.content.decode()

    response = client.post("/compte/login/", "x" * 2_700_000, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413


@pytest.fixture
def without_key(settings: object, tmp_path: object) -> Iterator[None]:
    settings.KEY_DIR = tmp_path  # type: ignore[attr-defined]
    yield


def test_without_its_key_the_site_says_so_and_shows_nothing(cast: Cast, without_key: None) -> None:
    with pytest.raises(keys.KeyMissing):
        keys.master()

    for path in ("/", "/sante/", "/compte/login/"):
        response = cast.client("mediator").get(path)
        assert response.status_code == 503
        assert response.content.decode().startswith("La clé de cette installation est absente")


def test_health_warns_of_a_silent_worker_and_a_low_disk(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/sante/").json() == {"ok": True, "worker": "silent", "disk": "ok"}

    views.worker.note_beat()
    monkeypatch.setattr(views, "_LOW_DISK", 10**18)

    assert client.get("/sante/").json() == {"ok": True, "worker": "ok", "disk": "low"}


def test_a_large_file_streams_to_disk(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """50 MB never stand in memory: past 2 MB Django writes an upload to a temporary file."""
    from django.core.files.uploadhandler import TemporaryFileUploadHandler

    seen: list[int] = []
    receive = TemporaryFileUploadHandler.receive_data_chunk

    def watched(self: TemporaryFileUploadHandler, raw_data: bytes, start: int) -> None:
        seen.append(len(raw_data))
        receive(self, raw_data, start)

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", watched)
    upload = io.BytesIO(b"x" * 6_000_000)
    upload.name = "contacts.csv"

    client.post("/compte/login/", {"file": upload, "login": "a@example.org"})

    assert sum(seen) == 6_000_000
    assert max(seen) <= 65_536


@pytest.mark.parametrize("count", ["²", "9" * 5000, "-1"])
def test_a_hidden_count_that_cannot_be_read_is_the_usual_one(cast: Cast, count: str) -> None:
    typed = {"first_name": "Awa", "phone_count": count}

    page = cast.client("mediator").post(reverse("workspace:person_new"), typed)

    assert page.status_code == 200 and "phone_1_number" in page.content.decode()

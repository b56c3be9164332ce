"""What all tests stand on: keys of their own, the cast, strict templates, markers that must not leak."""

import logging
from collections.abc import Iterator

import hypothesis
import pytest
from django.core.cache import cache
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from allervers.outbox.actions import opened
from allervers.outbox.models import Message
from tests import markers, second_lock

# A busy machine is not a failure.
hypothesis.settings.register_profile("allervers", deadline=None)
hypothesis.settings.load_profile("allervers")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests that ask for pages; what only PostgreSQL can show is skipped elsewhere (`make test` runs it there)."""
    for item in items:
        if item.nodeid.startswith("tests/web/") or item.path.stem.endswith("pages"):
            item.add_marker(pytest.mark.pages)
    if connection.vendor != "postgresql":
        for item in items:
            if item.get_closest_marker("postgres"):
                item.add_marker(pytest.mark.skip(reason="needs PostgreSQL itself"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No thread keeps a connection to PostgreSQL: its test database goes at the end. With SQLite, what a browser asks is
    answered from a file, each thread by a connection of its own, as in an installation: in memory there is one for all."""
    connection.settings_dict["CONN_MAX_AGE"] = 0
    if connection.vendor == "sqlite" and any(item.get_closest_marker("browser") for item in request.session.items):
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "tests.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """The test database, with its second lock on PostgreSQL."""
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            second_lock.put_on()


@pytest.fixture(autouse=True)
def _test_settings(settings: object) -> None:
    settings.STORAGES = {  # type: ignore[attr-defined]
        **settings.STORAGES,  # type: ignore[attr-defined]
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}  # type: ignore[attr-defined]
    cache.clear()  # what one test tried from this computer is not held against the next


@pytest.fixture(autouse=True)
def _unknown_template_variables_fail(settings: object) -> None:
    """A variable that a template prints and its view forgot is an error, not an empty string."""
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = _Invalid()  # type: ignore[attr-defined]


class _Invalid(str):
    """What Django prints for an unknown variable: printing it fails. Third-party templates are let be."""

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __mod__(self, missing: object) -> str:
        raise AssertionError(f"a template prints an unknown variable: {missing}")


@pytest.fixture
def cast(db: None, leaks: list[str]) -> Iterator[object]:
    """The same few people play every scene; see tests/cast."""
    from tests.cast import Cast

    yield Cast.make()
    for message in Message.objects.exclude(sealed=b""):
        _to, subject, text = opened(message)
        leaks.extend(f"{message.purpose}: {leak.kind}" for leak in markers.leaks(subject + " " + text, None))


@pytest.fixture(autouse=True)
def leaks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Scans every response, mail, SMS and log line for markers; the test fails where someone not entitled reads one.

    A test that plants a leak to prove the harness empties the list it is given.
    """
    found: list[str] = []
    answer = BaseHandler.get_response

    def scanned(self: BaseHandler, http_request: HttpRequest) -> HttpResponseBase:
        with second_lock.web_role():
            response = answer(self, http_request)
            told = str(response.headers) + _body(response)
        viewer = getattr(http_request, "viewer", None)
        found.extend(f"{http_request.path}: {leak.kind}" for leak in markers.leaks(told, viewer))
        return response

    monkeypatch.setattr(BaseHandler, "get_response", scanned)
    watch = _LogWatch(found)
    logging.getLogger().addHandler(watch)
    yield found
    logging.getLogger().removeHandler(watch)
    markers.forget()
    assert not found, f"personal values reached someone not entitled: {found}"


class _LogWatch(logging.Handler):
    def __init__(self, found: list[str]) -> None:
        super().__init__()
        self.found = found

    def emit(self, record: logging.LogRecord) -> None:
        if markers.any_known():
            self.found.extend(f"log {record.name}: {leak.kind}" for leak in markers.leaks(record.getMessage(), None))


def _body(response: HttpResponseBase) -> str:
    """The response's bytes as text; a streamed one is read and given back whole."""
    if getattr(response, "streaming", False):
        parts = list(response.streaming_content)  # type: ignore[attr-defined]
        response.streaming_content = iter(parts)  # type: ignore[attr-defined]
        return b"".join(parts).decode(errors="replace")
    return response.content.decode(errors="replace")  # type: ignore[attr-defined]

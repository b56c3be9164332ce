"""How many tries one computer makes in ten minutes, as the cache of an installation counts them."""

from datetime import timedelta

import pytest

from allervers.core import clock
from allervers.web import private
from config import settings as installed
from tests.two_at_once import at_once


@pytest.fixture(autouse=True)
def _in_the_database(db: None, settings: object) -> None:
    settings.CACHES = installed.CACHES  # type: ignore[attr-defined]  # a fixture of pytest-django


def test_tries_are_counted_for_ten_minutes_and_no_longer() -> None:
    began, counts = clock.now(), []

    for minutes in (0, 4, 8, 12):
        with clock.fixed(began + timedelta(minutes=minutes)):
            counts.append(private.count("door"))

    assert counts == [1, 2, 3, 1]


def test_a_busy_neighbourhood_makes_no_count_forgotten() -> None:
    for place in range(320):
        private.count(f"door:{place}")

    assert [private.counted(f"door:{place}") for place in range(320)] == [1] * 320


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_tries_at_once_are_two() -> None:
    counts = at_once(lambda: private.count("door"), lambda: private.count("door"))

    assert counts == (1, 2)

"""Two gestures at once on PostgreSQL, in an order that is the same at every run."""

from collections.abc import Callable
from threading import Thread

from django.db import connection, connections, transaction


def at_once(
    first: Callable[[], object], second: Callable[[], object], then: Callable[[], object] = lambda: None
) -> tuple[object, object]:
    """`second` begins while `first` is written and not committed; `first` commits once `second` waits for it, after what it
    does `then`.

    What each gave, or what the second raised.
    """
    heard: list[object] = []

    def other() -> None:
        try:
            heard.append(second())
        except Exception as error:  # told by what the test asserts
            heard.append(error)
        finally:
            connections.close_all()

    with transaction.atomic():
        gave = first()
        desk = Thread(target=other)
        desk.start()
        _until_one_waits()
        then()
    desk.join()
    return gave, heard[0]


def _until_one_waits() -> None:
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute("SELECT pg_sleep(0.01)")
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone():
                return
    raise AssertionError("nobody waits")

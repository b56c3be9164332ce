"""Reads made beside ours, on connections of their own: a large network's figures are counted by several processors at once.

The database and its driver work outside Python's lock, so that what is read there does not wait for us.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import BoundedSemaphore
from typing import TypeVar
from uuid import UUID

from django.db import connection

from allervers.accounts import rowlock

Answer = TypeVar("Answer")

_ROOM = 2
_threads = ThreadPoolExecutor(_ROOM, thread_name_prefix="beside")
_free = BoundedSemaphore(_ROOM)


def beside(network_id: UUID, read: Callable[[], Answer]) -> Callable[[], Answer]:
    """Begins `read`, which sees this network's rows as they are committed; calling what is returned waits for its answer, or
    raises what it raised.

    Inside a transaction, whose rows no other connection sees, and when there is no room, it is read here and now.
    """
    if connection.in_atomic_block or not _free.acquire(blocking=False):
        made = read()
        return lambda: made
    return _threads.submit(copy_context().run, _there, network_id, read).result


def _there(network_id: UUID, read: Callable[[], Answer]) -> Answer:
    """The thread keeps its connection as long as a request would."""
    try:
        connection.close_if_unusable_or_obsolete()
        rowlock.enter(network_id)
        answer = read()
        rowlock.leave()
        connection.close_if_unusable_or_obsolete()
    except BaseException:
        connection.close()
        raise
    finally:
        _free.release()
    return answer

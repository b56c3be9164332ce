"""Each network's own key, wrapped by the master key: it outlives every master key, so that what was signed still verifies."""

from uuid import UUID

from django.db import connection

from allervers.core import crypto, keys
from allervers.journal.models import ChainHead


def network_key(network_id: UUID, purpose: str = "") -> bytes:
    """The key that authenticates a network's chain; one derived from it for another purpose. Raises `KeyMissing`."""
    own = key_of(ChainHead.objects.filter(pk=network_id).first() or _made(network_id))
    return crypto.derive(own, purpose) if purpose else own


def key_of(head: ChainHead) -> bytes:
    return keys.unwrap(bytes(head.wrapped_key), _place(head.network_id))


def reads_key(head: ChainHead) -> bytes:
    """The key of the chain of identities read: a link of one chain never fits the other."""
    return crypto.derive(key_of(head), "reads")


def locked_head(network_id: UUID) -> ChainHead:
    """The row that appending to a network's chain locks until the transaction's end; made when there is none."""
    rows = ChainHead.objects.filter(pk=network_id)
    if connection.features.has_select_for_update:  # SQLite: the transaction already holds the lock
        rows = rows.select_for_update()
    return rows.first() or (_made(network_id) and rows.get())


def reseal() -> int:
    """Wraps every network's key under the master key in use; returns how many were not."""
    changed = 0
    for head in ChainHead.objects.all():
        if wrapped := keys.resealed(bytes(head.wrapped_key), _place(head.network_id)):
            changed += ChainHead.objects.filter(pk=head.pk).update(wrapped_key=wrapped)
    return changed


def _made(network_id: UUID) -> ChainHead:
    """Two at once make one."""
    wrapped = keys.seal(crypto.new_key(), _place(network_id))
    ChainHead.objects.bulk_create([ChainHead(network_id=network_id, wrapped_key=wrapped)], ignore_conflicts=True)
    return ChainHead.objects.get(pk=network_id)


def _place(network_id: UUID) -> str:
    return f"journal.chainhead:{network_id}"

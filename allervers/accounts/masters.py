"""Changing the master key. A former one stays until the backups that it seals are gone, then is destroyed: whoever was
erased before is then out of reach in old backups too."""

from datetime import datetime, timedelta

from django.db import transaction

from allervers.accounts.models import Network
from allervers.core import keys
from allervers.journal.actions import action, record
from config import duties


@action
def replace(at: datetime) -> int:
    """A new master key, and all that is kept under it; returns how much was sealed again. Killed anywhere, all opens."""
    keys.replace_master(at)
    for network in Network.objects.order_by("slug"):
        record("master_key.replaced", network, by=None, network=network.id)
    return duties.reseal()


@transaction.atomic
def finish() -> int:
    """What a rotation cut short, or a backup put back, left under a former key; returns how much."""
    return duties.reseal()


def destroy_former(at: datetime, *, kept: timedelta) -> int:
    """Destroys the master keys replaced at least `kept` ago, after sealing again what they still hold; returns how many."""
    expired = [former for former in keys.former() if at - former.replaced_at >= kept]
    for former in expired:
        _note_destroyed(former)  # said first: killed in between, the next day says and does it again
        keys.destroy(former)
    return len(expired)


@action
def _note_destroyed(former: keys.Former) -> None:
    duties.reseal()
    for network in Network.objects.order_by("slug"):
        record(
            "master_key.destroyed",
            network,
            by=None,
            network=network.id,
            replaced_at=former.replaced_at.isoformat(),
        )

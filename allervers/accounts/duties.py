"""What the daily clean-up does for accounts: people of the teams who left, lines of identities read, past their time."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from allervers.accounts.keys import reseal
from allervers.accounts.models import ExceptionalAccess, Membership, Network, User
from allervers.journal.actions import forget_reads

__all__ = ["RETENTION", "clean_up", "reseal"]

# Days, by the name under which a network may shorten them (`Network.retention`); it may not lengthen them.
RETENTION = {"identity_reads": 365, "user_after_leaving": 365, "exceptional_access": 365}


def clean_up(now: datetime) -> None:
    """Applies retention: each network's own durations when they are shorter."""
    for network in Network.objects.all():
        forget_reads(network.id, now - kept(network, "identity_reads"))
        until = now - kept(network, "exceptional_access")
        ExceptionalAccess.objects.filter(network=network, granted_at__lt=until).delete()
    _forget_who_left(now - timedelta(days=RETENTION["user_after_leaving"]))


def kept(network: Network, name: str) -> timedelta:
    return timedelta(days=network.days_kept(name, RETENTION[name]))


def _forget_who_left(before: datetime) -> None:
    """Users whose last membership ended long ago lose name, address and keys; their memberships stay, nameless."""
    gone = User.objects.exclude(memberships__in=_still_here(before)).filter(created_at__lt=before)
    for user in gone.exclude(email__endswith="@parti.invalid"):
        Authenticator.objects.filter(user=user).delete()
        EmailAddress.objects.filter(user=user).delete()
        user.first_name = user.last_name = user.unlock_hash = ""
        user.email = f"{user.id}@parti.invalid"
        user.is_active = False
        user.save()


def _still_here(before: datetime) -> QuerySet[Membership]:
    return Membership.objects.filter(Q(ends_at=None) | Q(ends_at__gte=before))

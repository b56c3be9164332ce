"""What the worker calls: the daily clean-up."""

from datetime import datetime, timedelta

from django.db.models import Q

from allervers.accounts.models import Network
from allervers.journal.actions import action
from allervers.relief.enums import OfferState
from allervers.relief.models import Offer

LEFT_DAYS = 365  # after someone left, or after the one day that she offered
UNANSWERED_DAYS = 90
_UNANSWERED = (OfferState.NEW, OfferState.DOUBTFUL, OfferState.CALLED)


@action
def clean_up(now: datetime) -> dict[str, int]:
    """Forgets who offered once its time is over; what was offered stays, for counting."""
    return {"offers_forgotten": sum(_forget(network, now) for network in Network.objects.order_by("id"))}


def _forget(network: Network, now: datetime) -> int:
    left = now - timedelta(days=network.days_kept("volunteer", LEFT_DAYS))
    unanswered = now - timedelta(days=network.days_kept("request", UNANSWERED_DAYS))
    over = (
        Q(left_at__lt=left)
        | Q(state=OfferState.KEPT, on__lt=left.date())
        | Q(state__in=_UNANSWERED, made_at__lt=unanswered)
    )
    return Offer.objects.filter(over, network=network).exclude(sealed=b"").update(sealed=b"", territory=None)

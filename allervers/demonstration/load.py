"""Loading the demonstration, in order: the network, its year, the screenings, what waits for a partner today."""

from datetime import timedelta
from itertools import groupby

from allervers.accounts.models import Membership, Organisation
from allervers.accounts.rules import viewer_of
from allervers.core import clock, ids
from allervers.demonstration import asking, helping, messages, screenings, world, year
from allervers.needs.models import Encounter, Need
from allervers.outbox.models import Message, State
from allervers.people.models import PersonCard
from allervers.prevention.models import Message as PreventionMessage
from allervers.referrals import links
from allervers.referrals.actions import lists
from allervers.referrals.models import Referral

SEED = "aller-vers"


def load(*, days: int = year.DAYS) -> dict[str, int]:
    """Fills an empty database with `days` of activity that end now. Returns what it made, by French name."""
    end = clock.now().replace(second=0, microsecond=0)
    with ids.seeded(SEED) as source:
        with clock.fixed(end - timedelta(days=year.DAYS + 30)):
            made = world.build(source)
            screenings.add_past(made)
        played = year.play(made, source, end=end, days=days)
        year.enliven(played)
        screenings.add_this_year(played)
        messages.publish_starter_pack(made.network, reader=made.coordinator)
        helping.add(made)
        asking.add(made)
    _settle_outbox()
    return {
        "structures": Organisation.objects.count(),
        "fiches et codes": PersonCard.objects.count(),
        "rencontres": Encounter.objects.count(),
        "besoins": Need.objects.count(),
        "messages": PreventionMessage.objects.published().count(),
        "orientations": Referral.objects.count(),
    }


def sample_list() -> tuple[str, str]:
    """Where a partner would answer today, and the code that opens it: the address of a fresh list, for pictures."""
    lead = Membership.objects.get(user__email="wazemmes@demo.example")
    viewer = viewer_of(lead)
    waiting = (
        Referral.objects.waiting().filter(hub=lead.hub).select_related("recipient").order_by("recipient", "sent_at")
    )
    groups = [list(group) for _recipient, group in groupby(waiting, key=lambda row: row.recipient_id)]
    chosen = max(groups, key=len)
    made = lists.make_list(chosen[0].recipient, chosen, by=viewer)
    return links.url_of(made), lists.new_code(made, by=viewer)


def _settle_outbox() -> None:
    """What was written in the past has left in the past."""
    old = Message.objects.filter(state=State.WAITING, send_after__lt=clock.now() - timedelta(hours=1))
    for message in old.only("pk", "send_after"):
        Message.objects.filter(pk=message.pk).update(state=State.SENT, sent_at=message.send_after)

"""The demonstration: the scale of Lille's network, the same on every machine, alive on the day it is loaded."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from django.db import transaction

from allervers.accounts import keys
from allervers.accounts.enums import Role
from allervers.accounts.models import Hub, Membership, Network, Organisation
from allervers.core import clock
from allervers.demonstration import load
from allervers.journal.models import Event
from allervers.needs.models import Encounter, HelpRequest, Need
from allervers.people.models import PersonCard
from allervers.referrals.models import Referral

SUNDAY = datetime(2026, 11, 22, 11, 7, tzinfo=UTC)


class _Undone(Exception):
    pass


def _loaded(days: int) -> list[object]:
    """What one load made, then taken back."""
    seen: list[object] = []
    keys.forget()  # the same organisations come again, under other keys
    try:
        with transaction.atomic(), clock.fixed(SUNDAY):
            load.load(days=days)
            seen.append(list(PersonCard.objects.order_by("id").values_list("id", "code", "sex")))
            seen.append(list(Encounter.objects.order_by("id").values_list("id", "at", "mode", "head_count")))
            seen.append(
                list(Need.objects.order_by("id").values_list("id", "category", "state", "outcome", "next_contact_at"))
            )
            seen.append(list(Referral.objects.order_by("id").values_list("id", "state", "appointment_at")))
            raise _Undone
    except _Undone:
        return seen


@pytest.mark.slow
@pytest.mark.django_db
def test_demonstration_is_the_same_on_every_machine() -> None:
    assert _loaded(4) == _loaded(4)


@pytest.mark.slow
@pytest.mark.django_db
def test_demonstration_has_the_scale_of_lille_and_a_day_to_live() -> None:
    keys.forget()
    with clock.fixed(SUNDAY):
        load.load(days=45)
        network = Network.objects.get()
        due = Need.objects.open().filter(next_contact_at__date=SUNDAY.date())

        assert Hub.objects.count() == 5
        assert Organisation.objects.filter(slug__startswith="partenaire-").count() == 150
        assert Membership.objects.filter(role=Role.AMBASSADOR).count() == 65
        assert all(due.filter(hub=hub).count() >= 5 for hub in Hub.objects.all())
        assert Referral.objects.exclude(state="drafted").filter(agreement=None).count() == 0
        assert Encounter.objects.filter(at__gt=clock.now()).count() == 0
        assert Counter(HelpRequest.objects.values_list("state", flat=True)) == {"received": 4, "quarantined": 1}
        assert HelpRequest.objects.exclude(voice=b"").get().language == "snk"
        assert Event.objects.filter(network_id=network.id).count() > 500

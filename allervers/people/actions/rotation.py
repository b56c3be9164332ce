"""Changing the keys that wrap cards' keys, while people work; what was interrupted is taken up again."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from allervers.accounts import keys as organisation_keys
from allervers.accounts.models import Organisation, OrganisationKey
from allervers.core import clock
from allervers.journal.actions import action, record
from allervers.people import vault
from allervers.people.models import PersonCard

BATCH = 500
# A request that read the former key just before the new one was made may still save a card under it.
GRACE = timedelta(hours=1)


def rotate_keys(organisation: Organisation, *, batch: int = BATCH) -> Iterator[int]:
    """Rewraps every card's key under the newest version, yielding how many after each batch.

    A rotation that was cut short is finished; else a new version is made first. Each batch is one short transaction, and a
    card changed or erased meanwhile is left to whoever changed it.
    """
    if not _behind(organisation.id):
        _new_version(organisation)
    while rewrapped := _rewrap_batch(organisation.id, batch):
        yield rewrapped


@action
def destroy_old_keys(organisation: Organisation, *, grace: timedelta = GRACE) -> int:
    """Destroys the versions that wrap nothing and were replaced at least `grace` ago; returns how many."""
    newest, _key = organisation_keys.current(organisation.id)
    made_at = OrganisationKey.objects.get(organisation=organisation, version=newest).created_at
    if clock.now() - made_at < grace or _behind(organisation.id):
        return 0
    old = OrganisationKey.objects.filter(organisation=organisation, version__lt=newest)
    versions = [version for version in old.values_list("version", flat=True) if version]
    destroyed = organisation_keys.destroy_versions(organisation.id, versions)
    if destroyed:
        record("organisation_key.destroyed", organisation, by=None, network=organisation.network_id, versions=versions)
    return destroyed


@action
def _new_version(organisation: Organisation) -> None:
    row = organisation_keys.add_version(organisation.id)
    record("organisation_key.made", organisation, by=None, network=organisation.network_id, version=row.version)


def _behind(organisation_id: UUID) -> bool:
    newest, _key = organisation_keys.current(organisation_id)
    cards = PersonCard.objects.filter(organisation_id=organisation_id, key_version__lt=newest)
    return cards.exclude(wrapped_key=b"").exists()


def _rewrap_batch(organisation_id: UUID, batch: int) -> int:
    newest, _key = organisation_keys.current(organisation_id)
    behind = PersonCard.objects.filter(organisation_id=organisation_id, key_version__lt=newest).exclude(wrapped_key=b"")
    cards = list(behind.order_by("id")[:batch])
    rewrapped = [
        (card, vault.rewrapped(card, newest)) for card in cards
    ]  # sealed before the transaction: it stays short
    with transaction.atomic():
        for card, wrapped in rewrapped:
            unchanged = PersonCard.objects.filter(pk=card.pk, key_version=card.key_version).exclude(wrapped_key=b"")
            unchanged.update(wrapped_key=wrapped, key_version=newest)
    return len(cards)

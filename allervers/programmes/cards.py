"""A card for someone known by the code that a paper list gave her."""

from datetime import datetime
from uuid import UUID

from allervers.accounts.models import Hub
from allervers.accounts.rules import Viewer
from allervers.journal.actions import record
from allervers.people import vault
from allervers.people.models import PersonCard
from allervers.programmes.columns import Row


def card_of_code(row: Row, *, organisation_id: UUID, hub: Hub | None, at: datetime, by: Viewer) -> PersonCard:
    """A code without a name, kept by the session's organisation; its retention counts from the session. In an action."""
    card = PersonCard(
        network_id=by.network_id,
        organisation_id=organisation_id,
        hub=hub,
        code=row.code,
        speaks=[row.language] if row.language else [],
        sex=row.sex,
        age_band=row.age_band,
        is_minor=row.age_band == "0-17",
        last_contact_at=at,
        created_by_id=by.membership_id,
    )
    vault.new_card_key(card)
    card.save(force_insert=True)
    record("card.opened", card, by=by, named=False)
    return card

"""Reads across accounts: names of those who work here, by opaque id."""

from collections.abc import Iterable
from uuid import UUID

from allervers.accounts.models import Membership


def names_of(membership_ids: Iterable[UUID | str | None]) -> dict[str, str]:
    """Who each membership is, with her role: for a line of the journal, or a person who asks who opened her card."""
    wanted = {str(ident) for ident in membership_ids if ident}
    rows = Membership.objects.filter(pk__in=wanted).select_related("user", "organisation")
    return {str(row.id): f"{row.user}, {row.get_role_display()}, {row.organisation.name}" for row in rows}


def codes_of(membership_ids: Iterable[UUID | str | None]) -> dict[str, tuple[str, str]]:
    """Of each membership, a short code and its role: who acted, without a name."""
    wanted = {str(ident) for ident in membership_ids if ident}
    rows = Membership.objects.filter(pk__in=wanted).select_related("organisation")
    return {str(row.id): (code_of(row.id), f"{row.get_role_display()}, {row.organisation.name}") for row in rows}


def code_of(membership_id: UUID | str) -> str:
    """The last eight digits of a membership's id: the random end, enough to tell one from another."""
    return str(membership_id)[-8:]

"""What the sign-in page of a demonstration offers."""

from django.conf import settings

from allervers.accounts.enums import Role
from allervers.accounts.models import Membership

_ORDER = [
    Role.HUB_LEAD,
    Role.MEDIATOR,
    Role.COORDINATOR,
    Role.AMBASSADOR,
    Role.VOLUNTEER,
    Role.MEMBER,
    Role.AUDITOR,
    Role.TECHNICAL,
]


def accounts() -> list[dict[str, str]]:
    """Up to two accounts of each role, in different places; none outside a demonstration."""
    if not settings.DEMO:
        return []
    rows = Membership.objects.active().select_related("user", "hub", "organisation")
    shown: dict[Role, dict[str, dict[str, str]]] = {role: {} for role in _ORDER}
    for row in rows.order_by("starts_at", "id")[:400]:
        place = row.hub.name if row.hub else row.organisation.name
        label = f"{row.get_role_display()}, {place}"
        places = shown[Role(row.role)]
        if len(places) < 2:
            places.setdefault(place, {"email": row.user.email, "label": label[:1].upper() + label[1:]})
    return [account for role in _ORDER for account in shown[role].values()]

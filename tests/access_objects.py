"""For each address with arguments, how to build the object that a call is about, in a position.

A factory takes a `Position` (its `hub`, `organisation`, `membership`, `viewer`, and `cast`) and returns the address's
arguments. Build the row where the position is, in a state in which the call would succeed. One section a noun.
"""

from typing import Any

from allauth.mfa.models import Authenticator

from allervers.people import actions as people
from allervers.people.enums import ReceiptKind
from tests.access_walk import Factory, Position

FACTORIES: dict[str, Factory] = {}


def builds(*names: str) -> Any:
    """Registers a factory for one or several addresses."""

    def register(factory: Factory) -> Factory:
        for name in names:
            FACTORIES[name] = factory
        return factory

    return register


# --- sign-in and oneself ---------------------------------------------------------------------------------------------


@builds("account_confirm_email")
def _email_key(position: Position) -> dict[str, Any]:
    return {"key": "key"}


@builds("account_reset_password_from_key")
def _reset_key(position: Position) -> dict[str, Any]:
    return {"uidb36": "1", "key": "key"}


@builds("mfa_remove_webauthn", "mfa_edit_webauthn")
def _someones_security_key(position: Position) -> dict[str, Any]:
    row = Authenticator.objects.create(
        user=position.membership.user, type=Authenticator.Type.WEBAUTHN, data={"name": "clé", "credential": {}}
    )
    return {"pk": row.pk}


# --- persons ---------------------------------------------------------------------------------------------------------


@builds(
    "workspace:person",
    "workspace:person_edit",
    "workspace:person_follow_up",
    "workspace:person_receipt",
    "workspace:person_reads",
    "workspace:person_export",
    "workspace:person_erase",
)
def _person(position: Position) -> dict[str, Any]:
    return {"pk": position.cast.card(position.hub).pk}


@builds("workspace:receipt", "workspace:receipt_withdraw")
def _agreement(position: Position) -> dict[str, Any]:
    card = position.cast.card(position.hub)
    return {"pk": people.record_agreement(card, kind=ReceiptKind.REMINDERS, by=position.viewer).pk}


@builds("workspace:card_link_decide")
def _card_link(position: Position) -> dict[str, Any]:
    one, other = (position.cast.card(position.hub) for _ in range(2))
    return {"pk": people.propose_link(one, other=other, by=position.viewer).pk}

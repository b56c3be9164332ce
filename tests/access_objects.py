"""For each address with arguments, how to build the object that a call is about, in a position.

A factory takes a `Position` (its `hub`, `organisation`, `membership`, `viewer`, and `cast`) and returns the address's
arguments. Build the row where the position is, in a state in which the call would succeed. One section a noun.
"""

from typing import Any

from allauth.mfa.models import Authenticator

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

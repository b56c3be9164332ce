"""The walk: every address × method × role × position, called for real and compared with the access table.

Positions are seen from Wazemmes' team: `h` is Wazemmes, `o` its sister Moulins, `n` Fives (another association of the
network), `x` another network, whose rows nobody reaches. `m` is the caller's own row, whoever she is.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from allervers.accounts.enums import Role
from allervers.accounts.models import Hub, Membership, Organisation, User
from allervers.accounts.rules import Viewer
from allervers.needs.enums import Category
from allervers.needs.models import Need
from allervers.people.models import PersonCard
from allervers.web import access
from tests.cast import Cast

ROLES = {
    Role.COORDINATOR: "coordinator",
    Role.HUB_LEAD: "lead",
    Role.MEDIATOR: "mediator",
    Role.AMBASSADOR: "ambassador",
    Role.VOLUNTEER: "volunteer",
    Role.MEMBER: "member",
    Role.AUDITOR: "auditor",
    Role.TECHNICAL: "technical",
}
# Steps of signing in, which send back to its beginning whoever has not begun.
STEPS_OF_SIGN_IN = {
    "account_confirm_login_code",
    "account_logout",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_trust",
}
# Answer in a demonstration only; elsewhere nobody is answered, whatever the table says.
DEMO_ONLY = {"workspace:outbox"}
# What an address needs behind its "?" to answer at all.
QUERIES = {"workspace:figures_rows": "figure=active"}


@dataclass(frozen=True)
class Position:
    """Where the object of a call lives, and who works there: factories build their rows here."""

    cast: Cast
    letter: str
    hub: Hub
    who: str  # of the cast: a mediator of that hub; in position `m`, the caller

    @property
    def organisation(self) -> Organisation:
        return self.hub.organisation

    @property
    def membership(self) -> Membership:
        return self.cast.memberships[self.who]

    @property
    def viewer(self) -> Viewer:
        return self.cast.viewer(self.who)

    def card(self) -> PersonCard:
        """Someone helped there, every value a marker."""
        return self.cast.card(self.hub)

    def need(self) -> Need:
        """An open need of someone helped there, followed by the mediator of the place."""
        return Need.objects.create(
            network=self.hub.network,
            organisation=self.organisation,
            hub=self.hub,
            card=self.card(),
            category=Category.EYES,
            owner=self.membership,
        )


Factory = Callable[[Position], dict[str, Any]]


@dataclass(frozen=True)
class Address:
    name: str
    arguments: frozenset[str]
    callback: Callable[..., HttpResponseBase]

    def methods(self) -> list[str]:
        return sorted(method for name, method in access.ACCESS if name == self.name)


@dataclass(frozen=True)
class Call:
    """One call, what the table says of it, and what came of it."""

    address: str
    method: str
    who: str
    letter: str  # "" without arguments
    expected: bool
    status: int
    allowed: bool

    def __str__(self) -> str:
        place = f" position {self.letter}" if self.letter else ""
        said = "allows" if self.expected else "refuses"
        return f"{self.address} {self.method} as {self.who}{place}: the table {said}, the answer was {self.status}"


def addresses() -> list[Address]:
    """Every named address of the installation, in the resolver's order."""
    return list(_addresses(get_resolver(), "", frozenset()))


def _addresses(resolver: URLResolver, prefix: str, arguments: frozenset[str]) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        here = arguments | frozenset(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern, prefix + (f"{pattern.namespace}:" if pattern.namespace else ""), here)
        elif isinstance(pattern, URLPattern):
            yield Address(f"{prefix}{pattern.name}", here, pattern.callback)


def positions(cast: Cast) -> list[Position]:
    return [
        Position(cast, "h", cast.wazemmes, "mediator"),
        Position(cast, "o", cast.moulins, "sister"),
        Position(cast, "n", cast.fives, "other"),
        Position(cast, "x", cast.arnaud, "foreigner"),
        Position(cast, "m", cast.wazemmes, "mediator"),
    ]


def walk(cast: Cast, factories: dict[str, Factory], only: set[str] | None = None) -> list[Call]:
    """Every call, each in a savepoint that is undone. Objects are built anew for each, so calls do not meet."""
    clients = {"anyone": Client()} | {who: settled(cast, who) for who in ROLES.values()}
    calls = []
    for address in addresses():
        if only is not None and address.name not in only:
            continue
        if address.arguments and address.name not in factories:
            continue  # told by its own test
        for position in positions(cast) if address.arguments else [None]:
            calls += _calls(address, position, clients, factories)
    return calls


def settled(cast: Cast, who: str) -> Client:
    """Someone who just gave her second factor, has recovery codes and a short code: nothing of hers is missing."""
    client, user = cast.client(who), cast.memberships[who].user
    RecoveryCodes.activate(user)
    User.objects.filter(pk=user.pk).update(unlock_hash="set")
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "type": "totp", "at": time.time() + 7200, "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def _calls(
    address: Address, position: Position | None, clients: dict[str, Client], factories: dict[str, Factory]
) -> Iterator[Call]:
    for method in address.methods():
        line = access.ACCESS[address.name, method]
        for who, client in clients.items():
            cell = line.cells[_column(who)]
            if not cell and position is not None and position.letter != "h":
                continue  # refused before any row is looked for: once is enough
            here = _mine(position, who) if position and position.letter == "m" else position
            if here is None and position is not None:
                continue  # nobody has a row of her own, nor does a role whose cell does not say `m`
            if position is not None and position.letter == "m" and "m" not in cell:
                continue
            with transaction.atomic():
                kwargs = factories[address.name](here) if here else {}
                status, allowed = _call(client, address, method, kwargs)
                transaction.set_rollback(True)
            shut = address.name in DEMO_ONLY and not settings.DEMO
            expected = not shut and _expected(cell, here, who)
            yield Call(address.name, method, who, here.letter if here else "", expected, status, allowed)


def _mine(position: Position, who: str) -> Position | None:
    """The position of the caller herself."""
    membership = position.cast.memberships.get(who)
    return Position(position.cast, "m", membership.hub or position.hub, who) if membership else None


def _column(who: str) -> str:
    return next((role.value for role, name in ROLES.items() if name == who), who)


def _expected(cell: str, position: Position | None, who: str) -> bool:
    if not cell or cell == "*" or position is None:
        return bool(cell)
    return position.letter in cell or ("m" in cell and position.who == who)


def _call(client: Client, address: Address, method: str, kwargs: dict[str, Any]) -> tuple[int, bool]:
    """The status, and whether this is an answer rather than a refusal. Sessions are kept as they were."""
    cookies = client.cookies.output(header="", sep=";")
    kept = dict(client.cookies)
    response = client.generic(method, reverse(address.name, kwargs=kwargs), QUERY_STRING=QUERIES.get(address.name, ""))
    if client.cookies.output(header="", sep=";") != cookies:
        client.cookies.clear()
        client.cookies.update(kept)
    if response.status_code in {403, 404, 405}:
        return response.status_code, False
    to_sign_in = response.status_code == 302 and response["Location"].split("?")[0] == reverse("account_login")
    return response.status_code, not to_sign_in or address.name in STEPS_OF_SIGN_IN

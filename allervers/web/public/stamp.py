"""The form's own number and the moment when its page was opened, signed: nothing is kept until it comes back."""

import secrets
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.http import QueryDict

from allervers.core import clock
from allervers.needs.doubts import Signs

_signer = signing.Signer(salt="allervers.ask")


def new() -> str:
    return _signer.sign(f"{secrets.token_urlsafe(16)}.{int(clock.now().timestamp())}")


def read(text: str) -> tuple[str, timedelta | None]:
    """The form's number and its age; a number of this moment and no age when we never signed it."""
    try:
        nonce, _dot, moment = _signer.unsign(text).rpartition(".")
        return nonce, max(clock.now() - datetime.fromtimestamp(int(moment), UTC), timedelta())
    except (signing.BadSignature, ValueError):
        return secrets.token_urlsafe(16), None


def signs_of(sent: QueryDict, origin: str = "", *, crowded: bool = False) -> Signs:
    """How a form came: its number, its age, and whether the box that nobody sees was filled."""
    nonce, age = read(sent.get("t", "")[:200])
    return Signs(nonce, age, trapped=bool(sent.get("site")), origin=origin, crowded=crowded)

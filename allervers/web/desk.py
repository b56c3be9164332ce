"""A shared desk: when it locks itself, and who may come back to it with a short code.

The list of who may is a signed cookie of this browser; each entry falls by itself after two weeks, and as soon as the
person changes her code or a second factor. The code never replaces a full sign-in: it shortens the next ones.
"""

from datetime import timedelta
from uuid import UUID

from allauth.mfa.internal.flows.trust import create_config_fingerprint
from django.conf import settings
from django.contrib.auth import login
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from allervers.accounts import unlock
from allervers.accounts.models import Membership, User
from allervers.core import clock

COOKIE = "__Host-desk" if settings.HTTPS else "desk"
KEPT = timedelta(days=14)
_SALT = "allervers.desk"
_SEEN_EVERY = 60  # seconds: the session is written that often at most


def known(request: HttpRequest) -> list[User]:
    """Who may take this desk with her code: she asked for it here, works today, and changed nothing since."""
    entries = _entries(request)
    working = Membership.objects.active().filter(user_id__in=entries).values("user_id")
    users = User.objects.filter(pk__in=working).exclude(unlock_hash="").order_by("first_name", "last_name", "email")
    return [user for user in users if entries[str(user.pk)][1] == _fingerprint(user)]


def is_known(request: HttpRequest, user: User) -> bool:
    return any(other.pk == user.pk for other in known(request))


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Adds `user` to this browser's list for two weeks."""
    entries = _entries(request)
    entries[str(user.pk)] = (int(clock.now().timestamp()), _fingerprint(user))
    _write(response, entries)


def forget(request: HttpRequest, response: HttpResponse, user_id: UUID) -> None:
    """Takes someone off this browser's list."""
    entries = _entries(request)
    entries.pop(str(user_id), None)
    _write(response, entries)


def begin(request: HttpRequest) -> None:
    """Someone has just signed in: the desk is open, and seen now."""
    request.session.pop("locked", None)
    request.session["seen"] = int(clock.now().timestamp())


def lock(request: HttpRequest) -> None:
    """From now on this session shows nothing until the code is given."""
    request.session["locked"] = True


def is_locked(request: HttpRequest) -> bool:
    return bool(request.session.get("locked"))


def open_again(request: HttpRequest) -> None:
    """The code was right."""
    begin(request)
    request.session.cycle_key()


def take(request: HttpRequest, user: User, code: str) -> None:
    """Another person of the list takes the desk: the session of the one before is destroyed. Raises `WrongCode`."""
    if not is_known(request, user):
        raise unlock.WrongCode(0)
    unlock.check_code(user, code)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    open_again(request)


def idle_seconds(request: HttpRequest, *, by_itself: bool = False) -> int:
    """Since this session's last page; notes this one, once a minute at most, unless the page asks `by_itself`."""
    stamp = int(clock.now().timestamp())
    seen = int(request.session.get("seen", stamp))
    if by_itself:
        return stamp - seen
    if stamp - seen >= _SEEN_EVERY or "seen" not in request.session:
        request.session["seen"] = stamp
    return stamp - seen


def _entries(request: HttpRequest) -> dict[str, tuple[int, str]]:
    try:
        told = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT)
    except signing.BadSignature:
        return {}
    oldest = (clock.now() - KEPT).timestamp()
    return {ident: (stamp, mark) for ident, (stamp, mark) in told.items() if stamp > oldest}


def _write(response: HttpResponse, entries: dict[str, tuple[int, str]]) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps(entries, salt=_SALT),
        max_age=KEPT,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _fingerprint(user: User) -> str:
    """Changes with the code and with each second factor."""
    return salted_hmac(_SALT, f"{create_config_fingerprint(user)}|{user.unlock_hash}", algorithm="sha256").hexdigest()

"""Pages reached by a link without an account: nothing of them is stored, indexed, repeated or guessed at."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import check_for_language
from django.views.decorators.csrf import csrf_exempt

from allervers.core import clock, crypto, keys

View = Callable[..., HttpResponseBase]

_PLACE = "web.private.origin"
_keys: dict[date, bytes] = {}

_WINDOW = 600  # seconds
_TRIES = 40  # codes and unknown addresses from one computer in a window: a hospital shares one address


def private_page(view: View) -> View:
    """Headers that keep the address to itself, and `?langue=ar` turned into a cookie.

    Exempt from the CSRF cookie: with `no-referrer` browsers send `Origin: null`, which its check refuses, and the 256 bits of
    the address are what a forger would have to know.
    """

    @csrf_exempt
    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = _in_language(request) or view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return run


def _in_language(request: HttpRequest) -> HttpResponseRedirect | None:
    asked = request.GET.get("langue", "")
    if request.method != "GET" or asked not in dict(settings.LANGUAGES) or not check_for_language(asked):
        return None
    answer = redirect(request.path)
    answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, asked, samesite="Lax", secure=settings.HTTPS, httponly=True)
    return answer


def too_many(request: HttpRequest) -> bool:
    """Counts one try of this computer; true once there were too many in ten minutes."""
    return floods(request, "link", _TRIES)


def floods(request: HttpRequest, what: str, most: int) -> bool:
    """Counts one more of these from this computer; true beyond `most` in ten minutes."""
    return count(f"{what}:{origin(request)}") > most


def count(key: str) -> int:
    """One more of these; how many there were since the first in ten minutes, this one included. Two at once are two."""
    with transaction.atomic():
        _alone(key)
        began, before = _counted(key)
        cache.set(key, (began, before + 1), timeout=_WINDOW)
    return before + 1


def _alone(key: str) -> None:
    """Until the end of the transaction, nobody else counts under this key. SQLite writes one transaction after the other."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def counted(key: str) -> int:
    """How many of these there were since the first in ten minutes."""
    return _counted(key)[1]


def _counted(key: str) -> tuple[float, int]:
    """When the window opened: what is counted again would else be kept for as long as it goes on."""
    now = clock.now().timestamp()
    began, before = cache.get(key) or (now, 0)
    return (began, before) if now - began < _WINDOW else (now, 0)


def origin(request: HttpRequest) -> str:
    """A mark of the computer that asks, never its address: under a key of the day, drawn at random, then thrown away."""
    address = request.META.get("REMOTE_ADDR", "")
    if getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0):  # the proxy writes this header itself
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
    return crypto.blind(_key_of(clock.today("UTC")), _place_of(address))


def _place_of(address: str) -> str:
    """One subscriber: her address, or in IPv6 the /64 from which her computer draws as many as it likes (RFC 4291, RFC 6177)."""
    try:
        read = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if read.version == 4:
        return str(read)
    return str(read.ipv4_mapped or ip_network((read, 64), strict=False))


def _key_of(day: date) -> bytes:
    """Sealed in the cache for as long as it serves; this process remembers it."""
    if day not in _keys:
        name = f"origin-key:{day}"
        cache.add(name, keys.seal(crypto.new_key(), _PLACE).hex(), timeout=2 * 86_400)
        _keys.clear()
        _keys[day] = keys.unseal(bytes.fromhex(cache.get(name)), _PLACE)
    return _keys[day]

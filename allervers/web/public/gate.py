"""A flood of forged requests is turned away before it costs anything, and nobody genuine is: one more touch goes through.

What was sent from no page of ours, fell in the box that nobody sees, or comes with a stamp used already, is let in for a while
(it waits in quarantine). Beyond so many a minute it is answered with its own answers and a fresh stamp, ready to send: a browser
in someone's hand does, a script does not. That answer is drawn once a page and kept: a thousand a second cost one processor.

A voice cannot be handed back to be sent once more: beyond so many a minute it is let in too, and waits in quarantine.

Counted in the memory of one process: nothing of who asks is looked at or kept.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.html import format_html_join

from allervers.core import clock
from allervers.needs import doubts
from allervers.web.public import stamp

HOLDS = 60  # doubtful ones let in, a minute
USES = 3  # of one stamp: a page reloaded, a button touched twice
_WINDOW = timedelta(minutes=1)
_STAMPS = 20_000  # remembered at most
_PLACE = "<!-- answers -->"
_DOOR = re.compile(r"^/porte/[^/]+/[^/]+/aide/$")
CARRIED = ("quoi", "ou", "quand", "pour", "numero", "sms", "sans", "accord")

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class _Minute:
    """What this process saw since the minute began."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self.began: datetime | None = None
        self.doubtful = 0
        self.stamps: dict[str, int] = {}
        self.pages: dict[str, str] = {}

    def turn(self) -> None:
        now = clock.now()
        if self.began is None or not self.began <= now < self.began + _WINDOW or len(self.stamps) > _STAMPS:
            self.forget()
            self.began = now

    def turns_away(self, sent: QueryDict) -> bool:
        """Counts a request that is ready to leave."""
        self.turn()
        used = sent.get("t", "")[:200]
        uses = self.stamps[used] = self.stamps.get(used, 0) + 1
        if uses <= USES and not doubts.is_forged(stamp.signs_of(sent)):
            return False
        self.doubtful += 1
        return self.doubtful > HOLDS


_minute = _Minute()
forget = _minute.forget


class GateMiddleware:
    """Stands before sessions, languages and views."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST" or not _DOOR.match(request.path) or "quand" not in request.POST:
            return self.get_response(request)
        away = _minute.turns_away(request.POST)
        if away and (drawn := _minute.pages.get(request.path)):
            return _answer(drawn, request.POST)
        request.turned_away = away  # type: ignore[attr-defined]  # the view draws the page, and keeps it
        return self.get_response(request)


def is_away(request: HttpRequest) -> bool:
    return bool(getattr(request, "turned_away", False))


def is_crowded(sent: QueryDict) -> bool:
    """Counts a voice that is ready to leave, in the same minute; true where another form would be turned away."""
    return _minute.turns_away(sent)


def keep(request: HttpRequest, draw: Callable[[str], HttpResponse]) -> HttpResponse:
    """Draws the page with a place for the answers, keeps it for the minute, and answers."""
    drawn = draw(_PLACE).content.decode()
    _minute.pages[request.path] = drawn
    return _answer(drawn, request.POST)


def _answer(drawn: str, sent: QueryDict) -> HttpResponse:
    fields: list[tuple[str, str]] = [("t", stamp.new()), *((n, sent.get(n, "")[:40]) for n in CARRIED if n in sent)]
    hidden = format_html_join("", '<input type="hidden" name="{}" value="{}">', fields)
    response = HttpResponse(drawn.replace(_PLACE, hidden), status=503)
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django's own: a flood must not fill the log
    response["Retry-After"] = str(int(doubts.FASTEST.total_seconds()))
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "no-referrer"
    return response

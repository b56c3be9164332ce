"""Door 5: what happens in the neighbourhood, day by day, where one is received; to keep in one's own calendar, to follow."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allervers.accounts.models import Hub
from allervers.core import clock, dates, text
from allervers.directory import hours
from allervers.prevention.models import Message
from allervers.programmes import agenda
from allervers.programmes.agenda import Coming
from allervers.programmes.enums import ActionKind
from allervers.relief import queries as relief
from allervers.web.public import moments
from allervers.web.public.helping import Missing
from allervers.web.public.street import Street, on_the_street, page

_LAST_MESSAGES = 20
_USUAL = timedelta(hours=3)  # a session whose end nobody wrote

# A kind of session as a resident would say it.
KINDS: dict[str, tuple[str, str | Promise]] = {
    ActionKind.OPTICAL: ("eye", gettext_lazy("On regarde vos yeux")),
    ActionKind.DENTAL: ("tooth", gettext_lazy("On regarde vos dents")),
}


@dataclass(frozen=True)
class Event:
    """One session as a card shows it."""

    coming: Coming
    sign: str
    title: str
    time: str
    text: str  # to pass on

    @property
    def whatsapp(self) -> str:
        return f"https://wa.me/?text={quote(self.text)}"

    @classmethod
    def of(cls, coming: Coming, street: Street) -> "Event":
        sign, title = KINDS[coming.kind]
        starts, ends = (_local(at, street) if at else None for at in (coming.starts_at, coming.ends_at))
        assert starts is not None, "a session begins"
        time = " – ".join(moments.hour(at, street) for at in (starts, ends) if at)
        day = dates.written(starts, "l j F")
        address = settings.PUBLIC_URL + street.url("agenda")
        return cls(coming, sign, str(title), time, f"{title}. {capfirst(day)}, {time}. {coming.where}. {address}")


@dataclass(frozen=True)
class Reception:
    """A hub, its door and its telephone."""

    hub: Hub
    state: str
    sentence: str
    changes: str  # the same in figures
    week: list[moments.Line]


@on_the_street
def days(request: HttpRequest, street: Street) -> HttpResponse:
    """Everything, or what one hub holds."""
    hubs = list(Hub.objects.filter(network=street.network, organisation__closed_at=None).order_by("name"))
    wanted = request.GET.get("pole", "")
    events = [
        Event.of(one, street)
        for one in agenda.coming(street.network.id, clock.now())
        if not wanted or (one.hub and one.hub.slug == wanted)
    ]
    response = page(
        request,
        street,
        "public/agenda.html",
        "violet",
        days=_by_day(events, street),
        hubs=hubs,
        wanted=wanted,
        receptions=[_reception(hub, street) for hub in hubs if not wanted or hub.slug == wanted],
    )
    response["Cache-Control"] = "no-store"  # what is open is true now only
    return response


def _by_day(events: list[Event], street: Street) -> list[tuple[date, bool, list[Event]]]:
    """Each day, whether it is today, what happens."""
    grouped = groupby(events, key=lambda event: _local(event.coming.starts_at, street).date())
    return [(day, day == street.today, list(held)) for day, held in grouped]


def _local(moment: datetime, street: Street) -> datetime:
    return moment.astimezone(ZoneInfo(street.network.timezone))


def _reception(hub: Hub, street: Street) -> Reception:
    now = clock.now()
    status = hours.status(hub.opening_hours, now, street.network.timezone)
    state = "unknown" if status.is_open is None else "open" if status.is_open else "shut"
    changes = moments.change(status, street)
    return Reception(hub, state, status.sentence(now), changes, moments.week(hub.opening_hours, street))


@on_the_street
def event(request: HttpRequest, street: Street, pk: UUID) -> HttpResponse:
    """One session, for the calendar of a telephone."""
    found = next((one for one in agenda.coming(street.network.id, clock.now()) if one.id == pk), None)
    if found is None:
        raise Http404
    shown = Event.of(found, street)
    entry = icalendar.Event()
    entry.add("uid", f"{found.id}@{street.network.slug}.aller-vers")
    entry.add("dtstamp", clock.now())
    entry.add("dtstart", _local(found.starts_at, street))
    entry.add("dtend", _local(found.ends_at or found.starts_at + _USUAL, street))
    entry.add("summary", shown.title)
    entry.add("location", ", ".join(part for part in (found.where, _address(found)) if part))
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//aller-vers//agenda//FR")
    calendar.add("version", "2.0")
    calendar.add_component(entry)
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="agenda.ics"'
    return response


def _address(found: Coming) -> str:
    """The hub's own, where the session is held there."""
    return found.hub.address if found.hub and not found.place else ""


@on_the_street
def feed(request: HttpRequest, street: Street) -> HttpResponse:
    """Calls, sessions to come, messages newly published: what the network does, for whoever follows it. Nobody is in it."""
    home = settings.PUBLIC_URL + reverse("public:languages", args=[street.network.slug])
    rss = Rss201rev2Feed(
        title=text.printable(street.network.name),
        link=home,
        description=_("Appels, rendez-vous du quartier et messages de santé."),
        language="fr",
        feed_url=settings.PUBLIC_URL + request.path,
    )
    for line in relief.board(street.network, street.today).calls:
        if line.call and not line.is_complete:
            shown = Missing.of(line)
            told = [shown.when, line.hub.name if line.hub else "", line.call.words, line.otherwise]
            link = f"{settings.PUBLIC_URL}{street.url('help')}?appel={line.call.id}#offrir"
            _add(
                rss, line.call.id, _("Nous cherchons : %(what)s") % {"what": line.title}, told, link, line.call.made_at
            )
    for coming in agenda.coming(street.network.id, clock.now()):
        one = Event.of(coming, street)
        starts = capfirst(dates.written(_local(coming.starts_at, street), "l j F Y"))
        _add(
            rss,
            coming.id,
            f"{one.title}, {starts}",
            [one.time, coming.where],
            settings.PUBLIC_URL + street.url("agenda"),
        )
    for message in _newest(street):
        title = next((segment.text for segment in message.segments.all() if segment.is_title), message.slug)
        link = settings.PUBLIC_URL + street.url("message", message.slug)
        _add(rss, message.id, title, [], link, message.published_at)
    return HttpResponse(rss.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")


def _add(rss: Rss201rev2Feed, pk: UUID, title: str, told: list[str], link: str, at: datetime | None = None) -> None:
    rss.add_item(
        title=text.printable(title),
        link=link,
        description=text.printable(". ".join(part.rstrip(".") for part in told if part)),
        pubdate=at,
        unique_id=f"urn:uuid:{pk}",
        unique_id_is_permalink=False,
    )


def _newest(street: Street) -> list[Message]:
    published = Message.objects.published().filter(network=street.network, expires_on__gte=street.today)
    return list(published.prefetch_related("segments").order_by("-published_at", "id")[:_LAST_MESSAGES])

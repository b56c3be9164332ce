"""Door 1: the messages, one message segment by segment, giving it to someone, saying that it was understood otherwise."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from allervers.accounts import rowlock
from allervers.core import dates
from allervers.core.languages import FALC, FRENCH, LANGUAGES
from allervers.prevention import actions, clips, queries, sharing
from allervers.prevention.enums import Audience, MessageKind, MessageState, Origin
from allervers.prevention.models import Media, Message
from allervers.web.private import floods
from allervers.web.public.street import FRENCH_READER, Reader, Street, on_the_street, page

_SHEETS = 60  # made for one computer in ten minutes: a whole shelf is printed; those that are kept are not counted
_REMARKS = 30  # from one computer in ten minutes: a class shares one, a script writes without end
_MACHINE = re.compile(r"bot|crawl|spider|slurp|preview", re.IGNORECASE)  # how those that run scripts name themselves
_NEAR = ("ar", "en", "snk", "fsl")  # languages proposed at once beside French and easy French


@on_the_street
def understand(request: HttpRequest, street: Street) -> HttpResponse:
    """The messages for everyone; those for young people stand on a shelf of their own."""
    return page(
        request,
        street,
        "public/understand.html",
        "blue",
        shelf=_shelf(street, Audience.ALL),
        for_young=Message.objects.published()
        .filter(network=street.network, audience=Audience.YOUNG, expires_on__gte=street.today)
        .exists(),
    )


@on_the_street
def young(request: HttpRequest, street: Street) -> HttpResponse:
    """The series for young people, each message with its upright video once there is one."""
    shelf = _shelf(street, Audience.YOUNG)
    made = clips.clips_of(shelf, street.reader.language.code)
    shown = [(one, made.get(one.message.pk)) for one in shelf]
    return page(request, street, "public/young.html", "blue", shelf=shown)


def _shelf(street: Street, audience: Audience) -> list[queries.Shown]:
    language, unchecked = street.reader.language.code, street.shows_unchecked
    return queries.shelf(street.network.id, language, street.today, unchecked=unchecked, audience=audience)


@on_the_street
def message(request: HttpRequest, street: Street, name: str) -> HttpResponse:
    """One message, by its own words and voice; what is no longer true says so before anything else."""
    found = _published(street, name)
    language, shown = street.reader.language, _shown(found, street)
    return page(
        request,
        street,
        "public/message.html",
        "blue",
        shown=shown,
        whole=_whole(shown, language.code),
        film=queries.film_of(shown),
        clip=clips.clip_of(shown, language.code),
        chips=_chips(found, street),
        share=sharing.Share.of(shown, _link(found, street), cut=_cut(shown)),
        thanks="merci" in request.GET,
    )


@dataclass(frozen=True)
class Whole:
    """The message in one file, as its player offers it."""

    media: Media
    heard: queries.Heard
    mark: str


def _whole(shown: queries.Shown, language: str) -> Whole | None:
    found = queries.whole_of(shown, language)
    if found is None:
        return None
    whole, origin = found
    marks = {Origin.MACHINE: _("Voix d’une machine"), Origin.TONE: _("Son d’essai : ce n’est pas encore une voix")}
    return Whole(whole.media, queries.Heard(whole.media_id, origin), marks.get(origin, ""))


def _published(street: Street, name: str) -> Message:
    found = Message.objects.published().filter(network=street.network, slug=name).first()
    if found is None:
        raise Http404
    return found


def _shown(found: Message, street: Street) -> queries.Shown:
    shown = queries.shown(found, street.reader.language.code, street.today, unchecked=street.shows_unchecked)
    if shown is None:  # its title was taken away a moment ago
        raise Http404
    return shown


def _cut(shown: queries.Shown) -> str:
    """What goes with a message that lacks a sentence, wherever it is carried."""
    return _("Nous corrigeons une phrase de ce message. Elle revient bientôt.") if shown.is_cut else ""


def _chips(found: Message, street: Street) -> list[Reader]:
    """The languages shown at once: this one, French, easy French, and a few in which the message stands."""
    offered = {one.language.code for one in queries.languages_of(found, unchecked=street.shows_unchecked)}
    codes = dict.fromkeys([street.reader.language.code, FRENCH, *(c for c in (FALC, *_NEAR) if c in offered)])
    return [Reader(LANGUAGES[code], street.reader.pictures) for code in codes]


# A page that may have been kept for days without network holds no token; there is no session to forge either.
@csrf_exempt
@require_POST
@on_the_street
def misunderstood(request: HttpRequest, street: Street, name: str) -> HttpResponse:
    """Which pieces were understood otherwise, and in which words if someone wants to say."""
    found = _published(street, name)
    wanted = {int(place) for place in request.POST.getlist("s") if place.isdecimal() and len(place) < 4}
    if floods(request, "misunderstood", _REMARKS):
        return _later(request, street, name)
    words = " ".join(request.POST.get("mots", "").split())
    pieces = list(found.segments.filter(position__in=wanted)) or ([found.segments.get(position=0)] if words else [])
    for segment in pieces:
        actions.note_misunderstanding(segment, language=street.reader.language.code, words=words)
    return redirect(f"{street.url('message', name)}{'?merci#merci' if pieces else '#autrement'}")


def _later(request: HttpRequest, street: Street, name: str) -> HttpResponse:
    said = _("Trop d’essais. Attendez dix minutes, ou appelez.")
    return page(request, street, "public/thanks.html", "blue", 429, said=said, back=street.url("message", name))


# As above. What a GET asks for is asked for by crawlers and by « Tout garder » too: only this is counted.
@csrf_exempt
@require_POST
@on_the_street
def tally(request: HttpRequest, street: Street, name: str) -> HttpResponse:
    """A browser in someone's hand says what she did with a message; who she is travels nowhere."""
    what = request.POST.get("quoi", "")
    if what not in actions.COUNTED:
        return HttpResponse(status=400)
    from_here = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    if from_here and not _MACHINE.search(request.headers.get("User-Agent", "")):
        actions.count(_published(street, name), language=street.reader.language.code, what=what, day=street.today)
    return HttpResponse(status=204)


@on_the_street
def poster(request: HttpRequest, street: Street, name: str) -> HttpResponse:
    """An A4 page to pin up: the message in this language beside its French, the code of its link, the urgent numbers."""
    return _sheet(request, street, name, "poster", "affiche")


@on_the_street
def card(request: HttpRequest, street: Street, name: str) -> HttpResponse:
    """A card to carry, four on a page."""
    return _sheet(request, street, name, "card", "carte")


def _sheet(request: HttpRequest, street: Street, name: str, kind: str, word: str) -> HttpResponse:
    found = _published(street, name)
    language, shown = street.reader.language, _shown(found, street)
    words = sharing.SheetWords(
        until=_("Vrai jusqu’au %(day)s.") % {"day": dates.written(found.expires_on)},
        source=_("D’après %(source)s.") % {"source": found.source_name} if found.source_name else "",
        unchecked=_("Traduction pas encore relue."),
        cut=_cut(shown),
    )
    sheet = sharing.Sheet.of(
        shown, language, kind=kind, address=_link(found, street), network=street.network.name, words=words
    )
    pdf = sheet.kept()
    if pdf is None and floods(request, "sheet", _SHEETS):
        return _later(request, street, name)
    response = HttpResponse(pdf or sheet.make(), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.slug}-{language.code}-{word}.pdf"'
    return response


def _link(found: Message, street: Street) -> str:
    """Short enough to copy by hand, in the language in which it is given."""
    return settings.PUBLIC_URL + reverse("public:short_in", args=[found.code, street.reader.language.code])


def short(request: HttpRequest, code: str, reader: Reader = FRENCH_READER) -> HttpResponse:
    """The link that is passed from hand to hand: in the language in which it was given, else chosen by hearing."""
    never_shown = {"state": MessageState.DRAFT, "published_at": None}
    rows = Message.objects.filter(code=code, kind=MessageKind.MESSAGE).exclude(**never_shown)
    found = rows.select_related("network").first()
    if found is None:
        raise Http404
    rowlock.enter(found.network_id)
    if not Message.objects.published().filter(pk=found.pk).exists():
        return redirect("public:understand", found.network.slug, reader)
    return redirect("public:message", found.network.slug, reader, found.slug)

"""Door 3: what, where, when and a number, one question a screen; every choice sends. No script, no cookie.

Answers travel in the hidden fields of posted forms: nothing of them is in an address. `speak` is the other road to the same
receipt.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from allervers.core import clock
from allervers.directory.models import Territory
from allervers.needs import actions, doubts, promise, queries
from allervers.needs.actions import Asked
from allervers.needs.enums import Reach
from allervers.needs.errors import NeedError, NoNumber
from allervers.needs.models import HelpRequest
from allervers.needs.wishes import When, Wish
from allervers.people import identity as identities
from allervers.web.private import floods, origin
from allervers.web.public import gate, moments, stamp
from allervers.web.public.street import Street, discreet, on_the_street, page

# A neutral page, where whoever is surprised reading this one goes at once. A link: nothing is loaded from there before.
NEUTRAL = "https://www.meteofrance.com/"
_NEIGHBOURHOODS = 40
_NOWHERE = "-"
_ASKED = 120  # from one computer in ten minutes; what is beyond keeps its answers and is sent later
_WISH_SIGNS = {
    Wish.MEAL: "meal",
    Wish.SHOPPING: "bag",
    Wish.MEDICINE: "medicine",
    Wish.ALONG: "together",
    Wish.INTERPRET: "voice",
    Wish.CALL: "phone",
    Wish.DIGITAL: "phone-screen",
    Wish.DOCTOR: "doctor",
    Wish.TEETH: "tooth",
    Wish.EYES: "eye",
    Wish.RIGHTS: "rights",
    Wish.OTHER: "other",
}
WHEN_SIGNS = {
    When.SOON: "asap",
    When.MORNING: "morning",
    When.AFTERNOON: "clock",
    When.EVENING: "evening",
    When.WEEK: "week",
}


@dataclass(frozen=True)
class Answers:
    """What was answered so far."""

    stamp: str
    wish: str
    where: str  # a territory's id, `-` for someone who does not know, "" when not asked yet
    when: str
    for_other: bool
    phone: str = ""
    reach: Reach = Reach.CALL
    agreed: bool = False

    @classmethod
    def of(cls, sent: QueryDict) -> "Answers":
        numberless, by_sms = "sans" in sent, "sms" in sent
        wish, when = sent.get("quoi", ""), sent.get("quand", "")
        return cls(
            stamp=sent.get("t", "")[:200],
            wish=wish if wish in Wish.values else "",
            where=sent.get("ou", "")[:36],
            when=when if when in When.values else "",
            for_other=sent.get("pour") == "autre",
            phone="" if numberless else sent.get("numero", "").strip()[:40],
            reach=Reach.CODE if numberless else Reach.SMS if by_sms else Reach.CALL,
            agreed="accord" in sent,
        )

    def hidden(self, *, chosen: bool = False) -> list[tuple[str, str]]:
        """The fields that carry them to the next screen. `chosen`: the hour too."""
        fields = {"t": self.stamp, "quoi": self.wish, "ou": self.where, "quand": self.when if chosen else ""}
        fields["pour"] = "autre" if self.for_other else ""
        return [(name, value) for name, value in fields.items() if value]

    def before(self) -> list[tuple[str, str]]:
        """The fields that ask again the question before this one; none when that is the first."""
        return replace(self, where="").hidden() if self.where else []


# A page that may have been kept for days without network holds no token; there is no session to forge either.
@csrf_exempt
@require_http_methods(["GET", "POST"])
@on_the_street
@discreet
def ask(request: HttpRequest, street: Street) -> HttpResponse:
    """The first question that is not answered yet; when none is left, the request leaves."""
    answers = Answers.of(request.POST)
    if not answers.wish:
        return _what(request, street)
    if not answers.where and (places := _neighbourhoods(street)):
        return _screen(request, street, "public/ask_where.html", answers, places=places, nowhere=_NOWHERE)
    if not answers.when:
        return _when(request, street, answers)
    return _send(request, street, answers)


def _what(request: HttpRequest, street: Street) -> HttpResponse:
    hub = queries.hub_for(street.network.id, None)
    answers = Answers(stamp.new(), "", "", "", for_other=request.GET.get("pour") == "autre")
    wishes = [(wish, wish.label, _WISH_SIGNS[wish]) for wish in Wish]
    return _screen(request, street, "public/ask_what.html", answers, wishes=wishes, hub=hub)


def _when(
    request: HttpRequest, street: Street, answers: Answers, error: str = "", field: str = "", spoken: str = ""
) -> HttpResponse:
    """`field`: the one that is wrong; `spoken`: which of our own words says so."""
    whens = [(when, when.label, WHEN_SIGNS[when]) for when in When]
    shown = {"whens": whens, "error": error, "wrong": field, "spoken": spoken, "chosen": answers.hidden(chosen=True)}
    return _screen(request, street, "public/ask_when.html", answers, status=400 if error else 200, **shown)


def _screen(
    request: HttpRequest, street: Street, template: str, answers: Answers, *, status: int = 200, **shown: Any
) -> HttpResponse:
    shown |= {"answers": answers, "hidden": answers.hidden(), "before": answers.before(), "neutral": NEUTRAL}
    return page(request, street, template, "red", status=status, **shown)


def _send(request: HttpRequest, street: Street, answers: Answers) -> HttpResponse:
    # Nothing is refused: one more touch sends the same answers from a page of ours.
    if gate.is_away(request) or _fills_the_disk(request):
        return gate.keep(request, lambda place: _again(request, street, place))
    try:
        phone = identities.parse_phone(answers.phone) if answers.phone else ""
        asked = Asked(
            wish=Wish(answers.wish),
            when=When(answers.when),
            language=street.reader.language.code,
            territory=_territory(street, answers.where),
            phone=phone,
            reach=answers.reach,
            for_other=answers.for_other,
            agreed=answers.agreed,
        )
        kept, code = actions.ask(street.network, asked, stamp.signs_of(request.POST, origin(request)))
    except identities.IdentityRefused:
        return _when(
            request,
            street,
            answers,
            _("Ce numéro n’a pas la bonne longueur. Relisez-le."),
            "numero",
            "ask.wrong_number",
        )
    except NoNumber:
        return _when(request, street, answers, _("Il manque votre numéro."), "numero", "ask.no_number")
    except NeedError as refusal:
        return _when(request, street, answers, str(refusal), "accord")
    return receipt(request, street, kept, code)


def _fills_the_disk(request: HttpRequest) -> bool:
    """Whether one computer opens a page of ours a request, beyond what a hostel does; forged ones are the gate’s."""
    return not doubts.is_forged(stamp.signs_of(request.POST)) and floods(request, "ask", _ASKED)


def _again(request: HttpRequest, street: Street, place: str) -> HttpResponse:
    """`place`: where the gate puts the answers."""
    answers = mark_safe(place)  # noqa: S308  # the gate's own comment
    return page(request, street, "public/ask_again.html", "red", place=answers, neutral=NEUTRAL)


def receipt(
    request: HttpRequest, street: Street, kept: HelpRequest, code: str, *, unread: bool = False
) -> HttpResponse:
    """The code and what comes next. `unread`: a number was written, and cannot be called."""
    return page(
        request,
        street,
        "public/ask_sent.html",
        "red",
        code=groups(code),
        digits=code,
        qr=_qr(settings.PUBLIC_URL + street.url("request")),
        hub=kept.hub,
        who=who_reads(street, kept),
        promised=promise.said(kept.promised_by, clock.now(), street.network.timezone),
        promised_figures=moments.figures(kept.promised_by, street),
        calls=kept.reach == Reach.CALL,
        unread=unread,
        neutral=NEUTRAL,
    )


def who_reads(street: Street, kept: HelpRequest) -> str:
    """The team of the neighbourhood that was said; the network, where none was: the team that was found is no one she chose."""
    return kept.hub.name if kept.hub and kept.territory_id else street.network.name


def groups(code: str) -> list[str]:
    """Three by three, as it is said."""
    return [code[start : start + 3] for start in range(0, len(code), 3)]


@lru_cache(maxsize=256)
def _qr(address: str) -> str:
    """The page where the code is typed; the code itself is in no address."""
    return segno.make(address, error="m").svg_data_uri(scale=4, border=2)


def _neighbourhoods(street: Street) -> list[Territory]:
    return list(queries.neighbourhoods(street.network.id)[:_NEIGHBOURHOODS])


def _territory(street: Street, said: str) -> Territory | None:
    try:
        wanted = UUID(said)
    except ValueError:
        return None
    return queries.neighbourhoods(street.network.id).filter(pk=wanted).first()

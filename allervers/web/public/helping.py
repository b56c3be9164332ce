"""Door 4: what is missing, an offer in one minute, the app to share. Who offers is never shown again here."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import formats
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt

from allervers.accounts.models import Hub
from allervers.core import dates
from allervers.core.languages import LANGUAGES, Language
from allervers.directory.models import Territory
from allervers.needs.enums import Category
from allervers.prevention import sharing
from allervers.relief import actions, queries
from allervers.relief.enums import GIFT_FOR, CallKind, Gift, Part
from allervers.relief.errors import NobodyReceives
from allervers.relief.models import Call
from allervers.relief.queries import Line
from allervers.web.private import floods
from allervers.web.public import help_form, moments, stamp
from allervers.web.public.find import areas
from allervers.web.public.help_form import OfferForm
from allervers.web.public.home import FIRST
from allervers.web.public.street import Street, on_the_street, page

_VOICES_SHOWN = 2
_OFFERS = 30  # from one computer in ten minutes: an association shares one, a script writes without end
_MANY = 8  # beyond, a gauge is a sentence only

_OF_KIND = {
    CallKind.DRIVER: "car", CallKind.LANGUAGE: "voice", CallKind.KITCHEN: "pot", CallKind.TRUCK: "truck",
    CallKind.FOOD: "bag", CallKind.VISIT: "together", CallKind.PHONE: "phone", CallKind.VOICE: "mic",
    CallKind.MONEY: "money", CallKind.OTHER: "i-help",
}  # fmt: skip
_OF_CATEGORY = {Category.FOOD: "meal", Category.DIGITAL: "phone-screen", Category.FRENCH: "language"}
# As said to residents: a picture and two words.
GIFTS: list[tuple[Gift, str, str | Promise]] = [
    (Gift.TIME, "clock", gettext_lazy("Du temps")),
    (Gift.CAR, "car", gettext_lazy("Une voiture")),
    (Gift.TRUCK, "truck", gettext_lazy("Un camion")),
    (Gift.KITCHEN, "pot", gettext_lazy("Une cuisine")),
    (Gift.FOOD, "food", gettext_lazy("De la nourriture")),
    (Gift.LANGUAGE, "language", gettext_lazy("Une langue")),
    (Gift.VOICE, "mic", gettext_lazy("Ma voix")),
    (Gift.CARER, "doctor", gettext_lazy("Mon métier : le soin")),
]
PARTS: list[tuple[Part, str, str | Promise]] = [
    (Part.MORNING, "morning", gettext_lazy("Le matin")),
    (Part.AFTERNOON, "sun", gettext_lazy("L’après-midi")),
    (Part.EVENING, "evening", gettext_lazy("Le soir")),
]


@dataclass(frozen=True)
class Missing:
    """A line of the board as a card shows it."""

    line: Line
    sign: str
    when: str
    when_figures: str
    sentence: str

    @property
    def gauge(self) -> list[str]:
        """People found, then places still empty; nothing where there would be too many."""
        if self.line.call is None or self.line.call.kind == CallKind.MONEY or self.line.wanted > _MANY:
            return []
        return ["person"] * self.line.found + ["person-empty"] * self.line.missing

    @classmethod
    def of(cls, line: Line) -> "Missing":
        sign = _OF_CATEGORY.get(Category(line.category)) if line.category else None
        return cls(
            line, sign or _OF_KIND[CallKind(line.kind)], _when(line.call), _when_figures(line.call), _sentence(line)
        )


def _sentence(line: Line) -> str:
    """How many, always in words too."""
    if line.category:
        return _("Au moins %(n)s demandes attendent.") % {"n": line.missing}
    if line.call is None:
        n = line.missing
        return ngettext("%(n)s message attend une voix.", "%(n)s messages attendent une voix.", n) % {"n": n}
    if line.kind == CallKind.MONEY:
        return ""
    if line.is_complete:
        return _("%(found)s sur %(wanted)s.") % {"found": line.found, "wanted": line.wanted}
    said = {"found": line.found, "wanted": line.wanted, "missing": line.missing}
    return _("%(found)s sur %(wanted)s. Il manque %(missing)s.") % said


def _when(call: Call | None) -> str:
    """ "Mardi 7 juillet, de 17 h à 20 h"."""
    if call is None:
        return ""
    day = call.on or call.until
    written = dates.written(day, "l j F")
    if call.on is None:
        return _("Jusqu’au %(day)s") % {"day": written}
    if call.begins is None:
        return capfirst(written)
    begins = dates.hour(call.begins)
    if call.ends is None:
        return _("%(day)s, à %(begins)s") % {"day": capfirst(written), "begins": begins}
    ends = dates.hour(call.ends)
    return _("%(day)s, de %(begins)s à %(ends)s") % {"day": capfirst(written), "begins": begins, "ends": ends}


def _when_figures(call: Call | None) -> str:
    if call is None:
        return ""
    spans = [f"{at:%H:%M}" for at in (call.begins, call.ends) if at] if call.on else []
    return " ".join([moments.day_figures(call.on or call.until), " – ".join(spans)]).strip()


# A page that may have been kept for days without network holds no token; there is no session to forge either.
@csrf_exempt
@on_the_street
def board(request: HttpRequest, street: Street) -> HttpResponse:
    """The board, then the form on the same page; « Je peux » comes back with its call chosen."""
    call = _call(street, request.POST.get("appel") or request.GET.get("appel", ""))
    if request.method != "POST":
        return _page(request, street, OfferForm(today=street.today, initial=_proposed(call)), call)
    form = OfferForm(request.POST, today=street.today)
    if not form.is_valid():
        return _page(request, street, form, call, status=400)
    territory = next((area for area in areas(street) if area.code == form.cleaned_data["quartier"]), None)
    hub = _hub(street, call, territory)
    if hub is None:
        form.add_error(None, str(NobodyReceives()))
        return _page(request, street, form, call, status=400)
    if floods(request, "offer", _OFFERS):
        form.add_error(None, _("Trop d’essais. Attendez dix minutes, ou appelez."))
        return _page(request, street, form, call, status=429)
    given = form.given(territory, street.reader.language.code)
    doubtful = help_form.is_doubtful(request.POST)
    actions.take_offer(hub, given=given, call=call, doubtful=doubtful, operation=form.own_operation())
    return redirect(f"{street.url('help_thanks')}?pole={hub.slug}")


def _page(request: HttpRequest, street: Street, form: OfferForm, call: Call | None, status: int = 200) -> HttpResponse:
    lines = queries.board(street.network, street.today)
    mine = street.reader.language.code
    voices = [Missing.of(line) for line in sorted(lines.voices, key=lambda line: line.language != mine)]
    response = page(
        request,
        street,
        "public/help.html",
        "yellow",
        status=status,
        calls=[Missing.of(line) for line in lines.calls],
        needs=[Missing.of(line) for line in lines.needs],
        voices=voices[:_VOICES_SHOWN],
        other_voices=voices[_VOICES_SHOWN:],
        form=form,
        typed=form.typed(),
        stamp=stamp.new(),
        answered=Missing.of(Line(call.kind, call.wanted, call.wanted, call, language=call.language)) if call else None,
        choices=_choices(form, street),
        areas=areas(street),
        share=_share(street),
    )
    response["Cache-Control"] = "no-store"  # each page has its own form
    return response


def _choices(form: OfferForm, street: Street) -> dict[str, list[tuple[object, object, object, bool]]]:
    """Each group of boxes to tick: value, picture, word, whether it is ticked."""
    ticked = {name: form.chosen(name) for name in ("don", "moment", "jour", "langue")}
    days = [(n, formats.date_format(date(2024, 1, n), "l")) for n in range(1, 8)]  # the first was a Monday
    return {
        "gifts": [(value, sign, word, value in ticked["don"]) for value, sign, word in GIFTS],
        "parts": [(value, sign, word, value in ticked["moment"]) for value, sign, word in PARTS],
        "days": [(n, "", capfirst(word), str(n) in ticked["jour"]) for n, word in days],
        "languages": [
            (one.code, one.tag, one.autonym, one.code in ticked["langue"])
            for one in _languages(street, ticked["langue"])
        ],
    }


def _languages(street: Street, ticked: list[str]) -> list[Language]:
    """The reader's own first, then those most spoken; the others may be written in words."""
    codes = dict.fromkeys([street.reader.language.code, *ticked, *FIRST])
    return [LANGUAGES[code] for code in codes if code in LANGUAGES]


def _proposed(call: Call | None) -> dict[str, object]:
    """What « Je peux » ticks already."""
    if call is None:
        return {}
    gift = GIFT_FOR.get(call.kind)
    return {"don": [gift] if gift else [], "langue": [call.language] if call.language else [], "le": call.on or ""}


def _call(street: Street, written: str) -> Call | None:
    """A call of this network that still stands; money is given elsewhere."""
    try:
        pk = UUID(written)
    except ValueError:
        return None
    standing = Call.objects.filter(network=street.network).standing(street.today).exclude(kind=CallKind.MONEY)
    return standing.select_related("hub__organisation").filter(pk=pk).first()


def _hub(street: Street, call: Call | None, territory: Territory | None) -> Hub | None:
    if call and call.hub and call.hub.organisation.keeps_cards and call.hub.organisation.closed_at is None:
        return call.hub
    return queries.receiving_hub(street.network, territory)


def _share(street: Street) -> sharing.Share:
    """The app's own address, where each one chooses her language."""
    address = settings.PUBLIC_URL + reverse("public:languages", args=[street.network.slug])
    text = _("Santé : comprendre, trouver un lieu, demander de l’aide.")
    return sharing.Share(address, f"{text} {address}", segno.make(address, error="m").svg_data_uri(scale=4, border=2))


@on_the_street
def thanks(request: HttpRequest, street: Street) -> HttpResponse:
    """Who calls back, and how to change one's mind."""
    hub = Hub.objects.filter(network=street.network, slug=request.GET.get("pole", "")[:80]).first()
    return page(request, street, "public/help_thanks.html", "yellow", hub=hub)

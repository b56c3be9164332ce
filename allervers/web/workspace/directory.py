"""The directory at the desk: searching, a partner's page, what to check again, which conventions end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from allervers.accounts.rules import Viewer, organisations_for
from allervers.core import clock, dates, languages, text
from allervers.directory import geometry, queries, rules, search, territories
from allervers.directory.enums import Theme
from allervers.directory.hours import Status, told
from allervers.directory.models import Closure
from allervers.referrals import delays
from allervers.referrals import queries as referrals
from allervers.referrals.rules import referrals_for
from allervers.web import access
from allervers.web.request import viewer_of
from allervers.web.workspace.paging import page_of

PAGE = 30
_SHOWN = 20
_CHECKS = 1000
_FEW = 3  # appointments kept below which a delay is not told


class SearchForm(forms.Form):
    says_optional = False
    q = forms.CharField(label=gettext_lazy("Ce que vous cherchez"), required=False, max_length=200)
    near = forms.CharField(
        label=gettext_lazy("Près de"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    language = forms.CharField(
        label=gettext_lazy("Parle"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "langues", "autocomplete": "off"}),
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("Thème"), required=False, choices=[("", gettext_lazy("tous")), *Theme.choices]
    )
    open = forms.BooleanField(required=False)
    free = forms.BooleanField(required=False)
    uncovered = forms.BooleanField(required=False)
    exact = forms.BooleanField(required=False)
    besoin = forms.UUIDField(required=False)

    point: tuple[float, float] | None = None
    where = ""

    def clean_near(self) -> str:
        """A neighbourhood, a town, a code or a point."""
        written: str = self.cleaned_data["near"].strip()
        if not written:
            return ""
        self.point, self.where = geometry.parse_point(written), written
        if self.point is None:
            territory = territories.named(written)
            self.point = territories.middle(territory) if territory else None
            if self.point is None:
                raise forms.ValidationError(
                    _("« %(where)s » n’est ni une commune ni un quartier connu. Essayez la commune.")
                    % {"where": written}
                )
        return written

    def clean_language(self) -> str:
        """The code of a language named in French, in itself or by its code."""
        written = text.fold(self.cleaned_data["language"])
        if not written:
            return ""
        for code, language in languages.LANGUAGES.items():
            if written in {code.lower(), text.fold(language.french), text.fold(language.autonym)}:
                return code
        begun = [code for code, row in languages.LANGUAGES.items() if text.fold(row.french).startswith(written)]
        if begun:
            return begun[0]
        raise forms.ValidationError(_("Cette langue n’est pas dans la liste. Choisissez-en une, ou laissez vide."))


def directory(request: HttpRequest) -> HttpResponse:
    """Results first; with htmx, the results alone."""
    viewer = viewer_of(request)
    form = SearchForm(request.GET or None)
    asked = bool(request.GET)
    answer = search.Answer([], [], [])
    if form.is_valid():
        said = form.cleaned_data
        filters = search.Filters(
            near=form.point,
            language=said["language"] or None,
            theme=said["theme"] or None,
            open_now=said["open"],
            without_coverage=said["uncovered"],
            free=said["free"],
        )
        answer = search.answer(
            viewer.network_id, said["q"], filters, exactly=said["exact"], limit=_SHOWN, timezone=viewer.timezone
        )
    need = form.cleaned_data.get("besoin") if form.is_valid() else None
    fragment = "#results" if getattr(request, "htmx", False) else ""
    shown = {
        "form": form,
        "asked": asked and form.is_valid(),
        "results": _results(viewer, answer.hits, need),
        "understood": " ".join(answer.read_as),
        "corrected": answer.corrected,
        "exact_url": f"{request.path}?{request.GET.urlencode()}&exact=on",
        "languages": sorted((row.french for row in languages.LANGUAGES.values()), key=text.fold),
        "title": _title(request.GET.get("q", ""), answer, asked=asked),
        "may_manage": rules.may_manage(viewer),
        "checks": _checks(viewer) if not fragment else 0,
        "lack_url": _lack_url(viewer),
        "besoin": need or "",
    }
    return render(request, f"workspace/directory.html{fragment}", shown)


def _checks(viewer: Viewer) -> int:
    """How many pages ask to be checked again, up to a thousand: past that, the exact number costs and says no more."""
    return queries.to_check_again(viewer)[:_CHECKS].count() if rules.may_manage(viewer) else 0


def _title(asked_for: str, answer: search.Answer, *, asked: bool) -> str:
    if not asked:
        return ""
    words = " ".join(answer.read_as) if answer.corrected else asked_for.strip()
    count = len(answer.hits)
    number = _("%d premiers") % count if count == _SHOWN else str(count)
    if not words:
        return ngettext("%(n)s lieu", "%(n)s lieux", count) % {"n": number}
    return ngettext("%(n)s lieu pour « %(words)s »", "%(n)s lieux pour « %(words)s »", count) % {
        "n": number,
        "words": words,
    }


def _lack_url(viewer: Viewer) -> str:
    """Where to note that a place is missing, for whoever notes obstacles."""
    address = "workspace:encounter_new"
    return reverse(address) if access.allows(address, "GET", viewer.role) else ""


# --- results ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """One line of the results, ready to print."""

    hit: search.Hit
    where: str
    note: str
    status: Status
    sentence: str
    look: str
    spoken: str
    delay: "DelayShown"
    freshness: str
    is_stale: bool
    refer_url: str


@dataclass(frozen=True)
class DelayShown:
    title: str
    detail: str


def _results(viewer: Viewer, hits: list[search.Hit], need: UUID | None) -> list[Result]:
    now, today = clock.now(), clock.today(viewer.timezone)
    closures = queries.closures_at([hit.place.id for hit in hits], today)
    observed = _delays(viewer, {hit.organisation.id for hit in hits})
    return [_result(viewer, hit, need, now, today, closures, observed) for hit in hits]


def _result(
    viewer: Viewer,
    hit: search.Hit,
    need: UUID | None,
    now: datetime,
    today: date,
    closures: Mapping[UUID, Closure],
    observed: Mapping[UUID, delays.Delay],
) -> Result:
    closure = closures.get(hit.place.id)
    status = queries.status_of(hit.hours, at=now, timezone=viewer.timezone, closure=closure)
    checked = hit.service.checked_on if hit.service else hit.place.checked_on
    spoken = [languages.name(code) for code in hit.service.languages] if hit.service else []
    sentence = _("Fermé jusqu’au %s") % dates.written(closure.ends_on, "j F") if closure else status.sentence(now)
    return Result(
        hit=hit,
        where=", ".join(part for part in (hit.place.commune or hit.place.address, distance(hit.distance_km)) if part),
        note=_note(hit),
        status=status,
        sentence=sentence,
        look=look_of(status),
        spoken=", ".join(spoken) or _("non précisé"),
        delay=_delay(hit, observed.get(hit.organisation.id)),
        freshness=freshness(checked, today),
        is_stale=queries.is_stale(checked, today),
        refer_url=refer_url(viewer, hit.service.id, need) if hit.service else "",
    )


def look_of(status: Status) -> str:
    """The state's shape: open is done's disc, closed a ring, not known a dashed ring."""
    return {True: "done", False: "opened", None: "unknown"}[status.is_open]


def distance(km: float | None) -> str:
    """ "600 m", "2,1 km"."""
    if km is None:
        return ""
    if km < 1:
        return _("%d m") % (round(km * 10) * 100 or 100)
    return _("%s km") % (f"{km:.1f}".replace(".", ",") if km < 10 else str(round(km)))


def freshness(checked_on: date | None, today: date) -> str:
    """How long ago someone checked, in the words of a conversation."""
    if checked_on is None:
        return _("jamais vérifié")
    days = (today - checked_on).days
    if days <= 0:
        return _("vérifié aujourd’hui")
    if days == 1:
        return _("vérifié hier")
    if days < 60:
        return _("vérifié il y a %d jours") % days
    if days < 730:
        return _("vérifié il y a %d mois") % (days // 30)
    return _("vérifié il y a %d ans") % (days // 365)


def _note(hit: search.Hit) -> str:
    service = hit.service
    if service is None:
        return _("Aucune offre notée encore.")
    parts = [str(service.get_cost_display()) if service.cost != "unknown" else ""]
    if service.without_appointment is not None:
        parts.append(_("sans rendez-vous") if service.without_appointment else _("sur rendez-vous"))
    if service.without_coverage:
        parts.append(_("reçoit sans couverture santé"))
    written = [part[:1].upper() + part[1:] + "." for part in parts if part]
    return " ".join([*written, service.conditions[:160]]).strip()


def _delays(viewer: Viewer, organisation_ids: set[UUID]) -> dict[UUID, delays.Delay]:
    """What is observed of these partners, among the referrals that the viewer may see: one query."""
    rows: dict[UUID, list[Any]] = {}
    sent = referrals_for(viewer).filter(recipient_id__in=organisation_ids, sent_at__isnull=False)
    for referral in sent.order_by("id"):
        rows.setdefault(referral.recipient_id, []).append(referral)
    return {organisation: delays.observed(referrals.waits(found)) for organisation, found in rows.items()}


def _delay(hit: search.Hit, observed: delays.Delay | None) -> DelayShown:
    if observed is not None and observed.served >= _FEW:
        days = observed.median if observed.median is not None else observed.longest_waiting or 0
        kept = ngettext("%d rendez-vous tenu", "%d rendez-vous tenus", observed.served) % observed.served
        waiting = ngettext("%d attend", "%d attendent", observed.waiting) % observed.waiting
        return DelayShown(_span(days), f"{kept}, {waiting}" if observed.waiting else kept)
    if hit.service and hit.service.delay_days is not None:
        return DelayShown(_span(hit.service.delay_days), _("délai déclaré par le partenaire"))
    return DelayShown(_("pas assez de retours"), "")


def _span(days: int) -> str:
    if days <= 1:
        return _("tout de suite")
    if days < 14:
        return _("%d jours") % days
    return _("%d semaines") % round(days / 7)


def refer_url(viewer: Viewer, service_id: UUID, need: UUID | None) -> str:
    """Where a referral to a service starts: from the need one comes from, else from a new encounter."""
    query = "?" + urlencode({"service": str(service_id)})
    for address, arguments in (
        ("workspace:referral_new", [need] if need else []),
        ("workspace:encounter_new", []),
    ):
        if not access.allows(address, "GET", viewer.role):
            continue
        try:
            return reverse(address, args=arguments) + query
        except NoReverseMatch:
            continue
    return ""


# --- a partner -------------------------------------------------------------------------------------------------------


def directory_organisation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All that the network knows of a partner, and what is observed of it."""
    viewer = viewer_of(request)
    organisation = get_object_or_404(organisations_for(viewer), pk=pk)
    page = queries.partner_page(viewer, organisation)
    today = clock.today(viewer.timezone)
    shown = {
        "organisation": organisation,
        "places": [_place_shown(viewer, row, today) for row in page.places],
        "partnerships": page.partnerships,
        "record": referrals.partner_record(viewer, organisation),
        "may_edit": rules.may_edit(viewer, organisation),
        "may_manage": rules.may_manage(viewer),
        "today": today,
    }
    return render(request, "workspace/directory_organisation.html", shown)


def _place_shown(viewer: Viewer, row: queries.PlaceShown, today: date) -> dict[str, Any]:
    return {
        "row": row.place,
        "look": look_of(row.status),
        "sentence": row.sentence,
        "hours": told(row.place.opening_hours),
        "closures": row.closures,
        "services": [_service_shown(viewer, each, today) for each in row.services],
        "kept": row.place.extra.get("columns", {}),
    }


def _service_shown(viewer: Viewer, each: queries.ServiceShown, today: date) -> dict[str, Any]:
    service = each.service
    return {
        "row": service,
        "look": look_of(each.status),
        "sentence": each.sentence,
        "hours": told(service.opening_hours),
        "spoken": ", ".join(languages.name(code) for code in service.languages),
        "themes": ", ".join(str(Theme(theme).label) for theme in service.themes if theme in Theme.values),
        "freshness": freshness(service.checked_on, today),
        "is_stale": each.is_stale,
        "refer_url": refer_url(viewer, service.id, None),
        "kept": service.extra.get("columns", {}),
    }


def directory_partners(request: HttpRequest) -> HttpResponse:
    """Every partner by name, and the conventions that end within three months."""
    viewer = viewer_of(request)
    rows = organisations_for(viewer).order_by("name", "id")
    wanted = request.GET.get("q", "").strip()[:200]
    if wanted:
        rows = rows.filter(name__icontains=wanted)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "q": wanted,
        "query": f"&{urlencode({'q': wanted})}" if wanted else "",
        "ending": list(queries.ending_partnerships(viewer)),
        "may_manage": rules.may_manage(viewer),
    }
    return render(request, "workspace/directory_partners.html", shown)


def directory_check(request: HttpRequest) -> HttpResponse:
    """What nobody has checked for four months, oldest first; one tap says that it still holds."""
    viewer = viewer_of(request)
    stale = queries.to_check_again(viewer).filter(id__in=rules.editable_services_for(viewer).values("id"))
    page = page_of(stale, request, PAGE)
    today = clock.today(viewer.timezone)
    shown = {"page": page, "rows": _to_check(page, today), "count": page.paginator.count}
    return render(request, "workspace/directory_check.html", shown)


def _to_check(services: Iterable[Any], today: date) -> list[dict[str, Any]]:
    return [
        {
            "row": service,
            "freshness": freshness(service.checked_on, today),
            "by": str(service.checked_by.user) if service.checked_by else "",
            "phone": service.phone or service.place.phone or service.place.organisation.phone,
        }
        for service in services
    ]

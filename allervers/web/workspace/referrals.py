"""What became of the people we sent: the list of returns, one referral, a new one."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from allervers.accounts.models import Organisation
from allervers.accounts.rules import Viewer, organisations_for
from allervers.core import clock, ids
from allervers.directory.models import Service
from allervers.needs import wording
from allervers.needs.models import Need
from allervers.needs.rules import needs_for
from allervers.people.enums import SharedContent
from allervers.referrals import actions, errors, queries
from allervers.referrals.actions.sending import SENDABLE
from allervers.referrals.enums import ReferralState
from allervers.referrals.models import Answer, Referral
from allervers.referrals.rules import may_handle, referrals_for
from allervers.web.components.states import LOOKS
from allervers.web.request import viewer_of
from allervers.web.workspace import ledger, referral_page
from allervers.web.workspace.paging import page_of

PAGE = 30
_NEAR = 10
_TOGETHER = ("card", "recipient", "need", "service", "hub")
_FILTERS = {
    "attend": gettext_lazy("Attendent une réponse"),
    "silence": gettext_lazy("Sans réponse"),
    "suite": gettext_lazy("À reprendre"),
    "brouillon": gettext_lazy("Brouillons"),
    "fini": gettext_lazy("Terminées"),
}


@require_GET
@never_cache
def referrals(request: HttpRequest) -> HttpResponse:
    """Silence first, then what changed, what comes, and everything by state."""
    viewer = viewer_of(request)
    wanted = request.GET.get("etat", "attend")
    wanted = wanted if wanted in _FILTERS else "attend"
    rows = _filtered(viewer, wanted)
    partner = _uuid(request.GET.get("partenaire", ""))
    rows = rows.filter(recipient_id=partner) if partner else rows
    page = page_of(rows.select_related(*_TOGETHER), request, PAGE)
    silent = queries.silent_partners(viewer)
    amendments = list(queries.unseen_amendments(viewer)[:_NEAR])
    coming = queries.appointments_to_come(viewer).select_related(*_TOGETHER)[:_NEAR]
    shown = {
        "title": _title(sum(one.count for one in silent)),
        "page": page,
        "rows": [line(viewer, row) for row in page],
        "tabs": [
            {"url": f"?etat={code}", "label": str(label), "current": code == wanted, "count": None}
            for code, label in _FILTERS.items()
        ],
        "query": f"&etat={wanted}" + (f"&partenaire={partner}" if partner else ""),
        "partners": [
            {"organisation": one.organisation, "count": one.count, "since": wording.span(clock.now() - one.since)}
            for one in silent[:_NEAR]
        ],
        "amendments": [_amendment(viewer, answer) for answer in amendments],
        "coming": [line(viewer, row) for row in coming],
        "lists": [
            {"list": one, "expires": wording.day(one.expires_at.date())} for one in queries.open_lists(viewer)[:_NEAR]
        ],
        "may_refer": viewer.sees_people,
    }
    return render(request, "workspace/referrals_list.html", shown)


@require_GET
@never_cache
def referral(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    return referral_page.show(request, viewer, fetch(viewer, pk))


def fetch(viewer: Viewer, pk: UUID) -> Referral:
    rows = referrals_for(viewer).select_related(
        *_TOGETHER, "organisation__network", "agreement", "need__card", "sent_by__user"
    )
    return get_object_or_404(rows.prefetch_related("answers__submission"), pk=pk)


class NewReferral(forms.Form):
    """To whom, and what may be sent."""

    recipient = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Vers quelle structure"),
        error_messages={"required": gettext_lazy("Choisissez la structure : l’accord de la personne la nomme.")},
    )
    content = forms.MultipleChoiceField(
        label=gettext_lazy("Ce que la structure lira"),
        help_text=gettext_lazy("Sans les initiales, elle lit un code. Jamais l’adresse ni la date de naissance."),
        choices=[(code, SharedContent(code).label) for code in SENDABLE],
        initial=list(SENDABLE),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    operation = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["recipient"]
        assert isinstance(field, forms.ModelChoiceField), "a list of rows"
        field.queryset = organisations_for(viewer).exclude(pk=viewer.organisation_id)


@require_http_methods(["GET", "POST"])
@never_cache
def referral_new(request: HttpRequest, need: UUID | None = None) -> HttpResponse:
    """For which need, towards whom; then the person's agreement, on the draft's page."""
    viewer = viewer_of(request)
    asked = need or _uuid(request.GET.get("need", ""))
    mine = needs_for(viewer).open().exclude(card=None).select_related("card", "hub")
    if asked is None:
        rows = mine.filter(owner_id=viewer.membership_id, card__erased_at=None).order_by("next_contact_at", "id")[:PAGE]
        lines = [_need_line(viewer, row, request) for row in rows]
        return render(request, "workspace/referral_need.html", {"needs": lines})
    found = get_object_or_404(mine, pk=asked)
    service = _service(viewer, request.POST.get("service") or request.GET.get("service", ""))
    first = {"operation": ids.new_id(), "recipient": service.place.organisation_id if service else None}
    form = NewReferral(viewer, request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        recipient = form.cleaned_data["recipient"]
        if service and service.place.organisation_id != recipient.pk:
            service = None
        try:
            made = actions.draft(
                found,
                by=viewer,
                recipient=recipient,
                service=service,
                content=form.cleaned_data["content"],
                operation=form.cleaned_data["operation"],
            )
        except errors.Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("workspace:referral", pk=made.pk)
    context = {
        "form": form,
        "need": found,
        "title": ledger.title(viewer, found),
        "who": ledger.person(viewer, found.card),
        "service": service,
        "near": _near(viewer, found),
    }
    return render(request, "workspace/referral_new.html", context, status=400 if form.errors else 200)


def line(viewer: Viewer, row: Referral) -> dict[str, Any]:
    """A referral as the ledger draws it: since when, who, towards whom, its state."""
    who = ledger.person(viewer, row.card)
    look = queries.look_of(row)
    url = referral_page.address(row)
    return {
        "at": _when(viewer, row),
        "late": look == "silent",
        "state": look,
        "who": who.kind,
        "name": who.name,
        "url": url,
        "lang": who.lang,
        "need": _("%(need)s, vers %(to)s")
        % {"need": capfirst(row.need.get_category_display()), "to": row.recipient.name},
        "next": str(LOOKS[look].word),
        "action": {"url": url, "label": _("Ouvrir"), "first": False},
    }


def _when(viewer: Viewer, row: Referral) -> str:
    if row.state in {ReferralState.APPOINTMENT, ReferralState.MOVED} and row.appointment_at:
        return wording.day(row.appointment_at.astimezone(ZoneInfo(viewer.timezone)).date())
    since = row.last_word_at or row.drafted_at
    return wording.span(clock.now() - since)


def _filtered(viewer: Viewer, wanted: str) -> Any:
    rows = referrals_for(viewer)
    if wanted == "silence":
        return queries.silent_for(viewer)
    if wanted == "suite":
        again = [ReferralState.MISSED, ReferralState.DECLINED, ReferralState.CAME_NOT_SEEN]
        return rows.filter(state__in=again).order_by("-last_word_at", "id")
    if wanted == "brouillon":
        return rows.filter(state=ReferralState.DRAFTED).order_by("-drafted_at", "id")
    if wanted == "fini":
        over = [ReferralState.KEPT, ReferralState.RESULT, ReferralState.CLOSED]
        return rows.filter(state__in=over).order_by("-last_word_at", "id")
    return rows.waiting().order_by("last_word_at", "id")


def _title(silent: int) -> str:
    if not silent:
        return _("Aucun partenaire ne se tait.")
    text = ngettext("%(n)s personne dont on ne sait rien", "%(n)s personnes dont on ne sait rien", silent)
    return text % {"n": capfirst(wording.number(silent))}


def _amendment(viewer: Viewer, answer: Answer) -> dict[str, Any]:
    return {
        "answer": answer,
        "who": ledger.person(viewer, answer.referral.card),
        "url": referral_page.address(answer.referral),
        "before": answer.amends.get_kind_display() if answer.amends else _("close comme inconnue"),
    }


def _need_line(viewer: Viewer, row: Need, request: HttpRequest) -> dict[str, Any]:
    service = _uuid(request.GET.get("service", ""))
    return {
        "need": row,
        "who": ledger.person(viewer, row.card),
        "title": ledger.title(viewer, row),
        "query": f"?service={service}" if service else "",
    }


def _near(viewer: Viewer, need: Need) -> list[Service]:
    """Services that receive for this kind of need, those that speak her language first."""
    rows = Service.objects.filter(network_id=viewer.network_id, closed_at=None, main_theme=need.category)
    rows = rows.exclude(place__organisation_id=viewer.organisation_id).select_related("place__organisation")
    spoken = set(need.card.speaks if need.card else []) - {"fr"}
    return sorted(rows[:100], key=lambda one: (not spoken & set(one.languages), one.delay_days or 999, one.name))[:8]


def _service(viewer: Viewer, asked: str) -> Service | None:
    pk = _uuid(asked)
    rows = Service.objects.filter(network_id=viewer.network_id, closed_at=None).select_related("place__organisation")
    return rows.filter(pk=pk).first() if pk else None


def _uuid(asked: str) -> UUID | None:
    try:
        return UUID(asked)
    except ValueError:
        return None


def handled(viewer: Viewer, pk: UUID) -> Referral:
    """One that the viewer may act on, else 404."""
    row = fetch(viewer, pk)
    if not may_handle(viewer, row):
        raise Http404
    return row

"""Campaigns: their list, one campaign and its sessions, opening, changing, declaring a past one."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.programmes import actions, queries, rules, wording
from allervers.programmes.enums import Arrival, Form
from allervers.programmes.errors import ProgrammeError
from allervers.programmes.models import Action, Session
from allervers.web.request import viewer_of
from allervers.web.workspace.screening_forms import CampaignForm, DeclaredForm, SessionForm

_SOON = timedelta(days=14)
_JUST_PAST = timedelta(days=3)


def screenings(request: HttpRequest) -> HttpResponse:
    """The campaigns, and the sessions of these days."""
    viewer = viewer_of(request)
    now = clock.now()
    sessions = rules.sessions_for(viewer).filter(
        starts_at__gte=now - _JUST_PAST, starts_at__lte=now + _SOON, held__isnull=True
    )
    campaigns = list(rules.actions_for(viewer).select_related("organisation", "recipient"))
    context = {
        "campaigns": [(campaign, _summary(campaign, totals)) for campaign, totals in _with_totals(campaigns, viewer)],
        "sessions": _counted(sessions).order_by("starts_at", "id")[:20],
        "may_create": rules.may_create(viewer),
    }
    return render(request, "workspace/screening_list.html", context)


def screening_campaign(request: HttpRequest, slug: str) -> HttpResponse:
    viewer = viewer_of(request)
    campaign = _campaign(viewer, slug)
    form = SessionForm(viewer) if rules.may_plan(viewer, campaign) else None
    return _campaign_page(request, viewer, campaign, form)


def screening_campaign_new(request: HttpRequest) -> HttpResponse:
    """A campaign of lines, or a past one in declared figures (`?forme=declared`)."""
    viewer = viewer_of(request)
    form_of = Form.DECLARED if request.GET.get("forme") == Form.DECLARED else Form.LINES
    form = CampaignForm(viewer, data=request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            campaign = actions.create_campaign(viewer.organisation_id, terms=form.terms(), form=form_of, by=viewer)
        except ProgrammeError as error:
            form.add_error("name" if "name" not in form.errors else None, str(error))
        else:
            page = "workspace:screening_declare" if form_of == Form.DECLARED else "workspace:screening_campaign"
            return redirect(page, campaign.slug)
    context = {"form": form, "campaign": None, "is_declared": form_of == Form.DECLARED}
    return render(request, "workspace/screening_campaign_form.html", context)


def screening_campaign_edit(request: HttpRequest, slug: str) -> HttpResponse:
    viewer = viewer_of(request)
    campaign = _campaign(viewer, slug)
    if not rules.may_edit(viewer, campaign):
        raise Http404
    form = CampaignForm(viewer, campaign, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.edit_campaign(campaign, terms=form.terms(), by=viewer)
        except ProgrammeError as error:
            form.add_error("planned_max", str(error))
        else:
            messages.success(request, _("La campagne est à jour."))
            return redirect("workspace:screening_campaign", campaign.slug)
    context = {"form": form, "campaign": campaign, "is_declared": campaign.form == Form.DECLARED}
    return render(request, "workspace/screening_campaign_form.html", context)


def screening_declare(request: HttpRequest, slug: str) -> HttpResponse:
    """The figures of a past campaign, as its document says them."""
    viewer = viewer_of(request)
    campaign = _campaign(viewer, slug)
    if not rules.may_edit(viewer, campaign) or campaign.form != Form.DECLARED:
        raise Http404
    form = DeclaredForm(queries.figures_of(campaign), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.declare(campaign, figures=form.figures(), by=viewer)
        except ProgrammeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Les chiffres sont gardés tels que le document les dit."))
            return redirect("workspace:funnel", campaign.slug)
    return render(request, "workspace/screening_declare.html", {"form": form, "campaign": campaign})


def screening_session_new(request: HttpRequest, slug: str) -> HttpResponse:
    viewer = viewer_of(request)
    campaign = _campaign(viewer, slug)
    if not rules.may_plan(viewer, campaign):
        raise Http404
    form = SessionForm(viewer, data=request.POST)
    if form.is_valid():
        try:
            actions.plan_session(campaign, by=viewer, **form.cleaned_data)
        except ProgrammeError as error:
            form.add_error("starts_at", str(error))
        else:
            messages.success(request, _("La séance est prévue."))
            return redirect("workspace:screening_campaign", campaign.slug)
    return _campaign_page(request, viewer, campaign, form)


def _campaign(viewer: Viewer, slug: str) -> Action:
    return get_object_or_404(rules.actions_for(viewer).select_related("recipient", "organisation"), slug=slug)


def _campaign_page(request: HttpRequest, viewer: Viewer, campaign: Action, form: SessionForm | None) -> HttpResponse:
    sessions = list(_counted(rules.counted_sessions_for(viewer).filter(action=campaign)).order_by("starts_at", "id"))
    held = sum(1 for session in sessions if session.held)
    context = {
        "campaign": campaign,
        "sessions": sessions,
        "held": held,
        "planned": wording.span(campaign.planned_min, campaign.planned_max),
        "is_declared": campaign.form == Form.DECLARED,
        "may_edit": rules.may_edit(viewer, campaign),
        "opens_sessions": viewer.coordinates or viewer.sees_people,
        "form": form,
    }
    return render(request, "workspace/screening_campaign.html", context)


def _counted(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """With who came and who waits, in the same query."""
    waiting = Count("attendances", filter=Q(attendances__arrival=Arrival.WAITING))
    return sessions.select_related("hub", "action").annotate(people=Count("attendances"), waiting=waiting)


def _with_totals(campaigns: list[Action], viewer: Viewer) -> list[tuple[Action, dict[str, int]]]:
    """Sessions held and people, of those that the viewer counts: two queries for all campaigns."""
    sessions = rules.counted_sessions_for(viewer).filter(action__in=campaigns).order_by()
    held = dict(sessions.filter(held=True).values_list("action").annotate(Count("id")))
    lines = rules.counted_for(viewer).filter(session__action__in=campaigns).order_by()
    people = dict(lines.values_list("session__action").annotate(Count("id")))
    declared_people = queries.declared_people(campaigns)
    return [
        (one, {"held": held.get(one.id, 0), "people": people.get(one.id, declared_people.get(one.id, 0))})
        for one in campaigns
    ]


def _summary(campaign: Action, totals: dict[str, int]) -> dict[str, str | int | bool]:
    return {
        **totals,
        "planned": wording.span(campaign.planned_min, campaign.planned_max),
        "is_declared": campaign.form == Form.DECLARED,
    }

"""Opening a campaign, changing it, declaring a past one."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from allervers.accounts.models import Organisation
from allervers.accounts.rules import Viewer
from allervers.journal.actions import action, record
from allervers.programmes import declared
from allervers.programmes.enums import ActionKind, FigureName, Form, Precision
from allervers.programmes.errors import FiguresDisagree, NameTaken, NotByLines, PlanUpsideDown
from allervers.programmes.models import Action, DeclaredFigure


@dataclass(frozen=True)
class Terms:
    """What a campaign says of itself."""

    name: str
    kind: ActionKind
    year: int
    planned_min: int | None = None
    planned_max: int | None = None
    recipient: Organisation | None = None
    source: str = ""


@action
def create_campaign(
    organisation_id: UUID, *, terms: Terms, form: Form = Form.LINES, slug: str = "", by: Viewer
) -> Action:
    """A new campaign of this organisation. Raises `NameTaken`, `PlanUpsideDown`."""
    campaign = Action(network_id=by.network_id, organisation_id=organisation_id, form=form, made_by_id=by.membership_id)
    _apply(campaign, terms)
    campaign.slug = slug or _slug(terms)
    try:
        with transaction.atomic():
            campaign.save(force_insert=True)
    except IntegrityError as error:
        raise NameTaken(terms.name) from error
    record("campaign.created", campaign, by=by, screening=campaign.kind, form=campaign.form, year=campaign.year)
    return campaign


@action
def edit_campaign(campaign: Action, *, terms: Terms, by: Viewer) -> None:
    """Changes what a campaign says of itself; its address stays. Raises `PlanUpsideDown`."""
    _apply(campaign, terms)
    campaign.save()
    record("campaign.edited", campaign, by=by, planned_min=campaign.planned_min, planned_max=campaign.planned_max)


@action
def declare(campaign: Action, *, figures: Mapping[str, declared.Figure], by: Viewer) -> None:
    """Holds the figures of a past campaign as its document tells them, in place of those held before.

    Invents nobody. Raises `FiguresDisagree` when two of them exclude each other, `NotByLines` on a campaign of lines.
    """
    if campaign.form != Form.DECLARED:
        raise NotByLines
    for fault in declared.faults(figures):
        raise FiguresDisagree(_disagreement(fault))
    campaign.declared.all().delete()
    DeclaredFigure.objects.bulk_create(
        DeclaredFigure(
            action=campaign,
            name=name,
            value=figure.value,
            value_max=figure.value_max,
            precision=Precision(figure.precision),
            base=figure.base,
            position=position,
        )
        for position, name in enumerate(FigureName.values)
        if (figure := figures.get(name)) is not None
    )
    record("campaign.declared", campaign, by=by, figures=sorted(figures))


def _apply(campaign: Action, terms: Terms) -> None:
    low, high = terms.planned_min, terms.planned_max
    if low is None:
        low, high = high, None
    if low is not None and high is not None and high < low:
        raise PlanUpsideDown
    campaign.name, campaign.kind, campaign.year = terms.name, terms.kind, terms.year
    campaign.planned_min, campaign.planned_max = low, None if high == low else high
    campaign.recipient, campaign.source = terms.recipient, terms.source


def _slug(terms: Terms) -> str:
    slug = slugify(terms.name)[:74] or terms.kind
    return slug if slug.endswith(str(terms.year)) else f"{slug}-{terms.year}"


def _disagreement(fault: declared.Fault) -> str:
    if fault.name in declared.RATES:
        return _("La part « %(name)s » ne correspond pas aux deux nombres donnés : corrigez l’un des trois.") % {
            "name": FigureName(fault.name).label
        }
    return _("« %(part)s » dépasse « %(whole)s » : l’un des deux chiffres est à revoir.") % {
        "part": FigureName(fault.name).label,
        "whole": FigureName(fault.other).label,
    }

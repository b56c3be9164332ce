"""Encounters and needs back to a spreadsheet: codes, never names; no free text; streamed row by row."""

from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _

from allervers.accounts.models import Network
from allervers.accounts.rules import Viewer
from allervers.journal.actions import action, record
from allervers.needs import rules
from allervers.web.workspace import spreadsheet

_CHUNK = 1000


def response(viewer: Viewer, what: str, kind: str) -> HttpResponseBase:
    sheets: dict[str, tuple[Callable[[], list[str]], Callable[[Viewer], Iterator[list[object]]]]] = {
        "besoins": (_need_heads, _needs),
        "rencontres": (_encounter_heads, _encounters),
    }
    if what not in sheets or kind not in {"csv", "xlsx"}:
        raise Http404
    heads, rows = sheets[what]
    _note_export(Network.objects.get(pk=viewer.network_id), by=viewer, what=what, kind=kind)
    return spreadsheet.streamed(kind, what, heads(), rows(viewer))


@action
def _note_export(network: Network, *, by: Viewer, what: str, kind: str) -> None:
    record("needs.exported", network, by=by, network=network.pk, what=what, format=kind)


def _need_heads() -> list[str]:
    return [
        _("ouvert le"), _("pôle"), _("code"), _("besoin"), _("état"), _("issue"), _("clos le"), _("prochain contact"),
        _("suivi par"), _("essais sans réponse"), _("la personne dit"),
    ]  # fmt: skip


def _needs(viewer: Viewer) -> Iterator[list[object]]:
    zone = ZoneInfo(viewer.timezone)
    rows = rules.needs_for(viewer).select_related("card", "hub", "owner__user").order_by("opened_at", "id")
    for need in rows.iterator(chunk_size=_CHUNK):
        owner = "" if viewer.coordinates or need.owner is None else str(need.owner.user)
        yield [
            _day(need.opened_at, zone), need.hub.name if need.hub else "", need.card.code if need.card else "",
            need.get_category_display(), need.get_state_display(), need.get_outcome_display(), _day(need.closed_at, zone),
            _day(need.next_contact_at, zone), owner, need.unreachable_count, need.get_person_says_display(),
        ]  # fmt: skip


def _encounter_heads() -> list[str]:
    return [
        _("le"), _("pôle"), _("code"), _("comment connue"), _("personnes"), _("où"), _("informée"), _("orientée"),
        _("accompagnée"), _("première venue"), _("sexe"), _("âge"), _("quartier"),
    ]  # fmt: skip


def _encounters(viewer: Viewer) -> Iterator[list[object]]:
    zone = ZoneInfo(viewer.timezone)
    rows = rules.encounters_for(viewer).filter(cancelled_at=None).select_related("card", "hub", "territory")
    for met in rows.order_by("at", "id").iterator(chunk_size=_CHUNK):
        yield [
            _day(met.at, zone), met.hub.name if met.hub else "", met.card.code if met.card else "",
            met.get_stratum_display(), met.head_count, met.get_mode_display(), _yes(met.informed), _yes(met.oriented),
            _yes(met.accompanied), _yes(met.first_visit), met.get_sex_display(), met.get_age_band_display(),
            met.territory.name if met.territory else "",
        ]  # fmt: skip


def _day(moment: Any, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""


def _yes(said: bool | None) -> str:
    return "" if said is None else _("oui") if said else _("non")

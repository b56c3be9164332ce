"""The processing register that a data-protection officer signs, generated from the register of fields."""

from dataclasses import dataclass, field

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from allervers.core.register import Level, Model
from config import register

LEVELS: dict[Level, str | Promise] = {
    Level.PUBLIC: gettext_lazy("0, public"),
    Level.INTERNAL: gettext_lazy("1, interne"),
    Level.PERSONAL: gettext_lazy("2, personnel"),
    Level.IDENTITY: gettext_lazy("3, identité ou santé"),
}


@dataclass
class Chapter:
    """One app's tables, by name."""

    title: str
    tables: dict[str, Model] = field(default_factory=dict)


@require_http_methods(["GET"])
def protection(request: HttpRequest) -> HttpResponse:
    return render(request, "workspace/protection.html", {"chapters": chapters(), "levels": LEVELS})


def chapters() -> list[Chapter]:
    """The whole register, our own apps first, then third parties' tables."""
    ours = [name.rsplit(".", 1)[1] for name in settings.LOCAL_APPS]
    found: dict[str, Chapter] = {}
    for label, line in register.collected().items():
        app, model = label.split(".")
        title = _purpose(app) if app in ours else _("Tables de tiers")
        found.setdefault(title, Chapter(title)).tables[model] = line
    third = found.pop(_("Tables de tiers"))
    third.tables |= register.WITHOUT_MODEL
    return [*found.values(), third]


def markdown() -> str:
    """The register as a document."""
    lines = [f"# {_('Registre des traitements')}", ""]
    lines += [_("Chaque table, pourquoi elle existe, sur quelle base légale, jusqu’à quand, qui la lit."), ""]
    for chapter in chapters():
        lines += [f"## {chapter.title}", ""]
        for name, model in chapter.tables.items():
            lines += [f"### {name}", "", model.purpose, ""]
            lines += [f"- {label} : {value}" for label, value in told(model)] + [""]
            if model.fields:
                lines += [
                    f"| {_('Champ')} | {_('Niveau')} | {_('Pourquoi')} | {_('Qui le lit')} |",
                    "| --- | --- | --- | --- |",
                ]
                lines += [
                    f"| `{field_name}` | {LEVELS[row.level]} | {row.purpose} | {row.readers} |"
                    for field_name, row in model.fields.items()
                ] + [""]
    return "\n".join(lines)


def told(model: Model) -> list[tuple[str, str]]:
    return [
        (_("Base légale"), model.basis),
        (_("Niveau"), str(LEVELS[model.level])),
        (_("Conservation"), model.retention),
        (_("Qui lit"), model.readers),
        (_("Quand une personne est effacée"), model.erasure),
    ]


def _purpose(app: str) -> str:
    return {
        "journal": _("Journal"),
        "accounts": _("Comptes et réseau"),
        "outbox": _("Courriels et SMS"),
        "directory": _("Annuaire"),
        "people": _("Personnes"),
        "needs": _("Rencontres et besoins"),
        "referrals": _("Orientations"),
        "programmes": _("Actions et dépistages"),
    }.get(app, str(apps.get_app_config(app).verbose_name))

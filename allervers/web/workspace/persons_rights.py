"""Her rights: a copy of everything the house holds of her, and being forgotten."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from allervers.core import clock, dates, text
from allervers.journal.actions import note_read
from allervers.people import actions
from allervers.people import identity as identities
from allervers.people.enums import PhoneOwner, ReadReason
from allervers.web.request import viewer_of
from allervers.web.workspace.persons import card_or_404, heading
from config import duties

# The words of the printed copy; what has none shows the key's own words.
_WORDS = {
    "people": gettext_lazy("Votre fiche"),
    "needs": gettext_lazy("Vos rencontres et vos besoins"),
    "referrals": gettext_lazy("Vos orientations"),
    "programmes": gettext_lazy("Les actions où vous étiez"),
    "outbox": gettext_lazy("Les messages"),
    "code": gettext_lazy("Code"),
    "identity": gettext_lazy("Votre identité"),
    "first_name": gettext_lazy("Prénom"),
    "last_name": gettext_lazy("Nom"),
    "nickname": gettext_lazy("Surnom"),
    "birth_date": gettext_lazy("Naissance"),
    "birth_year": gettext_lazy("Année de naissance"),
    "phones": gettext_lazy("Téléphones"),
    "number": gettext_lazy("Numéro"),
    "owner": gettext_lazy("À qui"),
    "sms": gettext_lazy("SMS permis"),
    "voicemail": gettext_lazy("Répondeur permis"),
    "hours": gettext_lazy("Heures sûres"),
    "hours_note": gettext_lazy("À savoir avant d’appeler"),
    "address": gettext_lazy("Adresse"),
    "email": gettext_lazy("Adresse électronique"),
    "helpers": gettext_lazy("Proches qui aident"),
    "name": gettext_lazy("Nom"),
    "tie": gettext_lazy("Lien"),
    "phone": gettext_lazy("Téléphone"),
    "note": gettext_lazy("Note"),
    "speaks": gettext_lazy("Langues parlées"),
    "reads": gettext_lazy("Langues lues"),
    "interpreter": gettext_lazy("Interprète"),
    "sex": gettext_lazy("Sexe"),
    "age_band": gettext_lazy("Âge"),
    "neighbourhood": gettext_lazy("Quartier"),
    "is_minor": gettext_lazy("Personne mineure"),
    "is_protected": gettext_lazy("Adulte sous protection"),
    "no_follow_up": gettext_lazy("Ne veut pas être rappelée"),
    "kept_by": gettext_lazy("Fiche tenue par"),
    "created_at": gettext_lazy("Ouverte le"),
    "last_contact_at": gettext_lazy("Dernier contact"),
    "receipts": gettext_lazy("Ce qui vous a été dit, ce que vous avez accepté"),
    "readings": gettext_lazy("Qui a lu votre identité"),
    "at": gettext_lazy("Quand"),
    "kind": gettext_lazy("Quoi"),
    "mode": gettext_lazy("Comment"),
    "language": gettext_lazy("Langue"),
    "spoken_language": gettext_lazy("Dit en"),
    "words": gettext_lazy("Mots exacts"),
    "recipient": gettext_lazy("Destinataire"),
    "content": gettext_lazy("Contenu"),
    "agreed_by": gettext_lazy("Accord donné par"),
    "withdrawn_at": gettext_lazy("Retiré le"),
    "who": gettext_lazy("Qui"),
    "reason": gettext_lazy("Pourquoi"),
    "encounters": gettext_lazy("Rencontres"),
    "where": gettext_lazy("Où"),
    "informed": gettext_lazy("Informé·e"),
    "oriented": gettext_lazy("Orienté·e"),
    "accompanied": gettext_lazy("Accompagné·e"),
    "category": gettext_lazy("Sujet"),
    "opened_at": gettext_lazy("Ouvert le"),
    "closed_at": gettext_lazy("Clos le"),
    "state": gettext_lazy("État"),
    "next_contact_at": gettext_lazy("Prochain contact"),
    "next_step": gettext_lazy("Prochaine étape"),
    "outcome": gettext_lazy("Issue"),
    "says": gettext_lazy("Ce que vous en dites"),
    "contacts": gettext_lazy("Contacts"),
    "result": gettext_lazy("Résultat"),
    "obstacles": gettext_lazy("Obstacles"),
}


@dataclass(frozen=True)
class Node:
    """One line of the copy: a word with a value, or with others under it."""

    word: str
    value: str = ""
    under: list["Node"] = field(default_factory=list)

    @property
    def lines(self) -> list["Node"]:
        return [node for node in self.under if not node.under]

    @property
    def groups(self) -> list["Node"]:
        return [node for node in self.under if node.under]


@require_GET
@never_cache
def person_export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything, to print or as a file; it opens the identity, so it leaves a line."""
    viewer = viewer_of(request)
    card = card_or_404(viewer, pk)
    note_read(
        [card.id], network=card.network_id, organisation=card.organisation_id, reason=ReadReason.EXPORT, by=viewer
    )
    held = duties.export_person(card)
    if request.GET.get("format") == "json":
        response = HttpResponse(json.dumps(held, ensure_ascii=False, indent=2), content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="copie-{slugify(card.code)}.json"'
        return response
    context = {**heading(viewer, card), "nodes": list(_nodes(held)), "today": clock.today(viewer.timezone)}
    return render(request, "workspace/person_export.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def person_erase(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Says what goes and what stays; the code typed again confirms."""
    viewer = viewer_of(request)
    card = card_or_404(viewer, pk)
    problem = ""
    if request.method == "POST":
        code = card.code
        if text.fold(request.POST.get("code", "")) != text.fold(code):
            problem = _("Ce n’est pas le code de cette fiche : recopiez %(code)s pour confirmer.") % {"code": code}
        else:
            try:
                actions.erase_card(card, by=viewer, reason="asked")
            except actions.ErasureListUnwritable as unwritable:
                problem = str(unwritable)
            else:
                messages.success(
                    request, _("%(code)s est effacée. Ses passages restent comptés, sans elle.") % {"code": code}
                )
                return redirect("workspace:persons")
    return render(request, "workspace/person_erase.html", {**heading(viewer, card), "problem": problem})


def _nodes(held: dict[str, Any]) -> Iterator[Node]:
    for key, value in held.items():
        node = _node(_word(key), value)
        if node is not None:
            yield node


def _node(word: str, value: Any) -> Node | None:
    """A value as lines; what is empty is not printed. The rows of a list are numbered."""
    if isinstance(value, dict):
        under = list(_nodes(value))
        return Node(word, under=under) if under else None
    if isinstance(value, list | tuple) and any(isinstance(item, dict | list) for item in value):
        rows = [_node(f"{number}.", item) for number, item in enumerate(value, 1)]
        under = [row for row in rows if row is not None]
        return Node(word, under=under) if under else None
    said = ", ".join(_said(item) for item in value) if isinstance(value, list | tuple) else _said(value)
    return Node(word, said) if said else None


def _said(value: Any) -> str:
    """One value in words: a moment as a date, a yes or a no, a telephone as it is said."""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    told = "" if value is None else str(value)
    if re.fullmatch(r"\d{4}-\d\d-\d\dT.+", told):
        return dates.written(timezone.localtime(datetime.fromisoformat(told)), "j F Y, H:i")
    if re.fullmatch(r"\+\d{8,15}", told):
        return identities.say_phone(told)
    return str(PhoneOwner(told).label) if told in PhoneOwner.values else told


def _word(key: str) -> str:
    return str(_WORDS.get(key, key.replace("_", " ")))

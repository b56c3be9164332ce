"""What came of the people of a session who have no referral here: noted by hand, all on one page."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from allervers.accounts.rules import Viewer
from allervers.journal.actions import action
from allervers.people import queries as persons
from allervers.programmes import actions, rules
from allervers.programmes.actions.orienting import NEEDS_SOMEONE
from allervers.programmes.enums import Answered, End, Orientation
from allervers.programmes.errors import ProgrammeError
from allervers.programmes.models import Attendance
from allervers.web.request import viewer_of


class FollowForm(forms.Form):
    """One line. An empty box is "not known"."""

    orientation = forms.ChoiceField(label=gettext_lazy("Orientée"), choices=Orientation.choices, required=False)
    answer = forms.ChoiceField(label=gettext_lazy("Au rendez-vous"), choices=Answered.choices, required=False)
    outcome = forms.ChoiceField(label=gettext_lazy("Suite"), choices=End.choices, required=False)
    weeks = forms.FloatField(label=gettext_lazy("Semaines d’attente"), min_value=0, max_value=520, required=False)

    def __init__(self, line: Attendance, label: str, data: Any = None) -> None:
        super().__init__(data, prefix=str(line.pk))
        self.line, self.label, self.says_optional = line, label, False
        weeks = None if line.delay_days is None else round(line.delay_days / 7, 1)
        self.initial = {
            "orientation": line.orientation,
            "answer": line.answer,
            "outcome": line.outcome,
            "weeks": f"{weeks:g}" if weeks is not None else None,
        }

    def facts(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        weeks = said.pop("weeks")
        return said | {"delay_days": None if weeks is None else round(weeks * 7)}


def screening_follow_up(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    session = get_object_or_404(rules.sessions_for(viewer).select_related("action__recipient", "hub"), pk=pk)
    lines = rules.attendances_for(viewer).filter(session=session, result__in=NEEDS_SOMEONE, referral=None)
    found = list(lines.select_related("card", "encounter", "session__action").order_by("position"))
    labels = persons.labels_for(viewer, [line.card for line in found if line.card])
    data = request.POST if request.method == "POST" else None
    rows = [
        FollowForm(line, labels[line.card.id] if line.card else _("Sans nom %(n)s") % {"n": line.position}, data)
        for line in found
    ]
    if data is not None and all(row.is_valid() for row in rows):
        changed = [row for row in rows if row.has_changed()]
        with suppress(ProgrammeError):  # its sentence stands on its line
            _note(changed, viewer)
            said = ngettext("%(n)s ligne complétée.", "%(n)s lignes complétées.", len(changed)) % {"n": len(changed)}
            messages.success(request, said)
            return redirect("workspace:screening_session", session.pk)
    return render(request, "workspace/screening_follow_up.html", {"session": session, "rows": rows})


@action
def _note(changed: list[FollowForm], viewer: Viewer) -> None:
    """All the lines, or none: the first that contradicts itself keeps its sentence, and everything typed stays."""
    for row in changed:
        try:
            actions.note_follow_up(row.line, by=viewer, **row.facts())
        except ProgrammeError as error:
            row.add_error(None, str(error))
            raise

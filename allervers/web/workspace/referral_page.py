"""One referral's page: where it stands, what may be done, what the partner reads."""

import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from allervers.accounts.rules import Viewer
from allervers.core import clock, dates, languages
from allervers.needs import wording
from allervers.needs.enums import Category, Says
from allervers.people import notices
from allervers.people.actions.receipts import words_of
from allervers.people.enums import AgreedBy, ReceiptKind, ReceiptMode, SharedContent
from allervers.people.queries import standing_agreement
from allervers.referrals import entry, errors, queries, reach, shown, states
from allervers.referrals.actions import UNDO_FOR
from allervers.referrals.actions.steps import CHASE_DAYS
from allervers.referrals.enums import AbsenceReason, AnswerKind, ReferralState
from allervers.referrals.models import Referral, Submission
from allervers.referrals.rules import may_handle
from allervers.web.components.forms import MomentBox
from allervers.web.components.states import LOOKS
from allervers.web.workspace import ledger

MODES = [
    (ReceiptMode.READ_ALOUD, gettext_lazy("Lu à voix haute : elle est d’accord")),
    (ReceiptMode.SHOWN, gettext_lazy("Lu par elle : d’accord")),
    (ReceiptMode.PAPER, gettext_lazy("Signé sur papier")),
    (ReceiptMode.PHONE, gettext_lazy("Dit au téléphone : d’accord")),
]
_TO_COME = [
    ("appointment", gettext_lazy("Rendez-vous")),
    ("opened", gettext_lazy("Venu·e ou non")),
    ("result", gettext_lazy("Résultat")),
]
_ASKED = [kind for kind in AnswerKind if kind != AnswerKind.UNDONE]


class AnswerForm(forms.Form):
    """What the partner said on the telephone."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Ce que dit le partenaire"),
        choices=[(kind.value, capfirst(str(kind.label))) for kind in _ASKED],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez une réponse.")},
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Raison de l’absence"),
        choices=[
            ("", gettext_lazy("On ne sait pas")),
            *((r.value, capfirst(str(r.label))) for r in AbsenceReason if r.value),
        ],
        required=False,
    )
    appointment_at = forms.DateTimeField(
        label=gettext_lazy("Date et heure du rendez-vous"),
        widget=MomentBox,
        required=False,
        error_messages={"invalid": gettext_lazy("Écrivez la date et l’heure, par exemple 24/11/2026 14:30.")},
    )
    operation = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def clean_appointment_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["appointment_at"]
        if moment is not None and entry.is_too_far(moment):
            raise forms.ValidationError(str(errors.DateTooFar()))
        return moment


def address(referral: Referral) -> str:
    return reverse("workspace:referral", args=[referral.pk])


def show(
    request: HttpRequest,
    viewer: Viewer,
    referral: Referral,
    *,
    answer_form: AnswerForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page, with a form that was refused when there is one."""
    zone = ZoneInfo(viewer.timezone)
    handles = may_handle(viewer, referral)
    drafted = referral.state == ReferralState.DRAFTED
    waits = referral.state in states.WAITING
    silenced = referral.ended_as in {"withdrawn", "cancelled"}
    context = {
        "referral": referral,
        "who": ledger.person(viewer, referral.card),
        "title": _title(referral, zone),
        "look": queries.look_of(referral),
        "track": _track(referral, zone),
        "to_come": _to_come(referral),
        "handles": handles,
        "drafted": drafted,
        "waits": waits,
        "may_answer": not drafted and not silenced,
        "may_propose": handles and referral.state in {"missed", "came_not_seen", "declined"},
        "may_end": handles and not drafted and referral.state not in {"closed", "result"},
        "chase": _chase(referral, zone) if waits else "",
        "phone": _phone(referral),
        "answer_form": answer_form or AnswerForm(initial={"operation": str(uuid.uuid4())}),
        "problem": problem,
        "amendments": [
            one for one in referral.answers.all() if one.is_amendment and not one.seen_at and not one.undone_at
        ],
        "undoable": _undoable(referral),
        "facts": _facts(viewer, referral),
        "says": [(says.value, capfirst(str(says.label))) for says in Says],
        "agreement": _agreement(request, viewer, referral) if drafted and handles else None,
        "reminded": _reminded(referral),
    }
    return render(request, "workspace/referral.html", context, status=status)


def _title(referral: Referral, zone: ZoneInfo) -> str:
    to = referral.service.name if referral.service else referral.recipient.name
    values: dict[str, Any] = {"to": to}
    if referral.state == ReferralState.DRAFTED:
        return _("Vers %(to)s : pas encore parti") % values
    if queries.is_silent(referral) and referral.last_word_at:
        values["span"] = wording.span(clock.now() - referral.last_word_at)
        return _("Vers %(to)s : rien depuis %(span)s") % values
    if referral.state in {ReferralState.APPOINTMENT, ReferralState.MOVED} and referral.appointment_at:
        values |= _moment(referral.appointment_at, zone)
        return _("Vers %(to)s : rendez-vous %(day)s, %(hour)s") % values
    values["word"] = str(LOOKS[queries.look_of(referral)].word).lower()
    return _("Vers %(to)s : %(word)s") % values


def _moment(at: datetime, zone: ZoneInfo) -> dict[str, str]:
    local = at.astimezone(zone)
    return {"day": wording.day(local.date()), "hour": dates.hour(local)}


def _track(referral: Referral, zone: ZoneInfo) -> list[dict[str, Any]]:
    rows = []
    for step in queries.steps_of(referral):
        note = wording.day(step.at.astimezone(zone).date()) if step.at else ""
        if step.kind == "sent" and referral.sent_by:
            note += f", {referral.sent_by.user}"
        if step.answer is not None:
            note += f", {step.answer.submission.get_by_channel_display()}"
            if step.answer.reason:
                note += f", {step.answer.get_reason_display()}"
        if step.kind == "silent":
            note = _("depuis le %(day)s") % {"day": note}
        rows.append({"look": step.look, "word": LOOKS[step.look].word, "note": note})
    return rows


def _to_come(referral: Referral) -> list[dict[str, Any]]:
    if referral.state == ReferralState.KEPT:
        return [{"look": look, "word": word} for look, word in _TO_COME[2:]]
    if referral.state == ReferralState.DRAFTED:
        return [
            {"look": "sent", "word": LOOKS["sent"].word},
            *({"look": look, "word": word} for look, word in _TO_COME),
        ]
    if referral.state not in states.WAITING:
        return []
    left = _TO_COME[1:] if referral.state in {ReferralState.APPOINTMENT, ReferralState.MOVED} else _TO_COME
    return [{"look": look, "word": word} for look, word in left]


def _chase(referral: Referral, zone: ZoneInfo) -> str:
    """What the next reminder will be, in a sentence."""
    if not referral.recipient.email:
        return _("Pas d’adresse électronique : seul le téléphone marche.")
    if referral.chase_at is None or referral.chased >= len(CHASE_DAYS):
        told = ngettext("%(n)s relance est partie", "%(n)s relances sont parties", referral.chased) % {
            "n": referral.chased
        }
        return _("%(told)s. Il n’en part plus toute seule.") % {"told": told}
    leaves_at = reach.office_moment(max(referral.chase_at, clock.now()), zone.key)
    if leaves_at <= clock.now():
        return _("Une relance part dans un instant.")
    values = {"rank": referral.chased + 1, "of": len(CHASE_DAYS), **_moment(leaves_at, zone)}
    text = _("Relance %(rank)s sur %(of)s : partira le %(day)s. Elle s’arrête dès qu’une réponse arrive.")
    return text % values


def _phone(referral: Referral) -> str:
    return (referral.service.phone if referral.service else "") or referral.recipient.phone


def _undoable(referral: Referral) -> Submission | None:
    """The last answer's sending, while a day has not passed."""
    standing = [one for one in referral.answers.all() if one.undone_at is None]
    last = standing[-1] if standing else None
    if last is None or last.step != referral.step or clock.now() > last.submission.at + UNDO_FOR:
        return None
    return last.submission


def _facts(viewer: Viewer, referral: Referral) -> dict[str, Any]:
    """What the partner reads, or would read once it leaves."""
    if not may_handle(viewer, referral):
        return {}
    read = shown.opened(referral)
    if read is None and referral.state == ReferralState.DRAFTED and referral.card:
        read = shown.of_person(referral.card, referral)
    if read is None:
        return {}
    return {
        "who": read.who,
        "initials": SharedContent.INITIALS in referral.content,
        "need": capfirst(str(Category(read.need).label)) if read.need else "",
        "languages": ", ".join(languages.name(code) for code in read.languages),
        "call_back": read.call_back,
    }


def _agreement(request: HttpRequest, viewer: Viewer, referral: Referral) -> dict[str, Any]:
    """The exact words in her language, or that they were agreed to already."""
    card = referral.card
    assert card is not None
    standing = standing_agreement(card, referral.recipient_id, referral.content)
    asked = request.POST.get("language") or request.GET.get("langue") or notices.best_language(card.reads, card.speaks)
    asked = asked if asked in languages.LANGUAGES else "fr"
    agreed_by = request.POST.get("agreed_by") or request.GET.get("pour") or AgreedBy.SELF
    agreed_by = agreed_by if agreed_by in AgreedBy.values else AgreedBy.SELF
    told = words_of(
        card,
        ReceiptKind.SHARING,
        asked,
        organisation=viewer.organisation_name,
        recipient=referral.recipient.name,
        content=[code for code in SharedContent.values if code in referral.content],
        agreed_by=agreed_by,
    )
    return {
        "standing": standing,
        "told": told,
        "language": asked,
        "agreed_by": agreed_by,
        "others": AgreedBy.choices if card.is_minor or card.is_protected else [],
        "lang": told.language.split("-")[0],
        "direction": languages.LANGUAGES[told.language].direction,
        "written": languages.name(told.language),
        "choices": [(code, languages.name(code)) for code in notices.WRITTEN],
        "modes": MODES,
        "operation": request.POST.get("operation") or str(uuid.uuid4()),
    }


def _reminded(referral: Referral) -> bool:
    return bool(referral.appointment_at and referral.person_reminded_for == referral.appointment_at)

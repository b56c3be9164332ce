"""What is done about one referral: it leaves, an answer is keyed in, it is chased, proposed again, ended."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from allervers.accounts.rules import Viewer
from allervers.needs.enums import Says
from allervers.people import actions as people
from allervers.people.enums import AgreedBy, ReceiptMode
from allervers.people.queries import standing_agreement
from allervers.referrals import actions, errors
from allervers.referrals.actions import Given
from allervers.referrals.enums import AnswerBy, AnswerKind
from allervers.referrals.models import Answer, Referral, Submission
from allervers.web.request import viewer_of
from allervers.web.workspace import referral_page
from allervers.web.workspace.referrals import fetch, handled

_ASKED = {
    "sms": gettext_lazy("Un message lui est envoyé, dans sa langue, aux heures permises."),
    "no_phone": gettext_lazy("Aucun de ses téléphones n’accepte de SMS : demandez-lui de vive voix."),
    "no_follow_up": gettext_lazy("Elle ne souhaite pas être rappelée."),
    "refused": gettext_lazy("Elle a retiré son accord pour des messages."),
    "no_safe_hour": gettext_lazy("Aucune heure permise dans les deux jours : demandez-lui de vive voix."),
}


@require_POST
def referral_send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Her agreement is kept with its exact words, then the referral leaves; or it leaves on a standing agreement."""
    viewer = viewer_of(request)
    referral = handled(viewer, pk)
    assert referral.card is not None, "a referral is drafted for someone"
    said_by = request.POST.get("agreed_by", "")
    try:
        if request.POST.get("mode") in ReceiptMode.values and not standing_agreement(
            referral.card, referral.recipient_id, referral.content
        ):
            people.agree_to_share(
                referral.card,
                recipient=referral.recipient,
                content=referral.content,
                by=viewer,
                mode=request.POST["mode"],
                language=request.POST.get("language", ""),
                agreed_by=said_by if said_by in AgreedBy.values else AgreedBy.SELF,
                operation=_uuid(request.POST.get("operation", "")),
            )
        actions.send(referral, by=viewer, tell=request.POST.get("tell") != "later")
    except errors.AlreadySent:
        messages.info(request, _("Cette orientation était déjà partie."))
    except (errors.Refused, people.RepresentativeNeeded, people.CardErased, people.OutOfReach) as refused:
        return referral_page.show(request, viewer, referral, problem=str(refused), status=400)
    else:
        messages.success(request, _("C’est parti. L’accord est gardé avec ses mots exacts."))
    return redirect("workspace:referral", pk=pk)


@require_POST
def referral_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the partner said on the telephone: the same event as by its link."""
    viewer = viewer_of(request)
    referral = fetch(viewer, pk)
    form = referral_page.AnswerForm(request.POST)
    if not form.is_valid():
        return referral_page.show(request, viewer, referral, answer_form=form, status=400)
    said = form.cleaned_data
    given = Given(referral.pk, AnswerKind(said["kind"]), said["reason"], said["appointment_at"])
    try:
        heard = actions.answer([given], by=viewer, channel=AnswerBy.PHONE, operation=said["operation"] or str(uuid4()))
    except errors.DateMissing as missing:
        form.add_error("appointment_at", str(missing))
        return referral_page.show(request, viewer, referral, answer_form=form, status=400)
    if heard.submission is None:
        messages.info(request, _("Rien de nouveau : cette réponse était déjà notée."))
    else:
        messages.success(request, _("Réponse notée. Vous pouvez l’annuler pendant un jour."))
    return redirect("workspace:referral", pk=pk)


@require_POST
def referral_undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes this line's last answer back; the other lines of its sending stay."""
    viewer = viewer_of(request)
    referral = fetch(viewer, pk)
    submission = Submission.objects.filter(answers__referral=referral, answers__undone_at=None).order_by("-at").first()
    if submission is None:
        messages.info(request, _("Rien à annuler : aucune réponse n’est notée."))
        return redirect("workspace:referral", pk=pk)
    try:
        if actions.undo(submission, by=viewer, only=referral):
            messages.success(request, _("Réponse annulée."))
        else:
            messages.info(request, _("Rien n’a été annulé : c’était déjà fait, ou ces lignes ont changé depuis."))
    except errors.Refused as refused:
        messages.error(request, str(refused))
    return redirect("workspace:referral", pk=pk)


def _chase(referral: Referral, by: Viewer) -> str:
    actions.chase([referral], by=by)
    return _("La relance part. Elle contient le même lien qu’avant.")


def _propose(referral: Referral, by: Viewer) -> str:
    actions.propose_again(referral, by=by)
    return _("Proposée à nouveau : la ligne revient sur la liste du partenaire.")


def _close(referral: Referral, by: Viewer) -> str:
    actions.close_unknown(referral, by=by)
    return _("Close comme inconnue. Une réponse tardive comptera encore.")


def _withdraw(referral: Referral, by: Viewer) -> str:
    actions.withdraw(referral, by=by)
    return _("Retirée : le partenaire ne voit plus rien de la personne.")


def _cancel(referral: Referral, by: Viewer) -> str:
    actions.cancel(referral, by=by)
    return _("Annulée.")


_VERBS: dict[str, Callable[[Referral, Viewer], str]] = {
    "relancer": _chase,
    "proposer": _propose,
    "clore": _close,
    "retirer": _withdraw,
    "annuler": _cancel,
}


@require_POST
def referral_step(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    viewer = viewer_of(request)
    referral = handled(viewer, pk)
    act = _VERBS.get(verb)
    if act is None:
        raise Http404
    need_id = referral.need_id
    try:
        messages.success(request, act(referral, viewer))
    except errors.Refused as refused:
        messages.error(request, str(refused))
    if not Referral.objects.filter(pk=pk).exists():  # a draft that was taken back leaves no page
        return redirect("workspace:need", pk=need_id)
    return redirect("workspace:referral", pk=pk)


@require_POST
def referral_elsewhere(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ends this one, then choose another place for the same need."""
    viewer = viewer_of(request)
    referral = handled(viewer, pk)
    try:
        actions.end_for_elsewhere(referral, by=viewer)
    except errors.Refused as refused:
        messages.error(request, str(refused))
        return redirect("workspace:referral", pk=pk)
    return redirect("workspace:referral_new", need=referral.need_id)


@require_POST
def amendment_seen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Someone has read that an answer changed."""
    viewer = viewer_of(request)
    amendment = get_object_or_404(Answer.objects.select_related("referral"), pk=pk)
    handled(viewer, amendment.referral_id)
    actions.mark_seen(amendment, by=viewer)
    return redirect("workspace:referral", pk=amendment.referral_id)


@require_POST
def referral_say(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Her own word, through her mediator or by telephone; or a message that asks her."""
    viewer = viewer_of(request)
    referral = handled(viewer, pk)
    says = request.POST.get("says", "")
    if says in Says.values:
        actions.note_say(referral, says=Says(says), by=viewer, channel=AnswerBy.TEAM)
        messages.success(request, _("Sa réponse est notée."))
    elif says == "ask":
        code = actions.ask_person(referral, by=viewer)
        (messages.success if code == "sms" else messages.warning)(request, str(_ASKED[code]))
    return redirect("workspace:referral", pk=pk)


def _uuid(sent: str) -> UUID | None:
    try:
        return UUID(sent)
    except ValueError:
        return None

"""The voices of a message: who is invited to say it or to judge it, what waits for a second speaker."""

from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from allervers.accounts.models import Network
from allervers.core import clock, languages
from allervers.prevention import actions, house, queries, rules
from allervers.prevention import voices as voicing
from allervers.prevention.enums import InvitationKind, Medium, MessageKind, Origin
from allervers.prevention.errors import PreventionError, Stale
from allervers.prevention.models import Message
from allervers.web.request import viewer_of


class InviteForm(forms.Form):
    KINDS = (
        (InvitationKind.RECORD, gettext_lazy("Dire le message")),
        (InvitationKind.FILM, gettext_lazy("Filmer le message, en langue des signes par exemple")),
        (InvitationKind.CHECK, gettext_lazy("Réécouter ou revoir ce qu’une autre personne a fait")),
    )
    language = forms.ChoiceField(label=gettext_lazy("Dans quelle langue ?"), choices=languages.CHOICES)
    kind = forms.ChoiceField(label=gettext_lazy("Pour quoi faire ?"), choices=KINDS)

    def __init__(self, data: QueryDict | None, message: Message) -> None:
        super().__init__(data)
        if message.kind == MessageKind.HOUSE:  # our own words are heard one by one: nobody films them
            kind = self.fields["kind"]
            assert isinstance(kind, forms.ChoiceField)
            kind.choices = [one for one in InviteForm.KINDS if one[0] != InvitationKind.FILM]


@require_GET
@never_cache
def voices(request: HttpRequest, pk: UUID) -> HttpResponse:
    message = get_object_or_404(rules.messages_for(viewer_of(request)), pk=pk)
    return _page(request, message, InviteForm(None, message))


@require_GET
def house_voices(request: HttpRequest) -> HttpResponse:
    """Our own words: doors, buttons, the names of languages; those that a new version brought are there at once."""
    network = Network.objects.get(pk=viewer_of(request).network_id)
    return redirect("workspace:voices", house.bring_up_to_date(network).pk)


@require_POST
@never_cache
def voice_invite(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new link and its code, shown once: two paths to whoever speaks."""
    viewer = viewer_of(request)
    message = get_object_or_404(rules.messages_for(viewer), pk=pk)
    form = InviteForm(request.POST, message)
    if not form.is_valid():
        return _page(request, message, form, status=400)
    language, kind = form.cleaned_data["language"], InvitationKind(form.cleaned_data["kind"])
    _invitation, token, code = voicing.invite(message, language=language, kind=kind, by=viewer)
    link = settings.PUBLIC_URL + reverse("public:studio", args=[token])
    return _page(request, message, InviteForm(None, message), link=link, code=code, linked=languages.name(language))


@require_POST
def invitation_revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    invitation = get_object_or_404(rules.invitations_for(viewer), pk=pk)
    voicing.revoke(invitation, by=viewer)
    messages.success(request, _("Le lien est fermé. Les voix déjà arrivées restent."))
    return redirect("workspace:voices", invitation.message_id)


@require_POST
def voice_judge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A member of the team who speaks the language is a second speaker too, of voices and of films."""
    viewer = viewer_of(request)
    rendition = get_object_or_404(rules.recordings_for(viewer), pk=pk)
    message = rendition.segment.message
    try:
        if str(rendition.media_id) != request.POST.get("media", ""):
            raise Stale  # said again since the page was shown
        if request.POST.get("verdict") == "oui":
            version = request.POST.get("version", "")
            actions.check(rendition, version=int(version) if version.isdecimal() else -1, by=viewer)
            if rendition.medium == Medium.VOICE:
                voicing.make_whole(message, rendition.language, unchecked=settings.DEMO)
        else:
            actions.refuse(rendition, by=viewer)
    except PreventionError as refused:
        messages.error(request, str(refused))
    return redirect("workspace:films" if rendition.medium == Medium.VIDEO else "workspace:voices", message.pk)


def _page(
    request: HttpRequest,
    message: Message,
    form: InviteForm,
    *,
    link: str = "",
    code: str = "",
    linked: str = "",
    status: int = 200,
) -> HttpResponse:
    viewer, now = viewer_of(request), clock.now()
    voices_here = rules.voices_for(viewer).filter(segment__message=message)
    waiting = voices_here.filter(state__in=rules.TO_JUDGE).exclude(origin=Origin.TONE)
    title = message.segments.order_by("position").first()
    page = {
        "message": message,
        "title": _("Les mots de l’appli") if message.kind == MessageKind.HOUSE else title.text if title else "",
        "form": form,
        "link": link,
        "code": code,
        "linked": linked,
        "invitations": [
            {"row": one, "language": languages.name(one.language), "open": one.is_open(now)}
            for one in rules.invitations_for(viewer).filter(message=message)
        ],
        "waiting": [
            {"row": one, "language": languages.name(one.language)}
            for one in waiting.order_by("language", "segment__position")
        ],
        "coverage": [line for line in queries.coverage(message) if line.voices],
        "sentences": message.to_say.count(),
    }
    return render(request, "workspace/voices.html", page, status=status)

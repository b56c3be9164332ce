"""The films of a message: one is sent, made small by the worker while the page says how far it is, judged by a second person."""

from collections.abc import Iterable
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allervers.accounts.rules import Viewer
from allervers.core import languages
from allervers.prevention import films as filming
from allervers.prevention import formats, rules, sending
from allervers.prevention.errors import NotAFilm, PreventionError
from allervers.prevention.models import Message, Rendition, SentFilm
from allervers.web import pieces
from allervers.web.request import viewer_of

_SIGNED = "fsl"


class FilmForm(forms.Form):
    language = forms.ChoiceField(label=gettext_lazy("Dans quelle langue ?"), choices=languages.CHOICES, initial=_SIGNED)


@require_http_methods(["GET", "POST"])
@never_cache
def films(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Those on their way, those to judge, those that people see; and the form of another one, which works without script."""
    viewer = viewer_of(request)
    message = get_object_or_404(rules.messages_for(viewer).written(), pk=pk)
    form = FilmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            pieces.take_whole_film(request, message, language=form.cleaned_data["language"], by=viewer)
        except PreventionError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Le film est arrivé. Il est en préparation."))
        return redirect("workspace:films", message.pk)
    return render(request, "workspace/films.html", _shown(request, message, form))


@require_GET
@never_cache
def films_sent(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Those on their way, as the page asks again and again; once none is, it is read anew, whole."""
    viewer = viewer_of(request)
    message = get_object_or_404(rules.messages_for(viewer).written(), pk=pk)
    if not getattr(request, "htmx", False):
        return redirect("workspace:films", message.pk)
    sent = _sent(viewer, message)
    answer = render(request, "workspace/films_sent.html", {"message": message} | sent)
    if not sent["under_way"]:
        answer["HX-Refresh"] = "true"
    return answer


@require_http_methods(["GET", "POST"])
def film_piece(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The next bytes of a film, and how many of them are here."""
    viewer = viewer_of(request)
    message = get_object_or_404(rules.messages_for(viewer).written(), pk=pk)
    language = request.GET.get("language", "")
    if language not in languages.LANGUAGES:
        return JsonResponse({"error": str(NotAFilm())}, status=400)
    place = f"{viewer.membership_id}-{message.pk}-film"  # one at a time, in whatever language
    return pieces.take_film(request, place, message, language=language, by=viewer)


@require_POST
def sent_film(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A film that was not taken: once more, or forgotten."""
    viewer = viewer_of(request)
    sent = get_object_or_404(rules.sent_films_for(viewer), pk=pk)
    if "recommencer" not in request.POST:
        filming.forget(sent, by=viewer)
    elif not filming.begin_again(sent, by=viewer):
        messages.error(request, _("Le fichier n’est plus là. Envoyez le film de nouveau."))
    return redirect("workspace:films", sent.message_id)


def _shown(request: HttpRequest, message: Message, form: FilmForm) -> dict[str, object]:
    viewer = viewer_of(request)
    made = rules.films_for(viewer).filter(segment__message=message).order_by("language")
    judged = made.exclude(state__in=rules.TO_JUDGE)
    seen = rules.seen_by_residents(message, unchecked=settings.DEMO).values("pk")
    title = message.segments.order_by("position").first()
    return {
        "message": message,
        "title": title.text if title else "",
        "form": form,
        "edition": message.edition,
        **_sent(viewer, message),
        "waiting": _named(made.filter(state__in=rules.TO_JUDGE)),
        "shown": _named(judged.filter(pk__in=seen)),
        "unseen": _named(judged.exclude(pk__in=seen)),
        "owner": str(viewer.membership_id),
        "own": rules.own_ids(viewer),
        "piece": sending.PIECE,
        "heaviest": formats.MAX_FILM_BYTES,
    }


def _sent(viewer: Viewer, message: Message) -> dict[str, object]:
    sent = list(rules.sent_films_for(viewer).filter(message=message))
    return {"sent": _named(sent), "under_way": any(one.is_under_way for one in sent)}


def _named(rows: Iterable[Rendition | SentFilm]) -> list[dict[str, object]]:
    return [{"row": one, "language": languages.name(one.language)} for one in rows]

"""The app's own words, language by language: read by someone whose language it is, or not yet."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from allervers.accounts.models import Network
from allervers.prevention import actions
from allervers.prevention import interface as words
from allervers.web.request import viewer_of


def interface(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    return render(request, "workspace/newsroom_interface.html", {"standings": words.standings(viewer.network_id)})


def interface_language(request: HttpRequest, code: str) -> HttpResponse:
    """Every sentence beside its French; one gesture says that all of it was read."""
    viewer = viewer_of(request)
    language = words.languages().get(code)
    if language is None:
        raise Http404
    if request.method == "POST":
        read = request.POST.get("digest", "")
        if read != words.digest(code):
            messages.warning(request, _("Ces mots ont changé depuis : relisez-les."))
            return redirect("workspace:interface_language", code)
        network = Network.objects.get(pk=viewer.network_id)
        actions.review_interface(network, language=code, digest=read, by=viewer)
        messages.success(request, _("Merci : cette langue est relue."))
        return redirect("workspace:interface")
    lines = [(words.readable(french), words.readable(said)) for french, said in words.sentences(code)]
    shown = {"said_in": language, "lines": lines, "digest": words.digest(code)}
    return render(request, "workspace/newsroom_interface_language.html", shown)

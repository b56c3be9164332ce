"""The address of a sound: what residents hear, for anyone; what waits for a second speaker, for the newsroom only."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from allervers.accounts.rules import Viewer
from allervers.prevention import clips, formats, media, queries, rules
from allervers.prevention.enums import MediaKind
from allervers.prevention.models import Media
from allervers.web.files import ranged

_FOR_EVER = "public, max-age=31536000, immutable"  # another sound has another address


@require_GET
def sound(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return _file(request, pk, ".ogg")


@require_GET
def film(request: HttpRequest, pk: UUID, suffix: str) -> HttpResponseBase:
    """A film, its poster; its subtitles, whose words are those of today."""
    if suffix != "vtt":
        return _file(request, pk, f".{suffix}")
    found = Media.objects.filter(pk=pk, kind=MediaKind.SMALL).first()
    if found is None or not (queries.may_be_heard(found, unchecked=settings.DEMO) or _is_newsroom(request, found)):
        raise Http404
    captions = queries.captions_of(found, unchecked=settings.DEMO)
    return HttpResponse(captions, content_type=f"{formats.CAPTIONS_MIME}; charset=utf-8")


def _file(request: HttpRequest, pk: UUID, suffix: str) -> HttpResponseBase:
    found = Media.objects.select_related("network").filter(pk=pk, name__endswith=suffix).first()
    if found is None:
        raise Http404
    everyone = _is_everyones(found)
    if not everyone and not _is_newsroom(request, found):
        raise Http404
    path = media.path_of(found)
    if not path.exists():
        raise Http404
    response = ranged(request, path, mime=found.mime, size=found.size)
    response["Cache-Control"] = _FOR_EVER if everyone else "no-store, private"
    name = f"{found.pk}{path.suffix}"
    response["Content-Disposition"] = f'{"attachment" if "garder" in request.GET else "inline"}; filename="{name}"'
    return response


def _is_newsroom(request: HttpRequest, found: Media) -> bool:
    viewer: Viewer | None = getattr(request, "viewer", None)
    return viewer is not None and rules.media_for(viewer).filter(pk=found.pk).exists()


def _is_everyones(found: Media) -> bool:
    if found.kind == MediaKind.CLIP:
        return clips.may_be_seen(found, unchecked=settings.DEMO) is not None
    return queries.may_be_heard(found, unchecked=settings.DEMO)

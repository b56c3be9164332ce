"""Reading a request the same way in every view."""

from django.http import Http404, HttpRequest

from allervers.accounts.rules import Viewer


def viewer_of(request: HttpRequest) -> Viewer:
    """Who is looking; the access table has already turned away whoever may not."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None:
        raise Http404
    return viewer

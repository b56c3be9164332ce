"""A message in one other language: each sentence beside its French, to say, to check, to say again. Nothing typed is lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from allervers.accounts.rules import Viewer
from allervers.core.languages import FRENCH, LANGUAGES, Language
from allervers.core.text import numbers_together, printable
from allervers.prevention import actions, rules
from allervers.prevention.enums import Medium
from allervers.prevention.errors import PreventionError, Stale
from allervers.prevention.models import Message, Rendition, Segment
from allervers.web.request import viewer_of


@dataclass(frozen=True)
class Line:
    """A sentence, its text in that language if it has one, and what its box holds: what was typed and could not be kept."""

    segment: Segment
    row: Rendition | None
    typed: str


def message_language(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    viewer = viewer_of(request)
    found = get_object_or_404(rules.messages_for(viewer).written(), pk=pk)
    language = LANGUAGES.get(code)
    if language is None or code == FRENCH:
        raise Http404
    refused: dict[int, str] = {}
    if request.method == "POST":
        refused = _save(request, found, language, viewer)
        if not refused:
            return redirect("workspace:message_language", found.pk, code)
    texts = list(_texts(found, language))
    places = {segment.position for segment, _row in texts}
    shown = {
        "message": found,
        "said_in": language,
        "lines": [Line(one, row, refused.get(one.position, row.text if row else "")) for one, row in texts],
        "apart": [text for place, text in refused.items() if place not in places],
        "own": rules.own_ids(viewer),
    }
    return render(request, "workspace/newsroom_language.html", shown)


def _texts(found: Message, language: Language, *, every: bool = False) -> Iterator[tuple[Segment, Rendition | None]]:
    """Each sentence that is to be said, with its text in that language if it has one. `every`: the others too."""
    said = Rendition.objects.filter(segment__message=found, language=language.code, medium=Medium.TEXT)
    by_segment = {row.segment_id: row for row in said}
    for segment in found.segments.all() if every else found.to_say:
        yield segment, by_segment.get(segment.pk)


def _save(request: HttpRequest, found: Message, language: Language, viewer: Viewer) -> dict[int, str]:
    """The sentence whose « juste » or « à redire » was pressed; else every sentence whose words changed. Returns what was
    typed and could not be kept, by sentence; why is told."""
    to_say = set(found.to_say.values_list("pk", flat=True))
    refused, done, places = {}, 0, set()
    for segment, row in _texts(found, language, every=True):
        text = _typed(request.POST, segment.position)
        places.add(segment.position)
        try:
            done += _save_one(request.POST, segment, row, language, viewer, is_to_say=segment.pk in to_say)
        except PreventionError as error:
            messages.warning(request, str(error))
            if _is_new(text, row):
                refused[segment.position] = text
    gone = [int(name[1:]) for name in request.POST if name[0:1] == "t" and name[1:].isdecimal() and len(name) < 6]
    refused |= {place: text for place in gone if place not in places and (text := _typed(request.POST, place))}
    if done:
        messages.success(request, _("C’est noté."))
    return refused


def _typed(posted: QueryDict, place: int) -> str:
    return numbers_together(printable(posted.get(f"t{place}", "")).strip()[:800])


def _is_new(text: str, row: Rendition | None) -> bool:
    return bool(text) and text != (numbers_together(row.text) if row else "")


def _save_one(
    posted: QueryDict, segment: Segment, row: Rendition | None, language: Language, viewer: Viewer, *, is_to_say: bool
) -> bool:
    """Whether anything was kept of this sentence. Raises a `PreventionError`."""
    place, text = str(segment.position), _typed(posted, segment.position)
    right, wrong, version = posted.get("juste", ""), posted.get("redire", ""), posted.get(f"v{place}", "")
    is_typed = not right and not wrong and _is_new(text, row)
    is_judged = row is not None and place in (right, wrong)
    if not is_typed and not is_judged:
        return False
    seen = parse_datetime(posted.get(f"a{place}", ""))
    if not is_to_say or (row.made_at if row else None) != seen:
        raise Stale  # taken away or said again since the page was shown
    if is_typed:
        if version != str(segment.version):
            raise Stale
        actions.render(segment, language=language.code, medium=Medium.TEXT, text=text, by=viewer)
    elif row and right == place:
        actions.check(row, version=int(version) if version.isdecimal() else 0, by=viewer)
    elif row:
        actions.refuse(row, by=viewer)
    return True

"""The newsroom: what to do next for messages; writing one, its sentences, its languages, what residents understood otherwise."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allervers.accounts.models import Network
from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.core.languages import FRENCH, LANGUAGES, Language
from allervers.prevention import actions, queries, readability, rules
from allervers.prevention.enums import Change, Medium, MessageState
from allervers.prevention.errors import PreventionError, Stale
from allervers.prevention.models import Message, Rendition, Segment
from allervers.web.request import viewer_of
from allervers.web.workspace.newsroom_changes import changes
from allervers.web.workspace.newsroom_forms import LexiconForm, MessageForm, SegmentForm, TermsForm

_SOON = timedelta(days=30)


def newsroom(request: HttpRequest) -> HttpResponse:
    """What waits: to read, to check, to say again, to renew; then every message."""
    viewer = viewer_of(request)
    today = clock.today(viewer.timezone)
    every = rules.messages_for(viewer).written()
    shown = {
        "waiting": _grouped(queries.waiting(every, today, _SOON, who=str(viewer.membership_id))),
        "misunderstood": rules.misunderstandings_for(viewer).filter(settled_at=None)[:20],
        "messages_written": queries.with_segments(every.order_by("state", "-created_at")),
    }
    return render(request, "workspace/newsroom.html", shown)


def _grouped(waiting: list[queries.Waiting]) -> list[tuple[queries.Waiting, list[queries.Waiting]]]:
    """One line a kind and language, its messages behind it: who speaks Arabic looks for what is in Arabic."""
    groups: dict[tuple[str, str, bool], list[queries.Waiting]] = {}
    for one in waiting:
        groups.setdefault((one.kind, one.language.code if one.language else "", one.mine), []).append(one)
    return [(ones[0], ones) for ones in groups.values()]


def message_new(request: HttpRequest) -> HttpResponse:
    """A title and one idea a line; how easily it reads is said as soon as it is asked."""
    viewer = viewer_of(request)
    form = MessageForm(_posted(request), today=clock.today(viewer.timezone))
    reading = readability.read(form.text()) if request.method == "POST" else None
    if form.is_valid() and "lire" not in request.POST:
        try:
            network = Network.objects.get(pk=viewer.network_id)
            made = actions.write(
                network, title=form.cleaned_data["title"], lines=form.lines(), terms=form.terms(), by=viewer
            )
        except PreventionError as error:
            form.add_error("title", str(error))
        else:
            messages.success(request, _("Le message est en préparation. Une deuxième personne le relit et le publie."))
            return redirect("workspace:message", made.pk)
    return render(request, "workspace/newsroom_message_new.html", {"form": form, "reading": reading})


def message(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One message: what waits for a second person, each sentence and how it reads, each language and what it lacks."""
    viewer, found = _found(request, pk)
    segments = list(rules.segments_for(viewer).filter(message=found))
    waiting = [one.waiting.written_by for one in segments if one.waiting is not None]
    shown = {
        "message": found,
        "title": segments[0].text,
        "segments": [(segment, readability.read(segment.text)) for segment in segments],
        "reading": readability.read(" ".join(segment.text for segment in segments)),
        "coverage": queries.coverage(found),
        "misunderstood": rules.misunderstandings_for(viewer).filter(segment__message=found, settled_at=None)[:20],
        "counts": queries.counted(found),
        "changes": [] if len(waiting) == len(segments) else list(changes(segments, viewer)),
        "may_publish": not waiting or set(waiting) != {str(viewer.membership_id)},
        "is_published": found.state == MessageState.PUBLISHED,
        "languages": [language for code, language in LANGUAGES.items() if code != FRENCH],
    }
    return render(request, "workspace/newsroom_message.html", shown)


def message_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Dates, source, pictogram, for whom; and one more sentence at the end."""
    viewer, found = _found(request, pk)
    today = clock.today(viewer.timezone)
    adds = "text" in request.POST
    form = TermsForm(None if adds else _posted(request), today=today, message=found)
    more = SegmentForm(_posted(request) if adds else None)
    if adds and more.is_valid():
        actions.add_segment(found, line=more.line(), by=viewer)
        messages.success(request, _("La phrase est ajoutée. Elle est montrée quand une deuxième personne l’a relue."))
        return redirect("workspace:message", found.pk)
    if not adds and form.is_valid():
        actions.edit(found, terms=form.terms(), by=viewer)
        messages.success(request, _("C’est corrigé."))
        return redirect("workspace:message", found.pk)
    return render(request, "workspace/newsroom_message_edit.html", {"message": found, "form": form, "more": more})


def message_segment(request: HttpRequest, pk: UUID, position: int) -> HttpResponse:
    """New words for one sentence: what they do to what was said of it, told before and after."""
    viewer, found = _found(request, pk)
    segment = get_object_or_404(rules.segments_for(viewer).filter(message=found), position=position)
    form = SegmentForm(_posted(request), segment=segment)
    if form.is_valid():
        change = Change(form.cleaned_data["change"])
        remaining = actions.reword(segment, line=form.line(), change=change, by=viewer)
        messages.success(request, _told(remaining))
        return redirect("workspace:message", found.pk)
    shown = {
        "message": found,
        "segment": segment,
        "form": form,
        "reading": readability.read(form["text"].value() or ""),
        "said": segment.renditions.values_list("language", flat=True).distinct().count(),
        "lexicon": _lexicon_in(viewer, segment.text),
    }
    return render(request, "workspace/newsroom_segment.html", shown)


def _told(remaining: actions.Remaining) -> str:
    """What a change did, and what people still get."""
    names = ", ".join(dict.fromkeys(LANGUAGES[code].french for code, _medium in remaining.touched))
    if remaining.waits and remaining.is_away:
        return _(
            "La phrase est retirée tout de suite, dans toutes les langues. La nouvelle attend une deuxième personne."
        )
    if remaining.waits:
        return _("C’est noté. La nouvelle phrase est montrée quand une deuxième personne l’a relue.")
    if not remaining.touched:
        return _("C’est corrigé. Les autres langues ne changent pas.")
    if remaining.kept:
        return _("C’est corrigé. À revoir, et encore montré d’ici là : %(names)s.") % {"names": names}
    return _("C’est corrigé. Retiré tout de suite : %(names)s. Cette phrase y est montrée en français.") % {
        "names": names
    }


def _lexicon_in(viewer: Viewer, text: str) -> list[object]:
    """The words of this sentence that people have understood otherwise."""
    said = text.lower()
    return [entry for entry in rules.lexicon_for(viewer).filter(language=FRENCH) if entry.word.lower() in said]


@require_POST
def message_publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer, found = _found(request, pk)
    try:
        is_shown = actions.publish(found, by=viewer, read=request.POST.get("lu", ""))
    except PreventionError as error:
        messages.warning(request, str(error))
    else:
        told = (
            _("Le message est publié.")
            if is_shown
            else _("C’est noté. Vos phrases attendent encore une autre personne.")
        )
        messages.success(request, told)
    return redirect("workspace:message", found.pk)


@require_POST
def message_verdict(request: HttpRequest, pk: UUID, position: int) -> HttpResponse:
    """The second person's yes to one sentence; or its new words given up, by her or by who wrote them."""
    viewer, found = _found(request, pk)
    segment = get_object_or_404(rules.segments_for(viewer).filter(message=found), position=position)
    read = request.POST.get("lu", "")
    try:
        if request.POST.get("verdict") == "oui":
            told = _told(actions.accept(segment, read=read, by=viewer))
        else:
            actions.drop(segment, read=read, by=viewer)
            told = _("C’est noté. La phrase ne change pas.")
    except PreventionError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, told)
    return redirect("workspace:message", found.pk)


@require_POST
def message_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer, found = _found(request, pk)
    actions.withdraw(found, by=viewer)
    messages.success(request, _("Le message est retiré. Vous pouvez le publier de nouveau."))
    return redirect("workspace:message", found.pk)


def message_language(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """Each sentence beside its French: to say, to check, to say again."""
    viewer, found = _found(request, pk)
    language = LANGUAGES.get(code)
    if language is None or code == FRENCH:
        raise Http404
    texts = _texts(found, language)
    if request.method == "POST":
        _save_language(request, texts, language, viewer)
        return redirect("workspace:message_language", found.pk, code)
    shown = {"message": found, "said_in": language, "lines": texts, "me": str(viewer.membership_id)}
    return render(request, "workspace/newsroom_language.html", shown)


def _texts(found: Message, language: Language) -> list[tuple[Segment, Rendition | None]]:
    """Each sentence with its text in that language, if it has one; what was taken away for safety is not said again."""
    said = Rendition.objects.filter(segment__message=found, language=language.code, medium=Medium.TEXT)
    by_segment = {row.segment_id: row for row in said}
    return [(segment, by_segment.get(segment.pk)) for segment in found.segments.filter(off_at=None)]


def _save_language(
    request: HttpRequest, texts: list[tuple[Segment, Rendition | None]], language: Language, viewer: Viewer
) -> None:
    """The sentence whose « juste » or « à redire » was pressed; else every sentence whose words changed."""
    right, wrong = request.POST.get("juste", ""), request.POST.get("redire", "")
    done = 0
    for segment, row in texts:
        place, text = str(segment.position), request.POST.get(f"t{segment.position}", "").strip()[:800]
        try:
            if row and place in (right, wrong) and row.made_at != parse_datetime(request.POST.get(f"a{place}", "")):
                raise Stale  # said again since the page was shown
            if row and right == place:
                version = request.POST.get(f"v{place}", "")
                actions.check(row, version=int(version) if version.isdecimal() else 0, by=viewer)
            elif row and wrong == place:
                actions.refuse(row, by=viewer)
            elif not right and not wrong and text and text != (row.text if row else ""):
                actions.render(segment, language=language.code, medium=Medium.TEXT, text=text, by=viewer)
            else:
                continue
        except PreventionError as error:
            messages.warning(request, str(error))
            continue
        done += 1
    if done:
        messages.success(request, _("C’est noté."))


@require_POST
def misunderstanding_seen(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    noted = get_object_or_404(rules.misunderstandings_for(viewer), pk=pk)
    actions.settle(noted, by=viewer)
    return redirect("workspace:newsroom")


def lexicon(request: HttpRequest) -> HttpResponse:
    """Words that people understood otherwise, and what to say instead."""
    viewer = viewer_of(request)
    form = LexiconForm(_posted(request), initial={"language": FRENCH})
    if form.is_valid():
        network = Network.objects.get(pk=viewer.network_id)
        actions.add_word(network, by=viewer, **form.cleaned_data)
        messages.success(request, _("Le mot est dans le lexique."))
        return redirect("workspace:lexicon")
    entries = [(LANGUAGES[entry.language], entry) for entry in rules.lexicon_for(viewer)]
    return render(request, "workspace/newsroom_lexicon.html", {"form": form, "entries": entries})


def _found(request: HttpRequest, pk: UUID) -> tuple[Viewer, Message]:
    viewer = viewer_of(request)
    return viewer, get_object_or_404(rules.messages_for(viewer).written(), pk=pk)


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None

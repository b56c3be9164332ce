"""The newsroom: what to do next for messages; writing one, its sentences, its languages, what residents understood otherwise."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allervers.accounts import queries as accounts
from allervers.accounts.models import Network
from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.core.languages import FRENCH, LANGUAGES
from allervers.prevention import actions, queries, readability, rules
from allervers.prevention.enums import Change, MessageState
from allervers.prevention.errors import PreventionError, Stale
from allervers.prevention.models import Message, Proposal
from allervers.web.request import viewer_of
from allervers.web.workspace.newsroom_changes import changes, told, told_dropped
from allervers.web.workspace.newsroom_forms import LexiconForm, MessageForm, SegmentForm, TermsForm

_SOON = timedelta(days=30)


def newsroom(request: HttpRequest) -> HttpResponse:
    """What waits: to read, to check, to say again, to renew; then every message."""
    viewer = viewer_of(request)
    today = clock.today(viewer.timezone)
    every = rules.messages_for(viewer).written()
    shown = {
        "waiting": _grouped(queries.waiting(every, today, _SOON, own=rules.own_ids(viewer))),
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
            made = actions.write(network, title=form.title_line(), lines=form.lines(), terms=form.terms(), by=viewer)
        except PreventionError as error:
            form.add_error("title", str(error))
        else:
            messages.success(request, _("Le message est en préparation. Une deuxième personne le relit et le publie."))
            return redirect("workspace:message", made.pk)
    return render(request, "workspace/newsroom_message_new.html", {"form": form, "reading": reading})


def message(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One message: what waits for a second person, each sentence and how it reads, each language and what it lacks."""
    viewer, found = _found(request, pk)
    segments, own = list(rules.segments_for(viewer).filter(message=found)), rules.own_ids(viewer)
    waiting = {one.waiting.written_by for one in segments if one.waiting is not None}
    all_new = all(one.waiting is one for one in segments)  # the list of its sentences says it already
    shown = {
        "message": found,
        "title": segments[0].text,
        "segments": [(segment, readability.read(segment.text)) for segment in segments],
        "reading": readability.read(" ".join(segment.text for segment in segments)),
        "coverage": queries.coverage(found),
        "misunderstood": rules.misunderstandings_for(viewer).filter(segment__message=found, settled_at=None)[:20],
        "counts": queries.counted(found),
        "changes": [] if all_new else list(changes(segments, own)),
        "may_publish": not waiting or not waiting <= own,
        "is_published": found.state == MessageState.PUBLISHED,
        "languages": [language for code, language in LANGUAGES.items() if code != FRENCH],
    }
    return render(request, "workspace/newsroom_message.html", shown)


def message_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Dates, source, for whom; and one more sentence at the end."""
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
    """New words for one sentence, or its removal: what they do to what was said of it, told before and after."""
    viewer, found = _found(request, pk)
    segment = get_object_or_404(rules.segments_for(viewer).filter(message=found), position=position)
    form = SegmentForm(_posted(request), segment=segment)
    if form.is_valid():
        line, change = form.line(), Change(form.cleaned_data["change"])
        try:
            remaining = actions.reword(segment, line=line, change=change, by=viewer, read=request.POST.get("lu", ""))
        except PreventionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, told(remaining, goes=not line.text))
            return redirect("workspace:message", found.pk)
    others = segment.waiting if isinstance(segment.waiting, Proposal) else None
    shown = {
        "message": found,
        "segment": segment,
        "form": form,
        "others": others if others and others.written_by not in rules.own_ids(viewer) else None,
        "wrote": accounts.names_of([others.written_by]).get(others.written_by, "") if others else "",
        "may_go": actions.may_go(segment),
        "reading": readability.read(form["text"].value() or ""),
        "said": segment.renditions.values_list("language", flat=True).distinct().count(),
        "lexicon": _lexicon_in(viewer, segment.text),
    }
    return render(request, "workspace/newsroom_segment.html", shown)


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
    segment, read = (
        rules.segments_for(viewer).filter(message=found, position=position).first(),
        request.POST.get("lu", ""),
    )
    verdicts = {"oui": actions.accept, "non": actions.drop}
    judge = verdicts.get(request.POST.get("verdict", ""))
    if judge is None:
        raise BadRequest("no verdict")
    try:
        if segment is None:
            raise Stale  # given up since the page was shown
        remaining = judge(segment, read=read, by=viewer)
    except PreventionError as error:
        messages.warning(request, str(error))
    else:
        is_shown = found.state == MessageState.PUBLISHED
        said = told(remaining, is_shown=is_shown) if judge == actions.accept else told_dropped(remaining)
        messages.success(request, said)
    return redirect("workspace:message", found.pk)


@require_POST
def message_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer, found = _found(request, pk)
    actions.withdraw(found, by=viewer)
    messages.success(request, _("Le message est retiré. Vous pouvez le publier de nouveau."))
    return redirect("workspace:message", found.pk)


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

"""Cards that may be one person: confirm, keep apart, undo. Never merged."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from allervers.accounts.rules import Viewer
from allervers.people import actions, queries
from allervers.people.enums import LinkState
from allervers.people.matching import Reason
from allervers.people.models import CardLink, PersonCard
from allervers.people.rules import links_for, may_open
from allervers.web.request import viewer_of

# The state beside each reason: green speaks for one person, ash is a weak clue.
REASONS: dict[str, tuple[str, str | Promise]] = {
    Reason.SAME_PHONE: ("done", gettext_lazy("même téléphone")),
    Reason.SHARED_PHONE: ("unknown", gettext_lazy("même téléphone, partagé : indice faible")),
    Reason.SAME_NAMES: ("done", gettext_lazy("mêmes noms")),
    Reason.SWAPPED: ("done", gettext_lazy("prénom et nom inversés")),
    Reason.CLOSE_SPELLING: ("done", gettext_lazy("orthographe proche")),
    Reason.SAME_BIRTH: ("done", gettext_lazy("même date de naissance")),
    Reason.SAME_YEAR: ("done", gettext_lazy("même année de naissance")),
    Reason.ADMINISTRATIVE_BIRTH: (
        "unknown",
        gettext_lazy("né·e un 1er janvier ou un 31 décembre : indice faible"),
    ),
}
_SHOWN = 100


@dataclass(frozen=True)
class Side:
    """One card of a pair, as far as the viewer may see it."""

    card: PersonCard | None
    label: str
    kind: str


@dataclass(frozen=True)
class Pair:
    link: CardLink
    sides: tuple[Side, Side]
    reasons: list[tuple[str, str | Promise]]
    both: bool  # the viewer may open both, so may say that they are one

    @property
    def is_candidate(self) -> bool:
        return self.link.state == LinkState.CANDIDATE

    @property
    def state(self) -> str:
        return {LinkState.CONFIRMED: "done", LinkState.REJECTED: "withdrawn"}.get(LinkState(self.link.state), "waiting")


def reasons(codes: Sequence[str]) -> list[tuple[str, str | Promise]]:
    return [REASONS[code] for code in codes if code in REASONS]


@require_GET
@never_cache
def card_links(request: HttpRequest) -> HttpResponse:
    """What is to check first, then what was decided, which can be undone."""
    viewer = viewer_of(request)
    waiting_first = Case(When(state=LinkState.CANDIDATE, then=Value(0)), default=Value(1), output_field=IntegerField())
    links = links_for(viewer).select_related("first", "second", "decided_by__user")
    rows = list(links.order_by(waiting_first, "-score", "-proposed_at", "id")[:_SHOWN])
    seen = [card for link in rows for card in (link.first, link.second) if may_open(viewer, card)]
    labels = queries.initials_of(seen)
    pairs = [_pair(link, labels, viewer) for link in rows]
    to_check = links_for(viewer).filter(state=LinkState.CANDIDATE).count()
    return render(request, "workspace/card_links.html", {"pairs": pairs, "to_check": to_check})


@require_POST
def card_link_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    link = get_object_or_404(links_for(viewer).select_related("first", "second"), pk=pk)
    decide = {"same": actions.confirm_link, "apart": actions.reject_link, "undo": actions.undo_link}
    said = {
        "same": _("Noté : une seule personne, comptée une fois. Les deux fiches restent."),
        "apart": _("Noté : deux personnes. Cette paire ne sera plus proposée."),
        "undo": _("Défait : les deux fiches sont comme avant."),
    }
    answer = request.POST.get("answer", "")
    if answer in decide:
        try:
            decide[answer](link, by=viewer)
        except actions.OutOfReach:
            messages.error(
                request, _("L’autre fiche est tenue par un autre pôle : demandez-lui de vérifier avec vous.")
            )
        else:
            messages.success(request, said[answer])
    return redirect("workspace:card_links")


def _pair(link: CardLink, labels: dict[UUID, str], viewer: Viewer) -> Pair:
    sides = (_side(link.first, labels), _side(link.second, labels))
    return Pair(link, sides, reasons(link.reasons), all(side.card is not None for side in sides))


def _side(card: PersonCard, labels: dict[UUID, str]) -> Side:
    if card.id not in labels:
        return Side(None, "", "none")
    return Side(card, labels[card.id], "card" if card.is_named else "code")

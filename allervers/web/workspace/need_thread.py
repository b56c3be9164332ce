"""A need's story, oldest first: what was said, done, tried, passed on, and how it ended."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allervers.accounts.models import Membership
from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.journal.models import Event
from allervers.needs import rules, sealing
from allervers.needs.enums import TRIED_IN_VAIN, Attempt, NeedState
from allervers.needs.models import Contact, Encounter, HandOver, Need
from allervers.outbox.models import State
from allervers.referrals import queries as referrals
from allervers.web.components import states

# What was written about a referral, by purpose: its kind and its state, never its words.
_SENT = {
    "appointment_reminder": gettext_lazy("Rappel du rendez-vous par SMS"),
    "say_link": gettext_lazy("Question à la personne par SMS"),
    "return_link": gettext_lazy("Lien de réponse au partenaire"),
    "return_chase": gettext_lazy("Relance du partenaire"),
    "referral_withdrawn": gettext_lazy("Retrait dit au partenaire"),
}
_SENT_LOOKS = {"waiting": "waiting", "sent": "sent", "failed": "unreachable", "cancelled": "cancelled"}


@dataclass
class Knot:
    """One event of the thread. `state` names its shape; `quote` repeats the person; `steps` are an event's own events."""

    at: datetime
    state: str
    title: str
    by: str = ""
    where: str = ""
    quote: str = ""
    text: str = ""
    url: str = ""
    undone: bool = False
    steps: list[tuple[datetime, str, str]] = field(default_factory=list)  # when, state, word


def thread_of(viewer: Viewer, need: Need) -> list[Knot]:
    """In a constant number of queries. Texts are opened for whoever may read them; a coordinator sees states only."""
    reads = rules.may_read_words(viewer, need)
    events = list(
        Event.objects.filter(subject_id=str(need.pk), kind__in=["need.closed", "need.reopened"]).order_by("seq")
    )
    names = _names(need, events)
    knots = [_opened(need, names, reads=reads)]
    if reads and (said := sealing.words(need)):
        knots.insert(0, Knot(need.opened_at, "said", "", quote=said))
    for contact in need.contacts.select_related("encounter").order_by("at", "id"):
        contact.need = need
        knots.append(_contact(contact, names, reads=reads))
    for obstacle in need.obstacles.order_by("at", "id"):
        title = _("Obstacle : %(what)s") % {"what": obstacle.get_kind_display()}
        knots.append(Knot(obstacle.at, "blocked", title))
    for handed in need.hand_overs.select_related("to__user", "hub").order_by("at", "id"):
        handed.need = need
        knots.append(_handed(handed, names, reads=reads))
    if need.person_said_at:
        knots.append(
            Knot(
                need.person_said_at, "said", _("La personne dit : %(what)s") % {"what": need.get_person_says_display()}
            )
        )
    for event in events:
        title = _("Besoin rouvert") if event.kind == "need.reopened" else _("Besoin clos")
        state = "opened" if event.kind == "need.reopened" else "closed"
        knots.append(Knot(event.at, state, title, by=names.get(event.actor_id, "")))
    if need.state == NeedState.CLOSED and knots[-1].state == "closed":
        knots[-1].title = _("Issue : %(what)s") % {"what": need.get_outcome_display()}
        knots[-1].state = need.outcome if need.outcome != "unknown" else "unknown"
    knots += _referrals(need)
    return sorted(knots, key=lambda knot: knot.at)


def _referrals(need: Need) -> list[Knot]:
    """Each referral is one knot; what happened to it stands below."""
    knots: dict[UUID, Knot] = {}
    for step in referrals.thread_of(need):
        referral = step.referral
        at = step.at or clock.now()
        if referral.pk not in knots:
            to = referral.service.name if referral.service else referral.recipient.name
            title = _("Orientation vers %(to)s") % {"to": to}
            url = _address_of(referral.pk)
            knots[referral.pk] = Knot(at, step.look, title, url=url)
        else:
            knots[referral.pk].steps.append((at, step.look, str(states.LOOKS[step.look].word)))
    for sent in referrals.reminders_of(need) if knots else []:
        words = _("%(what)s, %(state)s") % {"what": _SENT[sent.purpose], "state": State(sent.state).label}
        knots[sent.referral_id].steps.append((sent.at, _SENT_LOOKS[sent.state], words))
    for knot in knots.values():
        knot.steps.sort(key=lambda step: step[0])
    return list(knots.values())


def _address_of(referral_id: UUID) -> str:
    try:
        return reverse("workspace:referral", args=[referral_id])
    except NoReverseMatch:
        return ""


def _names(need: Need, events: Iterable[Event]) -> dict[str, str]:
    """Who did what, by membership: one query for the whole thread."""
    wanted: set[UUID | str] = {event.actor_id for event in events if event.actor_id}
    wanted |= {pk for pk in need.contacts.values_list("by_id", flat=True) if pk}
    wanted |= {pk for pk in need.hand_overs.values_list("by_id", flat=True) if pk}
    if need.encounter and need.encounter.by_id:
        wanted.add(need.encounter.by_id)
    rows = Membership.objects.filter(pk__in=wanted).select_related("user")
    return {str(row.pk): str(row.user) for row in rows}


def _opened(need: Need, names: dict[str, str], *, reads: bool) -> Knot:
    met = need.encounter
    title = _("Besoin ouvert : %(what)s") % {"what": need.get_category_display()}
    if met is None:
        return Knot(need.opened_at, "opened", title)
    by = names.get(str(met.by_id), "") if met.by_id else ""
    return Knot(
        need.opened_at, "opened", title, by, met.get_mode_display(), text=_did(met), undone=met.cancelled_at is not None
    )


def _did(met: Encounter) -> str:
    done = [
        (met.informed, _("Personne informée.")),
        (met.oriented, _("Personne orientée.")),
        (met.accompanied, _("Personne accompagnée.")),
    ]
    return " ".join(words for said, words in done if said)


def _contact(contact: Contact, names: dict[str, str], *, reads: bool) -> Knot:
    note = sealing.note(contact) if reads else ""
    by = names.get(str(contact.by_id), "") if contact.by_id else ""
    if contact.result == Attempt.NOTE:
        return Knot(contact.at, "in_progress", _("Note"), by, text=note)
    if contact.result in TRIED_IN_VAIN:
        return Knot(contact.at, "unreachable", contact.get_result_display().capitalize(), by, text=note)
    met = contact.encounter
    where = met.get_mode_display() if met else ""
    did = _did(met) if met else ""
    undone = met is not None and met.cancelled_at is not None
    return Knot(contact.at, "in_progress", _("Contact"), by, where, text=f"{did} {note}".strip(), undone=undone)


def _handed(handed: HandOver, names: dict[str, str], *, reads: bool) -> Knot:
    to = str(handed.to.user) if handed.to else handed.hub.name if handed.hub else ""
    by = names.get(str(handed.by_id), "") if handed.by_id else ""
    title = (
        _("Amenée par une ambassadrice") if handed.kind == "neighbour" else _("Relais proposé à %(to)s") % {"to": to}
    )
    steps = []
    if handed.accepted_at:
        steps.append((handed.accepted_at, "acknowledged", _("Relais pris")))
    elif handed.declined_at:
        steps.append((handed.declined_at, "declined", _("Pas possible là-bas")))
    note = str(sealing.told(handed).get("note", "")) if reads and handed.kind == "need" else ""
    return Knot(handed.at, "handed_over", title, by, text=note, steps=steps)

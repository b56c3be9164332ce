"""What every app owes: one person's export, her erasure, the daily clean-up."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from allervers.accounts.models import Network
from allervers.journal.actions import action
from allervers.needs import doubts, sealing
from allervers.needs.enums import NeedState, RequestState
from allervers.needs.models import Contact, Encounter, HandOver, HelpRequest, Need
from allervers.people.models import PersonCard

REQUEST_DAYS = 90  # a closed or unanswered request, when its network does not shorten it
ABANDONED_DAYS = 730  # a request of someone unnamed that nobody closed
QUARANTINE_DAYS = 30  # a request that nobody accepted
_MARKED = doubts.SAME


def export_person(card: PersonCard) -> dict[str, Any]:
    """Her encounters, her needs with her words, what was done; the caller notes the read."""
    encounters = Encounter.objects.standing().filter(card=card).order_by("at", "id")
    needs = Need.objects.filter(card=card).select_related("card", "request").prefetch_related("contacts", "obstacles")
    return {
        "encounters": [
            {
                "at": encounter.at.isoformat(),
                "where": encounter.get_mode_display(),
                "informed": encounter.informed,
                "oriented": encounter.oriented,
                "accompanied": encounter.accompanied,
            }
            for encounter in encounters
        ],
        "needs": [_need(need) for need in needs.order_by("opened_at", "id")],
    }


def _need(need: Need) -> dict[str, Any]:
    return {
        "category": need.get_category_display(),
        "words": sealing.words(need),
        "opened_at": need.opened_at.isoformat(),
        "state": need.get_state_display(),
        "next_contact_at": need.next_contact_at.isoformat() if need.next_contact_at else None,
        "next_step": sealing.next_step(need),
        "closed_at": need.closed_at.isoformat() if need.closed_at else None,
        "outcome": need.get_outcome_display(),
        "says": need.get_person_says_display(),
        "contacts": [
            {"at": contact.at.isoformat(), "result": contact.get_result_display(), "note": _note(contact, need)}
            for contact in need.contacts.all()
        ],
        "obstacles": [obstacle.get_kind_display() for obstacle in need.obstacles.all()],
        "request": _request(need.request) if hasattr(need, "request") else None,
    }


def _request(request: HelpRequest) -> dict[str, Any]:
    return {
        "wish": request.get_wish_display(),
        "when": request.get_when_display(),
        "reach": request.get_reach_display(),
        "language": request.language,
        "received_at": request.received_at.isoformat(),
        "voice": _voice(request),
        **sealing.told_in(request),
    }


def _voice(request: HelpRequest) -> str:
    """That there is one, without its bytes: a page of text cannot hold them; she may ask to hear it."""
    return _("message vocal, %(n)s s") % {"n": request.voice_seconds} if request.voice_seconds else ""


def _note(contact: Contact, need: Need) -> str:
    contact.need = need  # already loaded with its card: no query a note
    return sealing.note(contact)


@action
def erase_person(card: PersonCard) -> None:
    """Her sealed texts die with her card's key; they are emptied too, and what an ambassador wrote of her is wiped."""
    needs = Need.objects.filter(card=card)
    Contact.objects.filter(need__in=needs).update(note=b"", former_step=b"", former_at=None)
    HandOver.objects.filter(need__in=needs).exclude(sealed=b"").update(sealed=b"")
    HelpRequest.objects.filter(need__in=needs).update(**_EMPTY)
    needs.update(words=b"", next_step=b"", next_contact_at=None)


@action
def clean_up(now: datetime) -> int:
    """Wipes the texts whose time is over, network by network; returns how many rows lost theirs."""
    wiped = 0
    for network in Network.objects.order_by("id"):
        days = request_days(network)
        wiped += _wipe_hand_overs(network, now - timedelta(days=days))
        wiped += _wipe_requests(network, now - timedelta(days=days), now - timedelta(days=ABANDONED_DAYS))
        wiped += _forget_help_requests(network, now)
    return wiped


def request_days(network: Network) -> int:
    """For how many days this network keeps what a closed or unanswered request says."""
    return network.days_kept("request", REQUEST_DAYS)


def _wipe_hand_overs(network: Network, before: datetime) -> int:
    rows = HandOver.objects.filter(network=network).exclude(sealed=b"")
    last = rows.annotate(last=Greatest("at", Coalesce("accepted_at", "at"), Coalesce("declined_at", "at")))
    return rows.filter(pk__in=last.filter(last__lt=before).values("pk")).update(sealed=b"")


def _wipe_requests(network: Network, closed_before: datetime, opened_before: datetime) -> int:
    """Requests of people without a card: nothing else would ever take their words away."""
    over = Q(state=NeedState.CLOSED, closed_at__lt=closed_before) | Q(opened_at__lt=opened_before)
    needs = Need.objects.filter(over, network=network, card=None)
    texts = Contact.objects.filter(need__in=needs).exclude(note=b"", former_step=b"")
    wiped = texts.update(note=b"", former_step=b"")
    return wiped + needs.exclude(words=b"", next_step=b"").update(words=b"", next_step=b"")


# What of a request says something of her; its need is told elsewhere.
_UNMARKED: dict[str, Any] = {"phone_mark": "", "words_mark": "", "origin_mark": ""}
_EMPTY: dict[str, Any] = {"sealed": b"", "voice": b"", "voice_seconds": 0, "territory": None} | _UNMARKED


def _forget_help_requests(network: Network, now: datetime) -> int:
    """Whole rows go: what was answered is told by the need. The marks that one request is known again by go after a day."""
    rows = HelpRequest.objects.filter(network=network)
    rows.filter(received_at__lt=now - _MARKED).exclude(**_UNMARKED).update(**_UNMARKED)
    closed = now - timedelta(days=request_days(network))
    waited = now - timedelta(days=network.days_kept("quarantine", QUARANTINE_DAYS))
    over = Q(need__closed_at__lt=closed) | Q(state=RequestState.WITHDRAWN, closed_at__lt=closed)
    over |= Q(state=RequestState.RECEIVED, need=None, received_at__lt=closed)
    over |= Q(state__in=(RequestState.QUARANTINED, RequestState.REFUSED), received_at__lt=waited)
    over |= Q(received_at__lt=now - timedelta(days=ABANDONED_DAYS))
    return rows.filter(over).delete()[0]

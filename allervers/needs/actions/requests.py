"""A request for help: received, looked at, changed, withdrawn. It opens a need that the hub's team finds on its first page.

What waits in quarantine leaves no event: a flood would write itself for ever into the journal. Whoever accepts or refuses
it does.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import phonenumbers
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from allervers.accounts.enums import Role
from allervers.accounts.models import Hub, Membership, Network
from allervers.accounts.rules import Viewer
from allervers.core import clock, crypto
from allervers.directory.models import Territory
from allervers.journal.actions import action, once, record
from allervers.journal.keys import network_key
from allervers.needs import doubts, errors, promise, queries, rules, sealing
from allervers.needs.actions.follow_up import close_need, save_new, set_next_contact
from allervers.needs.doubts import Signs
from allervers.needs.enums import Channel, Doubt, Outcome, Reach, RequestState
from allervers.needs.models import HelpRequest, Need
from allervers.needs.spoken import Spoken
from allervers.needs.wishes import CATEGORY_OF, When, Wish

CODE_DIGITS = 12  # 40 bits; digits are read by many who do not read letters


@dataclass(frozen=True)
class Asked:
    """What a request says. `agreed`: for someone else, whoever asks said that the person agrees."""

    wish: Wish
    when: When
    language: str
    territory: Territory | None = None
    phone: str = ""  # E.164
    reach: Reach = Reach.CALL
    note: str = ""
    for_other: bool = False
    agreed: bool = False
    spoken: Spoken | None = None


def ask(network: Network, asked: Asked, signs: Signs, *, by: Viewer | None = None) -> tuple[HelpRequest, str]:
    """The request and its code, which is told once and never kept. The same form again gives the same ones.

    `by`: whoever takes it by telephone, for her own organisation; nothing of hers waits in quarantine. Raises `NobodyAnswers`,
    `NotAgreed`, `NoNumber`.
    """
    if asked.for_other and not asked.agreed:
        raise errors.NotAgreed
    if asked.reach != Reach.CODE and not asked.phone:
        raise errors.NoNumber
    if by is not None and not rules.may_note(by):
        raise PermissionDenied
    key = _key(network.id)
    code = _code(key, signs.nonce)
    digest = crypto.blind(key, f"code:{code}")
    known = HelpRequest.objects.filter(network=network, code_digest=digest).defer("voice")
    if first := known.select_related("hub__organisation").first():
        return first, code
    made = _drafted(network, asked, by)
    made.code_digest = digest
    doubt = None
    if by is None:
        made.phone_mark = crypto.blind(key, f"phone:{asked.phone}") if asked.phone else ""
        made.words_mark = crypto.blind(key, f"words:{asked.note}") if asked.note else ""
        doubt = doubts.weigh(network.id, signs, doubts.Said(made.phone_mark, made.words_mark, _is_certain(asked)))
        made.origin_mark = "" if doubts.is_forged(signs) else signs.origin
    return once(lambda: known.first(), lambda: _kept(made, doubt, by)), code


def find(network_id: UUID, code: str) -> HelpRequest | None:
    """The request of this code, as it is said or typed; the caller counts the tries."""
    digits = "".join(str(int(letter)) for letter in code if letter.isdecimal())
    if len(digits) != CODE_DIGITS:
        return None
    digest = crypto.blind(_key(network_id), f"code:{digits}")
    rows = HelpRequest.objects.select_related("hub__organisation", "network", "need__network", "need__card").defer(
        "voice"
    )
    return rows.filter(network_id=network_id, code_digest=digest).first()


@action
def accept_request(request: HelpRequest, *, by: Viewer) -> Need:
    """A quarantined one is genuine: it becomes a need. Raises `AlreadyAnswered`."""
    _answer(request, RequestState.RECEIVED, by)
    _open(request, by)
    record("help_request.accepted", request, by=by, need=request.need_id)
    assert request.need is not None, "opened just above"
    return request.need


@action
def refuse_request(request: HelpRequest, *, by: Viewer) -> None:
    """A quarantined one is nobody's; it is kept until its time is over, lest this was a slip, but a voice, which nobody
    can hear any more, goes at once. Raises `AlreadyAnswered`."""
    _answer(request, RequestState.REFUSED, by)
    HelpRequest.objects.filter(pk=request.pk).update(voice=b"", voice_seconds=0)
    record("help_request.refused", request, by=by, doubt=request.doubt)


@action
def change_request(request: HelpRequest, *, when: When, reach: Reach, phone: str = "") -> None:
    """Another hour, another number (none: the one given before). Raises `RequestClosed`, `NoNumber`."""
    _hold(request)
    if not request.is_open:
        raise errors.RequestClosed
    told = sealing.told_in(request)
    phone = phone or str(told.get("phone", ""))
    if reach != Reach.CODE and not phone:
        raise errors.NoNumber
    request.when, request.reach = when, reach
    request.sealed = sealing.seal_request(request, phone=phone, note=str(told.get("note", "")))
    request.save(update_fields=["when", "reach", "sealed"])
    if request.need is not None and request.need.next_contact_at is not None:
        set_next_contact(request.need, by=None, at=max(request.need.next_contact_at, clock.now()), step=_step(request))
    if request.need is not None:
        record("help_request.changed", request, by=None, when=when, reach=reach)


@action
def withdraw_request(request: HelpRequest) -> None:
    """She no longer wants it: her number and her voice go at once, her need is closed. Raises `RequestClosed`."""
    _hold(request)
    if not request.is_open:
        raise errors.RequestClosed
    request.state, request.closed_at, request.sealed = RequestState.WITHDRAWN, clock.now(), b""
    request.voice, request.voice_seconds = b"", 0
    request.phone_mark = request.words_mark = request.origin_mark = ""
    emptied = ["sealed", "voice", "voice_seconds", "phone_mark", "words_mark", "origin_mark"]
    request.save(update_fields=["state", "closed_at", *emptied])
    if request.need is not None and request.need.is_open:
        close_need(request.need, by=None, outcome=Outcome.DECLINED_BY_PERSON)
    if request.need is not None:
        record("help_request.withdrawn", request, by=None)


def _hold(request: HelpRequest) -> None:
    """The row as it is now, until the action ends: changing and stopping race, and a number that was erased stays erased."""
    request.refresh_from_db(from_queryset=HelpRequest.objects.select_for_update())


def _drafted(network: Network, asked: Asked, by: Viewer | None) -> HelpRequest:
    """The row before it is weighed, in the hub that will answer."""
    hub = queries.hub_for(network.id, asked.territory, organisation_id=by.organisation_id if by else None)
    if hub is None:
        raise errors.NobodyAnswers
    now = clock.now()
    made = HelpRequest(
        network=network,
        organisation_id=hub.organisation_id,
        hub=hub,
        wish=asked.wish,
        when=asked.when,
        reach=asked.reach,
        language=asked.language,
        territory=asked.territory,
        for_other=asked.for_other,
        agreed_at=now if asked.for_other else None,
        channel=Channel.PHONE if by else Channel.APP,
        by_id=by.membership_id if by else None,
        received_at=now,
        promised_by=promise.of(hub.opening_hours, now, network.timezone).before,
    )
    made.sealed = sealing.seal_request(made, phone=asked.phone, note=asked.note)
    if asked.spoken is not None:
        made.voice, made.voice_seconds = sealing.seal_voice(made, asked.spoken.opus), asked.spoken.seconds
    return made


def _kept(made: HelpRequest, doubt: Doubt | None, by: Viewer | None) -> HelpRequest:
    if doubt is None:
        return _received(made, by)
    made.state, made.doubt = RequestState.QUARANTINED, doubt
    made.save(force_insert=True)
    return made


@action
def _received(made: HelpRequest, by: Viewer | None) -> HelpRequest:
    made.state = RequestState.RECEIVED
    made.save(force_insert=True)
    _open(made, by)
    record("help_request.received", made, by=by, hub=made.hub_id, need=made.need_id, channel=made.channel)
    return made


def _open(request: HelpRequest, by: Viewer | None) -> None:
    """The need, owned by the hub's lead when it has one, with its next contact in the half-day that was promised."""
    assert request.hub is not None, "a hub is never deleted while it receives"
    now, network = clock.now(), request.network
    promised = promise.of(request.hub.opening_hours, now, network.timezone)
    need = Need(
        network=network,
        organisation_id=request.organisation_id,
        hub=request.hub,
        category=CATEGORY_OF[Wish(request.wish)],
        owner_id=_lead_of(request.hub, now),
        opened_at=request.received_at,
        next_contact_at=promised.opens,
    )
    note = str(sealing.told_in(request).get("note", ""))
    with override("fr"):  # the team's words, whoever asks
        said = "Message vocal" if request.voice_seconds else str(Wish(request.wish).label)
        words = ". ".join(part for part in (said, note) if part)
    save_new(need, words=words, step=_step(request), by=by)
    request.need, request.promised_by = need, promised.before
    request.save(update_fields=["need", "promised_by"])


def _lead_of(hub: Hub, now: datetime) -> UUID | None:
    leads = Membership.objects.active(now).filter(hub=hub, role=Role.HUB_LEAD).order_by("starts_at", "id")
    return leads.values_list("pk", flat=True).first()


def _step(request: HelpRequest) -> str:
    """What to do at the next contact; the number stays in the request."""
    steps = {
        Reach.CALL: "Appeler.",
        Reach.SMS: "Écrire un SMS, ne pas appeler.",
        Reach.CODE: "La personne revient avec son code.",
    }
    with override("fr"):
        first = "Écouter son message. " if request.voice_seconds else ""
        return f"{first}{steps[Reach(request.reach)]} {When(request.when).label}."


def _answer(request: HelpRequest, state: RequestState, by: Viewer) -> None:
    if not rules.requests_for(by).filter(pk=request.pk).exists():
        raise PermissionDenied
    closed_at = clock.now() if state == RequestState.REFUSED else None
    answered = HelpRequest.objects.quarantined().filter(pk=request.pk).update(state=state, closed_at=closed_at)
    if not answered:
        raise errors.RequestAnswered
    request.refresh_from_db(fields=["state", "closed_at", "when", "reach", "sealed"])  # she may have changed it since


def _is_certain(asked: Asked) -> bool:
    """A number that exists, and a neighbourhood: what a machine seldom takes the trouble of."""
    if not asked.phone or asked.territory is None:
        return False
    return phonenumbers.is_valid_number(phonenumbers.parse(asked.phone))


def _key(network_id: UUID) -> bytes:
    return network_key(network_id, "help-request")


def _code(key: bytes, nonce: str) -> str:
    """Twelve digits that only the network's key makes of a form's own number: the database holds neither."""
    mac = hmac.new(key, f"nonce:{nonce}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(mac) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"

"""A neighbour brought by an ambassador, a need that changes hands: handed over, accepted or declined."""

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import PermissionDenied

from allervers.accounts.models import Hub, Membership
from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.journal.actions import action, link, once, record
from allervers.needs import errors, rules, sealing
from allervers.needs.actions.follow_up import open_need
from allervers.needs.enums import Category, HandOverKind
from allervers.needs.models import HandOver, Need
from allervers.people.models import PersonCard


def bring(
    *,
    by: Viewer,
    hub: Hub,
    category: Category,
    name: str = "",
    phone: str = "",
    note: str = "",
    person_agreed: bool = False,
    operation: UUID | None = None,
) -> HandOver:
    """A neighbour is brought to a hub of the network; whoever brings her reads nothing of what follows.

    `person_agreed`: that the ambassador hears when it is done. The same `operation` again changes nothing.
    """
    told = {"name": name, "phone": phone, "note": note}
    return once(
        lambda: HandOver.objects.filter(operation=operation, by_id=by.membership_id).first() if operation else None,
        lambda: _bring(by=by, hub=hub, category=category, told=told, person_agreed=person_agreed, operation=operation),
    )


@action
def _bring(
    *, by: Viewer, hub: Hub, category: Category, told: dict[str, str], person_agreed: bool, operation: UUID | None
) -> HandOver:
    if not rules.may_bring(by) or hub.network_id != by.network_id:
        raise PermissionDenied
    handed = HandOver(
        network_id=by.network_id,
        organisation_id=hub.organisation_id,
        hub=hub,
        kind=HandOverKind.NEIGHBOUR,
        category=category,
        by_id=by.membership_id,
        person_agreed=person_agreed,
        operation=operation,
    )
    handed.sealed = sealing.seal_told(handed, **told)
    handed.save(force_insert=True)
    record("hand_over.made", handed, by=by, hand_over=HandOverKind.NEIGHBOUR, hub=hub.pk, agreed=person_agreed)
    return handed


@action
def hand_over(
    need: Need, *, by: Viewer, to: Membership | None = None, hub: Hub | None = None, note: str = ""
) -> HandOver:
    """Asks a colleague, or a sister hub, to follow this need. It stays with its owner until someone accepts.

    Raises `NobodyToReceive`, `ReceiverElsewhere`, `AlreadyHandedOver`, `AlreadyClosed`.
    """
    if not rules.may_write(by, need):
        raise PermissionDenied
    if not need.is_open:
        raise errors.AlreadyClosed
    if to is None and hub is None:
        raise errors.NobodyToReceive
    if any(receiver.organisation_id != need.organisation_id for receiver in (to, hub) if receiver):
        raise errors.ReceiverElsewhere
    if HandOver.objects.waiting().filter(need=need).exists():
        raise errors.AlreadyHandedOver
    handed = HandOver(
        network_id=need.network_id,
        organisation_id=need.organisation_id,
        hub_id=to.hub_id if to else hub.pk if hub else None,
        to=to,
        need=need,
        kind=HandOverKind.NEED,
        category=need.category,
        by_id=by.membership_id,
    )
    handed.sealed = sealing.seal_told(handed, note=note)
    handed.save(force_insert=True)
    record("hand_over.made", handed, by=by, hand_over=HandOverKind.NEED, need=need.pk, hub=handed.hub_id)
    return handed


@action
def accept_hand_over(
    handed: HandOver, *, by: Viewer, make_card: Callable[[dict[str, str]], PersonCard] | None = None
) -> Need:
    """The receiver follows from now on. A neighbour's need is opened; `make_card` gives her a card from what was told.

    Raises `NotYours`, `AlreadyAnswered`.
    """
    _answer(handed, by=by, accepted=True)
    if handed.kind == HandOverKind.NEIGHBOUR:
        told = sealing.told(handed)
        card = make_card(told) if make_card else None
        note = str(told.get("note", ""))
        need = open_need(by=by, category=Category(handed.category), card=card, words=note, next_contact_at=clock.now())
        handed.need = need
        handed.save(update_fields=["need"])
        link(handed, need, network=handed.network_id)
    else:
        assert handed.need is not None, "a need that changes hands is never deleted"
        need = handed.need
        _move(need, by=by)
    record("hand_over.accepted", handed, by=by, need=need.pk)
    return need


@action
def decline_hand_over(handed: HandOver, *, by: Viewer) -> None:
    """The receiver cannot; the need stays with whoever followed it. Raises `NotYours`, `AlreadyAnswered`."""
    _answer(handed, by=by, accepted=False)
    record("hand_over.declined", handed, by=by)


def _answer(handed: HandOver, *, by: Viewer, accepted: bool) -> None:
    if not rules.may_answer(by, handed):
        raise errors.NotYours
    moment = clock.now()
    answer = {"accepted_at": moment} if accepted else {"declined_at": moment}
    if not HandOver.objects.waiting().filter(pk=handed.pk).update(**answer):
        raise errors.AlreadyAnswered
    handed.accepted_at, handed.declined_at = (moment, None) if accepted else (None, moment)


def _move(need: Need, *, by: Viewer) -> None:
    """A new owner and, from another hub, a new hub; the card follows, or is open to both while both follow someone."""
    left, need.owner_id, need.hub_id = need.hub_id, by.membership_id, by.hub_id or need.hub_id
    need.save(update_fields=["owner", "hub"])
    card = need.card
    if card is None or left is None or left == need.hub_id or card.hub_id in (None, need.hub_id):
        return
    still_there = Need.objects.open().filter(card=card, hub_id=left).exists()
    card.hub_id = None if still_there else need.hub_id
    card.save(update_fields=["hub"])
    record("card.moved", card, by=by, hub=card.hub_id)

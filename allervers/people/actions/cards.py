"""Opening a card or a code, naming it later, correcting it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allervers.accounts.models import Hub
from allervers.accounts.rules import Viewer
from allervers.core import clock, ids, languages
from allervers.directory.models import Territory
from allervers.journal.actions import action, once, record
from allervers.people import identity as identities
from allervers.people import tokens, vault
from allervers.people.enums import AgeBand
from allervers.people.identity import Identity, IdentityRefused, Problem
from allervers.people.models import PersonCard
from allervers.people.rules import may_open

_SENTENCES: dict[Problem, str | Promise] = {
    Problem.NOTHING: gettext_lazy("Notez au moins un prénom ou un surnom, ou ouvrez un code sans nom."),
    Problem.PHONE: gettext_lazy(
        "Ce numéro n’a pas la bonne longueur. Relisez-le avec la personne ; un numéro d’un autre pays commence par +."
    ),
    Problem.BIRTH: gettext_lazy(
        "Cette date de naissance ne se lit pas. Écrivez une année (1961) ou un jour (12/03/1961)."
    ),
    Problem.EMAIL: gettext_lazy("Cette adresse électronique n’est pas complète : il y manque un @ ou un point."),
    Problem.TOO_LONG: gettext_lazy("Ce texte est trop long. Gardez l’essentiel."),
    Problem.STATE_NUMBER: gettext_lazy(
        "Ce texte semble contenir un numéro de sécurité sociale. Nous n’en gardons jamais : enlevez-le."
    ),
}
_CODE_TRIES = 40
_FIELDS = ("speaks", "reads", "interpreter", "sex", "age_band", "territory", "is_minor", "is_protected")


class CardRefused(ValueError):
    """What was typed about someone cannot be taken; `field_name` says where."""

    def __init__(self, refused: IdentityRefused) -> None:
        super().__init__(str(_SENTENCES[refused.problem]))
        self.field_name, self.problem = refused.field_name, refused.problem


class OutOfReach(Exception):
    """The card, or the hub asked for, is not one that this viewer may work on."""

    def __str__(self) -> str:
        return _("Cette fiche est tenue par une autre équipe : demandez-lui de la corriger.")


class CardErased(Exception):
    """The card was erased meanwhile."""

    def __str__(self) -> str:
        return _("Cette fiche a été effacée entre-temps : rien n’a été enregistré.")


def open_card(
    *,
    by: Viewer,
    identity: Mapping[str, Any] | Identity,
    hub_id: UUID | None = None,
    at: datetime | None = None,
    operation: UUID | None = None,
    **fields: Any,
) -> PersonCard:
    """A card for someone with a name or a nickname. The same `operation` again gives the same card.

    `fields`: speaks, reads, interpreter, sex, age_band, territory, is_minor, is_protected. Raises `CardRefused`, `OutOfReach`.
    """
    described = _described(identity)
    if not described.names_someone:
        raise CardRefused(IdentityRefused("first_name", Problem.NOTHING))
    return _open(described, by=by, hub_id=hub_id, at=at, operation=operation, fields=fields)


def open_code(
    *,
    by: Viewer,
    hub_id: UUID | None = None,
    at: datetime | None = None,
    operation: UUID | None = None,
    **fields: Any,
) -> PersonCard:
    """A code by which someone is followed and counted without a name; it can be named later."""
    return _open(None, by=by, hub_id=hub_id, at=at, operation=operation, fields=fields)


@action
def name_card(card: PersonCard, *, identity: Mapping[str, Any] | Identity, by: Viewer) -> None:
    """A coded person says her name: the same card and code go on."""
    described = _described(identity)
    if not described.names_someone:
        raise CardRefused(IdentityRefused("first_name", Problem.NOTHING))
    _write_identity(card, described, by=by)
    record("card.named", card, by=by)


@action
def update_card(
    card: PersonCard,
    *,
    by: Viewer,
    identity: Mapping[str, Any] | Identity | None = None,
    hub_id: UUID | None = None,
    **fields: Any,
) -> None:
    """Corrects what is given, leaves the rest. An identity is replaced whole."""
    _reach(card, by)
    if hub_id is not None and hub_id != card.hub_id:
        fields["hub_id"] = _hub(by, hub_id)
    described = _described(identity) if identity is not None else None
    changed = _checked(fields, described)
    if changed:
        _change(card, **changed)
    if described is not None:
        if not described.names_someone:
            raise CardRefused(IdentityRefused("first_name", Problem.NOTHING))
        _write_identity(card, described, by=by)
    told = sorted({*changed, *(["identity"] if described is not None else [])})
    record("card.changed", card, by=by, fields=told)


def touch(card: PersonCard, at: datetime) -> None:
    """The person was met or reached at `at`: keeping starts again from there. Call it inside an action."""
    PersonCard.objects.filter(pk=card.pk, last_contact_at__lt=at).update(last_contact_at=at)
    card.last_contact_at = max(card.last_contact_at, at)


def _open(described: Identity | None, *, by: Viewer, operation: UUID | None, **given: Any) -> PersonCard:
    if not by.sees_people:
        raise OutOfReach
    mine = PersonCard.objects.filter(operation=operation, organisation_id=by.organisation_id)
    return once(
        lambda: mine.first() if operation else None,
        lambda: _write_card(described, by=by, operation=operation, **given),
    )


@action
def _write_card(
    described: Identity | None,
    *,
    by: Viewer,
    hub_id: UUID | None,
    at: datetime | None,
    operation: UUID | None,
    fields: dict[str, Any],
) -> PersonCard:
    card = PersonCard(
        network_id=by.network_id,
        organisation_id=by.organisation_id,
        hub_id=_hub(by, hub_id) if hub_id else by.hub_id,
        is_named=described is not None,
        last_contact_at=at or clock.now(),
        created_by_id=by.membership_id,
        operation=operation,
        **_checked(fields, described),
    )
    vault.new_card_key(card)
    if described is not None:
        card.sealed = vault.seal_identity(card, identities.to_json(described))
    _save_with_free_code(card)
    if described is not None:
        tokens.write(card, described)
    record("card.opened", card, by=by, named=described is not None)
    return card


def _save_with_free_code(card: PersonCard) -> None:
    """Draws codes until one is free in the organisation; a crowded one gets a longer number. The database decides."""
    for attempt in range(_CODE_TRIES):
        code = ids.new_person_code()
        card.code = code if attempt < _CODE_TRIES // 2 else f"{code}{ids.new_digits(2)}"
        try:
            with transaction.atomic():
                card.save(force_insert=True)
        except IntegrityError:
            if not PersonCard.objects.filter(organisation_id=card.organisation_id, code=card.code).exists():
                raise
        else:
            return
    raise RuntimeError("no free person code")


def _write_identity(card: PersonCard, described: Identity, *, by: Viewer) -> None:
    _reach(card, by)
    _change(card, sealed=vault.seal_identity(card, identities.to_json(described)), is_named=True)
    tokens.write(card, described)


def _change(card: PersonCard, **values: Any) -> None:
    """Writes columns of a card that is not erased, and nothing else of it: its key may be rotating meanwhile."""
    if not PersonCard.objects.filter(pk=card.pk, erased_at=None).update(**values):
        raise CardErased
    for name, value in values.items():
        setattr(card, name, value)


def _described(identity: Mapping[str, Any] | Identity) -> Identity:
    if isinstance(identity, Identity):
        return identity
    try:
        return identities.parse(identity, today=clock.today())
    except IdentityRefused as refused:
        raise CardRefused(refused) from refused


def _checked(fields: dict[str, Any], described: Identity | None) -> dict[str, Any]:
    """Columns to write; the age band and minority follow from a birth when nothing else is said."""
    unknown = fields.keys() - {*_FIELDS, "hub_id"}
    if unknown:
        raise TypeError(f"not a field of a card: {sorted(unknown)}")
    values = dict(fields)
    for name in ("speaks", "reads"):
        if name in values:
            values[name] = _languages(values[name])
    if isinstance(values.get("territory"), str | UUID):
        values["territory"] = Territory.objects.filter(pk=values["territory"]).first()
    today = clock.today()
    if described is not None and described.year() is not None and not values.get("age_band"):
        values["age_band"] = described.age_band(today)
    if values.get("age_band") == AgeBand.MINOR or (described is not None and described.is_minor(today)):
        values["is_minor"] = True
    return values


def _languages(codes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(code for code in codes if code in languages.LANGUAGES or code == "none"))


def _hub(by: Viewer, hub_id: UUID) -> UUID:
    if by.hub_id is not None and hub_id in by.hub_ids:
        return hub_id
    if by.hub_id is None and Hub.objects.filter(pk=hub_id, organisation_id=by.organisation_id).exists():
        return hub_id
    raise OutOfReach


def _reach(card: PersonCard, by: Viewer) -> None:
    if card.erased_at is not None:
        raise CardErased
    if not may_open(by, card):
        raise OutOfReach

"""Blind indexes of a card: keyed fingerprints by which it is found without being opened."""

from uuid import UUID

from allervers.accounts import keys
from allervers.core import crypto
from allervers.people import matching
from allervers.people.identity import Identity
from allervers.people.models import CardToken, PersonCard

PHONE, NAME = "phone", "name"


def traits_of(identity: Identity) -> matching.Traits:
    """What of an identity is compared with others."""
    return matching.Traits(
        given=identity.first_name,
        family=identity.last_name,
        nickname=identity.nickname,
        birth_date=identity.birth_date,
        birth_year=identity.birth_year,
        phones={phone.number: phone.owner == "self" for phone in identity.phones},
    )


def tokens_of(organisation_id: UUID, identity: Identity) -> dict[str, set[str]]:
    """Tokens by kind: one a phone, one a composite of names and year. Separate keys, one set an organisation."""
    return {
        PHONE: phone_tokens(organisation_id, [phone.number for phone in identity.phones]),
        NAME: name_tokens(organisation_id, traits_of(identity)),
    }


def phone_tokens(organisation_id: UUID, numbers: list[str]) -> set[str]:
    """Tokens of numbers in E.164."""
    key = keys.index_key(organisation_id, PHONE)
    return {crypto.blind(key, number) for number in numbers}


def name_tokens(organisation_id: UUID, traits: matching.Traits) -> set[str]:
    key = keys.index_key(organisation_id, NAME)
    return {crypto.blind(key, block) for block in matching.block_keys(traits)}


def write(card: PersonCard, identity: Identity) -> None:
    """Replaces the card's tokens."""
    card.tokens.all().delete()
    CardToken.objects.bulk_create(
        CardToken(organisation_id=card.organisation_id, card=card, kind=kind, token=token)
        for kind, found in tokens_of(card.organisation_id, identity).items()
        for token in sorted(found)
    )

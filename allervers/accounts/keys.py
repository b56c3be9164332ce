"""Each organisation's key, wrapped by the master key, and the keys derived from it."""

from functools import lru_cache
from uuid import UUID

from allervers.accounts.models import Organisation, OrganisationKey
from allervers.core import crypto, keys


class NoKey(keys.KeyMissing):
    """The organisation keeps no sealed data: it has no key."""


def create_for(organisation: Organisation) -> OrganisationKey:
    """The organisation's first key; call it when the organisation begins to keep cards."""
    place = _place(organisation.id, 1)
    wrapped = crypto.seal(keys.master(), crypto.new_key(), place)
    return OrganisationKey.objects.create(organisation=organisation, version=1, wrapped=wrapped)


def current(organisation_id: UUID) -> tuple[int, bytes]:
    """The newest version of an organisation's key, and its number. Raises `KeyMissing`."""
    row = OrganisationKey.objects.filter(organisation_id=organisation_id).order_by("-version").first()
    if row is None:
        raise NoKey(str(organisation_id))
    return row.version, _unwrap(keys.master(), bytes(row.wrapped), _place(organisation_id, row.version))


def of_version(organisation_id: UUID, version: int) -> bytes:
    """One version of an organisation's key. Raises `KeyMissing`."""
    wrapped = _wrapped(organisation_id, version)
    return _unwrap(keys.master(), wrapped, _place(organisation_id, version))


def index_key(organisation_id: UUID, purpose: str) -> bytes:
    """The key of one blind index, derived from the first version so that it survives a rotation of wrapping keys."""
    return crypto.derive(of_version(organisation_id, 1), f"index:{purpose}")


@lru_cache(maxsize=512)
def _wrapped(organisation_id: UUID, version: int) -> bytes:
    try:
        row = OrganisationKey.objects.get(organisation_id=organisation_id, version=version)
    except OrganisationKey.DoesNotExist as error:
        raise NoKey(f"{organisation_id} {version}") from error
    return bytes(row.wrapped)


@lru_cache(maxsize=512)
def _unwrap(master: bytes, wrapped: bytes, place: str) -> bytes:
    try:
        return crypto.unseal(master, wrapped, place)
    except crypto.CannotOpen as error:
        raise keys.KeyMissing("the master key is not the one that wrapped this organisation's key") from error


def _place(organisation_id: UUID, version: int) -> str:
    return f"accounts.organisationkey:{organisation_id}:{version}"

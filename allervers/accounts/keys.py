"""Each organisation's key, wrapped by the master key, and the keys derived from it."""

from functools import lru_cache
from uuid import UUID

from allervers.accounts.models import Organisation, OrganisationKey
from allervers.core import crypto, keys


class NoKey(keys.KeyMissing):
    """The organisation keeps no sealed data: it has no key."""


# Version 0 wraps no card: blind indexes and text about nobody are derived from it, so that every version that wraps
# cards can be destroyed once nothing is sealed under it.
ROOT_VERSION = 0


def create_for(organisation: Organisation) -> OrganisationKey:
    """The organisation's first key; call it when the organisation begins to keep cards."""
    _create(organisation.id, ROOT_VERSION)
    return _create(organisation.id, 1)


def add_version(organisation_id: UUID) -> OrganisationKey:
    """A newer key that wraps cards from now on. Two at once: the second raises `IntegrityError`."""
    newest, _key = current(organisation_id)
    return _create(organisation_id, newest + 1)


def destroy_versions(organisation_id: UUID, versions: list[int]) -> int:
    """Deletes versions for ever, in this process's memory too; the caller knows that they wrap nothing any more."""
    doomed = [version for version in versions if version != ROOT_VERSION]
    destroyed, _by_model = OrganisationKey.objects.filter(organisation_id=organisation_id, version__in=doomed).delete()
    forget()
    return destroyed


def reseal() -> int:
    """Wraps every organisation's keys under the master key in use; returns how many were not."""
    changed = 0
    for row in OrganisationKey.objects.all():
        if wrapped := keys.resealed(bytes(row.wrapped), _place(row.organisation_id, row.version)):
            changed += OrganisationKey.objects.filter(pk=row.pk).update(wrapped=wrapped)
    forget()
    return changed


def forget() -> None:
    """Empties this process's memory of keys."""
    _wrapped.cache_clear()
    _unwrap.cache_clear()


def current(organisation_id: UUID) -> tuple[int, bytes]:
    """The newest version of an organisation's key, and its number. Raises `KeyMissing`."""
    row = OrganisationKey.objects.filter(organisation_id=organisation_id).order_by("-version").first()
    if row is None:
        raise NoKey(str(organisation_id))
    return row.version, _unwrap(keys.master(), bytes(row.wrapped), _place(organisation_id, row.version))


def of_version(organisation_id: UUID, version: int) -> bytes:
    """One version of an organisation's key. Raises `KeyMissing`."""
    place = _place(organisation_id, version)
    try:
        return _unwrap(keys.master(), _wrapped(organisation_id, version), place)
    except NoKey:
        raise
    except keys.KeyMissing:  # remembered from before a rotation whose former master key is destroyed by now
        _wrapped.cache_clear()
        return _unwrap(keys.master(), _wrapped(organisation_id, version), place)


def index_key(organisation_id: UUID, purpose: str) -> bytes:
    """The key of one blind index: it survives a rotation of wrapping keys."""
    return crypto.derive(of_version(organisation_id, ROOT_VERSION), f"index:{purpose}")


def text_key(organisation_id: UUID) -> bytes:
    """The key of text about nobody in particular: it survives a rotation of wrapping keys."""
    return crypto.derive(of_version(organisation_id, ROOT_VERSION), "text")


@lru_cache(maxsize=512)
def _wrapped(organisation_id: UUID, version: int) -> bytes:
    try:
        row = OrganisationKey.objects.get(organisation_id=organisation_id, version=version)
    except OrganisationKey.DoesNotExist as error:
        raise NoKey(f"{organisation_id} {version}") from error
    return bytes(row.wrapped)


@lru_cache(maxsize=512)
def _unwrap(_master: bytes, wrapped: bytes, place: str) -> bytes:
    """Remembered as long as the master key stays the same."""
    return keys.unwrap(wrapped, place)


def _create(organisation_id: UUID, version: int) -> OrganisationKey:
    wrapped = keys.seal(crypto.new_key(), _place(organisation_id, version))
    return OrganisationKey.objects.create(organisation_id=organisation_id, version=version, wrapped=wrapped)


def _place(organisation_id: UUID, version: int) -> str:
    return f"accounts.organisationkey:{organisation_id}:{version}"

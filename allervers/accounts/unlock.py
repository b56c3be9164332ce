"""The short code that unlocks a shared desk: a convenience behind a full sign-in, never instead of one."""

import argon2
from django.db.models import F
from django.utils.translation import gettext as _

from allervers.accounts.models import User

TRIES = 5
_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's second choice
_WEAK = frozenset(["0123456789", "1234567890", "0987654321", "9876543210"])


class WeakCode(Exception):
    """The code asked for is too easy; its words say what to choose."""


class WrongCode(Exception):
    """Not the code; `left` tries remain before a full sign-in."""

    def __init__(self, left: int) -> None:
        super().__init__(_("Ce n’est pas ce code. Essais restants : %(left)s.") % {"left": left})
        self.left = left


def check_strength(code: str) -> None:
    """Four to six digits that nobody would try first. Raises `WeakCode`."""
    if not (4 <= len(code) <= 6 and code.isascii() and code.isdigit()):
        raise WeakCode(_("Choisissez de quatre à six chiffres."))
    if len(set(code)) <= 1 or any(code in run for run in _WEAK) or code[: len(code) // 2] * 2 == code:
        raise WeakCode(_("Ce code se devine (0000, 1234, 1212…). Choisissez-en un autre."))


def set_code(user: User, code: str) -> None:
    """Keeps the code's hash, and forgets wrong tries. Raises `WeakCode`."""
    check_strength(code)
    user.unlock_hash = _HASHER.hash(code)
    user.unlock_tries = 0
    user.save(update_fields=["unlock_hash", "unlock_tries"])


def remove_code(user: User) -> None:
    user.unlock_hash, user.unlock_tries = "", 0
    user.save(update_fields=["unlock_hash", "unlock_tries"])


def check_code(user: User, code: str) -> None:
    """Passes when it is the code. Raises `WrongCode`; past five wrong tries in a row, whatever the code.

    The try is counted before the code is looked at, in one conditional update: tries made at once count each.
    """
    counted = User.objects.filter(pk=user.pk, unlock_tries__lt=TRIES).update(unlock_tries=F("unlock_tries") + 1)
    if not counted or not user.unlock_hash:
        raise WrongCode(0)
    try:
        _HASHER.verify(user.unlock_hash, code)
    except argon2.exceptions.VerificationError as error:
        user.refresh_from_db(fields=["unlock_tries"])
        raise WrongCode(max(0, TRIES - user.unlock_tries)) from error
    User.objects.filter(pk=user.pk).update(unlock_tries=0)


def forget_tries(user: User) -> None:
    """After a full sign-in the code may be tried again."""
    User.objects.filter(pk=user.pk).exclude(unlock_tries=0).update(unlock_tries=0)

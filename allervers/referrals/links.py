"""The address of a list without an account: 256 bits that the database does not hold.

A token is HMAC-SHA256 of the list's id and generation under a key derived from the network's: unguessable, the same
again for a reminder, another one when the team renews it. The row keeps its SHA-256 only.
"""

import base64
import hashlib
import hmac
from uuid import UUID

from django.conf import settings

from allervers.journal.keys import network_key
from allervers.referrals.models import Referral, ReturnList


def token_of(return_list: ReturnList) -> str:
    return _token(return_list.network_id, "return-link", f"{return_list.id}:{return_list.generation}")


def url_of(return_list: ReturnList) -> str:
    return f"{settings.PUBLIC_URL}/r/{token_of(return_list)}/"


def say_token_of(referral: Referral) -> str:
    """The token of the person's own link."""
    return _token(referral.network_id, "say-link", str(referral.id))


def say_url_of(referral: Referral) -> str:
    return f"{settings.PUBLIC_URL}/d/{say_token_of(referral)}/"


def _token(network_id: UUID, purpose: str, text: str) -> str:
    mac = hmac.new(network_key(network_id, purpose), text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()

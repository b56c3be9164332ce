"""What a partner reads of a person: initials or a code, a need's label, a language, whom to call back. Never more.

Sealed under the person's own key, so that her erasure takes it along.
"""

import json
from dataclasses import asdict, dataclass, field

from allervers.people import vault
from allervers.people.enums import SharedContent
from allervers.people.models import PersonCard
from allervers.people.queries import initials_of
from allervers.referrals.models import Referral

_PLACE = "referrals.referral.shown"


@dataclass(frozen=True)
class Shown:
    who: str
    need: str = ""  # a category's code: its label is translated for the reader
    languages: list[str] = field(default_factory=list)
    interpreter: str = ""
    call_back: str = ""  # the hub's name and phone, never the person's


def of_person(card: PersonCard, referral: Referral) -> Shown:
    """What `referral.content` lets the partner read. Opens the identity: the caller notes the read."""
    content = set(referral.content)
    initials = initials_of([card])[card.id] if SharedContent.INITIALS in content else card.code
    hub = referral.hub
    tells_language = SharedContent.LANGUAGE in content
    return Shown(
        who=initials,
        need=referral.need.category if SharedContent.NEED in content else "",
        languages=list(card.speaks) if tells_language else [],
        interpreter=card.interpreter if tells_language else "",
        call_back=f"{hub.name} {hub.phone}".strip() if hub else "",
    )


def seal(referral: Referral, card: PersonCard, shown: Shown) -> bytes:
    plain = json.dumps(asdict(shown), ensure_ascii=False)
    return vault.seal_text(plain, place=_PLACE, row=referral.id, organisation_id=referral.organisation_id, card=card)


def opened(referral: Referral) -> Shown | None:
    """What the partner reads; None once the person was erased or the referral's identity was wiped."""
    if not referral.shown or referral.card is None:
        return None
    plain = vault.open_text(
        bytes(referral.shown),
        place=_PLACE,
        row=referral.id,
        organisation_id=referral.organisation_id,
        card=referral.card,
    )
    return Shown(**json.loads(plain)) if plain else None

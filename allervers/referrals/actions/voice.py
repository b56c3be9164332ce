"""The person has her say: it happened, not yet, nobody called. It never moves the referral: it calls the team."""

from datetime import timedelta

from allervers.accounts.rules import Viewer
from allervers.core import clock, crypto
from allervers.journal.actions import action, record
from allervers.needs.models import Need
from allervers.referrals import links
from allervers.referrals.actions import steps
from allervers.referrals.enums import AnswerBy, Says
from allervers.referrals.models import Referral

SAY_FOR = timedelta(days=30)


@action
def open_say_link(referral: Referral, *, by: Viewer | None) -> str:
    """The address of her own link, open for thirty days; the same one each time."""
    digest = crypto.digest(links.say_token_of(referral))
    Referral.objects.filter(pk=referral.pk).update(say_digest=digest, say_expires_at=clock.now() + SAY_FOR, say_tries=0)
    referral.refresh_from_db(fields=["say_digest", "say_expires_at", "say_tries"])
    record("referral.say_link_opened", referral, by=by)
    return links.say_url_of(referral)


@action
def note_say(referral: Referral, *, says: Says, by: Viewer | None, channel: AnswerBy) -> None:
    """Keeps her latest word, on the referral and on its need. Said twice, noted once."""
    if referral.person_says == says:
        return
    now = clock.now()
    Referral.objects.filter(pk=referral.pk).update(person_says=says, person_said_at=now)
    Need.objects.filter(pk=referral.need_id).update(person_says=says, person_said_at=now)
    referral.refresh_from_db(fields=["person_says", "person_said_at"])
    steps.bring_forward([referral.need_id], at=now)
    record("referral.person_said", referral, by=by, code=says.value, channel=channel.value)

"""The person has her say: it happened, not yet, nobody called. It never moves the referral: it calls the team."""

from datetime import timedelta

from django.db.models import F

from allervers.accounts.rules import Viewer
from allervers.core import clock, crypto
from allervers.journal.actions import action, note_read, record
from allervers.needs import actions as needs
from allervers.needs.enums import Says
from allervers.outbox import actions as outbox
from allervers.people import vault
from allervers.referrals import errors, letters, links, reach
from allervers.referrals.actions import steps
from allervers.referrals.enums import AnswerBy
from allervers.referrals.models import Referral

SAY_FOR = timedelta(days=30)
SAY_TRIES = 5


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
    needs.person_says(referral.need, by=by, says=says)
    referral.refresh_from_db(fields=["person_says", "person_said_at"])
    steps.bring_forward([referral.need_id], at=now)
    record("referral.person_said", referral, by=by, code=says.value, channel=channel.value)


@action
def ask_person(referral: Referral, *, by: Viewer) -> str:
    """Asks her by SMS, in her language, if she may be written to: once a day at most. Returns the code of what was done."""
    if referral.card is None:
        return "no_phone"
    network = referral.organisation.network
    way = reach.by_sms(referral.card, before=clock.now() + timedelta(days=2), timezone=network.timezone)
    if way.number:
        url = open_say_link(referral, by=by)
        note_read(
            [referral.card.pk], network=network.pk, organisation=referral.organisation_id, reason="say_link", by=None
        )
        outbox.sms(
            to=way.number,
            text=letters.say(url, reach.language_of(referral.card)),
            purpose="say_link",
            network=network.pk,
            organisation=referral.organisation_id,
            about=referral,
            once=f"say:{referral.pk}:{clock.today(network.timezone)}",
            send_after=way.at,
        )
    return way.code


def check_person(referral: Referral, typed: str) -> None:
    """Two digits that only she knows here: the last ones of a phone of her card, or the number of her code.

    Her link alone says nothing and changes nothing. Five tries. Raises `ListClosed`, `CodeLocked`, `CodeWrong`.
    """
    if referral.card is None or referral.say_expires_at is None or clock.now() > referral.say_expires_at:
        raise errors.ListClosed
    digits = "".join(str(int(letter)) for letter in typed if letter.isdecimal())
    if not digits:
        raise errors.CodeWrong
    if not Referral.objects.filter(pk=referral.pk, say_tries__lt=SAY_TRIES).update(say_tries=F("say_tries") + 1):
        raise errors.CodeLocked
    phones = vault.identity(referral.card).get("phones", [])
    right = {str(phone.get("number", ""))[-2:] for phone in phones} | {referral.card.code.rsplit(" ", 1)[-1]}
    if digits not in right:
        raise errors.CodeWrong
    Referral.objects.filter(pk=referral.pk).update(say_tries=0)

"""Whether a person may be written to, on which phone, when, in which language; when a partner's reminder may leave."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours

from allervers.core import clock
from allervers.people import vault
from allervers.people.enums import PhoneOwner, ReceiptKind
from allervers.people.models import PersonCard
from allervers.referrals.wording import LANGUAGES

FIRST_HOUR, LAST_HOUR = 9, 19  # on the person's wall clock
OFFICE_OPENS, OFFICE_CLOSES = time(9), time(18)  # from Monday to Friday, on the network's wall clock


@dataclass(frozen=True)
class Way:
    """A number and a moment; no number: the code says why not."""

    code: str
    number: str = ""
    at: datetime | None = None


def by_sms(card: PersonCard, *, before: datetime, timezone: str) -> Way:
    """A phone that allows SMS, at its first safe hour before `before`. Opens the identity: the caller notes the read."""
    if card.no_follow_up:
        return Way("no_follow_up")
    latest = card.receipts.filter(kind=ReceiptKind.REMINDERS).order_by("-at").first()
    if latest is not None and latest.withdrawn_at is not None:
        return Way("refused")
    phones = [phone for phone in vault.identity(card).get("phones", []) if _may_write(card, phone)]
    if not phones:
        return Way("no_phone")
    for phone in phones:
        at = first_safe_moment(clock.now(), before, str(phone.get("hours") or ""), timezone)
        if at is not None:
            return Way("sms", str(phone["number"]), at)
    return Way("no_safe_hour")


def language_of(card: PersonCard) -> str:
    """The language of a message to her: the first she reads, then speaks, that we have words in; else French."""
    for code in [*card.reads, *card.speaks]:
        found = LANGUAGES.get(str(code).split("-")[0])
        if found:
            return found
    return "fr"


def first_safe_moment(now: datetime, before: datetime, hours: str, timezone: str) -> datetime | None:
    """The first quarter of an hour from `now` on, between 9 and 19 h there and inside `hours` (OSM syntax, empty for any).

    None when there is none before `before`, or when the hours cannot be read: then nobody is written to.
    """
    try:
        rule = OpeningHours(hours) if hours.strip() else None
    except Exception:  # the library raises its own error, a ValueError by some versions: unreadable means not safe
        return None
    zone = ZoneInfo(timezone)
    moment = now.astimezone(zone)
    while moment < before:
        if FIRST_HOUR <= moment.hour < LAST_HOUR and (rule is None or rule.is_open(moment.replace(tzinfo=None))):
            return moment.astimezone(now.tzinfo)
        moment = (moment + timedelta(minutes=15)).replace(second=0, microsecond=0)
        moment -= timedelta(minutes=moment.minute % 15)
    return None


def office_moment(at: datetime, timezone: str) -> datetime:
    """`at` itself in office hours, else the next time an office opens."""
    local = at.astimezone(ZoneInfo(timezone))
    if local.weekday() < 5 and OFFICE_OPENS <= local.time() < OFFICE_CLOSES:
        return at
    day = local.date() if local.time() < OFFICE_OPENS else local.date() + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return datetime.combine(day, OFFICE_OPENS, local.tzinfo).astimezone(at.tzinfo)


def _may_write(card: PersonCard, phone: dict[str, Any]) -> bool:
    if not phone.get("sms") or not phone.get("number"):
        return False
    own = phone.get("owner") in {PhoneOwner.SELF, None, ""}
    return not (own and (card.is_minor or card.is_protected))

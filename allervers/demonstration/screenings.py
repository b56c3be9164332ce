"""Screenings: Lille 2018 in both forms, this year's optical campaign with a session today, a dental one to come."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from allervers.accounts.models import Hub, Membership, Organisation
from allervers.core import clock
from allervers.demonstration.world import World
from allervers.demonstration.year import Year
from allervers.people.actions import receipts
from allervers.people.enums import AgeBand
from allervers.people.models import PersonCard
from allervers.programmes import actions, demonstration
from allervers.programmes.enums import ActionKind, ScreeningResult
from allervers.programmes.models import Action, Attendance, Session
from allervers.referrals.actions import sending

_RESULTS = [ScreeningResult.APPOINTMENT, ScreeningResult.NOTHING, ScreeningResult.EQUIPMENT, ScreeningResult.URGENT]
_STILL_WAITING = 3


def add_past(world: World) -> None:
    """Lille 2018, sent to the first hospital that receives for eyes."""
    by = Membership.objects.get(pk=world.coordinator.membership_id)
    demonstration.load_lille_2018(world.network, by=by, hubs=world.hubs, partner=_partner(world))


def add_this_year(year: Year) -> None:
    """Three sessions held, one today, two to come; a dental campaign planned as a range."""
    world, now = year.world, year.end
    optical = _campaign(world, "Dépistages optiques", ActionKind.OPTICAL, now, planned=(6, None))
    dental = _campaign(world, "Dépistages dentaires", ActionKind.DENTAL, now, planned=(3, 4))
    wazemmes = next(hub for hub in world.hubs if hub.slug == "wazemmes")
    others = [hub for hub in world.hubs if hub.slug != "wazemmes"]
    for hub, days in zip(others, (90, 60, 30), strict=False):
        _hold(year, optical, hub, _morning(year, days), waiting=0)
    _hold(year, optical, wazemmes, _morning(year, 0), waiting=_STILL_WAITING)
    for campaign, hub, days in ((optical, others[3], -15), (optical, wazemmes, -40), (dental, wazemmes, -25)):
        _plan(year, campaign, hub, _morning(year, days))


def _partner(world: World) -> Organisation:
    return world.services["eyes"][0].place.organisation


def _campaign(world: World, name: str, kind: ActionKind, now: datetime, *, planned: tuple[int, int | None]) -> Action:
    terms = actions.Terms(
        name=f"{name} {now.year}",
        kind=kind,
        year=now.year,
        planned_min=planned[0],
        planned_max=planned[1],
        recipient=_partner(world) if kind == ActionKind.OPTICAL else None,
    )
    by = world.coordinator
    return actions.create_campaign(by.organisation_id, terms=terms, slug=f"{kind.value}-{now.year}", by=by)


def _morning(year: Year, days_ago: int) -> datetime:
    local = (year.end - timedelta(days=days_ago)).astimezone(ZoneInfo(year.world.network.timezone))
    return local.replace(hour=9, minute=0, second=0, microsecond=0)


def _plan(year: Year, campaign: Action, hub: Hub, at: datetime) -> Session:
    by = year.world.teams[hub.slug][0]
    with clock.fixed(min(at, year.end) - timedelta(days=20)):
        return actions.plan_session(
            campaign, hub=hub, starts_at=at, ends_at=at + timedelta(hours=3), for_residents=True, by=by
        )


def _hold(year: Year, campaign: Action, hub: Hub, at: datetime, *, waiting: int) -> None:
    """Someone every five minutes: with a card, with a code, or without either; the last ones still wait."""
    session, by = _plan(year, campaign, hub, at), year.world.teams[hub.slug][0]
    start = min(at, year.end - timedelta(hours=2))
    people = year.source.sample(year.known[hub.slug], min(11, len(year.known[hub.slug])))
    arrivals: list[PersonCard | None] = [*people, None, None, None]
    year.source.shuffle(arrivals)
    seen = []
    for number, card in enumerate(arrivals):
        with clock.fixed(start + timedelta(minutes=5 * number)):
            language = card.speaks[0] if card and card.speaks else "fr"
            attendance = actions.add_walk_in(session, card=card, language=language, by=by)
            if number < len(arrivals) - waiting:
                result = year.source.choices(_RESULTS, [62, 20, 14, 4])[0]
                actions.set_result(attendance, result=result, by=by)
                seen.append(attendance)
    if not waiting:
        with clock.fixed(start + timedelta(hours=3)):
            actions.hold_session(session, by=by)
            _orient(year, seen, hub)


def _orient(year: Year, seen: list[Attendance], hub: Hub) -> None:
    """Most agree to be sent to the hospital; the others stay drafts until they are asked."""
    by, recipient = year.world.teams[hub.slug][0], _partner(year.world)
    needing = [row for row in seen if row.result in {ScreeningResult.APPOINTMENT, ScreeningResult.URGENT} and row.card]
    for row in needing:
        if row.card and row.card.age_band != AgeBand.MINOR and year.chance(0.8):
            receipts.agree_to_share(row.card, recipient=recipient, content=list(sending.SENDABLE), by=by)
    if needing:
        actions.orient(needing, recipient=recipient, by=by)

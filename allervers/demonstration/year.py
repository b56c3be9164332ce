"""A believable year of activity, played event by event through the same actions as the screens, under a clock that is set."""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from allervers.accounts.rules import Viewer
from allervers.core import clock, ids
from allervers.demonstration import names
from allervers.demonstration.world import World
from allervers.directory.models import Service
from allervers.journal.actions import action
from allervers.needs.actions import encounters, follow_up, hand_overs
from allervers.needs.enums import Attempt, Category, Mode, Obstacle, Outcome
from allervers.needs.models import Need
from allervers.people.actions import cards, receipts
from allervers.people.enums import AgeBand, AgreedBy, ReceiptMode
from allervers.people.models import PersonCard
from allervers.referrals.actions import answers, sending
from allervers.referrals.enums import WAITS_FOR_PARTNER, AnswerBy, AnswerKind
from allervers.referrals.models import Referral

# How often each need is heard, of a thousand; and the theme of the services it is referred to.
NEEDS: dict[Category, tuple[int, str]] = {
    Category.COVERAGE: (210, "coverage"), Category.EYES: (120, "eyes"), Category.TEETH: (110, "teeth"),
    Category.GP: (120, "gp"), Category.SPECIALIST: (50, "chronic"), Category.MENTAL: (60, "mental"),
    Category.WOMEN: (30, "women"), Category.CHILDREN: (30, "children"), Category.CHRONIC: (30, "chronic"),
    Category.VACCINATION: (20, "vaccination"), Category.FOOD: (60, "food"), Category.HOUSING: (45, "housing"),
    Category.SOCIAL: (45, "social"), Category.DIGITAL: (40, "digital"), Category.FRENCH: (20, "french"),
    Category.ISOLATION: (10, "leisure"),
}  # fmt: skip
WORDS = {
    Category.COVERAGE: ("On m’a rendu le dossier, il manquait un papier.", "Je n’ai plus de carte.", "Le courrier est arrivé, je ne sais pas le lire."),
    Category.EYES: ("Je ne lis plus mes courriers.", "Mes lunettes sont cassées.", "Le soir, je vois flou."),
    Category.TEETH: ("Ça me fait mal quand je mange.", "Je voudrais un premier rendez-vous."),
    Category.GP: ("Mon médecin est parti à la retraite.", "Personne ne prend de nouveaux patients."),
    Category.MENTAL: ("Je ne dors plus.", "J’aimerais parler à quelqu’un."),
    Category.FOOD: ("À la fin du mois, c’est difficile."),
}  # fmt: skip
STEPS = (
    "Rappeler pour savoir",
    "Redire l’heure et l’entrée",
    "Vérifier le courrier reçu",
    "Proposer une autre date",
    "Appeler le partenaire, puis la personne",
)
DAYS = 365


@dataclass
class Year:
    """The simulation: what is planned, in order of time, and the people already known in each hub."""

    world: World
    source: random.Random
    start: datetime
    end: datetime
    agenda: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    known: dict[str, list[PersonCard]] = field(default_factory=dict)
    planned: int = 0

    def plan(self, at: datetime, event: Callable[[], None]) -> None:
        """Adds an event; what falls after the end is left to whoever opens the demonstration."""
        if at < self.end:
            self.planned += 1
            heapq.heappush(self.agenda, (at, self.planned, event))

    def play(self) -> None:
        """Plays every event in order, a day in one transaction."""
        while self.agenda:
            day = self.agenda[0][0].date()
            self._play_day(day)

    @action
    def _play_day(self, day: object) -> None:
        while self.agenda and self.agenda[0][0].date() == day:
            at, _number, event = heapq.heappop(self.agenda)
            with clock.fixed(at):
                event()

    def chance(self, share: float) -> bool:
        return self.source.random() < share

    def in_days(self, low: float, high: float) -> datetime:
        """A moment of a working day, between nine and half past five."""
        moment = clock.now() + timedelta(days=self.source.uniform(low, high))
        return _at_work(moment, self.source, self.world.network.timezone)


def play(world: World, source: random.Random, *, end: datetime, days: int = DAYS) -> Year:
    """A year that ends at `end`: about 3,200 encounters, 2,200 needs and 400 referrals."""
    year = Year(world, source, end - timedelta(days=days), end)
    zone = ZoneInfo(world.network.timezone)
    for number in range(days + 1):
        day = (year.start + timedelta(days=number)).astimezone(zone)
        if day.weekday() >= 5:
            continue
        for hub in world.hubs:
            arrivals = source.choice((0, 0, 1, 1, 2, 2, 2, 3)) if day.month != 8 else source.choice((0, 0, 1, 1))
            for _person in range(arrivals):
                minutes = source.randrange(0, 480)
                at = day.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(minutes=minutes)
                year.plan(at, lambda slug=hub.slug: _arrival(year, slug))  # type: ignore[misc]  # bound in the loop
            if source.random() < 0.02:
                at = day.replace(hour=15, minute=source.randrange(60), second=0, microsecond=0)
                year.plan(at, lambda slug=hub.slug: _stand(year, slug))  # type: ignore[misc]  # bound in the loop
            if source.random() < 0.05:
                at = day.replace(hour=17, minute=source.randrange(60), second=0, microsecond=0)
                year.plan(at, lambda slug=hub.slug: _brought(year, slug))  # type: ignore[misc]  # bound in the loop
    year.play()
    return year


# --- who comes -------------------------------------------------------------------------------------------------------


def _arrival(year: Year, slug: str) -> None:
    source, by = year.source, year.source.choice(year.world.teams[slug])
    known = year.known.setdefault(slug, [])
    card: PersonCard | None = None
    make: Callable[[], PersonCard] | None = None
    draw = source.random()
    if draw < 0.42 and known:
        card = source.choice(known)
    elif draw < 0.88:
        make = _newcomer(year, slug, by, named=draw < 0.72)
    needs = _wants(source)
    settled = year.chance(0.4)
    met = encounters.Met(
        mode=source.choices([Mode.DESK, Mode.PHONE, Mode.STREET, Mode.HOSTEL], [70, 18, 7, 5])[0],
        informed=not needs or year.chance(0.85),
        accompanied=year.chance(0.18),
        needs=needs,
        plan=encounters.Plan(
            at=None if settled or not needs else year.in_days(1, 18),
            step="" if settled else source.choice(STEPS),
            settled=settled,
        ),
        told_service=_service(year, needs[0].category) if needs and year.chance(0.3) else None,
    )
    made = encounters.note_encounter(met, by=by, card=card, make_card=make)
    if made.card and make:
        known.append(made.card)
        if made.card.is_named and year.chance(0.7):
            receipts.give_information(made.card, by=by, mode=source.choice([ReceiptMode.SHOWN, ReceiptMode.READ_ALOUD]))
    for need in Need.objects.filter(encounter=made, closed_at=None):
        _follow_later(year, need, by)


def _wants(source: random.Random) -> list[encounters.Want]:
    number = source.choices([0, 1, 2, 3], [8, 66, 21, 5])[0]
    drawn = source.choices(list(NEEDS), [share for share, _theme in NEEDS.values()], k=number)
    return [encounters.Want(category, _said(source, category)) for category in dict.fromkeys(drawn)]


def _said(source: random.Random, category: Category) -> str:
    words = WORDS.get(category, ())
    return source.choice(words) if words and source.random() < 0.5 else ""


def enliven(year: Year) -> None:
    """Gives each hub a day: some of its open needs are due today, at hours spread over it, even when it is a Sunday."""
    zone = ZoneInfo(year.world.network.timezone)
    morning = year.end.astimezone(zone).replace(hour=9, minute=0, second=0, microsecond=0)
    for hub in year.world.hubs:
        lead = year.world.teams[hub.slug][0]
        later = Need.objects.filter(hub=hub, next_contact_at__gt=year.end, closed_at=None).order_by(
            "next_contact_at", "id"
        )
        for number, need in enumerate(later[:9]):
            with clock.fixed(year.end - timedelta(days=2)):
                at = max(morning + timedelta(minutes=45 * number), clock.now())
                follow_up.set_next_contact(need, by=lead, at=at, step=year.source.choice(STEPS))
        for need in later[9:11]:
            for days in (12, 7, 4, 1):
                with clock.fixed(year.end - timedelta(days=days)):
                    follow_up.add_contact(need, by=lead, result=Attempt.NO_ANSWER)


def _newcomer(year: Year, slug: str, by: Viewer, *, named: bool) -> Callable[[], PersonCard]:
    source = year.source
    speakers = source.choices(names.SPEAKERS, [group.share for group in names.SPEAKERS])[0]
    woman = source.random() < 0.62
    neighbourhood = next(
        name for name in year.world.territories if name.lower().replace(" ", "-").replace("é", "e") == slug
    )
    age = source.choices(["0-17", "18-25", "26-44", "45-64", "65-79", "80+", ""], [4, 10, 34, 28, 14, 4, 6])[0]
    fields: dict[str, Any] = {
        "speaks": [speakers.language]
        if speakers.language == "fr" or source.random() < 0.6
        else [speakers.language, "fr"],
        "interpreter": "" if speakers.language == "fr" else source.choice(["needed", "helps", "no", ""]),
        "sex": source.choices(["woman" if woman else "man", ""], [92, 8])[0],
        "age_band": age,
        "territory": source.choices([*year.world.territories[neighbourhood], None], [30, 55, 15])[0],
    }
    if not named:
        return lambda: cards.open_code(by=by, **fields)
    identity: dict[str, Any] = {
        "first_name": source.choice(speakers.women if woman else speakers.men),
        "last_name": source.choice(speakers.last),
        "birth_year": _birth_year(source, age, year.end.year),
    }
    if source.random() < 0.75:
        owner = source.choices(["self", "family", "hostel"], [85, 10, 5])[0]
        number = f"+3363998{source.randrange(10000):04d}"  # of the range kept for fiction
        identity["phones"] = [
            {"number": number, "owner": owner, "sms": owner == "self", "voicemail": False, "hours": ""}
        ]
    return lambda: cards.open_card(by=by, identity=identity, **fields)


def _birth_year(source: random.Random, age: str, now: int) -> int | None:
    spans = {
        "0-17": (2, 16),
        "18-25": (19, 25),
        "26-44": (26, 44),
        "45-64": (45, 64),
        "65-79": (65, 79),
        "80+": (80, 93),
    }
    return now - source.randint(*spans[age]) if age and source.random() < 0.8 else None


def _stand(year: Year, slug: str) -> None:
    by = year.source.choice(year.world.teams[slug])
    heads = year.source.randrange(6, 45)
    encounters.note_encounter(encounters.Met(mode=Mode.STAND, informed=True, head_count=heads), by=by)


def _brought(year: Year, slug: str) -> None:
    """An ambassador brings a neighbour; the hub accepts within days, or has not yet."""
    source = year.source
    by = source.choice(year.world.ambassadors[slug])
    hub = next(hub for hub in year.world.hubs if hub.slug == slug)
    speakers = source.choices(names.SPEAKERS, [group.share for group in names.SPEAKERS])[0]
    name = source.choice(speakers.women)
    handed = hand_overs.bring(
        by=by,
        hub=hub,
        category=source.choice(list(NEEDS)),
        name=name,
        note="Préfère venir le matin.",
        person_agreed=year.chance(0.7),
    )
    lead = year.world.teams[slug][0]

    def accept() -> None:
        need = hand_overs.accept_hand_over(
            handed,
            by=lead,
            make_card=lambda told: cards.open_card(
                by=lead, identity={"first_name": told["name"]}, speaks=[speakers.language]
            ),
        )
        _follow_later(year, need, lead)

    year.plan(year.in_days(0.5, 3), accept)


# --- what follows ----------------------------------------------------------------------------------------------------


def _follow_later(year: Year, need: Need, by: Viewer) -> None:
    """Refers at once when it can; else the owner takes it up about when she said, and sometimes late."""
    theme = NEEDS.get(Category(need.category), (0, ""))[1]
    if (
        need.card_id
        and theme in {"eyes", "teeth", "coverage", "gp", "chronic", "mental", "women"}
        and year.chance(0.45)
    ):
        year.plan(clock.now() + timedelta(minutes=4), lambda: _refer(year, need, by))
        return
    late = (
        timedelta(days=year.source.uniform(4, 20)) if year.chance(0.06) else timedelta(hours=year.source.uniform(0, 5))
    )
    planned = need.next_contact_at or year.in_days(1, 10)
    year.plan(planned + late, lambda: _contact(year, need, by))


def _contact(year: Year, need: Need, by: Viewer) -> None:
    need.refresh_from_db()
    if not need.is_open:
        return
    if year.chance(0.24):
        follow_up.add_contact(need, by=by, result=year.source.choice([Attempt.NO_ANSWER, Attempt.VOICEMAIL]))
        if need.unreachable_count >= 3 and year.chance(0.7):
            follow_up.close_need(need, by=by, outcome=Outcome.UNREACHABLE)
            return
    else:
        follow_up.add_contact(need, by=by, result=Attempt.REACHED, accompanied=year.chance(0.2))
        if year.chance(0.14):
            follow_up.note_obstacle(need, by=by, kind=year.source.choice(list(Obstacle)))
        waiting = need.referrals.waiting().exists()
        if year.chance(0.1 if waiting else 0.68):
            outcome = year.source.choices(
                [Outcome.SOLVED, Outcome.SOLVED_IN_PART, Outcome.HANDED_OVER, Outcome.DECLINED_BY_PERSON, Outcome.NO_HELP_POSSIBLE, Outcome.MOVED_AWAY, Outcome.UNKNOWN],
                [62, 14, 7, 6, 4, 2, 5],
            )[0]  # fmt: skip
            follow_up.close_need(need, by=by, outcome=outcome)
            return
    follow_up.set_next_contact(need, by=by, at=year.in_days(3, 21), step=year.source.choice(STEPS))
    _again(year, need, by)


def _again(year: Year, need: Need, by: Viewer) -> None:
    need.refresh_from_db()
    late = timedelta(days=year.source.uniform(3, 15)) if year.chance(0.08) else timedelta(hours=1)
    year.plan((need.next_contact_at or clock.now()) + late, lambda: _contact(year, need, by))


# --- referrals -------------------------------------------------------------------------------------------------------


def _service(year: Year, category: Category) -> Service | None:
    services = year.world.services.get(NEEDS[category][1], [])
    return year.source.choice(services[:6]) if services else None


def _refer(year: Year, need: Need, by: Viewer) -> None:
    need.refresh_from_db()
    service = _service(year, Category(need.category))
    if service is None or need.card is None or not need.is_open or need.referrals.exists():
        return
    referral = sending.draft(need, by=by, service=service)
    if year.chance(0.06):
        _again(year, need, by)
        return  # her agreement is still to be asked: it stays a draft
    _agree(need.card, referral, by)
    sending.send(referral, by=by, tell=False)
    follow_up.set_next_contact(need, by=by, at=year.in_days(15, 40), step="Savoir si le rendez-vous a eu lieu")
    _again(year, need, by)
    year.plan(year.in_days(110, 150), lambda: _give_up(year, referral, by))
    if year.chance(0.1):
        return  # a partner who never answers
    year.plan(year.in_days(1, 5), lambda: _hear(year, referral, need, by, AnswerKind.ACKNOWLEDGED))
    year.plan(year.in_days(4, 14), lambda: _appoint(year, referral, need, by))


def _give_up(year: Year, referral: Referral, by: Viewer) -> None:
    """What nobody told for months ends as unknown, most of the time."""
    referral.refresh_from_db()
    if referral.state in WAITS_FOR_PARTNER and year.chance(0.85):
        sending.close_unknown(referral, by=by)


def _appoint(year: Year, referral: Referral, need: Need, by: Viewer) -> None:
    need.refresh_from_db()
    if not need.is_open and year.chance(0.7):
        return
    if year.chance(0.07):
        kind = year.source.choice([AnswerKind.DECLINED_NO_ROOM, AnswerKind.DECLINED_NOT_US])
        _hear(year, referral, need, by, kind)
        return
    meeting = year.in_days(10, 70)
    _hear(year, referral, need, by, AnswerKind.APPOINTMENT, appointment_at=meeting)
    if year.chance(0.08):
        return  # nobody tells how it went
    kinds = [AnswerKind.CAME, AnswerKind.DID_NOT_COME, AnswerKind.CAME_NOT_SEEN]
    kind = year.source.choices(kinds, [74, 22, 4])[0]
    told = meeting + timedelta(days=year.source.uniform(0.2, 9))
    year.plan(told, lambda: _conclude(year, referral, need, by, kind))


def _conclude(year: Year, referral: Referral, need: Need, by: Viewer, kind: AnswerKind) -> None:
    reason = year.source.choice(["transport", "language", "forgot", "", ""]) if kind == AnswerKind.DID_NOT_COME else ""
    _hear(year, referral, need, by, kind, reason=reason)
    if kind != AnswerKind.CAME:
        referral.refresh_from_db()
        if year.chance(0.6):
            sending.propose_again(referral, by=by)
            year.plan(year.in_days(5, 12), lambda: _appoint(year, referral, need, by))
        return
    ends = {"eyes": AnswerKind.EQUIPPED, "coverage": AnswerKind.GRANTED}
    result = ends.get(need.category, AnswerKind.TREATED)
    if year.chance(0.55):
        year.plan(year.in_days(2, 20), lambda: _hear(year, referral, need, by, result))
    year.plan(year.in_days(3, 25), lambda: _close_solved(need, by))


def _close_solved(need: Need, by: Viewer) -> None:
    need.refresh_from_db()
    if need.is_open:
        follow_up.close_need(need, by=by, outcome=Outcome.SOLVED)


def _hear(
    year: Year,
    referral: Referral,
    need: Need,
    by: Viewer,
    kind: AnswerKind,
    *,
    reason: str = "",
    appointment_at: datetime | None = None,
) -> None:
    channel = year.source.choices([AnswerBy.LINK, AnswerBy.PHONE, AnswerBy.SHEET], [60, 28, 12])[0]
    given = answers.Given(referral.id, kind, reason, appointment_at)
    answers.answer([given], by=None if channel == AnswerBy.LINK else by, channel=channel, operation=str(ids.new_id()))


def _at_work(moment: datetime, source: random.Random, timezone: str) -> datetime:
    local = moment.astimezone(ZoneInfo(timezone))
    if local.weekday() >= 5:
        local += timedelta(days=7 - local.weekday())
    return local.replace(hour=source.randrange(9, 17), minute=source.choice((0, 15, 30, 45)), second=0, microsecond=0)


def _agree(card: PersonCard, referral: Referral, by: Viewer) -> None:
    agreed_by = AgreedBy.PARENT if card.age_band == AgeBand.MINOR else AgreedBy.SELF
    receipts.agree_to_share(
        card, recipient=referral.recipient, content=list(sending.SENDABLE), by=by, agreed_by=agreed_by
    )

"""Lille, optical screenings, 2018, in both forms: as its document declares it, and line by line with invented people.

The lines are written to a file and imported like anyone's file. 90 people, 79 who need an appointment, 57 of them referred
with an agreement kept on paper, 31 who came, 12 equipped; of the others nothing is known.
"""

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from allervers.accounts.enums import SEES_PEOPLE
from allervers.accounts.models import Hub, Membership, Network, Organisation
from allervers.accounts.rules import Viewer, viewer_of
from allervers.core.ids import WORDS
from allervers.programmes import actions, imports
from allervers.programmes.columns import COLUMNS
from allervers.programmes.declared import Figure
from allervers.programmes.enums import ActionKind, Form
from allervers.programmes.models import Action

SOURCE = "Présentation des ambassadeurs-drices santé, ville de Lille : « Dépistages optiques en 2018 »"
DECLARED = {
    "planned": Figure(10),
    "held": Figure(9),
    "people": Figure(90),
    "need_appointment": Figure(79),
    "need_rate": Figure(88, base="people"),
    "referred": Figure(57),
    "kept_rate": Figure(54),
    "equipped": Figure(12, precision="at_least"),
    "mean_delay_weeks": Figure(8, precision="about"),
}
_PEOPLE, _NEED, _REFERRED, _CAME, _EQUIPPED, _MEAN_DAYS = 90, 79, 57, 31, 12, 56
_DAYS = [(2, 14), (3, 7), (3, 28), (4, 18), (5, 16), (6, 13), (9, 19), (10, 10), (11, 14), (12, 5)]
_LANGUAGES = ["français"] * 9 + [
    "arabe",
    "arabe",
    "kabyle",
    "roumain",
    "turc",
    "soninké",
    "pachto",
    "portugais",
    "romani",
]


@dataclass(frozen=True)
class Lille2018:
    declared: Action
    lines: Action


def load_lille_2018(network: Network, *, by: Membership, hubs: Sequence[Hub], partner: Organisation) -> Lille2018:
    """Both campaigns. `by` opens them; each hub's lines are imported by someone of its own organisation."""
    maker = viewer_of(by)
    terms = actions.Terms(
        name="Dépistages optiques 2018",
        kind=ActionKind.OPTICAL,
        year=2018,
        planned_min=10,
        recipient=partner,
        source=SOURCE,
    )
    declared = actions.create_campaign(by.organisation_id, terms=terms, form=Form.DECLARED, slug="lille-2018", by=maker)
    actions.declare(declared, figures=DECLARED, by=maker)
    named = replace(terms, name="Dépistages optiques 2018, ligne à ligne")
    lines = actions.create_campaign(by.organisation_id, terms=named, slug="lille-2018-lines", by=maker)
    held = [(hubs[number % len(hubs)], date(2018, month, day)) for number, (month, day) in enumerate(_DAYS)]
    missed_hub, missed_day = held.pop()
    people = _people(lines, held, partner)
    for organisation_id in sorted({hub.organisation_id for hub, _day in held}):
        theirs = [cells for hub, cells in people if hub.organisation_id == organisation_id]
        imports.apply(_file(theirs), by=_importer(organisation_id, maker))
    at = datetime(missed_day.year, missed_day.month, missed_day.day, 8, tzinfo=UTC)
    planner = _importer(missed_hub.organisation_id, maker)
    actions.cancel_session(actions.plan_session(lines, hub=missed_hub, starts_at=at, by=planner), by=planner)
    return Lille2018(declared, lines)


def _importer(organisation_id: UUID, maker: Viewer) -> Viewer:
    """Someone who sees people there, for all hubs of her organisation."""
    if maker.sees_people and maker.organisation_id == organisation_id:
        return replace(maker, hub_id=None, hub_name="")
    found = Membership.objects.active().filter(organisation_id=organisation_id, role__in=SEES_PEOPLE)
    one = found.select_related("user", "network", "organisation", "hub").order_by("starts_at", "id").first()
    if one is None:
        raise LookupError(f"nobody sees people in organisation {organisation_id}: its lines cannot be imported")
    return replace(viewer_of(one), hub_id=None, hub_name="")


def _people(campaign: Action, held: list[tuple[Hub, date]], partner: Organisation) -> list[tuple[Hub, dict[str, str]]]:
    """Ninety lines, the same each time: nobody who ever lived."""
    chance = random.Random(2018)  # noqa: S311  # invented people, not a secret
    rank = list(range(_PEOPLE))
    chance.shuffle(rank)  # who is what does not follow the order of arrival
    delays = _delays(chance)
    found = []
    for number in range(_PEOPLE):
        hub, day = held[number % len(held)]
        place = rank[number]
        cells = {
            "campaign": campaign.slug,
            "on": f"{day:%d/%m/%Y}",
            "hub": hub.name,
            "ref": str(number // len(held) + 1),
            "sex": chance.choice(["F", "F", "F", "H", "H", ""]),
            "age": chance.choice(["", "18-25", "26-44", "26-44", "45-64", "45-64", "65-79"]),
            "language": chance.choice(_LANGUAGES),
            "result": "rendez-vous" if place < _NEED else "rien",
        }
        if place < _REFERRED:
            cells |= {
                "code": f"{WORDS[number % len(WORDS)]} {1800 + number}",
                "referred_to": partner.name,
                "agreement": "oui",
                "attended": "oui" if place < _CAME else "inconnu",
            }
        if place < _CAME:
            cells["seen_on"] = f"{day + timedelta(days=delays[place]):%d/%m/%Y}"
            cells["outcome"] = "équipé" if place < _EQUIPPED else "inconnu"
        found.append((hub, cells))
    return found


def _delays(chance: random.Random) -> list[int]:
    """Thirty-one delays whose mean is eight weeks to the day."""
    delays = [chance.randint(28, 84) for _ in range(_CAME)]
    while (rest := _CAME * _MEAN_DAYS - sum(delays)) != 0:
        one = chance.randrange(_CAME)
        step = 1 if rest > 0 else -1
        if 14 <= delays[one] + step <= 112:
            delays[one] += step
    return delays


def _file(people: Sequence[dict[str, str]]) -> io.BytesIO:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(column.heading for column in COLUMNS)
    for cells in people:
        writer.writerow(cells.get(column.name, "") for column in COLUMNS)
    return io.BytesIO(text.getvalue().encode())

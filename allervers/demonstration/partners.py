"""A hundred and fifty invented partners around five neighbourhoods, with what they offer, in which languages, when."""

import random
from dataclasses import dataclass

from allervers.accounts.enums import OrganisationKind as Kind
from allervers.directory.enums import Cost
from allervers.directory.enums import Theme as T

# Centres of the five neighbourhoods, near enough; their contours in the demonstration are simple hexagons.
NEIGHBOURHOODS = {
    "Faubourg de Béthune": (50.6196, 3.0400),
    "Fives": (50.6337, 3.0907),
    "Lille Sud": (50.6106, 3.0513),
    "Moulins": (50.6203, 3.0705),
    "Wazemmes": (50.6252, 3.0497),
}
STREETS = (
    "rue des Sarrazins", "rue du Long Pot", "rue de Douai", "boulevard Victor Hugo", "rue de Trévise", "rue Pierre Legrand",
    "rue du Faubourg des Postes", "rue d’Arras", "place du Marché", "rue de l’Asie", "rue des Postes", "rue de Lannoy",
)  # fmt: skip
SIGNS = (
    "des Tilleuls", "du Canal", "de la Filature", "des Brasseurs", "du Petit Pont", "de la Garenne", "des Cordeliers",
    "du Moulin Blanc", "de la Halle", "des Peupliers", "du Grand Jardin", "de l’Écluse", "des Tisserands", "du Beffroi",
    "de la Treille", "des Dentelles", "du Vieux Puits", "de la Source", "des Archers", "du Colombier", "de la Briqueterie",
    "des Acacias",
)  # fmt: skip

DAY = "Mo-Fr 09:00-12:30,13:30-17:30"
MORNINGS = "Mo-Fr 08:30-12:00"
LATE = "Mo-Fr 09:00-19:00; Sa 09:00-12:30"
SHOP = "Mo 14:00-19:00; Tu-Sa 09:30-12:30,14:00-19:00"


@dataclass(frozen=True)
class Offer:
    """One service of a kind of partner."""

    name: str
    theme: T
    cost: Cost
    hours: str
    delay_days: int | None = None
    without_coverage: bool | None = None
    without_appointment: bool | None = None
    public: str = ""


@dataclass(frozen=True)
class Family:
    """A kind of partner: how many, what it is called, what it offers."""

    count: int
    kind: Kind
    title: str
    offers: tuple[Offer, ...]


FAMILIES = (
    Family(4, Kind.HOSPITAL, "Hôpital", (
        Offer("Consultation d’ophtalmologie", T.EYES, Cost.NO_ADVANCE, DAY, 60),
        Offer("Permanence d’accès aux soins", T.COVERAGE, Cost.FREE, MORNINGS, 0, True, True),
        Offer("Consultation de diabétologie", T.CHRONIC, Cost.NO_ADVANCE, DAY, 45),
    )),
    Family(8, Kind.HEALTH_CENTRE, "Centre de santé", (
        Offer("Médecine générale", T.GP, Cost.NO_ADVANCE, LATE, 5, True, False),
        Offer("Soins dentaires", T.TEETH, Cost.NO_ADVANCE, DAY, 30, True),
        Offer("Vaccination", T.VACCINATION, Cost.FREE, "We 14:00-17:00", 7, True, True),
    )),
    Family(22, Kind.PRACTICE, "Cabinet médical", (Offer("Médecine générale", T.GP, Cost.PAID, LATE, 8),)),
    Family(12, Kind.PRACTICE, "Cabinet dentaire", (Offer("Soins dentaires", T.TEETH, Cost.PAID, LATE, 25),)),
    Family(12, Kind.OPTICIAN, "Opticien", (Offer("Lunettes sans reste à charge", T.EYES, Cost.NO_ADVANCE, SHOP, 4),)),
    Family(14, Kind.PRACTICE, "Pharmacie", (Offer("Conseil, vaccins, préparation de pilulier", T.PHARMACY, Cost.DEPENDS, SHOP, 0, None, True),)),
    Family(4, Kind.INSURANCE, "Assurance maladie, agence", (
        Offer("Ouvrir ou renouveler ses droits", T.COVERAGE, Cost.FREE, MORNINGS, 14),
        Offer("Examen de prévention en santé", T.SCREENING, Cost.FREE, MORNINGS, 40, False),
    )),
    Family(12, Kind.SOCIAL, "Centre social", (
        Offer("Accès aux droits", T.SOCIAL, Cost.FREE, DAY, 5, True),
        Offer("Ateliers du quotidien", T.LEISURE, Cost.DEPENDS, "Tu,Th 14:00-17:00", 3, True),
    )),
    Family(5, Kind.TOWN, "Maison de quartier", (Offer("Aides de la ville", T.MONEY, Cost.FREE, DAY, 10, True),)),
    Family(10, Kind.ASSOCIATION, "Table solidaire", (Offer("Colis et repas", T.FOOD, Cost.FREE, "Tu,Fr 10:00-13:00", 0, True, True),)),
    Family(6, Kind.ASSOCIATION, "Toit partagé", (Offer("Aide au logement", T.HOUSING, Cost.FREE, DAY, 15, True),)),
    Family(4, Kind.ASSOCIATION, "Point droit", (Offer("Permanence juridique", T.LEGAL, Cost.FREE, "We 09:00-12:00", 12, True),)),
    Family(8, Kind.ASSOCIATION, "Point écoute", (Offer("Écoute, soutien psychologique", T.MENTAL, Cost.FREE, DAY, 12, True, False),)),
    Family(4, Kind.ASSOCIATION, "Centre d’addictologie", (Offer("Accueil et soins en addictologie", T.ADDICTION, Cost.FREE, DAY, 8, True, True),)),
    Family(5, Kind.STATE, "Protection maternelle et infantile", (
        Offer("Suivi de grossesse", T.WOMEN, Cost.FREE, DAY, 10, True),
        Offer("Santé des enfants de moins de 6 ans", T.CHILDREN, Cost.FREE, DAY, 9, True, None, "enfants de moins de 6 ans"),
    )),
    Family(8, Kind.ASSOCIATION, "Atelier de français", (Offer("Cours de français", T.FRENCH, Cost.FREE, "Mo,Th 14:00-16:00", 20, True),)),
    Family(5, Kind.ASSOCIATION, "Coup de pouce numérique", (Offer("Aide aux démarches en ligne", T.DIGITAL, Cost.FREE, "Tu-Fr 09:30-12:00", 2, True, True),)),
    Family(2, Kind.ASSOCIATION, "Service d’interprétariat", (Offer("Interprète en santé", T.INTERPRETING, Cost.DEPENDS, DAY, 3),)),
    Family(5, Kind.ASSOCIATION, "Club du quartier", (Offer("Marche et gymnastique douce", T.LEISURE, Cost.DEPENDS, "Mo,We,Sa 10:00-11:30", 2, True),)),
)  # fmt: skip

SPOKEN = ("ar", "en", "kab", "tr", "ro", "pt", "es", "bm", "wo", "ff", "prs", "ps", "ti", "ta", "sq", "pl", "ru", "ln")


@dataclass(frozen=True)
class Partner:
    """One partner as the directory will hold it."""

    name: str
    slug: str
    kind: Kind
    neighbourhood: str
    address: str
    latitude: float
    longitude: float
    phone: str
    email: str
    languages: tuple[str, ...]
    offers: tuple[Offer, ...]
    days_since_check: int


def partners(source: random.Random) -> list[Partner]:
    """All of them, the same for the same `source`. Numbers are of the range kept for fiction (01 99 00 xx xx)."""
    made: list[Partner] = []
    for family in FAMILIES:
        signs = source.sample(SIGNS, family.count)
        for sign in signs:
            neighbourhood = source.choice(list(NEIGHBOURHOODS))
            latitude, longitude = NEIGHBOURHOODS[neighbourhood]
            number = len(made)
            languages = ("fr", *source.sample(SPOKEN, source.choice((0, 1, 1, 2, 3))))
            made.append(
                Partner(
                    name=f"{family.title} {sign}",
                    slug=f"partenaire-{number + 1:03d}",
                    kind=family.kind,
                    neighbourhood=neighbourhood,
                    address=f"{source.randrange(1, 180)} {source.choice(STREETS)}",
                    latitude=round(latitude + source.uniform(-0.006, 0.006), 5),
                    longitude=round(longitude + source.uniform(-0.009, 0.009), 5),
                    phone=f"01 99 00 {number // 100:02d} {number % 100:02d}",
                    email=f"accueil@partenaire-{number + 1:03d}.example",
                    languages=languages,
                    offers=family.offers,
                    days_since_check=source.choice((3, 12, 30, 60, 90, 150, 210, 400)),
                )
            )
    return made

"""A big city's year, invented and written in bulk: 25,000 people, 60,000 encounters, 30,000 needs, 100,000 journal events.

`build(folder)` fills an installation of its own there, or finds it filled; names are invented, texts are sealed as ever.
"""

import os
import random
from datetime import timedelta
from pathlib import Path

PEOPLE, ENCOUNTERS, NEEDS, REFERRALS, EVENTS = 25_000, 60_000, 30_000, 15_000, 100_000
HUBS, ASSOCIATIONS, PARTNERS = 10, 5, 150
GIVEN = (
    "Awa Fatou Mohamed Ibrahim Aïcha Moussa Mariam Youssef Djibril Khadija Jean Lina Marie Ahmed Sofia Ousmane".split()
)
FAMILY = "Diop Coulibaly Traoré Bensalah Idrissi Nguyen Dupont Camara Rahmani Petit Sow Lefebvre Diallo Haddad".split()


def open_installation(folder: Path) -> None:
    """Its own keys and database, unless DATABASE_URL names one; a demonstration, so that no second factor is asked."""
    (folder / "keys").mkdir(parents=True, exist_ok=True)
    os.environ.update(ALLERVERS_DATA=str(folder), ALLERVERS_KEYS=str(folder / "keys"), ALLERVERS_DEMO="1")
    os.environ.setdefault("ALLERVERS_STATIC", str(folder / "static"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    from allervers.core import keys

    keys.create()
    django.setup()


def build(folder: Path) -> None:
    open_installation(folder)
    from django.core.management import call_command

    from allervers.accounts.models import Network
    from allervers.impact import watch

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if not Network.objects.exists():
        _Year(random.Random(59)).write()
        call_command("reindex_directory", verbosity=0)
        watch.gather()  # as each night
    _let_the_database_measure_itself()


def _let_the_database_measure_itself() -> None:
    """PostgreSQL does it by itself within minutes; SQLite at its next `PRAGMA optimize`."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class _Year:
    def __init__(self, chance: random.Random) -> None:
        from allervers.core import clock

        self.chance, self.now = chance, clock.now()

    def write(self) -> None:
        from django.db import connection

        if connection.vendor == "sqlite":
            connection.cursor().execute("PRAGMA synchronous=OFF")
        self._house()
        self._partners()
        self._people()
        self._encounters_and_needs()
        self._referrals()
        self._journal()

    def _moment(self, oldest: float = 365) -> object:
        return self.now - timedelta(days=self.chance.random() * oldest, hours=self.chance.random())

    def _house(self) -> None:
        from allervers.accounts import keys
        from allervers.accounts.enums import OrganisationKind, Role
        from allervers.accounts.models import Hub, Membership, Network, Organisation, User

        self.network = Network.objects.create(name="Grande ville", slug="grande-ville")
        city = Organisation.objects.create(
            network=self.network, name="Ville", slug="ville", kind=OrganisationKind.TOWN, keeps_cards=False
        )
        self.associations = []
        for number in range(ASSOCIATIONS):
            made = Organisation.objects.create(
                network=self.network, name=f"Association {number}", slug=f"association-{number}", keeps_cards=True
            )
            keys.create_for(made)
            self.associations.append(made)
        self.hubs = [
            Hub.objects.create(
                network=self.network,
                organisation=self.associations[number % ASSOCIATIONS],
                name=f"Pôle {number}",
                slug=f"pole-{number}",
            )
            for number in range(HUBS)
        ]
        self.team: dict[object, list[Membership]] = {hub.id: [] for hub in self.hubs}

        def works(email: str, role: Role, organisation: Organisation, hub: Hub | None) -> None:
            user = User.objects.create_user(email, first_name=email.split("@")[0].capitalize(), last_name="Banc")
            member = Membership.objects.create(
                user=user, network=self.network, organisation=organisation, hub=hub, role=role
            )
            if hub is not None:
                self.team[hub.id].append(member)

        works("coordinator@bench.example", Role.COORDINATOR, city, None)
        works("auditor@bench.example", Role.AUDITOR, city, None)
        for number, hub in enumerate(self.hubs):
            for role in (Role.HUB_LEAD, Role.MEDIATOR, Role.MEDIATOR, Role.MEDIATOR, Role.AMBASSADOR):
                works(f"{role}{number}-{len(self.team[hub.id])}@bench.example", role, hub.organisation, hub)

    def _partners(self) -> None:
        from allervers.accounts.models import Organisation
        from allervers.directory.enums import Theme
        from allervers.directory.models import Place, Service

        self.partners = [
            Organisation(network=self.network, name=f"Partenaire {n}", slug=f"partenaire-{n}") for n in range(PARTNERS)
        ]
        Organisation.objects.bulk_create(self.partners)
        places = [
            Place(
                network=self.network, organisation=partner, name=f"Lieu {n}", latitude=50.6, longitude=3.05 + n / 1000
            )
            for n, partner in enumerate(self.partners)
        ]
        Place.objects.bulk_create(places)
        themes = list(Theme)
        self.services = [
            Service(network=self.network, place=place, name=f"Offre {n} {k}", main_theme=themes[(n + k) % len(themes)])
            for n, place in enumerate(places)
            for k in range(3)
        ]
        Service.objects.bulk_create(self.services)

    def _people(self) -> None:
        from allervers.people import vault
        from allervers.people.enums import AgeBand, ReceiptKind, ReceiptMode, Sex
        from allervers.people.models import PersonCard, Receipt

        self.cards: list[PersonCard] = []
        for number in range(PEOPLE):
            hub = self.hubs[number % HUBS]
            seen = self._moment()
            card = PersonCard(
                network=self.network,
                organisation=hub.organisation,
                hub=hub,
                code=f"Banc {number}",
                is_named=number // HUBS % 5 != 0,
                speaks=[self.chance.choice(["fr", "ar", "en", "snk"])],
                sex=self.chance.choice(Sex.values),
                age_band=self.chance.choice(AgeBand.values),
                created_at=seen,
                last_contact_at=seen,
            )
            vault.new_card_key(card)
            if card.is_named:
                card.sealed = vault.seal_identity(
                    card,
                    {
                        "first_name": self.chance.choice(GIVEN),
                        "last_name": self.chance.choice(FAMILY),
                        "birth_year": self.chance.randrange(1930, 2010),
                        "phones": [{"number": f"+336{self.chance.randrange(10**8):08d}", "owner": "self", "sms": True}],
                    },
                )
            self.cards.append(card)
        PersonCard.objects.bulk_create(self.cards, batch_size=1000)
        Receipt.objects.bulk_create(
            [
                Receipt(
                    network=self.network,
                    organisation_id=card.organisation_id,
                    card=card,
                    kind=ReceiptKind.INFORMATION,
                    mode=ReceiptMode.READ_ALOUD,
                    language="fr",
                    words="Ce que nous gardons.",
                    at=card.created_at,
                )
                for card in self.cards
            ],
            batch_size=1000,
        )

    def _encounters_and_needs(self) -> None:
        from allervers.needs import sealing
        from allervers.needs.enums import Category, Mode, NeedState, Outcome, Stratum
        from allervers.needs.enums import Obstacle as ObstacleKind
        from allervers.needs.models import Contact, Encounter, Need, Obstacle

        self.encounters: list[Encounter] = []
        for _ in range(ENCOUNTERS):
            card = self.chance.choice(self.cards) if self.chance.random() < 0.8 else None
            hub = self.hubs[0] if card is None else card.hub
            named = card is not None and card.is_named
            self.encounters.append(
                Encounter(
                    network=self.network,
                    organisation_id=hub.organisation_id,
                    hub=hub,
                    card=card,
                    stratum=Stratum.ANONYMOUS if card is None else Stratum.IDENTIFIED if named else Stratum.CODED,
                    mode=self.chance.choice(Mode.values),
                    at=self._moment(),
                    informed=self.chance.random() < 0.6,
                    oriented=self.chance.random() < 0.3,
                    accompanied=self.chance.random() < 0.1,
                    by=self.chance.choice(self.team[hub.id]),
                )
            )
        Encounter.objects.bulk_create(self.encounters, batch_size=1000)
        self.needs: list[Need] = []
        for encounter in self.chance.sample([e for e in self.encounters if e.card_id], NEEDS):
            is_open = self.chance.random() < 0.1
            need = Need(
                network=self.network,
                organisation_id=encounter.organisation_id,
                hub=encounter.hub,
                card=encounter.card,
                encounter=encounter,
                category=self.chance.choice(Category.values),
                state=NeedState.IN_PROGRESS if is_open else NeedState.CLOSED,
                owner=self.chance.choice(self.team[encounter.hub_id][:4]),
                opened_at=encounter.at,
                closed_at=None if is_open else encounter.at + timedelta(days=9),
                outcome="" if is_open else self.chance.choice(Outcome.values),
                next_contact_at=self.now + timedelta(days=self.chance.uniform(-20, 20)) if is_open else None,
            )
            need.words = sealing.seal_words(need, "Mes lunettes sont cassées depuis l’hiver.")
            need.next_step = sealing.seal_next_step(need, "Rappeler") if is_open else b""
            self.needs.append(need)
        Need.objects.bulk_create(self.needs, batch_size=1000)
        contacts = []
        for need in self.needs:
            contact = Contact(need=need, at=need.opened_at + timedelta(days=3), by=need.owner)
            contact.note = sealing.seal_note(contact, "Elle viendra jeudi.")
            contacts.append(contact)
        Contact.objects.bulk_create(contacts, batch_size=1000)
        Obstacle.objects.bulk_create(
            [
                Obstacle(
                    network=self.network,
                    organisation_id=need.organisation_id,
                    hub=need.hub,
                    need=need,
                    kind=self.chance.choice(ObstacleKind.values),
                    at=need.opened_at,
                )
                for need in self.needs[:3000]
            ],
            batch_size=1000,
        )

    def _referrals(self) -> None:
        from allervers.people.enums import ReceiptKind, ReceiptMode
        from allervers.people.models import Receipt
        from allervers.referrals.enums import EndedAs, ReferralState
        from allervers.referrals.models import Referral

        agreements, self.referrals = [], []
        for number, need in enumerate(self.chance.sample(self.needs, REFERRALS)):
            service = self.chance.choice(self.services)
            sent = need.opened_at
            agreement = Receipt(
                network=self.network,
                organisation_id=need.organisation_id,
                card=need.card,
                kind=ReceiptKind.SHARING,
                mode=ReceiptMode.READ_ALOUD,
                language="fr",
                words="Je suis d’accord.",
                recipient=service.place.organisation,
                content=["initials", "need"],
                at=sent,
            )
            agreements.append(agreement)
            draw = self.chance.random()
            state = ReferralState.SENT if draw < 0.1 else ReferralState.RESULT if draw < 0.6 else ReferralState.CLOSED
            over = state != ReferralState.SENT
            self.referrals.append(
                Referral(
                    network=self.network,
                    organisation_id=need.organisation_id,
                    hub=need.hub,
                    need=need,
                    card=need.card,
                    recipient=service.place.organisation,
                    service=service,
                    agreement=agreement,
                    content=["initials", "need"],
                    line_code=f"B{number:06d}",
                    state=state,
                    drafted_at=sent,
                    sent_at=sent,
                    last_word_at=sent,
                    first_seen_at=sent + timedelta(days=30) if state == ReferralState.RESULT else None,
                    result="treated" if state == ReferralState.RESULT else "",
                    ended_at=sent + timedelta(days=40) if over else None,
                    ended_as=(EndedAs.DONE if state == ReferralState.RESULT else EndedAs.UNKNOWN) if over else "",
                )
            )
        Receipt.objects.bulk_create(agreements, batch_size=1000)
        Referral.objects.bulk_create(self.referrals, batch_size=1000)

    def _journal(self) -> None:
        """Through the real door, a thousand events a transaction."""
        from allervers.journal.actions import action, record

        told = [("encounter.noted", row) for row in self.encounters]
        told += [("need.opened", row) for row in self.needs] + [("referral.sent", row) for row in self.referrals]

        @action
        def append(rows: list[tuple[str, object]]) -> None:
            for kind, row in rows:
                record(kind, row, by=None)  # type: ignore[arg-type]  # models of three apps

        for start in range(0, EVENTS, 1000):
            append(told[start : start + 1000])

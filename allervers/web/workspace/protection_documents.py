"""The impact assessment and the joint controllers' agreement: working documents, filled from what this installation is.

In French only: they are signed in France, under French wording. What a person must write or sign is marked as a blank.
"""

from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.utils import translation

from allervers.accounts import duties as accounts
from allervers.accounts.enums import SEES_PEOPLE
from allervers.accounts.models import Membership, Network, Organisation
from allervers.core import clock, keys
from allervers.core.register import Level
from allervers.directory import duties as directory
from allervers.directory.enums import Commitment
from allervers.journal import anchors
from allervers.journal.verification import verify
from allervers.needs import duties as needs
from allervers.outbox import tasks as outbox
from allervers.people.actions.erasure import erased_ids
from allervers.people.rules import kept_days
from allervers.programmes import uploads
from allervers.web.workspace.protection import LEVELS, chapters

BLANK = "**[à compléter]**"


@dataclass(frozen=True)
class Measure:
    """One thing that protects, as it stands here: in force, or what is missing."""

    name: str
    in_force: bool
    detail: str


@dataclass(frozen=True)
class Personal:
    """A column that says something of a person."""

    table: str
    field: str
    level: str
    purpose: str
    readers: str


def impact(network: Network) -> str:
    """The data-protection impact assessment (GDPR article 35), in Markdown."""
    return _written("workspace/protection_impact.md", network, measures=measures(network))


def agreement(network: Network) -> str:
    """The agreement between joint controllers (GDPR article 26), in Markdown."""
    return _written("workspace/protection_agreement.md", network)


def _written(template: str, network: Network, **more: object) -> str:
    with translation.override("fr"):
        keepers = Organisation.objects.filter(network=network, keeps_cards=True, closed_at=None)
        joint = Q(partnerships__commitment=Commitment.JOINT_DATA, keeps_cards=False) & (
            Q(partnerships__ends_on=None) | Q(partnerships__ends_on__gte=clock.today(network.timezone))
        )
        facts = {
            "network": network,
            "today": clock.today(network.timezone),
            "blank": BLANK,
            "chapters": [chapter for chapter in chapters() if chapter.tables],
            "personal": list(_personal()),
            "durations": durations(network),
            "keepers": keepers.annotate(kept_cards=Count("cards", filter=Q(cards__erased_at=None))),
            "partners": Organisation.objects.filter(joint, network=network, closed_at=None).distinct(),
            "has_sms": bool(settings.SMS_URL),
        }
        return render_to_string(template, facts | more)


def _personal() -> list[Personal]:
    return [
        Personal(table, name, str(LEVELS[row.level]), row.purpose, row.readers)
        for chapter in chapters()
        for table, model in chapter.tables.items()
        for name, row in model.fields.items()
        if row.level >= Level.PERSONAL
    ]


def durations(network: Network) -> list[tuple[str, timedelta]]:
    """How long things are kept here, as the daily clean-up applies it: the network's own durations when shorter."""
    days = [
        ("fiche d’une personne, après le dernier contact", kept_days(network, "card")),
        ("demande sans réponse ou close, récit compris", needs.request_days(network)),
        ("demande de quelqu’un sans nom que personne n’a close", needs.ABANDONED_DAYS),
        ("lectures d’identité", accounts.kept(network, "identity_reads").days),
        ("accès exceptionnels", accounts.kept(network, "exceptional_access").days),
        ("compte d’un membre des équipes, après son départ", accounts.RETENTION["user_after_leaving"]),
        ("adresse et texte d’un message, après l’envoi", outbox.WIPED_AFTER.days),
        ("fichier déposé pour un import d’annuaire", directory.UPLOAD_DAYS),
        ("fichier déposé pour un import de dépistage", uploads.KEPT_FOR.days),
    ]
    return [(what, timedelta(days=count)) for what, count in days]


def measures(network: Network) -> list[Measure]:
    """What protects this installation, looked at now."""
    seeing = Membership.objects.active().filter(network=network, role__in=SEES_PEOPLE).values("user").distinct()
    with_factor = Authenticator.objects.filter(user__in=seeing).values("user").distinct().count()
    verdict = verify(network.id, anchors.read().get(str(network.id), []))
    policies = _policies()
    former = len(keys.former())
    aside = anchors.path().parent.resolve() != settings.DATA_DIR.resolve()
    return [
        Measure("Identités et récits scellés (AES-256-GCM), une clé par fiche", True, "toujours"),
        Measure(
            "Clé maîtresse hors de la base et des sauvegardes",
            keys.master_path().stat().st_mode & 0o077 == 0,
            f"fichier lisible du seul service ; {former} ancienne(s) clé(s) en attente de destruction",
        ),
        Measure(
            "Second facteur pour qui voit des personnes",
            not settings.DEMO and with_factor == seeing.count(),
            f"{with_factor} sur {seeing.count()}",
        ),
        Measure("Postes qui se verrouillent seuls", settings.LOCK_MINUTES <= 15, f"{settings.LOCK_MINUTES} minutes"),
        Measure("Échanges chiffrés (HTTPS, cookies réservés)", settings.HTTPS, "variable ALLERVERS_HTTPS"),
        Measure("Cloisonnement par réseau dans la base", policies > 0, f"{policies} table(s) sous le second verrou"),
        Measure(
            "Journal chaîné et ancré",
            verdict.holds,
            f"{verdict.events.lines} événements, {verdict.reads.lines} lectures d’identité ; "
            f"{verdict.events.unproven + verdict.reads.unproven} pas encore ancrés",
        ),
        Measure("Ancrages ailleurs que les données", aside, "variable ALLERVERS_ANCHORS"),
        Measure(
            "Effacements rejoués après une restauration",
            True,
            f"{len(set(erased_ids()))} effacement(s) dans la liste tenue hors de la base",
        ),
        Measure("Installation réelle, non une démonstration", not settings.DEMO, "variable ALLERVERS_DEMO"),
    ]


def _policies() -> int:
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_policies WHERE policyname = 'by_network'")
        return int(cursor.fetchone()[0])

"""The team, the exceptional access, the journal, the protection of data: who sees what, and what it does."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from allervers.accounts import actions
from allervers.accounts.enums import SEES_PEOPLE, Role
from allervers.accounts.models import ExceptionalAccess, Hub, Membership, User
from allervers.core import clock
from allervers.directory.enums import Commitment
from allervers.directory.models import Partnership
from allervers.journal import anchors
from allervers.journal.actions import action, record
from allervers.journal.models import Event
from allervers.outbox.actions import opened
from allervers.outbox.models import Message
from allervers.people.rules import cards_for
from allervers.web.workspace import protection_documents
from tests.cast import Cast

TEAM, NEW, HUB = reverse("workspace:team"), reverse("workspace:membership_new"), reverse("workspace:hub_new")
ASK, JOURNAL = reverse("workspace:exceptional"), reverse("workspace:journal")


@action
def _happen(cast: Cast, times: int) -> None:
    for _ in range(times):
        record("hub.created", cast.wazemmes, by=cast.viewer("lead"))


def _queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_team_is_the_networks_for_its_coordinator_and_the_structures_for_a_lead(cast: Cast) -> None:
    network = {member.user.first_name for member in cast.client("coordinator").get(TEAM).context["members"]}
    structure = {member.user.first_name for member in cast.client("lead").get(TEAM).context["members"]}

    assert network == {name.capitalize() for name in cast.memberships} - {"Foreigner"}
    assert structure == {"Lead", "Mediator", "Sister", "Ambassador", "Volunteer"}


def test_team_page_asks_as_many_queries_for_few_as_for_many(cast: Cast) -> None:
    client = cast.client("coordinator")
    client.get(TEAM)
    before = _queries(client, TEAM)
    for number in range(5):
        actions.open_membership(
            cast.hospital, email=f"new{number}@example.org", role=Role.MEMBER, by=cast.viewer("coordinator")
        )

    assert _queries(client, TEAM) == before


def test_lead_opens_an_account_and_the_person_is_told_how_to_enter(cast: Cast) -> None:
    told = {
        "first_name": "Nour",
        "last_name": "",
        "email": "nour@example.org",
        "role": "volunteer",
        "place": f"hub:{cast.wazemmes.id}",
        "ends_on": str(clock.today() + timedelta(days=30)),
    }

    answer = cast.client("lead").post(NEW, told)

    membership = Membership.objects.get(user__email="nour@example.org")
    to, _subject, text = opened(Message.objects.get(purpose="account_opened"))
    assert answer["Location"] == TEAM
    assert (membership.role, membership.hub) == ("volunteer", cast.wazemmes)
    assert clock.after(days=30) < membership.ends_at <= clock.after(days=31)
    assert to == "nour@example.org"
    assert "/compte/login/" in text


def test_account_that_is_refused_keeps_what_was_typed_and_sends_nothing(cast: Cast) -> None:
    told = {"first_name": "Nour", "email": "ambassador@example.org", "role": "ambassador"}
    told["place"] = f"hub:{cast.wazemmes.id}"

    page = cast.client("lead").post(NEW, told).content.decode()

    assert "déjà ce rôle" in page
    assert 'value="ambassador@example.org"' in page
    assert 'value="Nour"' in page
    assert not Message.objects.exists()


@pytest.mark.parametrize("place", ["moulins", "fives", "arnaud"])
def test_lead_is_offered_no_other_hub_even_by_a_forged_form(cast: Cast, place: str) -> None:
    told = {"first_name": "Nour", "email": "nour@example.org", "role": "mediator"}
    told["place"] = f"hub:{getattr(cast, place).id}"

    page = cast.client("lead").post(NEW, told)

    assert "Choisissez un lieu de la liste" in page.content.decode()
    assert not User.objects.filter(email="nour@example.org").exists()


def test_account_is_changed_then_closed(cast: Cast) -> None:
    lead, volunteer = cast.client("lead"), cast.memberships["volunteer"]
    edit = reverse("workspace:membership_edit", args=[volunteer.id])

    lead.post(edit, {"role": "ambassador", "place": f"hub:{cast.wazemmes.id}"})
    now = Membership.objects.active().get(user=volunteer.user)
    lead.post(reverse("workspace:membership_end", args=[now.id]))

    assert now.role == "ambassador"
    assert not Membership.objects.active().filter(user=volunteer.user).exists()


def test_ended_account_loses_its_open_page_at_once(cast: Cast) -> None:
    volunteer = cast.client("volunteer")
    assert volunteer.get(reverse("workspace:post")).status_code == 200

    cast.client("lead").post(reverse("workspace:membership_end", args=[cast.memberships["volunteer"].id]))

    assert volunteer.get(reverse("workspace:post")).status_code == 403


@pytest.mark.parametrize("who", ["sister", "other", "foreigner", "lead"])
def test_lead_closes_no_account_elsewhere_nor_her_own(cast: Cast, who: str) -> None:
    answer = cast.client("lead").post(reverse("workspace:membership_end", args=[cast.memberships[who].id]))

    assert answer.status_code == 404
    assert Membership.objects.active().filter(pk=cast.memberships[who].pk).exists()


def test_coordinator_opens_a_hub_in_a_new_structure_then_its_leads_account(cast: Cast) -> None:
    client = cast.client("coordinator")

    client.post(HUB, {"name": "Bois-Blancs", "organisation": "", "new_organisation": "Les Voisins"})
    hub = Hub.objects.get(name="Bois-Blancs")
    told = {"first_name": "Nour", "email": "nour@example.org", "role": "hub_lead", "place": f"hub:{hub.id}"}
    client.post(NEW, told)

    assert (hub.organisation.name, hub.organisation.keeps_cards) == ("Les Voisins", True)
    assert Membership.objects.get(user__email="nour@example.org").role == "hub_lead"


def test_hub_without_a_structure_is_asked_for_one(cast: Cast) -> None:
    page = cast.client("coordinator").post(HUB, {"name": "Bois-Blancs", "organisation": "", "new_organisation": " "})

    assert "nommez-en une nouvelle" in page.content.decode()
    assert not Hub.objects.filter(name="Bois-Blancs").exists()


def test_exceptional_access_opens_a_sister_hubs_cards_and_everyone_there_sees_it(cast: Cast) -> None:
    card = cast.card(cast.moulins)
    mediator, address = cast.client("mediator"), reverse("workspace:person", args=[card.pk])
    assert mediator.get(address).status_code == 404

    asked = {"hub": str(cast.moulins.id), "minutes": "60", "reason": "Sa médiatrice est absente aujourd’hui"}
    mediator.post(ASK, asked)

    assert mediator.get(address).status_code == 200
    assert card in cards_for(cast.viewer("mediator"))
    for who in ("lead", "sister", "ambassador", "volunteer"):
        assert "Sa médiatrice est absente" in cast.client(who).get(ASK).content.decode(), who
    for who in ("other", "member", "coordinator", "foreigner"):
        assert "Sa médiatrice est absente" not in cast.client(who).get(ASK).content.decode(), who


def test_exceptional_access_is_closed_by_its_hub_lead_and_by_the_clock(cast: Cast) -> None:
    card = cast.card(cast.moulins)
    mediator, address = cast.client("mediator"), reverse("workspace:person", args=[card.pk])
    asked = {"hub": str(cast.moulins.id), "minutes": "60", "reason": "Sa médiatrice est absente aujourd’hui"}
    start = clock.now()
    with clock.fixed(start):
        mediator.post(ASK, asked)
    with clock.fixed(start + timedelta(minutes=59)):
        assert mediator.get(address).status_code == 200
    with clock.fixed(start + timedelta(minutes=60)):
        mediator.cookies.clear()
        mediator.force_login(cast.memberships["mediator"].user)
        assert mediator.get(address).status_code == 404
        mediator.post(ASK, asked)
        access = ExceptionalAccess.objects.filter(ended_at=None).first()
        cast.client("lead").post(reverse("workspace:exceptional_end", args=[access.id]))
        assert mediator.get(address).status_code == 404


def test_exceptional_access_without_a_reason_keeps_what_was_typed(cast: Cast) -> None:
    page = cast.client("mediator").post(ASK, {"hub": str(cast.moulins.id), "minutes": "180", "reason": "urgent"})

    assert "Dites pourquoi en une phrase" in page.content.decode()
    assert "urgent</textarea>" in page.content.decode()
    assert not ExceptionalAccess.objects.exists()


def test_journal_tells_kinds_and_roles_never_a_name(cast: Cast) -> None:
    _happen(cast, 3)

    page = cast.client("auditor").get(JOURNAL).content.decode()

    assert page.count("Pôle ouvert</th>") == 3
    assert "référente de pôle" in page
    assert "Lead Cast" not in page


def test_journal_is_paged_sorted_and_asks_a_constant_number_of_queries(cast: Cast) -> None:
    client = cast.client("auditor")
    _happen(cast, 1)
    client.get(JOURNAL)
    few = _queries(client, JOURNAL)
    _happen(cast, 60)

    many = _queries(client, JOURNAL)
    shown = client.get(JOURNAL + "?kind=hub.created&page=2").context["rows"]

    assert few == many
    assert [row["event"].seq for row in shown] == list(range(11, 0, -1))


def test_journal_is_one_networks(cast: Cast) -> None:
    _happen(cast, 1)
    Event.objects.update(network_id=cast.toulouse.id)

    assert cast.client("auditor").get(JOURNAL).context["rows"] == []


def test_journal_verifies_on_request(cast: Cast, settings, tmp_path) -> None:
    settings.ANCHOR_FILE = tmp_path / "anchors.log"
    client = cast.client("auditor")
    _happen(cast, 4)
    anchors.append(clock.now())

    assert "Le journal est intact" in client.post(JOURNAL).content.decode()
    Event.objects.filter(seq=4).delete()

    page = client.post(JOURNAL).content.decode()
    assert "Le journal a été modifié" in page
    assert "la fin du journal a été coupée" in page


def test_journal_says_when_the_anchors_cannot_be_read(cast: Cast, settings, tmp_path) -> None:
    settings.ANCHOR_FILE = tmp_path / "anchors.log"
    settings.ANCHOR_FILE.write_text("torn\n")

    assert "n’est pas lisible" in cast.client("auditor").post(JOURNAL).content.decode()


def test_register_is_shown_and_printed(cast: Cast, capsys) -> None:
    page = cast.client("auditor").get(reverse("workspace:protection")).content.decode()
    call_command("data_protection")
    printed = capsys.readouterr().out

    for told in ("PersonCard", "IdentityRead", "Authenticator"):
        assert told in page
        assert f"### {told}" in printed
    assert printed.startswith("# Registre des traitements")


def test_impact_assessment_is_filled_from_the_installation(cast: Cast, capsys) -> None:
    cast.card()
    cast.lille.retention = {"card": 300}
    cast.lille.save()

    call_command("data_protection", "aipd", "--network", cast.lille.slug)
    printed = capsys.readouterr().out

    assert printed.startswith("# Analyse d’impact")
    assert f"| {cast.association.name} | 1 |" in printed
    assert "| fiche d’une personne, après le dernier contact | 300 jours |" in printed
    assert "| PersonCard | `sealed` | 3, identité ou santé |" in printed
    assert "| Échanges chiffrés (HTTPS, cookies réservés) | **manque** |" in printed
    assert "signature : **[à compléter]**" in printed
    assert "Toulouse" not in printed


def test_impact_assessment_says_who_lacks_a_second_factor(cast: Cast) -> None:
    def told() -> protection_documents.Measure:
        found = protection_documents.measures(cast.lille)
        return next(measure for measure in found if measure.name.startswith("Second facteur"))

    seeing = Membership.objects.filter(network=cast.lille, role__in=SEES_PEOPLE)
    for member in seeing:
        assert not told().in_force
        Authenticator.objects.create(user=member.user, type=Authenticator.Type.TOTP, data={})

    assert told() == protection_documents.Measure("Second facteur pour qui voit des personnes", True, "4 sur 4")


def test_agreement_names_who_keeps_cards_and_who_signed(cast: Cast, capsys) -> None:
    today = clock.today()
    signed = {"network": cast.lille, "organisation": cast.hospital, "commitment": Commitment.JOINT_DATA}
    ended = Partnership.objects.create(**signed, starts_on=today, ends_on=today - timedelta(days=1))

    call_command("data_protection", "convention", "--network", cast.lille.slug)
    before = capsys.readouterr().out
    Partnership.objects.filter(pk=ended.pk).update(ends_on=None)
    call_command("data_protection", "convention", "--network", cast.lille.slug)
    after = capsys.readouterr().out

    assert f"- **{cast.association.name}**" in before
    assert f"- **{cast.hospital.name}**" not in before
    assert f"Pour {cast.hospital.name}, nom, qualité, date et signature" in after
    assert cast.elsewhere.name not in after


def test_documents_of_an_unknown_network_are_refused(cast: Cast) -> None:
    with pytest.raises(CommandError, match="Aucun réseau"):
        call_command("data_protection", "aipd", "--network", "nulle-part")

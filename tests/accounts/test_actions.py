from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from allervers.accounts import actions, duties, keys
from allervers.accounts.enums import Role
from allervers.accounts.models import ExceptionalAccess, Hub, Membership, Network, Organisation, User
from allervers.accounts.rules import memberships_of, viewer_of
from allervers.core import clock
from allervers.journal.models import Event
from tests.cast import Cast


def _kinds() -> list[str]:
    return list(Event.objects.order_by("seq").values_list("kind", flat=True))


def test_network_starts_with_one_command(db, capsys):
    call_command("create_network", "Réseau de Roubaix", coordinator="Anne@Ville.example", city="Ville de Roubaix")

    membership = Membership.objects.get()
    assert (membership.user.email, membership.role) == ("anne@ville.example", Role.COORDINATOR)
    assert (membership.network.slug, membership.organisation.slug) == ("reseau-de-roubaix", "ville-de-roubaix")
    assert _kinds() == ["network.created", "organisation.created", "membership.opened"]


def test_network_is_not_created_twice_nor_with_a_wrong_address(db):
    call_command("create_network", "Réseau", coordinator="a@example.org")

    with pytest.raises(CommandError, match="existe déjà"):
        call_command("create_network", "Réseau", coordinator="a@example.org")
    with pytest.raises(CommandError, match="n’est pas une adresse"):
        call_command("create_network", "Autre", coordinator="personne")
    assert Network.objects.count() == 1


def test_hub_gives_its_organisation_a_key(cast: Cast):
    by = cast.viewer("coordinator")

    hub = actions.create_hub(cast.hospital, name="Saint-Sauveur", by=by)

    assert Organisation.objects.get(pk=cast.hospital.pk).keeps_cards
    assert keys.current(cast.hospital.id)[0] == 1
    assert (hub.slug, hub.network_id) == ("saint-sauveur", cast.lille.id)


def test_names_that_fold_alike_get_different_slugs(cast: Cast):
    by = cast.viewer("coordinator")
    slugs = [actions.create_hub(cast.association, name=name, by=by).slug for name in ("Été", "ete", "Été")]

    assert slugs == ["ete", "ete-2", "ete-3"]


def test_coordinator_opens_an_account_in_her_network(cast: Cast):
    membership = actions.open_membership(
        cast.hospital, email=" New@Example.org ", role=Role.MEMBER, by=cast.viewer("coordinator"), first_name="Nour"
    )

    assert (membership.user.email, membership.user.first_name) == ("new@example.org", "Nour")
    assert not membership.user.has_usable_password()
    assert _kinds() == ["membership.opened"]


def test_coordinator_opens_the_first_account_that_reads_names_and_no_other(cast: Cast):
    by = cast.viewer("coordinator")
    hub = actions.create_hub(cast.association, name="Bois-Blancs", by=by)

    actions.open_membership(cast.association, email="first@example.org", role=Role.HUB_LEAD, hub=hub, by=by)

    with pytest.raises(actions.Refused, match="a déjà son équipe"):
        actions.open_membership(cast.association, email="second@example.org", role=Role.MEDIATOR, hub=hub, by=by)
    with pytest.raises(actions.Refused, match="a déjà son équipe"):
        actions.open_membership(cast.association, email="second@example.org", role=Role.MEDIATOR, by=by)


def test_coordinator_cannot_empty_a_hub_to_enter_it(cast: Cast):
    by = cast.viewer("coordinator")
    for who in ("lead", "mediator"):
        actions.end_membership(cast.memberships[who], by=by)

    with pytest.raises(actions.Refused, match="a déjà son équipe"):
        actions.open_membership(cast.association, email="spy@example.org", role=Role.MEDIATOR, hub=cast.wazemmes, by=by)


def test_coordinator_does_not_give_herself_sight_of_names(cast: Cast):
    by = cast.viewer("coordinator")
    hub = actions.create_hub(cast.city, name="Mairie", by=by)

    with pytest.raises(actions.Refused, match="des états et des codes"):
        actions.open_membership(cast.city, email="Coordinator@example.org", role=Role.MEDIATOR, hub=hub, by=by)


@pytest.mark.parametrize("role", [Role.MEDIATOR, Role.AMBASSADOR, Role.VOLUNTEER])
def test_lead_opens_accounts_in_her_hub(cast: Cast, role: Role):
    membership = actions.open_membership(
        cast.association, email="new@example.org", role=role, hub=cast.wazemmes, by=cast.viewer("lead")
    )

    assert (membership.hub, membership.role) == (cast.wazemmes, role)


@pytest.mark.parametrize("role", [Role.HUB_LEAD, Role.COORDINATOR, Role.AUDITOR, Role.TECHNICAL, Role.MEMBER])
def test_lead_opens_no_role_above_hers(cast: Cast, role: Role):
    with pytest.raises(actions.Refused):
        actions.open_membership(
            cast.association, email="new@example.org", role=role, hub=cast.wazemmes, by=cast.viewer("lead")
        )


def test_lead_opens_nothing_elsewhere(cast: Cast):
    by = cast.viewer("lead")
    for organisation, hub in [
        (cast.association, cast.moulins),
        (cast.association, None),
        (cast.other_association, cast.fives),
        (cast.elsewhere, cast.arnaud),
    ]:
        with pytest.raises(actions.Refused):
            actions.open_membership(organisation, email="new@example.org", role=Role.MEDIATOR, hub=hub, by=by)
    assert not User.objects.filter(email="new@example.org").exists()


@pytest.mark.parametrize("who", ["mediator", "ambassador", "volunteer", "member", "auditor", "technical"])
def test_others_open_nothing(cast: Cast, who: str):
    with pytest.raises(actions.Refused):
        actions.open_membership(
            cast.association, email="new@example.org", role=Role.VOLUNTEER, hub=cast.wazemmes, by=cast.viewer(who)
        )


def test_hub_of_another_structure_is_refused(cast: Cast):
    with pytest.raises(actions.Refused, match="une autre structure"):
        actions.open_membership(
            cast.city, email="new@example.org", role=Role.MEMBER, hub=cast.fives, by=cast.viewer("coordinator")
        )


def test_same_role_twice_is_refused_and_a_second_role_is_not(cast: Cast):
    by = cast.viewer("coordinator")
    with pytest.raises(actions.Refused, match="déjà ce rôle"):
        actions.open_membership(cast.hospital, email="member@example.org", role=Role.MEMBER, by=by)

    actions.open_membership(cast.city, email="member@example.org", role=Role.MEMBER, by=by)

    assert len(memberships_of(cast.memberships["member"].user_id)) == 2


def test_ending_is_immediate_told_once_and_closes_exceptional_access(cast: Cast):
    mediator = cast.viewer("mediator")
    actions.grant_exceptional_access(
        hub=cast.moulins, reason="Urgence du soir, sa médiatrice est absente", minutes=60, by=mediator
    )

    actions.end_membership(cast.memberships["mediator"], by=cast.viewer("lead"))
    actions.end_membership(cast.memberships["mediator"], by=cast.viewer("lead"))

    assert memberships_of(mediator.user_id) == []
    assert ExceptionalAccess.objects.get().ended_at is not None
    assert _kinds() == ["exceptional_access.granted", "membership.ended"]


def test_moving_ends_one_membership_and_opens_another(cast: Cast):
    before = cast.memberships["volunteer"]

    after = actions.move_membership(before, role=Role.AMBASSADOR, hub=cast.wazemmes, by=cast.viewer("lead"))

    assert [row.id for row in memberships_of(before.user_id)] == [after.id]
    assert _kinds() == ["membership.ended", "membership.opened"]


def test_moving_that_is_refused_ends_nothing(cast: Cast):
    with pytest.raises(actions.Refused):
        actions.move_membership(
            cast.memberships["volunteer"], role=Role.HUB_LEAD, hub=cast.wazemmes, by=cast.viewer("lead")
        )

    assert [row.role for row in memberships_of(cast.memberships["volunteer"].user_id)] == [Role.VOLUNTEER]
    assert _kinds() == []


def test_moving_nowhere_changes_nothing(cast: Cast):
    same = cast.memberships["volunteer"]

    assert actions.move_membership(same, role=Role.VOLUNTEER, hub=cast.wazemmes, by=cast.viewer("lead")) == same
    assert _kinds() == []


def _ask(cast: Cast, who: str, hub: Hub, *, minutes: int = 60, reason: str = "Elle est venue ici ce matin"):
    return actions.grant_exceptional_access(hub=hub, reason=reason, minutes=minutes, by=cast.viewer(who))


def test_exceptional_access_opens_a_sister_hub_then_closes_by_the_clock(cast: Cast):
    start = clock.now()
    with clock.fixed(start):
        _ask(cast, "mediator", cast.moulins, minutes=180)
        assert cast.moulins.id in cast.viewer("mediator").hub_ids
        assert cast.moulins.id not in cast.viewer("lead").hub_ids
    with clock.fixed(start + timedelta(minutes=180)):
        assert cast.moulins.id not in cast.viewer("mediator").hub_ids


def test_exceptional_access_is_ended_early(cast: Cast):
    access = _ask(cast, "mediator", cast.moulins)

    actions.end_exceptional_access(access, by=cast.viewer("lead"))
    actions.end_exceptional_access(access, by=cast.viewer("lead"))

    assert cast.moulins.id not in cast.viewer("mediator").hub_ids
    assert _kinds() == ["exceptional_access.granted", "exceptional_access.ended"]


@pytest.mark.parametrize(
    ("who", "hub"),
    [
        ("mediator", "fives"),
        ("mediator", "arnaud"),
        ("mediator", "wazemmes"),
        ("coordinator", "wazemmes"),
        ("ambassador", "moulins"),
        ("volunteer", "moulins"),
        ("auditor", "moulins"),
        ("technical", "moulins"),
    ],
)
def test_exceptional_access_stays_inside_one_structure_and_with_those_who_read_names(cast: Cast, who: str, hub: str):
    with pytest.raises(actions.Refused):
        _ask(cast, who, getattr(cast, hub))


@pytest.mark.parametrize(("minutes", "reason"), [(181, "Une vraie raison"), (0, "Une vraie raison"), (60, "urgent")])
def test_exceptional_access_is_short_and_has_a_reason(cast: Cast, minutes: int, reason: str):
    with pytest.raises(actions.Refused):
        _ask(cast, "mediator", cast.moulins, minutes=minutes, reason=reason)


def test_reason_never_enters_the_journal(cast: Cast):
    _ask(cast, "mediator", cast.moulins, reason="Motif lisible par tous")

    assert "Motif" not in Event.objects.get().text


def test_account_is_opened_from_the_server_when_a_whole_team_left(cast: Cast, capsys):
    call_command(
        "open_account", "new@example.org", "--role", "hub_lead", "--network", "lille",
        "--organisation", cast.association.slug, "--hub", "wazemmes", "--first-name", "Nour",
    )  # fmt: skip

    viewer = viewer_of(memberships_of(User.objects.get(email="new@example.org").id)[0])
    assert (viewer.role, viewer.hub_name) == (Role.HUB_LEAD, "Wazemmes")
    with pytest.raises(CommandError, match="Aucun pôle"):
        call_command(
            "open_account", "a@example.org", "--role", "mediator", "--network", "lille",
            "--organisation", cast.association.slug, "--hub", "nulle-part",
        )  # fmt: skip


def test_who_left_a_year_ago_loses_name_and_address_but_not_her_place_in_the_journal(cast: Cast):
    actions.end_membership(cast.memberships["volunteer"], by=None)
    user = cast.memberships["volunteer"].user

    duties.clean_up(clock.after(days=364))
    user.refresh_from_db()
    assert user.first_name == "Volunteer"

    User.objects.update(created_at=clock.now() - timedelta(days=500))
    duties.clean_up(clock.after(days=366))
    user.refresh_from_db()
    assert (user.first_name, user.is_active) == ("", False)
    assert Membership.objects.filter(pk=cast.memberships["volunteer"].pk).exists()
    assert User.objects.filter(is_active=True).count() == 10


@pytest.mark.parametrize(
    ("said", "days"),
    [({"x": 10}, 10), ({"x": "10"}, 10), ({"x": 999}, 30), ({"x": "999"}, 30), ({}, 30), (None, 30), ([], 30)],
)
def test_a_network_may_keep_for_a_shorter_time_only(said: object, days: int):
    assert Network(retention=said).days_kept("x", 30) == days


@pytest.mark.parametrize("nothing", [None, "", "0", "-1", "1.5", "²", "9" * 5000, 0, -1, True, [], 9.5])
def test_what_is_no_number_of_days_shortens_nothing_and_breaks_nothing(nothing: object):
    assert Network(retention={"x": nothing}).days_kept("x", 30) == 30


def test_network_may_shorten_a_retention_never_lengthen_it(cast: Cast):
    _ask(cast, "mediator", cast.moulins)
    cast.lille.retention = {"exceptional_access": 4000}
    cast.lille.save()
    duties.clean_up(clock.after(days=364))
    assert ExceptionalAccess.objects.count() == 1
    cast.lille.retention = {"exceptional_access": 30}
    cast.lille.save()

    duties.clean_up(clock.after(days=31))

    assert not ExceptionalAccess.objects.exists()

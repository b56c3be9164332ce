import pytest

from allervers.accounts.models import Hub
from allervers.programmes import actions, rules
from allervers.programmes.models import Action, Session
from tests.cast import Cast


@pytest.fixture
def three(cast: Cast, campaign: Action) -> list[Session]:
    """A session at Wazemmes, one at Moulins, one at Fives; one person at each."""
    by = cast.viewer("coordinator")
    hubs: list[Hub] = [cast.wazemmes, cast.moulins, cast.fives]
    found = [actions.plan_session(campaign, hub=hub, starts_at=campaign.made_at, by=by) for hub in hubs]
    for session in found:
        actions.add_walk_in(session, by=by)
    return found


REACH = {
    "coordinator": {"wazemmes", "moulins", "fives"},
    "lead": {"wazemmes"},
    "mediator": {"wazemmes"},
    "sister": {"moulins"},
    "other": {"fives"},
    "foreigner": set(),
    "ambassador": set(),
    "volunteer": set(),
    "member": set(),
    "auditor": set(),
    "technical": set(),
}


@pytest.mark.parametrize(("who", "hubs"), REACH.items())
def test_sessions_and_lines_reach_ones_own_hub(cast: Cast, three: list[Session], who: str, hubs: set[str]) -> None:
    viewer = cast.viewer(who)

    assert {session.hub.slug for session in rules.sessions_for(viewer).select_related("hub") if session.hub} == hubs
    assert {
        line.session.hub.slug
        for line in rules.attendances_for(viewer).select_related("session__hub")
        if line.session.hub
    } == hubs


def test_whoever_has_no_hub_reaches_her_organisation(cast: Cast, three: list[Session]) -> None:
    cast.memberships["lead"].hub = None

    assert rules.sessions_for(cast.viewer("lead")).count() == 2


def test_auditor_counts_lines_and_opens_none(cast: Cast, three: list[Session]) -> None:
    auditor = cast.viewer("auditor")

    assert rules.counted_for(auditor).count() == 3
    assert rules.counted_sessions_for(auditor).count() == 3
    assert rules.attendances_for(auditor).count() == 0


def test_campaigns_are_the_networks_for_who_reads_figures(cast: Cast, campaign: Action) -> None:
    readers = {who for who in REACH if rules.actions_for(cast.viewer(who)).exists()}

    assert readers == {"coordinator", "lead", "mediator", "sister", "other", "auditor"}


def test_campaign_is_changed_by_its_organisation_and_the_coordination(cast: Cast, campaign: Action) -> None:
    assert {who for who in REACH if rules.may_edit(cast.viewer(who), campaign)} == {
        "coordinator",
        "lead",
        "mediator",
        "sister",
    }


def test_sessions_are_planned_at_ones_own_hubs(cast: Cast) -> None:
    planned = {who: set(rules.hubs_for(cast.viewer(who)).values_list("slug", flat=True)) for who in REACH}

    assert planned["mediator"] == {"wazemmes"}
    assert planned["coordinator"] == {"wazemmes", "moulins", "fives"}
    assert planned["auditor"] == planned["ambassador"] == set()

"""The access table says who may call what; this walk calls everything and compares."""

import inspect

import pytest

from allervers.accounts import rules
from allervers.accounts.enums import Role
from allervers.accounts.models import Membership
from allervers.web import access
from tests.access_objects import FACTORIES
from tests.access_walk import DEMO_ONLY, Address, addresses, walk
from tests.cast import Cast

HOW = """
{missing}
Add to tests/access_objects.py, in your noun's section, a factory for each:

    @builds("{name}")
    def _a_name_that_says_it(position: Position) -> dict[str, Any]:
        row = ...  # built in position.hub / position.organisation, in a state where the call would succeed
        return {{{arguments}}}
"""


def test_every_address_with_arguments_can_be_built() -> None:
    missing = [address for address in addresses() if address.arguments and address.name not in FACTORIES]

    assert not missing, HOW.format(
        missing="\n".join(f"  {address.name} ({', '.join(sorted(address.arguments))})" for address in missing),
        name=missing[0].name,
        arguments=", ".join(f'"{argument}": row.…' for argument in sorted(missing[0].arguments)),
    )


def test_no_factory_outlives_its_address() -> None:
    assert set(FACTORIES) - {address.name for address in addresses() if address.arguments} == set()


def test_every_address_has_its_lines() -> None:
    missing = [address.name for address in addresses() if not address.methods()]

    assert missing == [], f"add a line for each to allervers/web/access.py, under its noun's section: {missing}"


def test_no_line_without_an_address() -> None:
    lines = {name for name, _method in access.ACCESS}

    assert lines - {address.name for address in addresses()} == set()


def test_lines_have_the_methods_that_the_view_takes() -> None:
    """A view that names its methods (`require_POST`, `require_http_methods`) has those in the table, no other."""
    wrong = [
        f"{address.name}: the view takes {sorted(taken)}, the table has {address.methods()}"
        for address in addresses()
        if (taken := _methods_of(address)) is not None and taken != set(address.methods())
    ]

    assert wrong == []


def test_what_anyone_may_call_each_role_may_call() -> None:
    """The table is enforced in that order: a refusal beside an open door would not hold."""
    closed = [key for key, line in access.ACCESS.items() if line.anyone() and not all(line.cells.values())]

    assert closed == []


@pytest.mark.slow
def test_each_call_answers_as_the_table_says(cast: Cast) -> None:
    calls = walk(cast, FACTORIES)
    wrong = [str(call) for call in calls if call.allowed != call.expected]

    assert len(calls) > 300
    assert wrong == [], "\n" + "\n".join(wrong)


def test_what_answers_in_a_demonstration_only_answers_there(cast: Cast, settings) -> None:
    settings.DEMO = True
    calls = walk(cast, FACTORIES, DEMO_ONLY)

    assert calls
    assert [str(call) for call in calls if call.allowed != call.expected] == []


# --- planted faults: what the walk is for ----------------------------------------------------------------------------


def _wrong(cast: Cast, address: str) -> set[tuple[str, str]]:
    return {(call.who, call.letter) for call in walk(cast, FACTORIES, {address}) if call.allowed != call.expected}


def test_planted_dropped_filter_is_caught(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a network: on PostgreSQL the second lock stops what would cross to another, whatever the filter."""
    planted = Membership.objects.filter
    monkeypatch.setattr(rules, "managed_for", lambda viewer: planted(network_id=viewer.network_id))

    assert _wrong(cast, "workspace:membership_end") == {("lead", "o"), ("lead", "n")}


def test_planted_filter_by_organisation_only_is_caught(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sister hub is the position that a hurried filter forgets."""
    theirs = rules.team_for
    monkeypatch.setattr(rules, "managed_for", theirs)

    assert ("lead", "o") in _wrong(cast, "workspace:membership_edit")


def test_planted_role_let_in_is_caught(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    allows = access.Line.allows
    monkeypatch.setattr(access.Line, "allows", lambda line, role: role == Role.VOLUNTEER or allows(line, role))

    assert _wrong(cast, "workspace:team") == {("volunteer", "")}


def test_planted_role_shut_out_is_caught(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    allows = access.Line.allows
    monkeypatch.setattr(access.Line, "allows", lambda line, role: role != Role.AUDITOR and allows(line, role))

    assert _wrong(cast, "workspace:team") == {("auditor", "")}


def test_planted_missing_sign_in_is_caught(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access.Line, "anyone", lambda _line: True)

    assert {("volunteer", ""), ("member", "")} <= _wrong(cast, "workspace:protection")


def test_planted_forgotten_line_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        access, "ACCESS", {key: line for key, line in access.ACCESS.items() if key[0] != "workspace:team"}
    )

    with pytest.raises(AssertionError, match="workspace:team"):
        test_every_address_has_its_lines()


def test_planted_forgotten_factory_says_what_to_add(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(FACTORIES, "workspace:membership_end")

    with pytest.raises(AssertionError, match="workspace:membership_end"):
        test_every_address_with_arguments_can_be_built()


def _methods_of(address: Address) -> set[str] | None:
    """What `require_http_methods` was given, found in the closures of a decorated view."""
    view = address.callback
    while view is not None:
        found = inspect.getclosurevars(view).nonlocals if inspect.isfunction(view) else {}
        if "request_method_list" in found:
            return set(found["request_method_list"]) - {"HEAD"}
        view = getattr(view, "__wrapped__", None)
    return None

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import Client

from allervers.accounts import rowlock
from allervers.accounts.models import Network
from allervers.journal.actions import action, record
from allervers.journal.models import Event
from allervers.outbox import worker
from allervers.outbox.actions import mail
from allervers.outbox.models import Message
from allervers.people.models import CardToken, PersonCard
from allervers.referrals import actions as referrals
from allervers.referrals import links
from allervers.referrals.models import Referral
from allervers.web.partner import answers
from allervers.web.public import say
from tests.cast import Cast
from tests.referrals.scene import sent

ROLE = "allervers_web_of_tests"


@pytest.fixture
def secured(cast: Cast) -> Iterator[Cast]:
    """One card in Lille, one in Toulouse; from here on the connection is the web's, under its own role."""
    for hub in (cast.wazemmes, cast.arnaud):
        card = cast.card(hub)
        CardToken.objects.create(organisation_id=card.organisation_id, card=card, kind="phone", token=str(card.id)[:32])
    _note(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with pending checks cannot be altered
        cursor.execute(f"CREATE ROLE {ROLE}")  # the test's transaction takes it back
        call_command("secure_database", role=ROLE)
        call_command("secure_database", role=ROLE)
        cursor.execute(f"SET ROLE {ROLE}")
    yield cast
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@action
def _note(cast: Cast) -> None:
    record("hub.renamed", cast.wazemmes, by=None)


@pytest.mark.postgres
def test_a_forgotten_filter_shows_one_network_only(secured: Cast) -> None:
    rowlock.enter(secured.lille.id)
    assert {card.network_id for card in PersonCard.objects.all()} == {secured.lille.id}
    assert {token.organisation_id for token in CardToken.objects.all()} == {secured.association.id}

    rowlock.enter(secured.toulouse.id)
    assert {card.network_id for card in PersonCard.objects.all()} == {secured.toulouse.id}
    assert {token.organisation_id for token in CardToken.objects.all()} == {secured.elsewhere.id}


@pytest.mark.postgres
def test_outside_a_request_nothing_is_seen(secured: Cast) -> None:
    rowlock.enter(None)

    assert PersonCard.objects.count() == 0
    assert CardToken.objects.count() == 0


@pytest.mark.postgres
def test_a_row_cannot_be_written_into_another_network(secured: Cast) -> None:
    rowlock.enter(secured.lille.id)
    card = PersonCard.objects.get()

    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        PersonCard.objects.filter(pk=card.pk).update(network=secured.toulouse)


@pytest.mark.postgres
def test_the_worker_reaches_every_network(secured: Cast) -> None:
    rowlock.enter(secured.lille.id)

    with rowlock.everything():
        assert PersonCard.objects.count() == 2
    assert PersonCard.objects.count() == 1
    rowlock.begin(connection)
    assert PersonCard.objects.count() == 2


@pytest.mark.postgres
@pytest.mark.parametrize("write", ["UPDATE journal_event SET kind = 'x'", "DELETE FROM journal_event"])
def test_the_web_role_cannot_rewrite_the_journal(secured: Cast, write: str) -> None:
    rowlock.enter(secured.lille.id)
    assert Event.objects.exists()

    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(write)


@pytest.mark.postgres
def test_a_page_that_forgets_its_filter_is_held_to_the_viewers_network(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A planted fault: the health page reads every card. It runs under the web's role, as all pages of all tests."""
    for hub in (cast.wazemmes, cast.arnaud):
        cast.card(hub)
    seen: list[set[UUID]] = []
    monkeypatch.setattr(worker, "beat", lambda: seen.append({card.network_id for card in PersonCard.objects.all()}))

    cast.client("technical").get("/sante/")
    cast.client("foreigner").get("/sante/")
    Client().get("/sante/")

    assert seen == [{cast.lille.id}, {cast.toulouse.id}, set()]


@pytest.mark.postgres
def test_a_link_without_an_account_reaches_its_network_only(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted fault again, on the pages that carry no viewer: the partner's and the person's."""
    referral = sent(cast)
    made = referrals.make_list(cast.hospital, [referral], by=cast.viewer("mediator"))
    said = referrals.open_say_link(referral, by=None).rpartition("/d/")[2]
    cast.card(cast.arnaud)
    for network in (cast.lille, cast.toulouse):
        mail(to="a@example.org", subject="s", text="t", purpose="code", network=network.id)
        _note_in(network)
    seen: list[set[UUID]] = []
    for page in (answers, say):
        monkeypatch.setattr(page, "render", _watched(page.render, seen))

    pages = [f"/r/{links.token_of(made)}/", f"/d/{said}"]
    answered = [Client().get(page).status_code for page in pages]

    assert answered == [200, 200]
    assert seen == [{cast.lille.id}] * 8
    seen.clear()
    assert [Client().get(page).status_code for page in ("/r/unknown/", "/d/unknown/")] == [404, 404]
    assert seen
    assert set().union(*seen) == set()


def _watched(render: Callable[..., HttpResponse], seen: list[set[UUID]]) -> Callable[..., HttpResponse]:
    def watched(*arguments: Any, **named: Any) -> HttpResponse:
        for model in (PersonCard, Referral, Event, Message):
            seen.append({row.network_id for row in model._default_manager.all()})
        return render(*arguments, **named)

    return watched


@action
def _note_in(network: Network) -> None:
    record("network.created", network, by=None, network=network.id)


@pytest.mark.postgres
def test_a_role_above_locks_is_refused(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} BYPASSRLS")

    with pytest.raises(CommandError, match="passe outre"):
        call_command("secure_database", role=ROLE)


def test_every_model_of_a_protected_app_leads_to_a_network() -> None:
    conditions = rowlock.policies()

    known = {"people_personcard", "people_cardtoken", "needs_need", "referrals_answer", "programmes_attendance"}
    assert known | {"journal_event", "journal_chainhead", "outbox_message"} <= set(conditions)
    assert "network_id IS NULL" in conditions["outbox_message"]
    assert "IS NULL" not in conditions["journal_event"]


def test_sqlite_has_no_second_lock(cast: Cast) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("says what SQLite answers")

    with pytest.raises(CommandError, match="n’est pas PostgreSQL"):
        call_command("secure_database", role=ROLE)

"""What figures keep of the months before: the same as counted anew, after whatever is written, however it is written."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection, connections, transaction
from django.db.models import Model

from allervers.core import clock
from allervers.impact import groups, kept, watch
from allervers.impact.figures import figures
from allervers.impact.groups import Period, people_in
from allervers.impact.roll import GROUPS
from allervers.impact.rules import Scope
from allervers.needs.models import Contact, Encounter, Need
from allervers.referrals.models import Referral
from tests.cast import Cast
from tests.impact.test_figures_by_hand import END, START, Year, count_by_hand

TODAY = datetime(2026, 5, 15, 12, tzinfo=UTC)  # May is read at each look, January to April are kept
MARCH = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def year(transactional_db: None, leaks: list[str]) -> Iterator[Year]:
    kept._kept.clear()
    with clock.fixed(TODAY):
        made = Year(Cast.make(), random.Random(7))
        made.write()
        yield made
    kept._kept.clear()


def _scope(year: Year, *, whole_network: bool) -> Scope:
    return Scope(year.cast.lille.id, None if whole_network else year.cast.wazemmes.id, "", "Europe/Paris")


def _check(scope: Scope) -> None:
    made, (people, by_hand) = figures(scope, Period(START, END)), count_by_hand(scope)
    told = {name: (c.identified, c.coded, c.anonymous, c.low, c.high) for name, c in made.groups.items()}
    assert (told, made.visits) == (by_hand["groups"], by_hand["visits"])
    assert {group: set(people_in(group, scope, Period(START, END))) for group in GROUPS} == people


def _parts_read(monkeypatch: pytest.MonkeyPatch) -> list[Period]:
    read: list[Period] = []
    met = groups._met
    monkeypatch.setattr(groups, "_met", lambda scope, part: (read.append(part), met(scope, part))[1])
    return read


# --- whatever is written ---------------------------------------------------------------------------------------------


MODELS = [Encounter, Contact, Need, Referral]
COLUMNS = {watched.table: [name.removesuffix("_id") for name in watched.columns.split()] for watched in watch._WATCHED}


def _change(year: Year, row: Any, name: str) -> None:
    """Another value in this column, by the model or by a set of rows."""
    chance = year.chance
    others = [value for value in _values(year, name) if value != getattr(row, name)]
    if chance.random() < 0.5:
        setattr(row, name, chance.choice(others))
        row.save()
    else:
        type(row).objects.filter(pk=row.pk).update(**{name: chance.choice(others)})


def _values(year: Year, name: str) -> list[Any]:
    if name in {"at", "sent_at"}:
        return [year._at() for _ in range(3)]
    values: dict[str, list[Any]] = {
        "head_count": [1, 4, 7],
        "network": [year.cast.lille, year.cast.toulouse],
        "hub": [year.cast.wazemmes, year.cast.moulins],
        "card": [None, *year.cards],
        "need": list(Need.objects.all()),
        "encounter": [None, *Encounter.objects.all()],
        "result": ["reached", "no_answer"],
        "cancelled_at": [None, TODAY],
    }
    return values.get(name, [True, False])


def _erase(row: Any) -> None:
    if isinstance(row, Contact):
        with connection.cursor() as cursor:  # as someone at the database's own prompt
            cursor.execute(
                "DELETE FROM needs_contact WHERE id = %s", [row.pk.hex if connection.vendor == "sqlite" else row.pk]
            )
    else:
        type(row).objects.filter(pk=row.pk).delete()


@pytest.mark.slow
@pytest.mark.parametrize("whole_network", [False, True])
def test_each_column_of_each_row_changed_gives_what_a_count_by_hand_gives(year: Year, whole_network: bool) -> None:
    scope = _scope(year, whole_network=whole_network)
    changes = [(row, name) for model in MODELS for row in model.objects.all() for name in COLUMNS[model._meta.db_table]]
    if not whole_network:  # no row stands in a hub of another network than its own
        changes = [(row, name) for row, name in changes if name != "network"]
    year.chance.shuffle(changes)
    _check(scope)
    for row, name in changes:
        row.refresh_from_db()
        _change(year, row, name)
        _check(scope)


def test_each_row_written_or_erased_gives_what_a_count_by_hand_gives(year: Year) -> None:
    scope = _scope(year, whole_network=True)
    needs, encounters = list(Need.objects.all()), list(Encounter.objects.all())
    for need in needs[:6]:
        for write in (year._encounter, lambda: year._contact(need, encounters), lambda: year._referral(need)):  # noqa: B023
            write()
            _check(scope)
    for row in [*Contact.objects.all(), *Referral.objects.all(), *Encounter.objects.all()]:
        _erase(row)
        _check(scope)


def test_the_second_look_reads_this_month_only(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    read = _parts_read(monkeypatch)
    may = datetime(2026, 4, 30, 22, tzinfo=UTC)
    past, since = Period(START, may), Period(may, END)

    _check(_scope(year, whole_network=True))
    assert read[:2] == [past, since] and set(read[2:]) == {since}
    read.clear()
    Encounter.objects.filter(at__gte=may, contacts=None).update(head_count=3)
    Encounter.objects.filter(at__lt=may).update(by=None)  # nothing that is counted
    _check(_scope(year, whole_network=True))
    assert set(read) == {since}


@pytest.mark.parametrize(
    "change",
    [
        lambda: Encounter.objects.filter(at__lt=TODAY).update(informed=True),
        lambda: Contact.objects.all().delete(),
        lambda: Encounter.objects.filter(at__lt=TODAY).update(card=None),
    ],
)
def test_a_change_of_the_past_is_read_again(
    year: Year, monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]
) -> None:
    scope = _scope(year, whole_network=True)
    figures(scope, Period(START, END))
    read = _parts_read(monkeypatch)

    figures(scope, Period(START, END))
    assert [part.start for part in read] != [START]
    read.clear()
    change()
    figures(scope, Period(START, END))

    assert read[0].start == START


def test_undoing_an_encounter_takes_its_contacts_of_other_months_too(year: Year) -> None:
    scope, card = _scope(year, whole_network=True), year.cast.card()
    where = {"network": year.cast.lille, "organisation": card.organisation, "hub": card.hub, "card": card}
    met = Encounter.objects.create(**where, stratum="identified", at=TODAY)
    need = Need.objects.create(**where, category="eyes", opened_at=MARCH)
    Contact.objects.create(need=need, at=MARCH, encounter=met)
    _check(scope)

    Encounter.objects.filter(pk=met.pk).update(cancelled_at=TODAY)

    _check(scope)
    assert card.pk not in people_in("active", scope, Period(START, END))


# --- when nothing may be kept ----------------------------------------------------------------------------------------


def test_nothing_is_kept_inside_a_transaction(year: Year) -> None:
    scope = _scope(year, whole_network=True)
    with transaction.atomic():
        Encounter.objects.update(informed=True)
        figures(scope, Period(START, END))
        transaction.set_rollback(True)

    _check(scope)


def test_nothing_is_kept_where_a_trigger_is_missing(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    of = "" if connection.vendor == "sqlite" else " ON needs_contact"
    name = "impact_noted_needs_contact_update" if connection.vendor == "sqlite" else "impact_noted_needs_contact_change"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{of}")
    try:
        assert not watch.is_installed()
        read = _parts_read(monkeypatch)
        for _ in range(2):
            figures(_scope(year, whole_network=True), Period(START, END))
        assert read == [Period(START, END)] * 2
    finally:
        watch.install()
    assert watch.is_installed()


def test_gathering_the_notes_changes_no_sum(year: Year) -> None:
    before = watch.times(year.cast.lille.id, TODAY)
    watch.gather()

    with connection.cursor() as cursor:
        cursor.execute("SELECT network, day, count(*) FROM impact_noted GROUP BY network, day")
        assert {rows for _network, _day, rows in cursor.fetchall()} == {1}
    assert watch.times(year.cast.lille.id, TODAY) == before > 0
    year._encounter()
    Encounter.objects.filter(at__lt=TODAY).update(informed=True)
    assert watch.times(year.cast.lille.id, TODAY) > before


def test_only_so_many_are_kept(year: Year) -> None:
    scope = _scope(year, whole_network=False)
    for days in range(20):
        figures(scope, Period(START - timedelta(days=days), END))

    assert len(kept._kept) == kept._MOST


@pytest.mark.parametrize("model", MODELS)
def test_a_migration_meets_no_trigger(year: Year, model: type[Model]) -> None:
    scope = _scope(year, whole_network=True)
    figures(scope, Period(START, END))

    emit_pre_migrate_signal(0, False, "default")
    assert not watch.is_installed()
    with connection.schema_editor() as editor:
        if connection.vendor == "sqlite":
            editor._remake_table(model)
        else:  # a column that a trigger names changes its type
            column = (
                "encounter_id TYPE uuid"
                if model is Need
                else f"{'sent_at' if model is Referral else 'at'} TYPE timestamptz"
            )
            editor.execute(f"ALTER TABLE {model._meta.db_table} ALTER COLUMN {column}")
    Encounter.objects.filter(at__lt=TODAY).update(informed=True)
    emit_post_migrate_signal(0, False, "default")

    assert watch.is_installed()
    _check(scope)


@pytest.mark.postgres
def test_what_is_written_while_figures_are_read_is_read_next(year: Year) -> None:
    scope = _scope(year, whole_network=True)
    heard: list[int] = []

    def look() -> None:
        heard.append(figures(scope, Period(START, END)).visits)
        connections.close_all()

    with transaction.atomic():
        Encounter.objects.filter(at__lt=MARCH, cancelled_at=None).update(cancelled_at=TODAY)
        reader = Thread(target=look)
        reader.start()
        reader.join()

    assert figures(scope, Period(START, END)).visits < heard[0]
    _check(scope)

"""Other people's ids in query strings and in forms: nothing of theirs is shown, pointed to or changed."""

import importlib
import inspect
from pathlib import Path

import pytest
from django import forms

from allervers.needs.models import Need
from allervers.people.models import PersonCard
from allervers.web import access
from allervers.web.workspace import encounter_form, encounters
from tests.access_objects import FACTORIES
from tests.access_walk import DEMO_ONLY, QUERIES, addresses, positions, settled
from tests.cast import Cast
from tests.id_walk import KINDS, NOT_ROWS, Elsewhere, build_all, names_of_forms, tries

pytestmark = pytest.mark.pages

WEB = Path(access.__file__).parent


def _walk(cast: Cast, who: str, only: str = "") -> tuple[int, list[str]]:
    home = positions(cast)[0]
    built = build_all(FACTORIES, home)
    elsewhere = Elsewhere(positions(cast)[2:4], FACTORIES, cast.association)
    elsewhere.remember()
    client, role = settled(cast, who), cast.memberships[who].role
    tried, harm = 0, []
    for address in addresses():
        line = access.ACCESS.get((address.name, "GET"))
        if address.arguments and address.name not in built:
            continue
        wanted = address.name == only if only else address.name.startswith("workspace:")
        if not wanted or address.name in DEMO_ONLY or line is None or not line.allows(role):
            continue
        for told, done in tries(client, address, built.get(address.name, {}), QUERIES.get(address.name, ""), elsewhere):
            tried += 1
            harm += [f"{told}: {what}" for what in done]
    return tried, harm


@pytest.mark.slow
@pytest.mark.parametrize("who", ["mediator", "lead"])
def test_ids_of_elsewhere_show_and_change_nothing(cast: Cast, who: str) -> None:
    tried, harm = _walk(cast, who)

    assert harm == []
    print(f"{tried} tries")
    assert tried > 100


def test_planted_page_that_shows_any_card_is_caught(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, leaks: list[str]
) -> None:
    monkeypatch.setattr(encounters, "cards_for", lambda _viewer: PersonCard.objects.all())

    _tried, harm = _walk(cast, "mediator", "workspace:encounter_new")
    leaks.clear()

    assert any("shows a code" in told for told in harm)


def test_planted_form_that_takes_any_card_is_caught(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, leaks: list[str]
) -> None:
    monkeypatch.setattr(encounter_form, "cards_for", lambda _viewer: PersonCard.objects.all())

    _tried, harm = _walk(cast, "mediator", "workspace:encounter_new")
    leaks.clear()

    assert any(told.startswith("POST") and "shows a code" in told for told in harm), harm


def test_planted_row_that_points_elsewhere_is_seen(cast: Cast) -> None:
    elsewhere = Elsewhere([], {}, cast.association)
    cards = [cast.card(hub) for hub in (cast.fives, cast.arnaud)]
    elsewhere.remember()
    assert elsewhere.harm() == []

    wall = {"network": cast.lille, "organisation": cast.association, "hub": cast.wazemmes, "category": "eyes"}
    Need.objects.create(**wall, card=cards[0])
    assert elsewhere.harm() == ["needs.Need.card points to another organisation"]
    Need.objects.create(**wall, card=cards[1])
    PersonCard.objects.filter(pk=cards[0].pk).update(sex="woman")

    assert elsewhere.harm() == [
        "needs.Need.card points to another network",
        "needs.Need.card points to another organisation",
        "people.PersonCard changed elsewhere",
    ]


def test_the_encounter_form_refuses_cards_of_elsewhere(cast: Cast) -> None:
    tried, harm = _walk(cast, "mediator", "workspace:encounter_new")

    assert harm == []
    assert tried > 4


def test_every_name_that_takes_an_id_is_known_to_the_walk() -> None:
    classes = [
        value
        for path in sorted(WEB.rglob("*.py"))
        if "migrations" not in path.parts
        for _name, value in inspect.getmembers(_module(path), inspect.isclass)
        if issubclass(value, forms.Form)
    ]

    assert names_of_forms(classes) - set(KINDS) - NOT_ROWS == set()


def _module(path: Path) -> object:
    parts = path.relative_to(WEB.parent.parent).with_suffix("").parts
    return importlib.import_module(".".join(parts).removesuffix(".__init__"))

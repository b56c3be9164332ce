"""Opening, naming and correcting cards."""

import uuid
from datetime import datetime, timedelta

import pytest

from allervers.core import clock, ids
from allervers.directory.enums import TerritoryKind
from allervers.directory.models import Territory
from allervers.journal.models import Event
from allervers.people import actions, vault
from allervers.people.enums import AgeBand
from allervers.people.models import PersonCard
from tests.cast import Cast

IDENTITY = {"first_name": "Awa", "last_name": "Diop", "birth": "1961", "phones": [{"number": "06 12 34 56 78"}]}


def test_card_is_sealed_coded_and_journalled_without_a_name(cast: Cast) -> None:
    card = actions.open_card(by=cast.viewer("mediator"), identity=IDENTITY, speaks=["bm", "xx"], reads=["none"])

    card = PersonCard.objects.get(pk=card.pk)
    assert vault.identity(card)["phones"][0]["number"] == "+33612345678"
    assert (card.organisation, card.hub, card.is_named) == (cast.association, cast.wazemmes, True)
    assert (card.speaks, card.reads, card.age_band) == (["bm"], ["none"], AgeBand.SENIOR)
    event = Event.objects.get()
    assert event.kind == "card.opened"
    assert "Awa" not in event.text and card.code not in event.text


def test_correcting_a_card_keeps_a_neighbourhood_that_the_hub_no_longer_covers(cast: Cast) -> None:
    left = Territory.objects.create(kind=TerritoryKind.NEIGHBOURHOOD, code="left", name="Quartier quitté")
    card, client = cast.card(territory=left), cast.client("mediator")
    url = f"/personnes/{card.pk}/corriger/"

    page = client.get(url)
    typed = {"first_name": "Awa", "territory": str(page.context["form"]["territory"].value())}
    assert client.post(url, typed).status_code == 302

    assert "Quartier quitté" in page.content.decode()
    card.refresh_from_db()
    assert card.territory == left


@pytest.mark.parametrize(
    "identity", [{"nickname": "Tonton"}, {"first_name": "Awa"}, {"last_name": "Diop", "birth": "1961"}]
)
def test_card_needs_one_name_only(cast: Cast, identity: dict[str, str]) -> None:
    assert actions.open_card(by=cast.viewer("mediator"), identity=identity).is_named


def test_card_without_any_name_is_refused_with_what_to_do(cast: Cast) -> None:
    with pytest.raises(actions.CardRefused, match="prénom ou un surnom"):
        actions.open_card(by=cast.viewer("mediator"), identity={"birth": "1961"})

    assert not PersonCard.objects.exists()


def test_refused_phone_names_its_field_and_opens_nothing(cast: Cast) -> None:
    with pytest.raises(actions.CardRefused, match="bonne longueur") as refused:
        actions.open_card(by=cast.viewer("mediator"), identity={"first_name": "Awa", "phones": [{"number": "06 12"}]})

    assert refused.value.field_name == "phones"
    assert not PersonCard.objects.exists()


def test_code_drawn_twice_is_drawn_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["Roseau 27", "Roseau 27", "Iris 40"])
    monkeypatch.setattr(ids, "new_person_code", lambda: next(drawn))

    codes = [actions.open_code(by=cast.viewer("mediator")).code for _ in range(2)]

    assert codes == ["Roseau 27", "Iris 40"]


def test_crowded_codes_get_longer_numbers(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "new_person_code", lambda: "Roseau 27")

    first, second = (actions.open_code(by=cast.viewer("mediator")).code for _ in range(2))

    assert first == "Roseau 27"
    assert second.startswith("Roseau 27") and len(second) > len(first)


def test_same_operation_opens_one_card(cast: Cast) -> None:
    operation = uuid.uuid4()

    one, other = (
        actions.open_card(by=cast.viewer("mediator"), identity=IDENTITY, operation=operation) for _ in range(2)
    )

    assert one == other
    assert Event.objects.count() == 1


def test_coded_person_is_named_later_under_the_same_code(cast: Cast) -> None:
    card = actions.open_code(by=cast.viewer("mediator"))
    code = card.code

    actions.name_card(card, identity=IDENTITY, by=cast.viewer("mediator"))

    card.refresh_from_db()
    assert (card.code, card.is_named, vault.identity(card)["first_name"]) == (code, True, "Awa")
    assert card.tokens.filter(kind="phone").count() == 1


def test_update_replaces_identity_and_tokens_only_when_given(cast: Cast) -> None:
    card = actions.open_card(by=cast.viewer("mediator"), identity=IDENTITY, speaks=["bm"])
    before = set(card.tokens.values_list("token", flat=True))

    actions.update_card(card, by=cast.viewer("lead"), interpreter="needed")
    assert set(card.tokens.values_list("token", flat=True)) == before
    actions.update_card(card, by=cast.viewer("lead"), identity={"first_name": "Fanta"})

    card.refresh_from_db()
    assert (vault.identity(card), card.interpreter, card.speaks) == ({"first_name": "Fanta"}, "needed", ["bm"])
    assert not before & set(card.tokens.values_list("token", flat=True))


def test_minority_follows_from_birth_or_band(cast: Cast) -> None:
    viewer = cast.viewer("mediator")
    year = clock.today().year

    assert actions.open_card(by=viewer, identity={"nickname": "Lili", "birth": str(year - 10)}).is_minor
    assert actions.open_code(by=viewer, age_band=AgeBand.MINOR).is_minor
    assert not actions.open_card(by=viewer, identity={"nickname": "Lili", "birth": str(year - 30)}).is_minor


@pytest.mark.parametrize("who", ["sister", "other", "foreigner", "coordinator", "ambassador", "volunteer", "auditor"])
def test_update_by_whoever_may_not_open_is_refused(cast: Cast, who: str) -> None:
    card = cast.card()

    with pytest.raises(actions.OutOfReach):
        actions.update_card(card, by=cast.viewer(who), sex="woman")


@pytest.mark.parametrize("who", ["coordinator", "ambassador", "technical"])
def test_opening_by_whoever_sees_no_one_is_refused(cast: Cast, who: str) -> None:
    with pytest.raises(actions.OutOfReach):
        actions.open_code(by=cast.viewer(who))


def test_hub_of_another_team_is_refused(cast: Cast) -> None:
    with pytest.raises(actions.OutOfReach):
        actions.open_code(by=cast.viewer("mediator"), hub_id=cast.moulins.id)


def test_touch_only_moves_forward(cast: Cast) -> None:
    card = cast.card()
    before: datetime = card.last_contact_at

    actions.touch(card, before - timedelta(days=3))
    card.refresh_from_db()
    assert card.last_contact_at == before
    actions.touch(card, before + timedelta(days=3))
    card.refresh_from_db()
    assert card.last_contact_at == before + timedelta(days=3)

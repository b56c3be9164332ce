"""Rotating keys under load, interrupted, and destroying the old ones."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from allervers.accounts import keys
from allervers.accounts.models import OrganisationKey
from allervers.journal.models import Event
from allervers.people import actions, queries, vault
from allervers.people.models import PersonCard
from tests.cast import Cast


def _versions(cast: Cast) -> set[int]:
    return set(PersonCard.objects.filter(organisation=cast.association).values_list("key_version", flat=True))


def test_rotation_rewraps_keys_and_leaves_what_they_seal(cast: Cast) -> None:
    cards = [cast.card() for _ in range(5)]
    sealed = {card.id: bytes(card.sealed) for card in cards}
    other = cast.card(cast.fives)

    assert sum(actions.rotate_keys(cast.association, batch=2)) == 5

    assert _versions(cast) == {2}
    for card in PersonCard.objects.filter(organisation=cast.association):
        assert bytes(card.sealed) == sealed[card.id]
        assert vault.identity(card)["birth_year"] == 1961
    other.refresh_from_db()
    assert other.key_version == 1


def test_interrupted_rotation_is_taken_up_where_it_stopped(cast: Cast) -> None:
    for _ in range(5):
        cast.card()
    cut = actions.rotate_keys(cast.association, batch=2)
    next(cut)
    cut.close()
    assert _versions(cast) == {1, 2}
    assert all(vault.identity(card) for card in PersonCard.objects.all())

    assert sum(actions.rotate_keys(cast.association, batch=2)) == 3

    assert _versions(cast) == {2}
    assert OrganisationKey.objects.filter(organisation=cast.association).count() == 3  # root, 1, 2


def test_cards_opened_corrected_and_erased_during_a_rotation_stay_right(cast: Cast) -> None:
    viewer = cast.viewer("mediator")
    cards = [actions.open_card(by=viewer, identity={"first_name": "Awa"}) for _ in range(4)]
    rotation = actions.rotate_keys(cast.association, batch=1)
    next(rotation)

    stale = cards[0]  # loaded before its key was rewrapped
    actions.update_card(stale, by=viewer, identity={"first_name": "Fanta"})
    opened = actions.open_card(by=viewer, identity={"first_name": "Lina"})
    actions.erase_card(cards[3], by=viewer)
    list(rotation)

    assert vault.identity(PersonCard.objects.get(pk=stale.pk)) == {"first_name": "Fanta"}
    assert vault.identity(PersonCard.objects.get(pk=opened.pk)) == {"first_name": "Lina"}
    assert not PersonCard.objects.get(pk=cards[3].pk).wrapped_key
    assert PersonCard.objects.filter(erased_at=None).exclude(key_version=2).count() == 0


def test_destroying_old_keys_keeps_search_texts_and_identities(cast: Cast) -> None:
    viewer = cast.viewer("mediator")
    card = actions.open_card(by=viewer, identity={"first_name": "Awa", "phones": [{"number": "0612345678"}]})
    loose = vault.seal_text("mot", place="needs.obstacle", row=card.id, organisation_id=cast.association.id)
    list(actions.rotate_keys(cast.association))

    assert actions.destroy_old_keys(cast.association) == 0  # too soon: a request may still hold it
    assert actions.destroy_old_keys(cast.association, grace=timedelta()) == 1

    card.refresh_from_db()
    assert vault.identity(card)["first_name"] == "Awa"
    assert [match.card for match in queries.find(viewer, "06 12 34 56 78")] == [card]
    assert vault.open_text(loose, place="needs.obstacle", row=card.id, organisation_id=cast.association.id) == "mot"
    with pytest.raises(keys.NoKey):
        keys.of_version(cast.association.id, 1)
    assert {"organisation_key.made", "organisation_key.destroyed"} <= set(Event.objects.values_list("kind", flat=True))


def test_old_keys_still_in_use_are_not_destroyed(cast: Cast) -> None:
    for _ in range(2):
        cast.card()
    next(actions.rotate_keys(cast.association, batch=1))

    assert actions.destroy_old_keys(cast.association, grace=timedelta()) == 0


def test_command_rotates_one_organisation_or_all(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    cast.card()
    cast.card(cast.fives)

    call_command("rotate_keys", "--organisation", cast.association.slug)
    assert _versions(cast) == {2}
    call_command("rotate_keys", "--destroy-old")

    assert _versions(cast) == {3}
    assert set(PersonCard.objects.values_list("key_version", flat=True)) == {2, 3}
    assert cast.association.name in capsys.readouterr().out

"""What the card's form makes of safe hours: a choice, hours typed as people say them, or words for the team only."""

import pytest

from allervers.core import clock
from allervers.people import actions, vault
from allervers.people import identity as identities
from allervers.people.identity import TEAM_ONLY
from allervers.web.workspace.persons_form import CardForm, initial_of
from tests.cast import Cast


def _form(cast: Cast, **phone: str) -> CardForm:
    typed = {f"phone_0_{key}": value for key, value in phone.items()}
    return CardForm(cast.viewer("mediator"), {"phone_count": "1", "phone_0_number": "0612345678", **typed})


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ({}, ""),
        ({"hours": "Mo-Su 09:00-12:00"}, "Mo-Su 09:00-12:00"),
        ({"hours": "", "hours_typed": "lundi au jeudi 9h-11h30"}, "Mo-Th 09:00-11:30"),
        ({"hours": TEAM_ONLY, "hours_note": "pas quand il est là", "sms": "on"}, TEAM_ONLY),
        ({"hours_note": "demander Fanta"}, ""),
    ],
)
def test_hours_chosen_or_typed_are_read_by_a_machine(cast: Cast, typed: dict[str, str], hours: str) -> None:
    form = _form(cast, **typed)

    assert form.is_valid(), form.errors
    assert form.identity().phones[0].hours == hours


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"hours_typed": "quand il dort"}, "phone_0_hours_typed"),
        ({"hours_note": "pas quand il est là", "sms": "on"}, "phone_0_hours"),
        ({"hours": "demain"}, "phone_0_hours"),
        ({"hours": "typed"}, "phone_0_hours_typed"),
    ],
)
def test_what_a_machine_would_get_wrong_is_refused_beside_its_field(
    cast: Cast, typed: dict[str, str], field: str
) -> None:
    assert list(_form(cast, **typed).errors) == [field]


@pytest.mark.parametrize("hours", ["", "Mo-Su 18:00-21:00", "Tu 10:00-11:00", "pas le vendredi"])
def test_the_form_shows_the_hours_again_as_they_were_kept(cast: Cast, hours: str) -> None:
    phones = [{"number": "0612345678", "hours": hours}]
    card = actions.open_card(by=cast.viewer("mediator"), identity={"nickname": "A", "phones": phones})
    kept = identities.parse(vault.identity(card), today=clock.today())
    shown = initial_of(card, kept)

    again = CardForm(cast.viewer("mediator"), {key: str(value) for key, value in shown.items() if value})

    assert again.is_valid(), again.errors
    assert again.identity().phones[0].hours == kept.phones[0].hours
    assert again.identity().phones[0].hours_note == kept.phones[0].hours_note

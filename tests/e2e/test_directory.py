"""The directory in a browser: results come while typing, a file goes through its four looks; nothing hinders anyone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from allervers.directory.models import Place
from tests.cast import Cast
from tests.directory.scenes import street

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _without_second_factor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "DEMO", True)
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)


def test_results_come_while_typing_and_open_a_partner(
    cast: Cast, open_page: Callable[..., Page], sign_in: Callable[..., None], axe: Callable[[Page], object]
) -> None:
    street(cast)
    page = open_page("/composants/", width=360)
    sign_in(page, cast.memberships["mediator"].user)
    page.goto(page.url.replace("/composants/", "/annuaire/"))

    page.get_by_label("Ce que vous cherchez").press_sequentially("dantiste")

    expect(page.get_by_role("heading", name="2 lieux pour « dentiste »")).to_be_visible()
    assert "q=dantiste" in page.url
    axe(page)
    page.get_by_role("link", name="Centre dentaire").first.click()
    expect(page.get_by_role("heading", level=1, name=cast.hospital.name)).to_be_visible()
    axe(page)


def test_a_file_goes_through_its_four_looks(
    cast: Cast,
    open_page: Callable[..., Page],
    sign_in: Callable[..., None],
    axe: Callable[[Page], object],
    tmp_path: Path,
) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text("Structure;Ville;Spécialité\nCabinet Bleu;Lille;dentiste\n;Lille;\n", encoding="utf-8")
    page = open_page("/composants/")
    sign_in(page, cast.memberships["lead"].user)
    page.goto(page.url.replace("/composants/", "/annuaire/imports/"))
    axe(page)

    page.get_by_label("Votre fichier").set_input_files(file)
    page.get_by_role("button", name="Lire ce fichier").click()
    axe(page)
    page.get_by_role("button", name="Voir ce qui changerait").click()
    expect(page.get_by_text("Ligne 3 :")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Enregistrer").click()

    expect(page.get_by_role("heading", level=1, name="3 fiches ajoutées")).to_be_visible()
    assert Place.objects.get().name == "Cabinet Bleu"

import io
from datetime import timedelta

import openpyxl
import pytest

from allervers.core import clock
from allervers.needs.models import Encounter, Need
from tests.cast import Cast


@pytest.fixture
def met(cast: Cast) -> Cast:
    """One person informed at Wazemmes, with a need."""
    card = cast.card(sex="woman")
    where = {"network": cast.lille, "organisation": cast.association, "hub": cast.wazemmes}
    at = clock.now() - timedelta(minutes=1)
    Encounter.objects.create(card=card, stratum="identified", informed=True, at=at, **where)
    Need.objects.create(card=card, category="eyes", opened_at=at, **where)
    return cast


def test_figures_of_a_hub_print_the_active_file_first(met: Cast) -> None:
    page = met.client("mediator").get("/chiffres/").content.decode()

    assert page.index("File active") < page.index("Passages") < page.index("Informées")
    assert "Personnes différentes : entre 1 et 1" in page


def test_figures_rows_lead_to_the_person_for_whoever_may_open_her(met: Cast) -> None:
    address = "/chiffres/lignes/?figure=informed"

    assert "Roseau 11" in met.client("mediator").get(address).content.decode()
    assert "Roseau 11" in met.client("coordinator").get(address).content.decode()
    assert "Roseau 11" not in met.client("sister").get(address).content.decode()
    assert met.client("auditor").get(address).status_code == 404


def test_figures_of_another_hub_are_refused(met: Cast) -> None:
    address = f"/chiffres/?scope={met.wazemmes.id}"

    assert met.client("sister").get(address).status_code == 404
    assert met.client("foreigner").get(address).status_code == 404
    assert met.client("volunteer").get("/chiffres/").status_code == 404


def test_network_figures_hide_small_cells_from_a_hubs_team(met: Cast) -> None:
    page = met.client("mediator").get("/chiffres/?scope=").content.decode()

    assert "masqué" in page
    assert "/chiffres/lignes/" not in page


@pytest.mark.parametrize("query", ["end=9999-12-31", "start=0001-01-01&end=2026-04-01"])
def test_figures_of_an_impossible_year_are_not_counted(met: Cast, query: str) -> None:
    client = met.client("mediator")

    assert "Choisissez des jours entre 1990 et 2200." in client.get(f"/chiffres/?{query}").content.decode()
    assert client.get(f"/chiffres/lignes/?figure=informed&{query}").status_code == 200
    assert client.get(f"/chiffres/tableur.csv?{query}").status_code == 200


def test_figures_keep_what_was_typed_when_dates_are_reversed(met: Cast) -> None:
    page = met.client("mediator").get("/chiffres/?start=2026-05-01&end=2026-04-01").content.decode()

    assert "La fin vient avant le début" in page
    assert 'value="2026-05-01"' in page


def test_figures_spreadsheets_say_the_same(met: Cast) -> None:
    client = met.client("mediator")
    csv = client.get("/chiffres/tableur.csv").content.decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(client.get("/chiffres/tableur.xlsx").content), read_only=True)
    rows = [["" if cell is None else str(cell) for cell in row] for row in book.active.iter_rows(values_only=True)]
    book.close()

    assert [line.split(";") for line in csv.split("\r\n") if line] == rows
    assert ["File active", "personnes", "", "1", "1", "1", "", ""] in rows

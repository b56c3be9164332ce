"""The directory's pages: what is shown, what is kept when refused, who may."""

import time
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from allervers.core import clock
from allervers.directory import actions, duties, territories
from allervers.directory.enums import Commitment, TerritoryKind
from allervers.directory.exchange import uploads
from allervers.directory.models import Closure, Partnership, Place, Service, Upload
from tests.cast import Cast
from tests.directory.scenes import place, service, street

CSV = "Structure;Ville;Spécialité;Truc\nCabinet Bleu;Lille;dentiste;x\n;Lille;;y\n".encode()


@pytest.fixture(autouse=True)
def _files_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def _page(cast: Cast, url: str, who: str = "mediator", **data: Any) -> str:
    response = cast.client(who).get(url, data)
    assert response.status_code == 200
    return response.content.decode()


def test_search_page_shows_results_with_their_four_traits(cast: Cast) -> None:
    made = street(cast)

    page = _page(cast, "/annuaire/", q="dantiste", near="50.62,3.05", language="arabe")

    assert "Centre dentaire" in page and "Cabinet dentaire" not in page
    assert "arabe, français" in page and "Horaires non connus" in page and "vérifié aujourd’hui" in page
    assert f"service={made['dental'].pk}" in page


def test_search_page_says_how_it_read_and_offers_the_exact_word(cast: Cast) -> None:
    service(cast, "Atelier Montesquieu")

    page = _page(cast, "/annuaire/", q="montesqueiu")
    exact = _page(cast, "/annuaire/", q="montesqueiu", exact="on")

    assert "1 lieu pour « montesquieu »" in page and "Vous avez écrit « montesqueiu »." in page
    assert "Aucun lieu ne correspond à cette recherche." in exact


def test_search_page_knows_neighbourhoods_and_keeps_what_it_refuses(cast: Cast) -> None:
    street(cast)
    ring = [[3.0, 50.6], [3.1, 50.6], [3.1, 50.65], [3.0, 50.65], [3.0, 50.6]]
    row = territories.Territory(kind=TerritoryKind.COMMUNE, code="59350")
    assert territories._fill(row, "Lille", {"type": "Polygon", "coordinates": [ring]}) == ""
    row.save()

    near = _page(cast, "/annuaire/", q="dentiste", near="lille")
    unknown = _page(cast, "/annuaire/", q="dentiste", near="Atlantide", language="elfique")

    assert "Lille, " in near
    assert "ni une commune ni un quartier connu" in unknown and 'value="Atlantide"' in unknown
    assert "pas dans la liste" in unknown and 'value="elfique"' in unknown


def test_search_fragment_is_the_results_alone(cast: Cast) -> None:
    street(cast)

    response = cast.client("mediator").get("/annuaire/", {"q": "dentiste"}, headers={"HX-Request": "true"})

    assert response.content.decode().strip().startswith('<section id="results"')


def test_search_page_reads_a_constant_number_of_times(cast: Cast) -> None:
    where = place(cast)
    service(cast, "Dentiste un", where)
    client = cast.client("mediator")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get("/annuaire/", {"q": "dentiste"}).status_code == 200
        return len(seen)

    queries()
    one = queries()
    service(cast, "Dentiste deux", where)
    service(cast, "Dentiste trois", place(cast, "Autre", organisation=cast.association))

    assert queries() == one


def test_a_partners_page_tells_all_and_escapes(cast: Cast) -> None:
    where = place(cast, "<script>alert(1)</script>", commune="Lille", access="Sonner")
    made = service(cast, "Consultation", where, languages=["ar"], without_coverage=True)
    actions.close_for_a_while(
        where, by=cast.viewer("lead"), starts_on=clock.today(), ends_on=clock.today(), reason="Congés"
    )

    page = _page(cast, f"/annuaire/structures/{cast.hospital.pk}/")

    for told in ("Consultation", "arabe", "Reçoit sans couverture santé", "Congés", "Sonner", f"s-{made.pk}"):
        assert told in page
    assert "<script>alert(1)" not in page


def test_partners_are_sought_by_words_of_any_length(cast: Cast) -> None:
    assert cast.client("mediator").get("/annuaire/partenaires/", {"q": "x" * 60_000}).status_code == 200


def test_a_partners_page_of_another_network_is_not_found(cast: Cast) -> None:
    assert cast.client("foreigner").get(f"/annuaire/structures/{cast.hospital.pk}/").status_code == 404
    signed_out = cast.client("mediator")
    signed_out.logout()
    assert signed_out.get("/annuaire/").status_code == 302


def test_a_member_edits_her_structure_only(cast: Cast) -> None:
    own = service(cast, "Consultation", place(cast))
    other = service(cast, "Permanence", place(cast, organisation=cast.association))
    client = cast.client("member")

    assert client.post(f"/annuaire/offres/{own.pk}/verifie/").status_code == 302
    assert client.get(f"/annuaire/offres/{own.pk}/corriger/").status_code == 200
    assert client.post(f"/annuaire/offres/{other.pk}/verifie/").status_code == 404
    assert client.get(f"/annuaire/structures/{cast.association.pk}/corriger/").status_code == 404
    assert "Corriger" in _page(cast, f"/annuaire/structures/{cast.hospital.pk}/", "member")
    assert "Corriger" not in _page(cast, f"/annuaire/structures/{cast.association.pk}/", "member")


def test_forms_make_a_structure_a_place_and_an_offer(cast: Cast) -> None:
    client = cast.client("lead")

    made = client.post("/annuaire/structures/nouvelle/", {"name": "Croix du Nord", "kind": "association"})
    organisation = made["Location"].rstrip("/").rsplit("/", 1)[1]
    client.post(f"/annuaire/structures/{organisation}/lieu/", {"name": "", "commune": "Lille", "point": "50,62 ; 3,05"})
    where = Place.objects.get(organisation_id=organisation)
    client.post(
        f"/annuaire/lieux/{where.pk}/offre/",
        {"name": "Colis", "themes": ["food"], "languages": "arabe, LSF", "cost": "free", "without_coverage": "yes",
         "opening_hours": "lundi 9h-12h"},
    )  # fmt: skip

    offer = Service.objects.get(place=where)
    assert (where.name, where.latitude) == ("Croix du Nord", 50.62)
    assert (offer.languages, offer.without_coverage, offer.opening_hours) == (["ar", "fsl"], True, "Mo 09:00-12:00")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("opening_hours", "quand on peut", "Ces horaires ne se lisent pas"),
        ("languages", "arabe, klingon", "Langue inconnue du registre : klingon"),
        ("name", "", "obligatoire"),
        ("delay_days", "-3", "supérieure ou égale"),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_typed(cast: Cast, field: str, typed: str, said: str) -> None:
    made = service(cast, "Consultation")
    data = {"name": "Autre nom", "cost": "free", "conditions": "mot gardé"} | {field: typed}

    response = cast.client("lead").post(f"/annuaire/offres/{made.pk}/corriger/", data)

    page = response.content.decode()
    assert response.status_code == 200 and said in page and "mot gardé" in page and typed in page
    made.refresh_from_db()
    assert made.name == "Consultation"


def test_closures_and_conventions_have_their_pages(cast: Cast) -> None:
    where, client, today = place(cast), cast.client("lead"), clock.today()
    days = {"starts_on": str(today), "ends_on": str(today - timedelta(days=1))}
    refused = client.post(f"/annuaire/lieux/{where.pk}/fermeture/", days)
    client.post(f"/annuaire/lieux/{where.pk}/fermeture/", days | {"ends_on": str(today)})
    closure = Closure.objects.get()
    client.post(f"/annuaire/fermetures/{closure.pk}/retirer/")
    url = f"/annuaire/structures/{cast.hospital.pk}/convention/"
    ends = today + timedelta(days=30)
    client.post(url, {"commitment": "funding", "starts_on": str(today), "ends_on": str(ends)})
    signed = Partnership.objects.get()

    listed = _page(cast, "/annuaire/partenaires/")
    client.post(f"/annuaire/conventions/{signed.pk}/", {"commitment": "projects", "starts_on": str(today)})

    signed.refresh_from_db()
    assert "finit avant de commencer" in refused.content.decode()
    assert not Closure.objects.exists()
    assert "1 convention finit dans les trois mois" in listed
    assert (signed.commitment, signed.ends_on) == (Commitment.PROJECTS, None)


def test_what_is_stale_is_checked_in_one_tap(cast: Cast) -> None:
    made = service(cast, "Consultation")
    Service.objects.update(checked_on=clock.today() - timedelta(days=300))
    before = _page(cast, "/annuaire/a-verifier/")

    cast.client("mediator").post(f"/annuaire/offres/{made.pk}/verifie/", {"from": "check"})

    assert "1 fiche que personne n’a vérifiée" in before and "vérifié il y a 10 mois" in before
    assert "Toutes les fiches sont à jour" in _page(cast, "/annuaire/a-verifier/")


def test_closing_takes_an_offer_a_place_and_a_structure_out(cast: Cast) -> None:
    made, client = service(cast, "Consultation"), cast.client("lead")

    assert client.get(f"/annuaire/offres/{made.pk}/retirer/").status_code == 405
    client.post(f"/annuaire/offres/{made.pk}/retirer/")
    assert "Consultation" not in _page(cast, "/annuaire/", q="consultation")
    client.post(f"/annuaire/lieux/{made.place_id}/retirer/")
    assert client.get(f"/annuaire/lieux/{made.place_id}/corriger/").status_code == 404
    client.post(f"/annuaire/structures/{cast.hospital.pk}/retirer/")
    assert client.get(f"/annuaire/structures/{cast.hospital.pk}/").status_code == 404
    kept = client.post(f"/annuaire/structures/{cast.association.pk}/retirer/", follow=True)
    assert "accueille un pôle" in kept.content.decode()


# --- imports ---------------------------------------------------------------------------------------------------------


def _upload(cast: Cast, content: bytes = CSV, name: str = "contacts.csv") -> Any:
    file = SimpleUploadedFile(name, content)
    return cast.client("lead").post("/annuaire/imports/", {"file": file}, follow=True)


def test_a_file_goes_through_columns_dry_run_and_recording(cast: Cast) -> None:
    mapping = _upload(cast)
    upload, client = Upload.objects.get(), cast.client("lead")
    url = f"/annuaire/imports/{upload.pk}/"
    tried = client.post(url, {"c0": "organisation", "c1": "commune", "c2": "themes", "c3": ""}, follow=True)
    nothing_yet = Place.objects.count()

    done = client.post(f"{url}enregistrer/", follow=True)
    client.post(f"{url}enregistrer/")

    assert "Que disent ces colonnes" in mapping.content.decode() and "Cabinet Bleu" in mapping.content.decode()
    assert "3 fiches de plus" in tried.content.decode() and "Ligne 3 :" in tried.content.decode()
    assert nothing_yet == 0 and Place.objects.count() == 1
    assert "3 fiches ajoutées" in done.content.decode()
    assert not uploads.path_of(upload).exists()
    again = _upload(cast)
    assert 'value="themes" selected' in again.content.decode()


def _workbook(*lines: list[object], broken: bool = False) -> bytes:
    """An XLSX of one sheet; broken after its last line."""
    book, packed = openpyxl.Workbook(), BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(packed)
    if not broken:
        return packed.getvalue()
    cut = BytesIO()
    with zipfile.ZipFile(packed) as whole, zipfile.ZipFile(cut, "w") as part:
        for name in whole.namelist():
            text = whole.read(name)
            part.writestr(name, text.replace(b"</sheetData>", b"<row r=") if "sheet1" in name else text)
    return cut.getvalue()


def test_a_workbook_is_taken_as_a_text_file_is(cast: Cast) -> None:
    page = _upload(cast, _workbook(["Structure", "Ville"], ["Cabinet Bleu", "Lille"]), "contacts.xlsx").content.decode()
    url = f"/annuaire/imports/{Upload.objects.get().pk}/"
    cast.client("lead").post(url, {"c0": "organisation", "c1": "commune"})
    cast.client("lead").post(f"{url}enregistrer/")

    assert "Que disent ces colonnes" in page and "Cabinet Bleu" in page
    assert Place.objects.get().commune == "Lille"


def test_a_workbook_broken_far_below_is_said_and_writes_nothing(cast: Cast) -> None:
    lines = [[f"Cabinet {number}", "Lille"] for number in range(300)]
    _upload(cast, _workbook(["Structure", "Ville"], *lines, broken=True), "contacts.xlsx")
    url = f"/annuaire/imports/{Upload.objects.get().pk}/"

    page = cast.client("lead").post(url, {"c0": "organisation", "c1": "commune"}, follow=True).content.decode()

    assert "Ce classeur ne s’ouvre pas" in page
    assert not Place.objects.exists()


def test_a_sheet_formatted_to_its_edges_is_read_at_once(cast: Cast) -> None:
    book, packed = openpyxl.Workbook(), BytesIO()
    book.active["A1"], book.active["B1"], book.active["XFD1"] = "Structure", "Ville", "bord"
    book.active["A150000"] = "Cabinet Bleu"
    book.save(packed)

    begun = time.monotonic()
    page = _upload(cast, packed.getvalue(), "contacts.xlsx").content.decode()

    assert "Cabinet Bleu" in page
    assert time.monotonic() - begun < 10


def test_a_likely_duplicate_is_asked_and_completed(cast: Cast) -> None:
    known = place(cast, "Le cabinet bleu", commune="Lille")
    _upload(cast, "Structure;Ville;Tél\nCabinet bleu le;Lille;0320\n".encode())
    upload, client = Upload.objects.get(), cast.client("lead")
    url = f"/annuaire/imports/{upload.pk}/"
    tried = client.post(url, {"c0": "organisation", "c1": "commune", "c2": "phone"}, follow=True).content.decode()

    client.post(f"{url}enregistrer/", {"same-2": "yes"})

    known.refresh_from_db()
    assert "1 ligne ressemble à un lieu connu" in tried
    assert Place.objects.count() == 1 and known.phone == "0320"


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"c1": "commune"}, "quelle colonne nomme la structure"),
        ({"c0": "organisation", "c1": "organisation"}, "Deux colonnes disent la même chose"),
    ],
)
def test_columns_that_do_not_do_are_said(cast: Cast, chosen: dict[str, str], said: str) -> None:
    _upload(cast)

    page = cast.client("lead").post(f"/annuaire/imports/{Upload.objects.get().pk}/", chosen).content.decode()

    assert said in page


@pytest.mark.parametrize(
    ("content", "said"), [(b"%PDF-1.7 x", "PDF"), (b"[1", "illisible"), (b"", "vide"), (b"[" * 100_000, "se contredit")]
)
def test_a_file_that_cannot_be_read_is_said(cast: Cast, content: bytes, said: str) -> None:
    page = _upload(cast, content).content.decode()

    assert said in page or "n’a pas pu être lu" in page
    assert not Place.objects.exists()


def test_a_large_file_waits_for_the_worker(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE", 10)
    _upload(cast, b'[{"id": "x--1", "nom": "Centre", "source": "x", "date_maj": "2025-01-01"}]', "a.json")
    waiting = Upload.objects.get()
    page = _page(cast, f"/annuaire/imports/{waiting.pk}/", "lead")

    assert waiting.state == "to_check" and 'http-equiv="refresh"' in page
    assert duties.tick(clock.now()) == {"files": 1} and duties.tick(clock.now()) == {"files": 0}
    cast.client("lead").post(f"/annuaire/imports/{waiting.pk}/enregistrer/")
    duties.tick(clock.now())
    assert Place.objects.get().source_id == "x--1"


def test_old_uploads_and_closures_are_forgotten(cast: Cast) -> None:
    _upload(cast)
    upload = Upload.objects.get()
    where = place(cast)
    day = clock.today() - timedelta(days=400)
    Closure.objects.create(place=where, starts_on=day, ends_on=day)

    assert duties.clean_up(clock.now()) == {"uploads": 0, "closures": 1}
    assert duties.clean_up(clock.now() + timedelta(days=8)) == {"uploads": 1, "closures": 0}
    assert not uploads.path_of(upload).exists()


def test_another_network_never_sees_an_upload(cast: Cast) -> None:
    _upload(cast)

    assert cast.client("foreigner").get(f"/annuaire/imports/{Upload.objects.get().pk}/").status_code == 404
    assert "contacts.csv" not in _page(cast, "/annuaire/imports/", "foreigner")


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_the_directory_is_taken_out(cast: Cast, kind: str) -> None:
    service(cast, "Consultation")

    response = cast.client("coordinator").get(f"/annuaire/annuaire.{kind}")

    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert response.status_code == 200 and len(content) > 100
    assert cast.client("coordinator").get("/annuaire/annuaire.exe").status_code == 404


# --- JSON ------------------------------------------------------------------------------------------------------------


def test_search_answers_in_json(cast: Cast) -> None:
    street(cast)

    rows = cast.client("mediator").get("/api/annuaire/", {"q": "dantiste", "near": "50.62,3.05"}).json()

    assert [row["name"] for row in rows] == ["Centre dentaire", "Cabinet dentaire Montesquieu"]
    assert rows[0]["distance_km"] < 1


@pytest.mark.parametrize(
    "wrong", [{"near": "ici"}, {"lang": "xx"}, {"theme": "x"}, {"limit": "-1"}, {"limit": "9" * 5000}]
)
def test_json_says_what_it_cannot_read(cast: Cast, wrong: dict[str, str]) -> None:
    response = cast.client("mediator").get("/api/annuaire/", {"q": "dentiste"} | wrong)

    assert response.status_code == 400 and next(iter(wrong)) in response.json()["error"]


def test_what_does_not_exist_is_not_found(cast: Cast) -> None:
    client = cast.client("lead")
    for url in ("offres/%s/corriger/", "lieux/%s/offre/", "conventions/%s/", "imports/%s/", "structures/%s/"):
        assert client.get("/annuaire/" + url % uuid4()).status_code == 404

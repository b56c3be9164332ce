from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from allervers.directory import search
from allervers.directory.exchange import columns, contacts, importing, tables
from allervers.directory.exchange.report import NeedsMapping, Report
from allervers.directory.models import ColumnMapping, Place, Service
from tests.cast import Cast
from tests.directory.scenes import place

LINES = [
    ["Nom de la structure", "Adresse", "CP", "Ville", "Tél.", "Courriel", "Horaires", "Spécialité", "Langues parlées", "Réf."],
    ["Cabinet Étoile", "3 rue Bleue", "59000", "Lille", "03 20 00 00 00", "a@etoile.example", "lundi au vendredi 9h-12h",
     "Dentiste", "arabe, français, klingon", "A12"],
    ["Épicerie du Cœur", "5 rue Verte", "59000", "Lille", "", "pas une adresse", "sur rdv", "aide alimentaire", "", ""],
]  # fmt: skip


def _csv(folder: Path, lines: list[list[str]] = LINES, *, delimiter: str = ";", encoding: str = "utf-8") -> Path:
    path = folder / "contacts.csv"
    path.write_bytes("\r\n".join(delimiter.join(line) for line in lines).encode(encoding))
    return path


def _xlsx(folder: Path, lines: list[list[Any]] = LINES) -> Path:
    book = Workbook()
    assert book.active is not None
    for line in lines:
        book.active.append(line)
    book.save(folder / "contacts.xlsx")
    return folder / "contacts.xlsx"


def _run(cast: Cast, path: Path, *, dry_run: bool = False, **more: Any) -> Report:
    return importing.run(path, cast.lille, by=cast.viewer("coordinator"), dry_run=dry_run, **more)


@pytest.mark.parametrize(
    ("delimiter", "encoding"),
    [(";", "utf-8"), (";", "cp1252"), ("\t", "utf-8"), ("|", "utf-16"), (";", "utf-8-sig")],
)
def test_encodings_and_delimiters(cast: Cast, tmp_path: Path, delimiter: str, encoding: str) -> None:
    report = _run(cast, _csv(tmp_path, delimiter=delimiter, encoding=encoding))

    assert report.created == {"organisations": 2, "places": 2, "services": 2}
    assert set(Place.objects.values_list("name", flat=True)) == {"Cabinet Étoile", "Épicerie du Cœur"}


def test_a_line_becomes_a_service_that_can_be_found(cast: Cast, tmp_path: Path) -> None:
    report = _run(cast, _csv(tmp_path))

    found = search.search(cast.lille.id, "طبيب أسنان", language="ar")[0].service
    assert found is not None
    assert (found.name, found.themes, found.languages) == ("Dentiste", ["teeth"], ["ar", "fr"])
    assert found.place.opening_hours == "Mo-Fr 09:00-12:00" and found.place.phone == "03 20 00 00 00"
    assert found.extra["columns"] == {"Réf.": "A12", "languages": "klingon"}
    assert report.unknown_columns == ["Réf."]
    assert {row["what"].split(" :")[0] for row in report.warnings} == {"languages", "email", "opening_hours"}


def test_xlsx_is_read_like_csv_below_a_title(cast: Cast, tmp_path: Path) -> None:
    report = _run(cast, _xlsx(tmp_path, [["Annuaire 2026"], [], *LINES]))

    assert report.created["places"] == 2
    assert Place.objects.filter(postcode="59000", commune="Lille").count() == 2


def test_same_file_twice_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    path = _csv(tmp_path)
    _run(cast, path)

    again = _run(cast, path)

    assert (sum(again.created.values()), again.updated) == (0, 0)
    assert Place.objects.count() == Service.objects.count() == 2


def test_an_empty_cell_erases_nothing(cast: Cast, tmp_path: Path) -> None:
    _run(cast, _csv(tmp_path))
    thinner = [LINES[0], [*LINES[1][:4], "", "b@etoile.example", "", *LINES[1][7:]]]

    report = _run(cast, _csv(tmp_path, thinner))

    kept = Place.objects.get(name="Cabinet Étoile")
    assert report.updated == 1 and (kept.phone, kept.email) == ("03 20 00 00 00", "b@etoile.example")


def test_likely_duplicates_are_shown_and_may_be_said_the_same(cast: Cast, tmp_path: Path) -> None:
    known = place(cast, "Cabinet de l’Étoile", commune="Lille")
    other = [LINES[0], ["Cabinet l’Etoile", *LINES[1][1:]]]

    dry = _run(cast, _csv(tmp_path, other), dry_run=True)
    report = _run(cast, _csv(tmp_path, other), same={"2": str(known.id)})

    assert [(row["line"], row["place"]) for row in dry.duplicates] == [(2, str(known.id))]
    assert report.created["places"] == 0 and Place.objects.count() == 1
    known.refresh_from_db()
    assert known.address == "3 rue Bleue"


def test_same_never_reaches_another_network(cast: Cast, tmp_path: Path) -> None:
    foreign = Place.objects.create(network=cast.toulouse, organisation=cast.elsewhere, name="Ailleurs")

    _run(cast, _csv(tmp_path), same={"2": str(foreign.id), "3": str(foreign.id)})

    foreign.refresh_from_db()
    assert (foreign.name, foreign.address) == ("Ailleurs", "")


def test_denied_columns_and_nir_are_never_taken_in(cast: Cast, tmp_path: Path) -> None:
    body = 1850578006084
    nir = f"{body}{97 - body % 97:02d}"
    lines = [
        ["Structure", "Nationalité", "Numéro de sécurité sociale", "Note"],
        ["Une", "x-nat", "x-secu", f"voir {nir}"],
    ]

    report = _run(cast, _csv(tmp_path, lines))

    stored = Place.objects.get()
    assert report.dropped_columns == ["Nationalité", "Numéro de sécurité sociale"]
    assert stored.extra == {} and len(report.warnings) == 1


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (["", "rue sans nom", "", "", "", "", "", "", "", ""], "ne nomme aucune structure"),
        (["a" * 201, *[""] * 9], "dépasse 200 caractères"),
        (["Une", *["x"] * 12], "colonnes au lieu de"),
    ],
)
def test_bad_lines_are_refused_with_line_and_remedy(cast: Cast, tmp_path: Path, line: list[str], why: str) -> None:
    report = _run(cast, _csv(tmp_path, [*LINES, line]))

    assert [row["line"] for row in report.refused] == [4] and why in report.refused[0]["why"]
    assert report.created["places"] == 2


def test_headings_said_once_are_remembered(cast: Cast, tmp_path: Path) -> None:
    lines = [["Truc", "Machin"], ["Centre social", "Lille"]]
    path = _csv(tmp_path, lines)
    with pytest.raises(NeedsMapping, match="Truc, Machin"):
        _run(cast, path, dry_run=True)

    importing.remember_mapping(
        cast.lille,
        by=cast.viewer("coordinator"),
        headings=lines[0],
        mapping={"Truc": "organisation", "Machin": "commune", "Autre": "phone"},
    )

    assert _run(cast, path).created["places"] == 1
    assert Place.objects.get().commune == "Lille"
    assert ColumnMapping.objects.get().columns == {"Truc": "organisation", "Machin": "commune"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "vide"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 50, "xlsx"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04 not a zip", "ne s’ouvre pas"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_with_a_sentence(
    cast: Cast, tmp_path: Path, content: bytes, why: str
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=why):
        call_command("import_directory", str(path), "--network", "lille", stdout=StringIO())


def test_command_tells_what_it_did(cast: Cast, tmp_path: Path) -> None:
    out = StringIO()

    call_command("import_directory", str(_csv(tmp_path)), "--network", "lille", "--dry-run", stdout=out)

    assert "would create 2 organisations, 2 places, 2 services" in out.getvalue()
    assert "kept aside: Réf." in out.getvalue()
    assert not Place.objects.exists()


@pytest.mark.parametrize(
    "heading", ["Nationalité", "N° SÉCU", "NIR", "Pays de naissance", "Titre de séjour", "religion"]
)
def test_denied_headings_are_known_however_written(heading: str) -> None:
    assert columns.is_denied(heading)


@pytest.mark.parametrize("heading", ["Nom", "Adresse", "Public", "Informations", "Avenir", "Trace"])
def test_ordinary_headings_are_not_denied(heading: str) -> None:
    assert not columns.is_denied(heading)


@given(
    st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=4), min_size=1, max_size=5), st.sampled_from(";,\t")
)
def test_any_text_is_read_or_refused_never_worse(tmp_path_factory: Any, lines: list[list[str]], delimiter: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes("\n".join(delimiter.join(line) for line in lines).encode("utf-8", "replace"))

    try:
        for table in tables.read(path):
            for row in table.rows:
                assert row.fault or len(row.cells) == len(table.headings)
    except tables.Unreadable as error:
        assert str(error)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from([*columns.FIELDS, "autre"]), st.text(max_size=320), max_size=10))
def test_any_line_is_read_or_refused(cells: dict[str, str]) -> None:
    contact = contacts.read(cells, {name: name for name in columns.FIELDS})

    assert contact.fault or contact.organisation["name"]

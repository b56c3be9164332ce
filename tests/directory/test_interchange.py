import csv
import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from data_inclusion.schema import v1
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allervers.accounts.models import Organisation
from allervers.directory import actions
from allervers.directory.exchange import interchange
from allervers.directory.models import Place, Service
from tests.cast import Cast
from tests.directory.scenes import place, real_files, service

STRUCTURE = {
    "source": "test",
    "id": "test--1",
    "nom": "Centre social du Tournesol",
    "date_maj": "2025-02-14",
    "siret": "13003013300016",
    "commune": "Lille",
    "code_postal": "59000",
    "adresse": "1 rue du Marché",
    "longitude": 3.05,
    "latitude": 50.62,
    "telephone": "+33320000000",
    "courriel": "accueil@tournesol.example",
    "horaires_accueil": "Mo-Fr 08:30-12:30; PH off",
    "reseaux_porteurs": ["centres-sociaux"],
    "lien_source": "https://tournesol.example/1",
}
SERVICE = {
    "source": "test",
    "id": "test--s1",
    "structure_id": "test--1",
    "nom": "Écoute psychologique",
    "description": "Une psychologue reçoit sans rendez-vous.",
    "date_maj": "2025-02-14",
    "type": "accompagnement",
    "thematiques": ["sante--sante-mentale", "famille--soutien-aidants"],
    "frais": "gratuit",
    "publics": ["jeunes", "femmes"],
    "modes_accueil": ["en-presentiel"],
    "horaires_accueil": "n’importe quand",
    "zone_eligibilite": ["59350"],
    "nombre_semaines": 3,
    "champ_inconnu": {"a": [1, None]},
}


def _write(folder: Path, content: object, name: str = "file.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def _import(path: Path, *more: str) -> dict[str, Any]:
    out = StringIO()
    call_command("import_directory", str(path), "--network", "lille", "--json", *more, stdout=out)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


def _export(path: Path, *more: str) -> dict[str, dict[str, dict[str, Any]]]:
    call_command("export_directory", str(path), "--network", "lille", *more, stdout=StringIO())
    if path.suffix != ".json":
        return {}
    return {name: {row["id"]: row for row in rows} for name, rows in json.loads(path.read_text("utf-8")).items()}


@pytest.mark.parametrize(
    "content",
    [
        {"structures": [STRUCTURE], "services": [SERVICE]},
        {"services": [SERVICE], "structures": [STRUCTURE]},
        [SERVICE, STRUCTURE],
    ],
)
def test_a_file_comes_back_as_it_was(cast: Cast, tmp_path: Path, content: object) -> None:
    report = _import(_write(tmp_path, content))

    exported = _export(tmp_path / "out.json")

    assert report["created"] == {"organisations": 1, "places": 1, "services": 1}
    assert exported["structures"]["test--1"] == STRUCTURE
    assert exported["services"]["test--s1"] == SERVICE
    stored = Service.objects.get()
    assert stored.themes == ["mental", "children"] and stored.opening_hours == ""


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_tables_come_back_as_they_were(cast: Cast, tmp_path: Path, name: str) -> None:
    structure = {k: v for k, v in STRUCTURE.items() if v is not None}
    row = {k: v for k, v in SERVICE.items() if k != "champ_inconnu"}
    _import(_write(tmp_path, {"structures": [structure], "services": [row]}))
    first = _export(tmp_path / "first.json")
    call_command("export_directory", str(tmp_path / name), "--network", "lille", stdout=StringIO())
    Organisation.objects.filter(network=cast.lille, places__isnull=False).delete()

    report = _import(tmp_path / name)

    assert report["created"]["services"] == 1 and report["refused"] == []
    assert _export(tmp_path / "again.json") == first


@pytest.mark.parametrize("name", ["=cmd|'/c calc'!A1", "@SUM(1)", "-1+cmd|x", "'=déjà", "- Accueil"])
def test_a_text_is_no_formula_for_whoever_opens_the_csv(cast: Cast, tmp_path: Path, name: str) -> None:
    _import(_write(tmp_path, {"structures": [STRUCTURE | {"nom": name}]}))
    call_command("export_directory", str(tmp_path / "out.csv"), "--network", "lille", stdout=StringIO())
    Organisation.objects.filter(network=cast.lille, places__isnull=False).delete()

    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    _import(tmp_path / "out.csv")

    assert (row["nom"], row["telephone"]) == (f"'{name}", "+33320000000")
    assert _export(tmp_path / "again.json")["structures"]["test--1"]["nom"] == name


def test_importing_twice_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    path = _write(tmp_path, {"structures": [STRUCTURE], "services": [SERVICE]})
    _import(path)

    again = _import(path)

    assert (again["unchanged"], again["updated"], sum(again["created"].values())) == (2, 0, 0)


def test_dry_run_writes_nothing_and_says_the_same(cast: Cast, tmp_path: Path) -> None:
    path = _write(tmp_path, {"structures": [STRUCTURE], "services": [SERVICE]})

    dry = _import(path, "--dry-run")

    assert not Place.objects.exists() and Organisation.objects.filter(name=STRUCTURE["nom"]).count() == 0
    assert dry | {"dry_run": False} == _import(path)


def test_services_may_come_before_their_structures(cast: Cast, tmp_path: Path) -> None:
    _import(_write(tmp_path, [SERVICE], "services.json"))
    alone = _export(tmp_path / "out.json")
    _import(_write(tmp_path, [STRUCTURE], "structures.json"))

    both = _export(tmp_path / "out.json")

    assert alone["structures"] == {} and alone["services"]["test--s1"] == SERVICE
    assert both["structures"]["test--1"] == STRUCTURE and both["services"]["test--s1"] == SERVICE
    assert Organisation.objects.filter(name=STRUCTURE["nom"]).count() == 1


def test_a_service_given_elsewhere_keeps_its_own_address(cast: Cast, tmp_path: Path) -> None:
    elsewhere = SERVICE | {"adresse": "Place du Marché", "commune": "Roubaix", "latitude": 50.69, "longitude": 3.17}
    path = _write(tmp_path, [STRUCTURE, elsewhere])
    _import(path)

    exported = _export(tmp_path / "out.json")

    assert exported["services"]["test--s1"] == elsewhere and set(exported["structures"]) == {"test--1"}
    assert Service.objects.get().place.commune == "Roubaix"
    assert _import(path)["unchanged"] == 2


def test_what_changed_here_wins_over_what_was_given(cast: Cast, tmp_path: Path) -> None:
    _import(_write(tmp_path, [STRUCTURE, SERVICE]))
    made = Service.objects.get()
    actions.edit_service(
        made, by=cast.viewer("coordinator"), values={"opening_hours": "Mo 09:00-12:00", "themes": ["food"]}
    )

    row = _export(tmp_path / "out.json")["services"]["test--s1"]

    assert row["horaires_accueil"] == "Mo 09:00-12:00"
    assert row["thematiques"] == ["equipement-et-alimentation--alimentation"]
    assert row["publics"] == SERVICE["publics"]


def test_what_was_made_here_is_valid_for_the_model_and_comes_back(cast: Cast, tmp_path: Path) -> None:
    where = place(cast, "Antenne", commune="Lille", access="Sonner deux fois")
    made = service(cast, "Dentiste", where, themes=["teeth", "women"], languages=["ar"], without_coverage=True)
    exported = _export(tmp_path / "out.json")
    for model, rows in ((v1.Structure, exported["structures"]), (v1.Service, exported["services"])):
        for row in rows.values():
            model.model_validate(row)

    again = _import(tmp_path / "out.json")
    Organisation.objects.filter(places__isnull=False).delete()
    _import(tmp_path / "out.json")

    assert sum(again["created"].values()) == 0
    back = Service.objects.get()
    assert (back.name, back.themes, back.languages, back.without_coverage) == (
        made.name,
        ["teeth", "women"],
        ["ar"],
        True,
    )
    assert back.place.access == "Sonner deux fois" and back.place.organisation.name == cast.hospital.name


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"id": "x--1"}, "il manque nom"),
        ({"nom": "Sans identifiant"}, "il manque id"),
        ({"id": "x--1", "nom": "a" * 300}, "trop long"),
        ("une valeur", "valeur seule"),
        ({"id": "x--s", "nom": "Offre", "structure_id": " "}, "structure_id"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line(cast: Cast, tmp_path: Path, row: object, why: str) -> None:
    is_service = "structure_id" in str(row)
    path = _write(tmp_path, {"services": [SERVICE, row]} if is_service else {"structures": [STRUCTURE, row]})
    path.write_text(path.read_text().replace(", {", ",\n{").replace(', "une', ',\n"une'))

    refused = _import(path)["refused"]

    assert [each["line"] for each in refused if why in each["why"]] == [2]


def test_denied_fields_are_dropped_and_said(cast: Cast, tmp_path: Path) -> None:
    report = _import(_write(tmp_path, [STRUCTURE | {"nationalite": "x", "religion": "y"}]))

    assert report["dropped_columns"] == ["nationalite", "religion"]
    assert "nationalite" not in json.dumps(Place.objects.get().extra)


def _with_extension(**extension: object) -> dict[str, Any]:
    return {"structures": [STRUCTURE], "services": [{**SERVICE, "aller_vers": extension}]}


def _to_choose(report: dict[str, Any]) -> list[str]:
    return [row["what"] for row in report["warnings"] if "montrée aux habitants" in row["what"]]


def test_a_file_shows_nothing_to_residents_and_its_report_says_what_is_to_choose(cast: Cast, tmp_path: Path) -> None:
    report = _import(_write(tmp_path, _with_extension(for_residents=True)))

    assert not Service.objects.get().for_residents
    assert len(_to_choose(report)) == 1


@pytest.mark.parametrize("asked", [{"for_residents": False}, {}, {"for_residents": "yes"}])
def test_what_the_team_chose_to_show_is_neither_hidden_by_a_file_nor_lost_by_an_export(
    cast: Cast, tmp_path: Path, asked: dict[str, object]
) -> None:
    _import(_write(tmp_path, _with_extension()))
    Service.objects.update(for_residents=True)
    before = _export(tmp_path / "before.json")["services"]["test--s1"]

    report = _import(_write(tmp_path, _with_extension(**asked)))
    again = _import(tmp_path / "before.json")

    assert Service.objects.get().for_residents
    assert before["aller_vers"] == {"for_residents": True}
    assert (_to_choose(report), _to_choose(again), again["unchanged"]) == ([], [], 2)
    assert _export(tmp_path / "after.json")["services"]["test--s1"] == before


@pytest.mark.parametrize(
    ("told", "kept", "remarks"), [("2999-01-01", None, 2), ("2025-02-14", date(2025, 2, 14), 0), ("bientôt", None, 0)]
)
def test_a_day_that_has_not_come_is_no_check_and_comes_back_as_it_was(
    cast: Cast, tmp_path: Path, told: str, kept: date | None, remarks: int
) -> None:
    report = _import(
        _write(tmp_path, {"structures": [{**STRUCTURE, "date_maj": told}], "services": [{**SERVICE, "date_maj": told}]})
    )

    assert (Place.objects.get().checked_on, Service.objects.get().checked_on) == (kept, kept)
    assert len([row for row in report["warnings"] if "pas encore passée" in row["what"]]) == remarks
    assert _export(tmp_path / "out.json")["services"]["test--s1"]["date_maj"] == told


@pytest.mark.parametrize(("told", "kept"), [("2025-02-14", date(2025, 2, 14)), ("2999-01-01", None)])
def test_a_day_to_come_that_we_held_gives_way(cast: Cast, tmp_path: Path, told: str, kept: date | None) -> None:
    both = {"structures": [{**STRUCTURE, "date_maj": told}], "services": [{**SERVICE, "date_maj": told}]}
    _import(_write(tmp_path, {"structures": [STRUCTURE], "services": [SERVICE]}))
    for model in (Place, Service):
        model.objects.update(checked_on=date(2998, 1, 1))

    _import(_write(tmp_path, both))

    assert (Place.objects.get().checked_on, Service.objects.get().checked_on) == (kept, kept)


@pytest.mark.parametrize("broken", ["", "[", '[{"id": 1}', "[1 2", '{"structures": [{"id"', "bonjour {", "{]"])
def test_broken_files_are_refused_with_a_sentence(cast: Cast, tmp_path: Path, broken: str) -> None:
    with pytest.raises(CommandError):
        _import(_write(tmp_path, broken))

    assert not Place.objects.exists()


@pytest.mark.slow
def test_real_structures_come_back_as_they_were(cast: Cast, tmp_path: Path) -> None:
    for path in real_files("structures-france.json"):
        given = {row["id"]: row for row in json.loads(path.read_text())}

        report = _import(path)

        assert report["refused"] == [] and report["read"] == len(given)
        exported = _export(tmp_path / "out.json")["structures"]
        strip = lambda row: {name: value for name, value in row.items() if name != "aller_vers"}  # noqa: E731 - one line
        assert {key: strip(row) for key, row in exported.items()} == given
        assert _import(path)["unchanged"] == len(given)


_text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
_values = st.one_of(
    st.none(), st.booleans(), st.integers(-999, 999), st.floats(-99, 99), _text, st.lists(_text, max_size=3)
)


def _records(fields: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    names = st.sampled_from([name for name in fields if name not in {"id", "nom", "structure_id"}] + ["champ_inconnu"])
    return st.dictionaries(names, _values, max_size=12)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(_records(interchange.STRUCTURE_FIELDS), _text.filter(str.strip))
def test_any_structure_survives_the_round_trip(values: dict[str, Any], name: str) -> None:
    record = {"id": "x--1", "nom": name, **values}
    organisation, stored = Organisation(name=name), Place(extra={})

    interchange.fill_structure(organisation, stored, record, alone=True)

    assert interchange.structure_record(stored, organisation) == record


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(_records(interchange.SERVICE_FIELDS), _text.filter(str.strip))
def test_any_service_survives_the_round_trip(values: dict[str, Any], name: str) -> None:
    record = {"id": "x--s", "nom": name, "structure_id": "x--1", **values}
    stored = Service(place=Place(extra={}), extra={})

    interchange.fill_service(stored, record, structure_id="x--1")

    assert interchange.service_record(stored) == record

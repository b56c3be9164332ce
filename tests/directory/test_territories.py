import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from allervers.directory import territories
from allervers.directory.enums import TerritoryKind
from allervers.directory.models import HubCoverage, Place, Territory
from tests.cast import Cast
from tests.directory.scenes import place, real_files


def _square(code: str, name: str, west: float, south: float, size: float, **more: object) -> dict[str, object]:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"code": code, "nom": name, **more},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def _file(folder: Path, *features: dict[str, object], name: str = "file.geojson") -> Path:
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path


def _three_levels(folder: Path) -> None:
    department = _file(folder, _square("59", "Nord", 0, 0, 10), name="departments.geojson")
    commune = _file(folder, _square("59350", "Lille", 2, 2, 2), _square("59512", "Roubaix", 6, 6, 2, rural=True))
    territories.import_file(department, kind=TerritoryKind.DEPARTMENT)
    territories.import_file(commune, kind=TerritoryKind.COMMUNE)
    qpv = _square("x", "Quartier", 2.5, 2.5, 0.5, code_qp="QP059001", nom_qp="Les Oliveaux", insee_com="59350")
    territories.import_file(_file(folder, qpv), kind=TerritoryKind.QPV)


@pytest.mark.django_db
def test_territory_at_gives_the_most_precise(tmp_path: Path) -> None:
    _three_levels(tmp_path)

    assert str(territories.territory_at(2.7, 2.7)) == "Les Oliveaux"
    assert str(territories.territory_at(3.5, 3.5)) == "Lille"
    assert str(territories.territory_at(9, 9)) == "Nord"
    assert str(territories.territory_at(2.7, 2.7, kind=TerritoryKind.COMMUNE)) == "Lille"
    assert territories.territory_at(20, 20) is None


@pytest.mark.django_db
def test_import_arranges_the_tree_and_keeps_rural(tmp_path: Path) -> None:
    _three_levels(tmp_path)

    qpv = Territory.objects.get(kind=TerritoryKind.QPV)
    assert (qpv.code, qpv.name) == ("QP059001", "Les Oliveaux")
    assert [str(row) for row in territories.ancestors(qpv)] == ["Lille", "Nord"]
    assert Territory.objects.get(is_rural=True).name == "Roubaix"


@pytest.mark.django_db
def test_import_twice_changes_nothing(tmp_path: Path) -> None:
    path = _file(tmp_path, _square("59350", "Lille", 2, 2, 2))
    first = territories.import_file(path, kind=TerritoryKind.COMMUNE)
    again = territories.import_file(path, kind=TerritoryKind.COMMUNE)
    renamed = territories.import_file(
        _file(tmp_path, _square("59350", "Lille-Hellemmes", 2, 2, 2)), kind=TerritoryKind.COMMUNE
    )

    assert (first.created, again.unchanged, renamed.updated) == (1, 1, 1)


@pytest.mark.django_db
def test_import_refuses_what_it_cannot_read(tmp_path: Path) -> None:
    metres = _square("1", "En mètres", 700000, 6600000, 10)
    nameless = {"type": "Feature", "properties": {"surface": 3}, "geometry": None}

    report = territories.import_file(_file(tmp_path, metres, _square("2", "Bon", 0, 0, 1)), kind=TerritoryKind.COMMUNE)

    assert report.created == 1 and report.refused[0]["name"] == "En mètres"
    with pytest.raises(territories.UnreadableFile, match="code"):
        territories.import_file(_file(tmp_path, nameless), kind=TerritoryKind.COMMUNE)
    (tmp_path / "text.geojson").write_text("bonjour")
    with pytest.raises(CommandError, match="GeoJSON"):
        call_command("import_territories", str(tmp_path / "text.geojson"), "--kind", "commune")


def test_a_place_knows_its_territory_and_hubs(cast: Cast, tmp_path: Path) -> None:
    _three_levels(tmp_path)
    HubCoverage.objects.create(hub=cast.wazemmes, territory=Territory.objects.get(name="Lille"))

    inside = place(cast, latitude=2.7, longitude=2.7)
    without_hub = place(cast, "Ailleurs", latitude=7.0, longitude=7.0)

    assert inside.territory is not None and inside.territory.name == "Les Oliveaux" and inside.insee_code == "59350"
    assert territories.hubs_for(inside.territory) == [cast.wazemmes]
    assert without_hub.territory is not None and territories.hubs_for(without_hub.territory) == []


@pytest.mark.parametrize("written", ["LILLE", "lille cedex", "Lillé"])
def test_a_place_without_a_point_is_in_the_commune_it_names(cast: Cast, tmp_path: Path, written: str) -> None:
    _three_levels(tmp_path)
    row = Place(commune=written, postcode="59000")

    territories.Locator().set(row)
    made = place(cast, commune=written, postcode="59000")
    elsewhere = place(cast, "Autre", commune=written, postcode="31000")

    assert row.territory == made.territory == Territory.objects.get(code="59350")
    assert elsewhere.territory is None


@pytest.mark.django_db
def test_named_finds_by_name_without_accents_or_code(tmp_path: Path) -> None:
    _three_levels(tmp_path)

    assert str(territories.named("les OLIVEAUX")) == "Les Oliveaux"
    assert str(territories.named("59350")) == "Lille"
    assert territories.named("Atlantide") is None


REAL = [
    ("communes-59-nord.geojson", "commune", (50.6372, 3.0633), "Lille"),
    ("communes-31-haute-garonne.geojson", "commune", (43.6045, 1.4442), "Toulouse"),
    ("qpv-occitanie.geojson", "qpv", (42.7079, 2.9001), "Bas-Vernet Nouveau QPV"),
]


@pytest.mark.slow
@pytest.mark.django_db
def test_real_files_are_read_where_they_are_at_hand() -> None:
    for name, kind, point, found in REAL:
        for path in real_files(name):
            out = StringIO()

            call_command("import_territories", str(path), "--kind", kind, "--json", stdout=out)

            assert json.loads(out.getvalue())["refused"] == []
            assert str(territories.territory_at(*point)) == found

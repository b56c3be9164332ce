import json
from datetime import datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from allervers.core import clock
from allervers.directory import actions, index, search
from allervers.directory.models import Place, Posting, SearchEntry, SearchIndex, Service, Vocabulary
from tests.cast import Cast
from tests.directory.scenes import WAZEMMES, place, service, street

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))


def _first(cast: Cast, text: str, **options: object) -> str:
    hits = search.search(cast.lille.id, text, **options)  # type: ignore[arg-type]
    return hits[0].name if hits else ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("dantiste", "Centre dentaire"),
        ("CENTRE DENTAIRE", "Centre dentaire"),
        ("dentaire centre", "Centre dentaire"),
        ("طبيب أسنان", "Centre dentaire"),
        ("الأسنان", "Centre dentaire"),
        ("diş doktoru", "Centre dentaire"),
        ("dentist", "Centre dentaire"),
        ("montesquieu dentair", "Cabinet dentaire Montesquieu"),
        ("nontesquieu dnetaire", "Cabinet dentaire Montesquieu"),
        ("ophtalmo", "Consultation d’ophtalmologie"),
        ("oftalmo", "Consultation d’ophtalmologie"),
        ("lunettes", "Consultation d’ophtalmologie"),
        ("gafas", "Consultation d’ophtalmologie"),
        ("طبيب عيون", "Consultation d’ophtalmologie"),
        ("epicerie", "Épicerie solidaire"),
        ("colis alimentaire", "Épicerie solidaire"),
        ("mâncare", "Épicerie solidaire"),
        ("sagefemme", "Sage-femme libérale"),
        ("grávida", "Sage-femme libérale"),
    ],
)
def test_search_forgives(cast: Cast, text: str, name: str) -> None:
    street(cast)

    assert _first(cast, text, near=WAZEMMES) == name


def test_search_filters(cast: Cast) -> None:
    street(cast)

    def names(**options: Any) -> list[str]:
        return [hit.name for hit in search.search(cast.lille.id, "dentiste", **options)]

    assert sorted(names()) == ["Cabinet dentaire Montesquieu", "Centre dentaire"]
    assert names(language="ar") == ["Centre dentaire"]
    assert names(theme="eyes") == []
    assert names(free=True) == ["Centre dentaire"]
    assert names(near=(50.69, 3.18))[0] == "Cabinet dentaire Montesquieu"


def test_search_tells_the_distance_and_goes_further_when_nothing_is_near(cast: Cast) -> None:
    street(cast)

    near = search.search(cast.lille.id, "dentiste", near=WAZEMMES)
    far = search.search(cast.lille.id, "dentiste", near=(43.6, 1.44))

    assert near[0].distance_km == pytest.approx(0.05, abs=0.05)
    assert [hit.name for hit in far] and far[0].distance_km == pytest.approx(790, abs=40)


def test_search_open_now_counts_hours_and_closures(cast: Cast) -> None:
    made = street(cast)

    def names() -> set[str]:
        return {hit.name for hit in search.search(cast.lille.id, "", open_now=True)}

    with clock.fixed(MONDAY):
        assert names() == {"Épicerie solidaire", "Sage-femme libérale"}

        actions.close_for_a_while(
            made["food"].place, by=cast.viewer("lead"), starts_on=MONDAY.date(), ends_on=MONDAY.date()
        )

        assert names() == {"Sage-femme libérale"}


def test_search_never_leaves_the_network(cast: Cast) -> None:
    street(cast)

    assert search.search(cast.toulouse.id, "dentiste") == []


def test_search_finds_a_place_without_services_until_it_has_one(cast: Cast) -> None:
    mission = place(cast, "Mission locale", commune="Arras")
    assert search.search(cast.lille.id, "mision locale arras")[0].service is None

    service(cast, "Accueil des jeunes", mission)

    assert [hit.name for hit in search.search(cast.lille.id, "mission locale")] == ["Accueil des jeunes"]


def test_index_follows_edits_and_closing(cast: Cast) -> None:
    made = street(cast)
    actions.edit_service(made["food"], by=cast.viewer("lead"), values={"name": "Frigo partagé", "themes": []})
    actions.close_service(made["eyes"], by=cast.viewer("lead"))

    assert _first(cast, "frigo") == "Frigo partagé"
    assert _first(cast, "épicerie") == ""
    assert _first(cast, "ophtalmologie") == ""


def test_rebuild_gives_the_same_index(cast: Cast) -> None:
    made = street(cast)
    actions.edit_service(made["food"], by=cast.viewer("lead"), values={"name": "Frigo partagé"})

    def content() -> tuple[object, ...]:
        postings = Posting.objects.values_list("word__word", "entry__service_id", "weight")
        words = Vocabulary.objects.filter(entries__gt=0).values_list("word", "entries")
        return set(postings), set(words), SearchIndex.objects.get(network_id=cast.lille.id).entries

    kept = content()
    index.rebuild(cast.lille.id)

    assert content() == kept
    assert not Vocabulary.objects.filter(entries__lte=0).exists()


def test_vocabulary_counts_are_those_of_the_postings(cast: Cast) -> None:
    made = street(cast)
    actions.close_place(made["women"].place, by=cast.viewer("lead"))

    for row in Vocabulary.objects.all():
        assert Posting.objects.filter(word=row).count() == row.entries
    assert SearchIndex.objects.get(network_id=cast.lille.id).entries == SearchEntry.objects.count()


@pytest.mark.parametrize("text", ["", "   ", "de la", "!!!", "’", "%_", "a" * 500, "~teeth", "\x00", "😀 dentiste"])
def test_search_takes_any_text(cast: Cast, text: str) -> None:
    street(cast)

    search.search(cast.lille.id, text, near=WAZEMMES, language="fr")


def test_answer_says_how_it_read(cast: Cast) -> None:
    service(cast, "Atelier numérique Montesquieu")

    forgiven = search.answer(cast.lille.id, "montesqueiu", search.Filters())
    exact = search.answer(cast.lille.id, "montesqueiu", search.Filters(), exactly=True)

    assert forgiven.read_as == ["montesquieu"] and forgiven.corrected
    assert exact.hits == []


def test_answer_is_read_as_a_known_word_that_the_index_lacks(cast: Cast) -> None:
    service(cast, "Cabinet dentaire", themes=["teeth"])

    assert search.answer(cast.lille.id, "dantiste", search.Filters()).read_as == ["dentiste"]


def test_a_place_without_a_point_is_found_near_too(cast: Cast) -> None:
    service(cast, "Cabinet dentaire", place(cast, commune="Nulle part"))

    assert [hit.distance_km for hit in search.search(cast.lille.id, "dentaire", near=WAZEMMES)] == [None]


def test_of_many_alike_the_nearest_come_first(cast: Cast) -> None:
    rows = [
        Place(network=cast.lille, organisation=cast.hospital, name="Lieu", latitude=50.3 + n / 2000, longitude=3.05)
        for n in range(900)
    ]
    Place.objects.bulk_create(rows)
    Service.objects.bulk_create([Service(network=cast.lille, place=row, name="Cabinet dentaire") for row in rows])
    index.rebuild(cast.lille.id)

    hits = search.search(cast.lille.id, "dentaire", near=(50.6, 3.05), limit=3)

    assert [round(hit.distance_km or 9, 2) for hit in hits] == [0.0, 0.06, 0.06]


def test_search_reads_a_constant_number_of_times(cast: Cast, django_assert_max_num_queries: object) -> None:
    street(cast)

    with django_assert_max_num_queries(12):  # type: ignore[operator]
        search.search(cast.lille.id, "centre dentaire montesquieu", near=WAZEMMES, language="fr")


def test_command_prints_a_list_best_first(cast: Cast) -> None:
    street(cast)
    out = StringIO()

    call_command("search_directory", "dantiste", "--network", "lille", "--near", "50.62,3.05", "--json", stdout=out)

    rows = json.loads(out.getvalue())
    assert [row["name"] for row in rows] == ["Centre dentaire", "Cabinet dentaire Montesquieu"]
    assert all(row["id"].startswith("aller-vers--") for row in rows)


@pytest.mark.parametrize("wrong", [["--near", "Lille"], ["--lang", "xx"], ["--network", "nulle-part"], []])
def test_command_refuses_with_a_sentence(cast: Cast, wrong: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("search_directory", "dentiste", *wrong)

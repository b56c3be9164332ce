"""Search over 100,000 generated services, misspelt, with place, language and hours on; beside pg_trgm and plain full text.

    python bench/search.py [--services 100000] [--queries 500] [--seed 7] [--postgres URL] [--folder DIR]

The SQLite database is a scratch thrown away, unless a folder keeps it; the PostgreSQL one is yours to drop. A query is the
four words of one service's name, shuffled, without accents, two of them changed by one dropped, swapped, doubled or
replaced letter, the first letter as likely as any; each comes with a point nearby, a language spoken and "open now".
Prints how often the right service comes first, the 50th and 95th percentile, and their ratios to what runs beside it.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))  # a Tuesday
HOURS = ["Mo-Fr 09:00-12:00,14:00-18:00", "Mo-Sa 08:30-19:00; PH off", "Tu,Th 09:00-17:00", "Mo,We 14:00-17:00", ""]
LANGUAGES = ["fr", "ar", "en", "tr", "ro", "pt", "es", "snk", "bm", "wo", "ps", "uk"]
KINDS = [
    ("Centre", ["social"]), ("Cabinet", ["teeth"]), ("Maison", ["gp"]), ("Permanence", ["legal"]), ("Pharmacie", ["pharmacy"]),
    ("Clinique", ["specialist"]), ("Dispensaire", ["gp"]), ("Accueil", ["housing"]), ("Épicerie", ["food"]),
    ("Consultation", ["mental"]), ("Laboratoire", ["screening"]), ("Opticien", ["eyes"]), ("Crèche", ["children"]),
    ("Foyer", ["housing"]), ("Atelier", ["french"]), ("Vestiaire", ["hygiene"]), ("Antenne", ["coverage"]),
]  # fmt: skip
QUALITIES = (
    "dentaire mutualiste solidaire municipal médical infirmier associatif départemental maternel pédiatrique "
    "psychologique juridique numérique alimentaire ophtalmologique gynécologique orthopédique auditif social familial "
    "universitaire populaire mobile citoyen interculturel gratuit communal paroissial laïque coopératif "
    "intergénérationnel préventif rural urbain"
).split()
_SYLLABLES = (
    "ba be bi bo bra cha clé co dé du fa fré ga gi gué ha jo la lé li lo ma mé mo na né no pa pé ra ré ri ro sa sé ta té to va vi"
).split()
_ENDS = "ard ay eau el er et ez ier in is oin on ot our oux ville mont court beau".split()


def proper_names(chance: random.Random, count: int) -> list[str]:
    """Invented names of streets, quarters and people, as they stand in the names of services."""
    found: set[str] = set()
    while len(found) < count:
        found.add(
            "".join(chance.choices(_SYLLABLES, k=chance.choice([1, 2, 2, 3]))).capitalize() + chance.choice(_ENDS)
        )
    return sorted(found)


def generate(seed: int, count: int) -> list[dict[str, Any]]:
    """The services: a name of four words that no other has in any order, a place, languages, hours."""
    chance = random.Random(seed)
    names = proper_names(chance, 6000)
    towns = [(name, 43 + chance.random() * 7.5, -1 + chance.random() * 8) for name in names[:400]]
    chance.shuffle(names)
    rows, seen = [], set()
    while len(rows) < count:
        kind, themes = chance.choice(KINDS)
        words = (kind, chance.choice(QUALITIES), chance.choice(names), chance.choice(names))
        if frozenset(words) in seen or len(set(words)) < 4:
            continue
        seen.add(frozenset(words))
        town, latitude, longitude = chance.choice(towns)
        rows.append(
            {
                "name": " ".join(words),
                "themes": themes,
                "commune": town,
                "latitude": latitude + chance.gauss(0, 0.05),
                "longitude": longitude + chance.gauss(0, 0.05),
                "languages": ["fr", *chance.sample(LANGUAGES[1:], chance.choice([0, 1, 2]))],
                "hours": chance.choice(HOURS),
            }
        )
    return rows


def misspell(word: str, chance: random.Random) -> str:
    """One letter dropped, swapped, doubled or replaced; always another word."""
    while True:
        place = chance.randrange(len(word))
        how = chance.choice(["drop", "swap", "double", "replace"])
        if how == "drop":
            made = word[:place] + word[place + 1 :]
        elif how == "swap" and place + 1 < len(word):
            made = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        elif how == "double":
            made = word[: place + 1] + word[place:]
        else:
            made = word[:place] + chance.choice("abcdefghijklmnopqrstuvwxyz") + word[place + 1 :]
        if made not in (word, ""):
            return made


def questions(rows: list[dict[str, Any]], seed: int, count: int) -> list[dict[str, Any]]:
    """Misspelt queries for services open at `MORNING`, each with a point within a few kilometres and a language spoken."""
    from allervers.core.text import words
    from allervers.directory.hours import is_open

    chance = random.Random(seed + 1)
    asked: list[dict[str, Any]] = []
    while len(asked) < count:
        number = chance.randrange(len(rows))
        row = rows[number]
        parts = words(row["name"])
        if len(parts) != 4 or not is_open(row["hours"], MORNING):
            continue
        for place in chance.sample(range(4), 2):
            parts[place] = misspell(parts[place], chance)
        chance.shuffle(parts)
        near = (row["latitude"] + chance.gauss(0, 0.02), row["longitude"] + chance.gauss(0, 0.02))
        asked.append(
            {"text": " ".join(parts), "near": near, "language": chance.choice(row["languages"]), "right": row["name"]}
        )
    return asked


def filled(rows: list[dict[str, Any]]) -> Any:
    """The network that an earlier run left in this database, else a new one."""
    from allervers.accounts.models import Network
    from allervers.directory.models import SearchEntry

    network = Network.objects.filter(slug=f"bench-{len(rows)}").first()
    if network is not None and SearchEntry.objects.filter(network_id=network.id).count() == len(rows):
        return network
    return fill(rows)


def fill(rows: list[dict[str, Any]]) -> Any:
    """A network of these services, loaded in bulk and indexed as `reindex_directory` does."""
    from allervers.accounts.models import Network, Organisation
    from allervers.directory import index
    from allervers.directory.models import Place, Service

    network = Network.objects.create(name="Bench", slug=f"bench-{len(rows)}")
    organisations = [Organisation(network=network, name=f"Structure {n}", slug=f"s{n}") for n in range(2000)]
    Organisation.objects.bulk_create(organisations)
    started = time.perf_counter()
    for start in range(0, len(rows), 5000):
        places, services = [], []
        for number, row in enumerate(rows[start : start + 5000], start=start):
            place = Place(
                network=network,
                organisation=organisations[number % 2000],
                name=f"Lieu {number % 500}",
                commune=row["commune"],
                latitude=row["latitude"],
                longitude=row["longitude"],
                opening_hours=row["hours"],
            )
            places.append(place)
            service = Service(network=network, place=place, name=row["name"], themes=row["themes"])
            service.languages = row["languages"]
            services.append(service)
        Place.objects.bulk_create(places)
        Service.objects.bulk_create(services)
    loaded = time.perf_counter()
    index.rebuild(network.id)
    print(f"  loaded in {loaded - started:.0f} s, indexed in {time.perf_counter() - loaded:.0f} s")
    return network


def measure(
    name: str, asked: list[dict[str, Any]], find: Callable[[dict[str, Any]], str]
) -> tuple[float, float, float]:
    """Right first (share), median and 95th percentile in milliseconds, one client, in this process."""
    for question in asked[:20]:
        find(question)  # caches and connections are warm in a process that serves
    times, busy, right = [], [], 0
    for question in asked:
        started, spent = time.perf_counter(), time.thread_time()
        found = find(question)
        times.append((time.perf_counter() - started) * 1000)
        busy.append((time.thread_time() - spent) * 1000)
        right += found == question["right"]
    times.sort()
    busy.sort()
    p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(
        f"  {name:<32} right first {right / len(asked):6.1%}   p50 {p50:6.1f} ms   p95 {p95:6.1f} ms"
        f"   CPU here p95 {busy[int(len(busy) * 0.95)]:5.1f} ms",
        flush=True,
    )
    return right / len(asked), p50, p95


def inside(services: int, queries: int, seed: int) -> None:
    """One database, the one that DATABASE_URL names: migrates it, fills it, measures."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from allervers.core import clock
    from allervers.directory import search

    call_command("migrate", verbosity=0)
    rows = generate(seed, services)
    asked = questions(rows, seed, queries)
    network = filled(rows)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def ours(question: dict[str, Any]) -> str:
        hits = search.search(
            network.id, question["text"], near=question["near"], language=question["language"], open_now=True, limit=20
        )
        return hits[0].name if hits else ""

    with clock.fixed(MORNING):
        _share, _p50, mine = measure("posting table, filters on", asked, ours)
        measure("the same, filters off", asked, lambda q: _first(search.search(network.id, q["text"], limit=20)))
    beside = _trgm_and_text(rows) if connection.vendor == "postgresql" else _fts5(rows)
    for name, find in beside.items():
        _share, _p50, theirs = measure(name, asked, find)
        print(f"  {'':<32} ours takes {mine / theirs:.2f} of its p95")
    if os.environ.get("BENCH_PROFILE"):
        _profile(asked, ours)


def _first(hits: list[Any]) -> str:
    return hits[0].name if hits else ""


def _trgm_and_text(rows: list[dict[str, Any]]) -> dict[str, Callable[[dict[str, Any]], str]]:
    """PostgreSQL's own ways, in one table with the same filters ready as columns."""
    from django.db import connection

    from allervers.core.text import fold
    from allervers.directory.geometry import box_around
    from allervers.directory.hours import is_open
    from allervers.directory.postings import FAR_KM

    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute(
            "DROP TABLE IF EXISTS beside; CREATE TABLE beside "
            "(name text, folded text, latitude float, longitude float, languages text[], open bool)"
        )
        cursor.executemany(
            "INSERT INTO beside VALUES (%s, %s, %s, %s, %s, %s)",
            [
                (
                    r["name"],
                    fold(r["name"]),
                    r["latitude"],
                    r["longitude"],
                    r["languages"],
                    is_open(r["hours"], MORNING),
                )
                for r in rows
            ],
        )
        cursor.execute("CREATE INDEX ON beside USING gin (folded gin_trgm_ops)")
        cursor.execute("CREATE INDEX ON beside USING gin (to_tsvector('simple', folded))")
        cursor.execute("ANALYZE beside")
    passes = "open AND %s = ANY(languages) AND latitude BETWEEN %s AND %s AND longitude BETWEEN %s AND %s"

    def ask(sql: str, *before: Any) -> Callable[[dict[str, Any]], str]:
        def find(question: dict[str, Any]) -> str:
            box = box_around(*question["near"], FAR_KM)
            text = [question["text"]] * sql.count("%(q)s")
            plain = sql.replace("%(q)s", "%s").replace("{passes}", passes)
            filters = [question["language"], box.south, box.north, box.west, box.east] if "{passes}" in sql else []
            order = [*text[:1], *filters, *text[1:]]
            with connection.cursor() as cursor:
                cursor.execute(plain, order)
                found = cursor.fetchone()
            return found[0] if found else ""

        return find

    return {
        "pg_trgm, filters on": ask(
            "SELECT name FROM beside WHERE folded %% %(q)s AND {passes} ORDER BY similarity(folded, %(q)s) DESC LIMIT 20"
        ),
        "pg_trgm, filters off": ask(
            "SELECT name FROM beside WHERE folded %% %(q)s ORDER BY similarity(folded, %(q)s) DESC LIMIT 20"
        ),
        "plain full text, filters on": ask(
            "SELECT name FROM beside "
            "WHERE to_tsvector('simple', folded) @@ plainto_tsquery('simple', %(q)s) AND {passes} LIMIT 20"
        ),
    }


def _fts5(rows: list[dict[str, Any]]) -> dict[str, Callable[[dict[str, Any]], str]]:
    """SQLite's own full text, without filters: it would only find less."""
    from django.db import connection

    from allervers.core.text import fold

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS beside")
        cursor.execute("CREATE VIRTUAL TABLE beside USING fts5(name UNINDEXED, folded)")
        cursor.executemany("INSERT INTO beside VALUES (%s, %s)", [(r["name"], fold(r["name"])) for r in rows])

    def find(question: dict[str, Any]) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM beside WHERE beside MATCH %s ORDER BY rank LIMIT 20", [question["text"]])
            found = cursor.fetchone()
        return found[0] if found else ""

    return {"plain full text (FTS5)": find}


def _profile(asked: list[dict[str, Any]], find: Callable[[dict[str, Any]], str]) -> None:
    import cProfile
    import pstats

    from allervers.core import clock

    profile = cProfile.Profile()
    with clock.fixed(MORNING), profile:
        for question in asked[:200]:
            find(question)
    pstats.Stats(profile).sort_stats("cumulative").print_stats(45)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--services", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--postgres", help="an empty PostgreSQL database to fill, as a URL")
    parser.add_argument("--folder", type=Path, help="keeps the SQLite database there and uses it again")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.inside:
        inside(said.services, said.queries, said.seed)
        return
    with tempfile.TemporaryDirectory(prefix="bench-search-") as scratch:
        folder = said.folder.resolve() if said.folder else Path(scratch)
        (folder / "keys").mkdir(parents=True, exist_ok=True)
        urls = {"SQLite": f"sqlite:///{folder}/bench.sqlite3"} | (
            {"PostgreSQL": said.postgres} if said.postgres else {}
        )
        for name, url in urls.items():
            print(f"{name}, {said.services} services, {said.queries} misspelt queries, seed {said.seed}", flush=True)
            scene = {"DATABASE_URL": url, "ALLERVERS_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
            command = [sys.executable, __file__, "--inside", "--services", str(said.services)]
            command += ["--queries", str(said.queries), "--seed", str(said.seed)]
            subprocess.run(command, check=True, cwd=ROOT, env=os.environ | scene | {"PYTHONPATH": str(ROOT)})


if __name__ == "__main__":
    main()

"""Searching a name among 25,000 sealed cards, beside a scan of the same names unencrypted: `python -m bench.vault`.

Both read every row from SQLite and compare in the same way; the ratio is what sealing costs. Prints ratios, not a verdict.
"""

import argparse
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

GIVEN = "Awa Fatoumata Mohamed Ibrahim Aïcha Moussa Mariam Youssef Djibril Khadija Jean Lina Marie Ahmed Sofia Ousmane".split()
FAMILY = "Diop Coulibaly Traoré Bensalah Idrissi Nguyen Dupont Camara Rahmani Petit Sow Lefebvre Diallo Haddad".split()
ASKED = ["coulibali fatumata", "diop awa", "dupond jean", "haddad"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=25_000)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _prepare(Path(folder))
        viewer, plain = _fill(asked.cards)
        from allervers.people import queries, search

        def sealed(typed: str) -> list[object]:
            return [match.card.id for match in queries.find(viewer, typed)]

        def unsealed(typed: str) -> list[object]:
            return [key for key, _score in search.best(typed, _scan(plain), limit=30)]

        ours, theirs = _median(sealed, asked.rounds), _median(unsealed, asked.rounds)
        print(f"{asked.cards} cards, {len(ASKED)} misspelt names, median of {asked.rounds} rounds")
        print(f"sealed, opened in memory : {ours * 1000:6.0f} ms")
        print(f"the same names in clear  : {theirs * 1000:6.0f} ms")
        print(f"ratio                    : {ours / theirs:6.2f}")


def _prepare(folder: Path) -> None:
    (folder / "keys").mkdir()
    os.environ.update(ALLERVERS_DATA=str(folder), ALLERVERS_KEYS=str(folder / "keys"))
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'bench.sqlite3'}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.management import call_command

    from allervers.core import keys

    keys.create()
    django.setup()
    call_command("migrate", verbosity=0)


def _fill(count: int) -> tuple[object, str]:
    """Cards of one hub, sealed as ever, and the same names in a plain table."""
    from django.db import connection

    from allervers.accounts import keys
    from allervers.accounts.enums import Role
    from allervers.accounts.models import Hub, Membership, Network, Organisation, User
    from allervers.accounts.rules import viewer_of
    from allervers.people import vault
    from allervers.people.models import PersonCard

    network = Network.objects.create(name="Banc", slug="banc")
    organisation = Organisation.objects.create(network=network, name="Banc", slug="banc", keeps_cards=True)
    keys.create_for(organisation)
    hub = Hub.objects.create(network=network, organisation=organisation, name="Banc", slug="banc")
    user = User.objects.create_user("banc@example.org")
    membership = Membership.objects.create(
        user=user, network=network, organisation=organisation, hub=hub, role=Role.MEDIATOR
    )
    chance, cards, rows = random.Random(25), [], []
    for number in range(count):
        card = PersonCard(network=network, organisation=organisation, hub=hub, code=f"Banc {number}", is_named=True)
        vault.new_card_key(card)
        names = {
            "first_name": chance.choice(GIVEN) + chance.choice(["", "", "-Marie", f" {chance.choice(GIVEN)}"]),
            "last_name": chance.choice(FAMILY) + chance.choice(["", "", "", chance.choice("aeiou")]),
            "birth_year": chance.randrange(1930, 2010),
            "phones": [{"number": f"+336{chance.randrange(10**8):08d}", "owner": "self", "sms": True}],
        }
        card.sealed = vault.seal_identity(card, names)
        cards.append(card)
        rows.append((card.id.hex, json.dumps(names)))
    PersonCard.objects.bulk_create(cards, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE in_clear (id text, names text)")
        cursor.executemany("INSERT INTO in_clear VALUES (%s, %s)", rows)
    return viewer_of(membership), "SELECT id, names FROM in_clear"


def _scan(sql: str) -> Iterator[tuple[object, dict[str, object]]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        for key, names in cursor.fetchall():
            yield key, json.loads(names)


def _median(find: Callable[[str], list[object]], rounds: int) -> float:
    """Seconds a search, the first round apart: it warms both alike."""
    spent = []
    for turn in range(rounds + 1):
        for typed in ASKED:
            began = time.perf_counter()
            found = find(typed)
            if turn:
                spent.append(time.perf_counter() - began)
            if not found:
                raise SystemExit(f"nothing found for {typed!r}: the bench compares nothing")
    return statistics.median(spent)


if __name__ == "__main__":
    main()

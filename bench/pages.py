"""Every staff page with a big city's year behind it, one client, in process: `python -m bench.pages [--rounds 20]`.

Beside the health page, which is what Django and our middleware cost alone. Prints milliseconds, queries and ratios.
BIG_CITY=folder keeps the year for the next run; DATABASE_URL=postgres://… runs it there.
"""

import argparse
import gc
import math
import os
import statistics
import tempfile
import time
from pathlib import Path

from bench import city

LIMIT_MS = 150
TYPED = {"/personnes/": "coulibali fatumata"}  # pages that search what is posted, with a misspelt name
WHO = {"coordinator": "coordinator@bench.example", "auditor": "auditor@bench.example"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--only", default="", help="the pages whose address begins so")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        began = time.perf_counter()
        city.build(Path(os.environ.get("BIG_CITY", scratch)))
        print(f"year ready in {time.perf_counter() - began:.0f} s")
        gc.collect()
        gc.freeze()  # as gunicorn does once it has loaded the program
        measure(said.rounds, said.only)


def measure(rounds: int, only: str) -> None:
    from allervers.accounts.enums import Role
    from allervers.accounts.models import Membership

    lead = Membership.objects.filter(role=Role.HUB_LEAD, hub__name="Pôle 0").get().user
    mediator = Membership.objects.filter(role=Role.MEDIATOR, hub__name="Pôle 0").first().user
    base, late, of_cpu, queries = _time(_client(lead.email), "/sante/", rounds * 3)
    print(f"{'who':12} {'page':52} {'p50':>7} {'p95':>7} {'cpu p95':>8} {'queries':>8} {'× health':>9}")
    print(f"{'anyone':12} {'/sante/':52} {base:7.1f} {late:7.1f} {of_cpu:8.1f} {queries:8d}")
    worst = []
    for who, email in {**WHO, "lead": lead.email, "mediator": mediator.email}.items():
        client = _client(email)
        asked = [(path, "") for path in paths(email) if path.startswith(only)]
        for path, typed in asked + [(path, TYPED[path]) for path, _nothing in asked if path in TYPED]:
            if client.get(path).status_code == 302:  # type: ignore[attr-defined]
                continue  # her home is another page, measured too
            median, late, of_cpu, queries = _time(client, path, rounds, typed)
            said = f"{path} ({typed})" if typed else path
            worst.append((of_cpu, late, who, said))
            print(
                f"{who:12} {said[:52]:52} {median:7.1f} {late:7.1f} {of_cpu:8.1f} {queries:8d} {median / base:9.1f}"
                f"{'  SLOW' if of_cpu > LIMIT_MS else ''}",
                flush=True,
            )
    of_cpu, late, who, path = max(worst)
    print(f"{len(worst)} pages, slowest by cpu p95: {of_cpu:.1f} ms ({late:.1f} on the clock), {who} {path}")
    print(f"slowest p95 on the clock: {max(late for _, late, _, _ in worst):.1f} ms, limit {LIMIT_MS} ms")


def paths(email: str) -> list[str]:
    """Every page of the access table that this role may read: those without a row, and one busy row of each kind."""
    from django.urls import NoReverseMatch, reverse

    from allervers.accounts.enums import Role
    from allervers.accounts.models import Membership
    from allervers.web.access import ACCESS

    member = Membership.objects.get(user__email=email)
    rows, found = _rows(member), []
    for (address, method), line in ACCESS.items():
        if method != "GET" or not address.startswith("workspace:") or not line.allows(Role(member.role)):
            continue
        if any(
            word in address
            for word in ("export", "rows", "paper", "template", "print", "sheet", "unlock", "switch", "lock")
        ):
            continue
        try:
            found.append(reverse(address))
        except NoReverseMatch:
            noun = address.partition(":")[2].split("_")[0]
            if address.partition(":")[2] in rows:
                found.append(reverse(address, args=[rows[address.partition(":")[2]]]))
            elif noun in rows and address != "workspace:person_export":
                try:
                    found.append(reverse(address, args=[rows[noun]]))
                except NoReverseMatch:
                    continue
    return found


def _rows(member: object) -> dict[str, object]:
    """The busiest person that this member reaches, and what hangs on her."""
    from django.db.models import Count

    from allervers.accounts.models import Organisation
    from allervers.needs.models import Need
    from allervers.people.models import PersonCard
    from allervers.referrals.models import Referral

    hub = member.hub_id  # type: ignore[attr-defined]
    cards = PersonCard.objects.filter(is_named=True, **({"hub_id": hub} if hub else {}))
    card = cards.annotate(busy=Count("encounters")).order_by("-busy").first()
    needs = Need.objects.filter(**({"hub_id": hub} if hub else {}))
    referrals = Referral.objects.filter(**({"hub_id": hub} if hub else {}))
    partner = Organisation.objects.filter(name="Partenaire 1").get()
    return {
        "person": card.pk,
        "need": needs.first().pk,
        "referral": referrals.first().pk,
        "directory_organisation": partner.pk,
        "organisation": partner.pk,
    }


def _client(email: str) -> object:
    from django.test import Client

    from allervers.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(email=email), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _time(client: object, path: str, rounds: int, typed: str = "") -> tuple[float, float, float, int]:
    """In milliseconds the median and the 95th percentile on the clock, the latter of the processor (a busy machine
    stretches the first two), and the queries of one request."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def call() -> object:
        return client.post(path, {"q": typed}) if typed else client.get(path)  # type: ignore[attr-defined]

    with CaptureQueriesContext(connection) as captured:
        response = call()
        queries = len(captured)
    if response.status_code != 200:  # type: ignore[attr-defined]
        raise SystemExit(f"{path} answers {response.status_code}: the bench measures nothing")
    clock, cpu = [], []
    for _ in range(rounds):
        began, began_cpu = time.perf_counter(), time.process_time()
        call()
        clock.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - began_cpu) * 1000)
    return statistics.median(clock), _late(clock), _late(cpu), queries


def _late(spent: list[float]) -> float:
    """The nearest-rank 95th percentile."""
    return sorted(spent)[math.ceil(len(spent) * 0.95) - 1]


if __name__ == "__main__":
    main()

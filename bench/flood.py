"""A flood against the public form, loopback only: `python -m bench.flood [--seconds 20] [--forged 300] [--genuine 2]`.

Starts gunicorn as scripts/serve.py does, on an installation of its own. Forged requests come at a steady rate whatever the
answers: without our stamp, with one stamp sent again and again, or with the box that nobody sees filled. Genuine ones open the
door, answer one screen after the other and send a number after some seconds, as a browser would, from addresses of their own;
`--one-address` puts everybody behind the same one. Prints how many genuine requests became needs at once, and how long it took.
"""

import argparse
import asyncio
import itertools
import math
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from bench import city

PATH = "/porte/flood/fr/aide/"
TYPING = 6.0  # seconds between the first screen and the last
PATIENCE = 30.0  # seconds after which someone gives up on one answer


@dataclass
class Said:
    """What came of all requests of one kind."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    sent: int = 0

    def note(self, status: int, spent: float) -> None:
        self.statuses[status] += 1
        self.seconds.append(spent)

    def late(self, share: float) -> float:
        ranked = sorted(self.seconds)
        return 1000 * ranked[math.ceil(len(ranked) * share) - 1] if ranked else math.nan


@dataclass
class Door:
    """The server, and from which addresses it is called."""

    port: int
    one_address: bool
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def address(self, kind: int, number: int) -> str:
        return "127.0.0.1" if self.one_address else f"127.{kind}.{number // 250 % 250}.{number % 250 + 1}"

    async def call(self, origin: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """One request on a connection of its own; status 0 when nothing came back in time."""
        body = urlencode(fields).encode() if fields is not None else b""
        head = f"{'GET' if fields is None else 'POST'} {PATH} HTTP/1.1\r\nHost: localhost:{self.port}\r\nConnection: close\r\n"
        if fields is not None:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(origin, 0))
                writer.write(head.encode() + b"\r\n" + body)
                answer = (await reader.read()).decode(errors="replace")
                writer.close()
        except (OSError, TimeoutError):
            return 0, ""
        return int(answer[9:12] or 0), answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--forged", type=int, default=300, help="a second")
    parser.add_argument("--genuine", type=float, default=2, help="a second")
    parser.add_argument("--one-address", action="store_true")
    parser.add_argument("--port", type=int, default=8197)
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        place = _install(Path(scratch))
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "config.wsgi:application"]
        server = subprocess.Popen(
            gunicorn, env=os.environ | {"BIND": "127.0.0.1", "PORT": str(said.port)}, stderr=subprocess.DEVNULL
        )
        try:
            door = Door(said.port, said.one_address)
            forged, genuine, whole = asyncio.run(_flood(door, said, place))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
        _tell(said, forged, genuine, whole)


def _install(folder: Path) -> str:
    """A network with one hub and one neighbourhood, whose id is returned."""
    city.open_installation(folder)
    os.environ["ALLERVERS_DEMO"] = "0"
    from django.core.management import call_command

    from allervers.accounts import keys
    from allervers.accounts.models import Hub, Network, Organisation
    from allervers.directory.models import HubCoverage, Territory

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    network = Network.objects.create(name="Rafale", slug="flood")
    host = Organisation.objects.create(network=network, name="Association", slug="a", keeps_cards=True)
    keys.create_for(host)
    hub = Hub.objects.create(network=network, organisation=host, name="Pôle", slug="p")
    place = Territory.objects.create(kind="neighbourhood", code="Q", name="Quartier")
    HubCoverage.objects.create(hub=hub, territory=place)
    return str(place.pk)


async def _flood(door: Door, said: argparse.Namespace, place: str) -> tuple[Said, Said, Said]:
    """Forged ones at their rate all along; genuine ones begin during the flood and are waited for."""
    forged, genuine, whole = Said(), Said(), Said()
    for _turn in range(100):
        if (await door.call("127.0.0.1"))[0] == 200:
            break
        await asyncio.sleep(0.2)
    stolen = _stamp((await door.call("127.0.0.1"))[1])
    tasks: list[asyncio.Task[None]] = []
    began = time.perf_counter()
    people = asyncio.create_task(_people(door, said, place, genuine, whole))
    for turn in range(said.seconds * said.forged):
        wait = began + turn / said.forged - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        tasks.append(asyncio.create_task(_forge(door, turn, stolen, place, forged)))
    await people
    await asyncio.gather(*tasks)
    return forged, genuine, whole


async def _forge(door: Door, turn: int, stolen: str, place: str, told: Said) -> None:
    chance = random.Random(turn)  # a bench
    fields = {"quoi": "meal", "ou": place, "quand": "soon", "numero": f"+336{chance.randrange(10**8):08d}"}
    fields |= [{}, {"t": stolen}, {"site": "https://spam.example", "t": stolen}][turn % 3]
    told.sent += 1
    began = time.perf_counter()
    status, _page = await door.call(door.address(66, turn % 200), fields)
    told.note(status, time.perf_counter() - began)


async def _people(door: Door, said: argparse.Namespace, place: str, told: Said, whole: Said) -> None:
    tasks = []
    for _turn in range(int(max(1, said.seconds - TYPING) * said.genuine)):
        tasks.append(asyncio.create_task(_person(door, place, told, whole)))
        await asyncio.sleep(1 / said.genuine)
    await asyncio.gather(*tasks)


async def _person(door: Door, place: str, told: Said, whole: Said) -> None:
    """Every screen, each waited for; when asked to touch once more, she does."""
    number = next(door.numbers)
    origin, began = door.address(77, number), time.perf_counter()
    whole.sent += 1

    async def step(fields: dict[str, str] | None) -> tuple[int, str]:
        asked = time.perf_counter()
        status, page = await door.call(origin, fields)
        told.note(status, time.perf_counter() - asked)
        return status, page

    _status, page = await step(None)
    opened = time.perf_counter()
    fields = {"t": _stamp(page), "quoi": "teeth"}
    await step(fields)
    await step(fields := fields | {"ou": place})
    await asyncio.sleep(max(0.0, TYPING - (time.perf_counter() - opened)))
    status, page = await step(fields | {"quand": "soon", "numero": f"06 39 98 {number // 100:02d} {number % 100:02d}"})
    if status == 503:
        await asyncio.sleep(TYPING)
        status, page = await step(dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)))
    whole.note(status, time.perf_counter() - began - TYPING)


def _stamp(page: str) -> str:
    found = re.search(r'name="t" value="([^"]+)"', page)
    return found.group(1) if found else ""


def _tell(said: argparse.Namespace, forged: Said, genuine: Said, whole: Said) -> None:
    from allervers.needs.models import HelpRequest, Need

    needs = Need.objects.filter(category="teeth").count()
    kept = Counter(HelpRequest.objects.values_list("wish", "state", "doubt"))
    print(f"{forged.sent / said.seconds:.0f} forged a second for {said.seconds} s, {whole.sent} genuine requests")
    print(f"genuine that became needs at once: {needs}/{whole.sent} = {100 * needs / whole.sent:.1f} %")
    print(
        f"genuine, last answer: {dict(whole.statuses)}; beyond typing: p50 {whole.late(0.5):.0f} ms, p99 {whole.late(0.99):.0f}"
    )
    print(
        f"genuine, each screen: {dict(genuine.statuses)}; p50 {genuine.late(0.5):.0f} ms, p99 {genuine.late(0.99):.0f}"
    )
    print(f"forged: {dict(forged.statuses)}; p50 {forged.late(0.5):.0f} ms, p99 {forged.late(0.99):.0f}")
    for (wish, state, doubt), count in sorted(kept.items()):
        print(f"  kept {count:5d} {wish} {state} {doubt}")


if __name__ == "__main__":
    main()

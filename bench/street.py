"""The residents' app on a poor network: `python -m bench.street [--kolibri http://127.0.0.1:8080/]`.

A real Chromium at 50 kb/s and 400 ms, an empty cache at each page, gunicorn as the units start it, loopback only. Prints for
each page what was transferred before media, when its first words were painted, how long after a touch the first sound of a
message is heard, and what a five-minute message weighs, alone and in eleven languages. Beside it, when its address is given,
the first page of a Kolibri server (PyPI `kolibri`, started by hand: `kolibri start --port 8080`), on the same throttled browser.
"""

import argparse
import math
import os
import random
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path
from typing import Any

from bench import city

KBPS, LATENCY = 50, 400  # kilobits a second, milliseconds
PAGES = [
    "",
    "fr/",
    "ar/",
    "snk/",
    "fr/comprendre/",
    "fr/comprendre/chaleur/",
    "fr/lieux/",
    "fr/aide/",
    "fr/jaide/",
    "fr/agenda/",
]
LIMITS = {"": 14_000, "fr/": 14_000, "ar/": 14_000, "snk/": 14_000}
MINUTES = 5
PATIENCE = 300  # seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kolibri", default="", help="address of a running Kolibri server")
    parser.add_argument("--port", type=int, default=8198)
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        _install(Path(scratch))
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "config.wsgi:application"]
        server = subprocess.Popen(
            gunicorn, env=os.environ | {"BIND": "127.0.0.1", "PORT": str(said.port)}, stderr=subprocess.DEVNULL
        )
        try:
            time.sleep(4)
            _browse(f"http://localhost:{said.port}", said.kolibri)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
        _weigh(Path(scratch))


def _install(folder: Path) -> None:
    """A demonstration's messages: the starter pack, published, with marked test tones."""
    city.open_installation(folder)
    os.environ["ALLERVERS_DEMO"] = "1"
    from django.core.management import call_command

    from allervers.accounts.enums import Role
    from allervers.accounts.models import Membership, Network, Organisation, User
    from allervers.accounts.rules import viewer_of
    from allervers.demonstration import messages

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    network = Network.objects.create(name="Réseau", slug="rue")
    organisation = Organisation.objects.create(network=network, name="Ville", slug="ville")
    user = User.objects.create_user("banc@bench.example", first_name="Banc", last_name="Essai")
    member = Membership.objects.create(user=user, network=network, organisation=organisation, role=Role.COORDINATOR)
    messages.publish_starter_pack(network, reader=viewer_of(member))


def _browse(base: str, kolibri: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=[
                "--no-sandbox",
                "--disable-background-networking",
                "--disable-gpu",
                "--autoplay-policy=no-user-gesture-required",
            ],
        )
        print(f"{'page':34} {'kB':>6} {'files':>6} {'painted':>9}   at {KBPS} kb/s and {LATENCY} ms")
        ours = [
            _open(browser, f"{base}/porte/rue/{path}", f"/porte/rue/{path}", LIMITS.get(path, 40_000)) for path in PAGES
        ]
        sound = _first_sound(browser, f"{base}/porte/rue/snk/comprendre/chaleur/")
        print(f"first sound of a message, after the touch: {sound:.1f} s, limit 5")
        if kolibri:
            weight, painted = _until_painted(browser, kolibri)
            print(f"Kolibri, first page: {weight / 1000:.0f} kB before its first paint, after {painted:.0f} s")
            print(
                f"  {weight / ours[0][0]:.0f} times the weight of our first page, {painted / ours[0][1]:.0f} times the wait"
            )
        browser.close()


def _throttled(browser: Any) -> tuple[Any, dict[str, float]]:
    """A page of a new profile on a poor network, and what it transfers."""
    page = browser.new_context(viewport={"width": 360, "height": 740}, service_workers="block").new_page()
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    rate = KBPS * 1000 / 8
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": LATENCY, "downloadThroughput": rate, "uploadThroughput": rate},
    )
    told = {"bytes": 0.0, "files": 0.0}

    def finished(event: dict[str, Any]) -> None:
        told["bytes"] += event["encodedDataLength"]
        told["files"] += 1

    line.on("Network.loadingFinished", finished)
    return page, told


def _open(browser: Any, address: str, name: str, limit: int) -> tuple[float, float]:
    """Bytes transferred and seconds to the first paint, the median of three."""
    painted, weights, files = [], [], 0.0
    for _turn in range(3):
        page, told = _throttled(browser)
        page.goto(address, timeout=300_000)
        page.wait_for_timeout(500)
        paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN")
        painted.append(paint / 1000)
        weights.append(told["bytes"])
        files = told["files"]
        page.context.close()
    weight, first = statistics.median(weights), statistics.median(painted)
    flag = "  HEAVY" if limit and weight > limit else ""
    print(f"{name[:34]:34} {weight / 1000:6.1f} {files:6.0f} {first:7.1f} s{flag}", flush=True)
    return weight, first


def _until_painted(browser: Any, address: str) -> tuple[float, float]:
    """Bytes and seconds before the first words of a heavy page, asked once; it is not waited for longer than `PATIENCE`."""
    page, told = _throttled(browser)
    began = time.perf_counter()
    page.goto(address, wait_until="commit", timeout=120_000)
    while time.perf_counter() - began < PATIENCE:
        page.wait_for_timeout(500)
        if page.evaluate("performance.getEntriesByName('first-contentful-paint').length"):
            break
    spent = time.perf_counter() - began
    page.context.close()
    return told["bytes"], spent


def _first_sound(browser: Any, address: str) -> float:
    """Seconds between touching the message's knob and its sound moving on."""
    page, _told = _throttled(browser)
    page.goto(address, timeout=120_000)
    page.wait_for_load_state("networkidle")
    began = time.perf_counter()
    page.locator("[data-player] [data-listen]").first.click()
    page.wait_for_selector('[data-listen][aria-pressed="true"]', timeout=60_000)
    spent = time.perf_counter() - began
    page.context.close()
    return spent


def _weigh(folder: Path) -> None:
    """Five minutes of something like a voice, through the encoder that recordings go through."""
    from allervers.prevention import sound

    source = folder / "voix.wav"
    chance = random.Random(5)  # a bench
    with wave.open(str(source), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        for second in range(MINUTES * 60):
            pitch = 110 + 60 * chance.random()
            quiet = second % 4 == 3
            file.writeframes(
                b"".join(
                    struct.pack(
                        "<h", 0 if quiet else int(9000 * math.sin(6.283 * pitch * n / 16_000) * chance.random())
                    )
                    for n in range(16_000)
                )
            )
    made = sound.encode(source, folder / "voix.ogg")
    print(
        f"a message of {MINUTES} minutes: {made.size / 1e6:.2f} MB of sound, limit 0.7; "
        f"in eleven languages {made.size * 11 / 1e6:.1f}, limit 8"
    )


if __name__ == "__main__":
    main()

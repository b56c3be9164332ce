"""The residents' app on a poor network: `python -m bench.street [--kolibri http://127.0.0.1:8080/]`.

A real Chromium at 50 kb/s and 400 ms, an empty cache at each page, gunicorn as the units start it, loopback only, before the
demonstration's messages, places, calls and sessions. Prints for each page, in French, in Arabic and in pictures and voice
(Soninke): what was transferred before media, what of it the first words wait for (the page and its styles), when they were
painted, and when the page was whole, its pictograms too. Then how long after a touch the first sound of a message is heard, and
what a five-minute message weighs, alone and in eleven languages. Beside it, when its address is given, the first page of a
Kolibri server (PyPI `kolibri`, started by hand: `kolibri start --port 8080`), on the same throttled browser.
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
READERS = ("fr", "ar", "snk")
PAGES = [
    "",
    "comprendre/",
    "comprendre/chaleur/",
    "jeunes/",
    "lieux/",
    "lieux/quartiers/",
    "lieux/doctor/",
    "aide/",
    "aide/parler/",
    "demande/",
    "jaide/",
    "agenda/",
    "garder/",
    "vos-informations/",
    "un-site-pour-tous/",
    "hors-ligne/",
]
FIRST, ANY = 14_000, 40_000  # bytes transferred, at most
SOON = 3  # seconds until the first words
DAYS = 30  # of the demonstration's year
MINUTES = 5
PATIENCE = 300  # seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kolibri", default="", help="address of a running Kolibri server")
    parser.add_argument("--port", type=int, default=8198)
    parser.add_argument("--turns", type=int, default=3, help="how often each page is opened; the median is printed")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        _install(Path(scratch))
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "config.wsgi:application"]
        server = subprocess.Popen(
            gunicorn, env=os.environ | {"BIND": "127.0.0.1", "PORT": str(said.port)}, stderr=subprocess.DEVNULL
        )
        try:
            time.sleep(4)
            _browse(f"http://localhost:{said.port}", said.kolibri, said.turns)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
        _weigh(Path(scratch))


def _install(folder: Path) -> None:
    city.open_installation(folder)
    from django.core.management import call_command

    from allervers.demonstration import load

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    load.load(days=DAYS)


def _browse(base: str, kolibri: str, turns: int) -> None:
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
        print(f"{'page':34} {'kB':>6} {'waited for':>11} {'painted':>9} {'whole':>9}   at {KBPS} kb/s and {LATENCY} ms")
        street = f"{base}/porte/lille/"
        ours = _open(browser, street, turns, FIRST)
        for path in PAGES:
            for reader in READERS:
                _open(browser, f"{street}{reader}/{path}", turns, ANY if path else FIRST)
        sound = _first_sound(browser, f"{street}snk/comprendre/chaleur/")
        print(f"first sound of a message, after the touch: {sound:.1f} s, limit 5")
        if kolibri:
            weight, painted = _until_painted(browser, kolibri)
            print(f"Kolibri, first page: {weight / 1000:.0f} kB before its first paint, after {painted:.0f} s")
            print(
                f"  {weight / ours[0]:.0f} times the weight of our first page, {painted / ours[1]:.0f} times the wait"
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
    told: dict[str, float] = {"all": 0.0, "waited for": 0.0}
    blocking: set[str] = set()

    def began(event: dict[str, Any]) -> None:
        if event.get("type") in {"Document", "Stylesheet"}:
            blocking.add(event["requestId"])

    def finished(event: dict[str, Any]) -> None:
        told["all"] += event["encodedDataLength"]
        told["waited for"] += event["encodedDataLength"] if event["requestId"] in blocking else 0

    line.on("Network.requestWillBeSent", began)
    line.on("Network.loadingFinished", finished)
    return page, told


# When the words were painted; when the page and its styles were there to their end, hence its pictograms.
_MOMENTS = """() => [
  performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
  Math.max(...[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .filter(one => one.entryType === "navigation" || one.name.includes(".css")).map(one => one.responseEnd)),
]"""


def _open(browser: Any, address: str, turns: int, limit: int) -> tuple[float, float]:
    """Bytes transferred and seconds to the first paint, the median of some turns."""
    seen = []
    for _turn in range(turns):
        page, told = _throttled(browser)
        page.goto(address, timeout=300_000)
        page.wait_for_timeout(500)
        painted, whole = page.evaluate(_MOMENTS)
        seen.append((told["all"], told["waited for"], painted / 1000, whole / 1000))
        page.context.close()
    weight, waited, painted, whole = (statistics.median(column) for column in zip(*seen, strict=True))
    flag = "  HEAVY" if weight > limit else "  LATE" if painted > SOON else ""
    name = address.partition("/porte")[2]
    print(
        f"{name[:34]:34} {weight / 1000:6.1f} {waited / 1000:11.1f} {painted:7.1f} s {whole:7.1f} s{flag}", flush=True
    )
    return weight, painted


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
    return told["all"], spent


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

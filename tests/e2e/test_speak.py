"""From the home page to a request that is said, on a phone: four taps, none of which needs a word that is read."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from allervers.needs import sealing, spoken
from allervers.needs.doubts import FASTEST
from allervers.needs.enums import RequestState
from allervers.needs.models import HelpRequest
from allervers.web.public import gate
from tests.cast import Cast
from tests.e2e.test_ask import Thumb
from tests.needs.test_requests import ask, neighbourhood
from tests.prevention.sounds import noise

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ["snk", "bm", "wo", "ps", "zdj", "prs", "shy"]
AS_A_THUMB = FASTEST.total_seconds() * 1000 + 500  # is not as quick as a machine


@pytest.fixture(scope="module")
def microphone(chromium: Browser) -> Iterator[Browser]:
    """A browser whose microphone hums."""
    browser = chromium.browser_type.launch(
        executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        args=[
            "--no-sandbox",
            "--disable-background-networking",
            "--disable-gpu",
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
        ],
    )
    yield browser
    browser.close()


@pytest.fixture
def phone(microphone: Browser, live_server: object) -> Iterator[Callable[..., Page]]:
    """`phone("/porte/lille/snk/")`: a page at 360 px whose faults fail the test."""
    contexts, faults = [], []
    gate.forget()

    def open_(path: str, *, scripted: bool = True) -> Page:
        context = microphone.new_context(
            viewport={"width": 360, "height": 740}, java_script_enabled=scripted, permissions=["microphone"]
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(live_server.url + path)  # type: ignore[attr-defined]  # a fixture of pytest-django
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


def _heard(made: HelpRequest) -> bool:
    return sealing.voice_of(made).startswith(b"OggS")


@pytest.mark.parametrize("reader", LANGUAGES)
def test_four_taps_and_no_word(phone: Callable[..., Page], axe: Callable[[Page], None], reader: str) -> None:
    cast = Cast.make()
    page = phone(f"/porte/lille/{reader}/")
    thumb = Thumb(page)

    thumb.on(f"a[href='/porte/lille/{reader}/aide/']")
    thumb.on("a.speak")
    axe(page)
    thumb.on("[data-key]")
    expect(page.locator("[data-recorder]")).to_have_attribute("data-state", "recording")
    page.wait_for_timeout(AS_A_THUMB)
    assert page.evaluate("document.querySelector('[data-level]').value") > 0
    thumb.on("[data-send]")

    expect(page.locator(".receipt__code span")).to_have_count(4, timeout=20_000)
    assert thumb.taps == 4
    made = HelpRequest.objects.get()
    assert (made.state, made.language, made.hub.network) == (RequestState.RECEIVED, reader, cast.lille)  # type: ignore[union-attr]
    assert 3 <= made.voice_seconds <= 8 and _heard(made)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    axe(page)


def test_heard_back_said_again_and_kept_through_a_cut(phone: Callable[..., Page]) -> None:
    Cast.make()
    page = phone("/porte/lille/ar/aide/parler/")
    recorder = page.locator("[data-recorder]")

    for turn in range(2):
        page.locator("[data-key]").click()
        expect(recorder).to_have_attribute("data-state", "recording")
        page.wait_for_timeout(AS_A_THUMB / 2)
        page.locator("[data-key]").click()
        expect(recorder).to_have_attribute("data-state", "recorded")
        assert (page.locator("[data-mine]").get_attribute("src") or "").startswith("blob:")
        if not turn:
            page.locator("[data-again]").click()
            expect(recorder).to_have_attribute("data-state", "ready")
    page.route("**/parler/", lambda route: route.abort())
    page.locator("[data-send]").click()
    expect(recorder).to_have_attribute("data-state", "kept")
    assert HelpRequest.objects.count() == 0
    page.unroute("**/parler/")

    expect(page.locator(".receipt__code span")).to_have_count(4, timeout=20_000)
    assert 2 <= HelpRequest.objects.get().voice_seconds <= 5
    kept = page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    assert kept == []  # nothing of it stays in the telephone
    page.locator("form[action$='/demande/'] button").click()
    expect(page.locator(".next li")).to_have_count(1)


def test_longest_stops_by_itself_and_waits_for_a_tap(phone: Callable[..., Page]) -> None:
    Cast.make()
    page = phone("/porte/lille/fr/aide/parler/")
    page.evaluate("() => { document.querySelector('[data-recorder]').dataset.most = 1; }")

    page.locator("[data-key]").click()

    expect(page.locator("[data-recorder]")).to_have_attribute("data-state", "recorded", timeout=5_000)
    assert HelpRequest.objects.count() == 0


def test_closed_microphone_leaves_the_file(phone: Callable[..., Page]) -> None:
    Cast.make()
    page = phone("/porte/lille/fr/aide/parler/")
    page.evaluate("() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('closed')); }")

    page.locator("[data-key]").click()

    expect(page.locator("[data-recorder]")).to_have_attribute("data-state", "silent")
    expect(page.locator("#file")).to_be_visible()


@pytest.mark.parametrize("reader", ["fr", "snk"])
def test_without_script_the_telephones_own_recorder(phone: Callable[..., Page], tmp_path: Path, reader: str) -> None:
    Cast.make()
    page = phone(f"/porte/lille/{reader}/", scripted=False)
    thumb = Thumb(page, scripted=False)

    thumb.on(f"a[href='/porte/lille/{reader}/aide/']")
    thumb.on("a.speak")
    with page.expect_file_chooser() as choosing:
        thumb.on("#file")  # opens the telephone's recorder, which gives its file back
    choosing.value.set_files(noise(tmp_path / "voice.wav", 2))
    page.wait_for_timeout(AS_A_THUMB)
    thumb.on("form.recorder button:visible")

    expect(page.locator(".receipt__code span")).to_have_count(4)
    assert thumb.taps == 4
    made = HelpRequest.objects.get()
    assert (made.state, made.voice_seconds) == (RequestState.RECEIVED, 2) and _heard(made)


def test_team_hears_it(phone: Callable[..., Page], sign_in: Callable[[Page, object], None], tmp_path: Path) -> None:
    cast = Cast.make()
    voice = spoken.encode(noise(tmp_path / "voice.wav", 2).read_bytes())
    made, _code = ask(cast, territory=neighbourhood(cast), spoken=voice)
    assert cast.client("mediator").get("/demandes/").status_code == 200  # her second factor is there
    page = phone("/sante/")
    sign_in(page, cast.memberships["mediator"].user)
    page.goto(page.url.removesuffix("/sante/") + f"/besoins/{made.need_id}/")

    player = page.locator(f"audio[src='/demandes/{made.pk}/voix/']")
    player.evaluate("(audio) => audio.play()")
    page.wait_for_timeout(1500)

    assert player.evaluate("(audio) => audio.currentTime") > 0.5
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

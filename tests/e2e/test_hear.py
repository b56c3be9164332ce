"""Without reading a word: from the choice of a language to a message that speaks, in four taps. And a voice recorded here."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from allervers.core import clock
from allervers.demonstration import tones
from allervers.prevention import actions, voices
from allervers.prevention.enums import InvitationKind, Origin
from allervers.prevention.models import Message, Rendition, Tally
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ["snk", "bm", "wo", "ps", "zdj", "prs", "shy"]


def _message(cast: Cast) -> Message:
    today = clock.today()
    made = actions.write(
        cast.lille,
        title=actions.Line("Il fait très chaud", "sun"),
        lines=[actions.Line("Buvez de l’eau.", "glass"), actions.Line("Appelez.", "phone", urgent=True, phone="15")],
        terms=actions.Terms(today, today + timedelta(days=30)),
        by=cast.viewer("mediator"),
    )
    actions.publish(made, by=cast.viewer("lead"))
    return made


class Finger:
    """Counts taps, by place and picture: what it touches is never found by a word that is read."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def on(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.taps += 1


# Which sound plays, and how far, as the page itself knows it: the audio element lives in a script's block.
LISTENING = """
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () { window.playing = this; return play.call(this); };
"""


def _wait(page: Page, condition: str) -> None:
    """Asks through the debugger: a strict policy stops what playwright would have the page evaluate."""
    for _try in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(condition)


@pytest.mark.parametrize("language", LANGUAGES)
def test_four_taps_without_a_read_word_make_a_message_speak(
    cast: Cast, settings, language: str, open_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    settings.DEMO = True
    message = _message(cast)
    tones.speak([message], cast.lille, by=cast.viewer("lead"))
    page = open_page("/sante/", width=360, height=740)
    page.add_init_script(LISTENING)
    page.goto(page.url.replace("/sante/", "/porte/lille/?toutes"))
    finger = Finger(page)

    finger.on(f'.lang__name[href$="/{language}/"]')
    finger.on(".door .door__leaf")
    finger.on(".choice")
    axe(page)
    finger.on(".player .listen")

    expect(page.locator(".player .listen")).to_have_attribute("aria-pressed", "true")
    _wait(page, "window.playing?.currentTime > 0.2")
    assert finger.taps <= 4
    assert page.evaluate("window.playing.currentSrc").endswith(page.locator(".player .listen").get_attribute("href"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator(".player__mark").count() == 1  # a tone says that it is one


def test_a_knob_touched_again_stops_and_another_takes_its_place(
    cast: Cast, settings, open_page: Callable[..., Page]
) -> None:
    settings.DEMO = True
    message = _message(cast)
    tones.speak([message], cast.lille, by=cast.viewer("lead"))
    page = open_page(f"/porte/lille/snk/comprendre/{message.slug}/", width=360)
    first, second = (page.locator(f"#s{place} .listen") for place in (1, 2))

    first.click()
    expect(first).to_have_attribute("aria-pressed", "true")
    second.click()
    expect(second).to_have_attribute("aria-pressed", "true")
    assert first.get_attribute("aria-pressed") is None
    expect(second).not_to_have_attribute("aria-pressed", "true", timeout=4000)  # it ended by itself


def test_a_message_is_said_slowly_for_whoever_learns_the_language(
    cast: Cast, settings, open_page: Callable[..., Page]
) -> None:
    settings.DEMO = True
    message = _message(cast)
    tones.speak([message], cast.lille, by=cast.viewer("lead"))
    page = open_page("/sante/", width=1280)
    page.add_init_script(LISTENING)
    page.goto(page.url.replace("/sante/", f"/porte/lille/fr/comprendre/{message.slug}/"))
    player, pieces = page.locator(".player"), page.locator("#morceaux")
    assert player.bounding_box()["x"] < pieces.bounding_box()["x"]  # beside each other where there is room

    page.locator("[data-slow]").click()
    expect(page.locator("[data-slow]")).to_have_attribute("aria-pressed", "true")
    page.locator(".player .listen").click()
    _wait(page, "window.playing?.playbackRate === 0.75")
    page.locator("[data-slow]").click()
    _wait(page, "window.playing?.playbackRate === 1")


def _counts(message: Message) -> list[tuple[int, int, int]]:
    return list(Tally.objects.filter(message=message).values_list("opened", "listened", "shared"))


def _soon(message: Message, counts: tuple[int, int, int], page: Page) -> None:
    for _try in range(50):
        if _counts(message) == [counts]:
            return
        page.wait_for_timeout(100)
    assert _counts(message) == [counts]


def test_what_someone_does_is_counted_once_and_what_she_does_not_is_not(
    cast: Cast, settings, live_server: object, open_page: Callable[..., Page]
) -> None:
    settings.DEMO = True
    message = _message(cast)
    tones.speak([message], cast.lille, by=cast.viewer("lead"))
    page = open_page("/porte/lille/snk/comprendre/", width=360)  # « Tout garder » asks for the page: nobody opens it
    page.evaluate("fetch('il-fait-tres-chaud/')")
    page.request.get(f"{live_server}/porte/lille/snk/comprendre/il-fait-tres-chaud/")
    assert _counts(message) == []

    page.goto(f"{live_server}/porte/lille/snk/comprendre/il-fait-tres-chaud/")
    _soon(message, (1, 0, 0), page)

    page.locator("#s1 .listen").click()  # a sentence alone is not a message
    expect(page.locator("#s1 .listen")).to_have_attribute("aria-pressed", "true")
    for _time in range(2):
        page.locator(".player .listen").click()
        expect(page.locator(".player .listen")).to_have_attribute("aria-pressed", "true")
        page.locator(".player .listen").click()
    page.evaluate(
        "document.addEventListener('click', event => event.target.closest('[data-give]') && event.preventDefault())"
    )
    for way in ("WhatsApp", "SMS"):
        page.get_by_role("link", name=way, exact=True).click()
    _soon(message, (1, 1, 2), page)


def test_a_page_prepared_behind_another_is_not_opened_until_it_is_seen(
    cast: Cast, open_page: Callable[..., Page]
) -> None:
    message = _message(cast)
    page = open_page("/sante/", width=360)
    page.add_init_script(
        "let seen = 'hidden'; Object.defineProperty(document, 'visibilityState', { get: () => seen });"
        "window.show = () => { seen = 'visible'; document.dispatchEvent(new Event('visibilitychange')); };"
    )
    page.goto(page.url.replace("/sante/", f"/porte/lille/fr/comprendre/{message.slug}/"))
    page.wait_for_load_state("networkidle")
    assert _counts(message) == []

    page.evaluate("window.show(); window.show();")

    _soon(message, (1, 0, 0), page)


# --- the studio, with a microphone that plays by itself --------------------------------------------------------------


@pytest.fixture
def microphone(chromium: Browser) -> Iterator[Browser]:
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


def test_a_voice_is_recorded_heard_back_cut_and_sent_again_after_a_reload(
    cast: Cast, live_server, microphone: Browser
) -> None:
    message = _message(cast)
    _invitation, token, code = voices.invite(
        message, language="snk", kind=InvitationKind.RECORD, by=cast.viewer("mediator")
    )
    context = microphone.new_context(viewport={"width": 360, "height": 740}, locale="fr", permissions=["microphone"])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{live_server.url}/studio/{token}/")
    page.locator("#code").fill(code)
    page.locator("main form button").click()
    page.locator("#s1 a.button").click()
    recorder = page.locator("[data-recorder]")
    expect(recorder).to_have_attribute("data-state", "ready")

    page.locator("[data-key]").click()
    expect(recorder).to_have_attribute("data-state", "recording")
    page.wait_for_timeout(2500)
    page.locator("[data-key]").click()
    expect(recorder).to_have_attribute("data-state", "recorded")
    page.evaluate("document.querySelector('[data-mine]').play()")
    _wait(page, "document.querySelector('[data-mine]').currentTime > 0.2")

    context.route("**/envoi/**", lambda route: route.abort())
    page.locator("[data-send]").click()
    expect(recorder).to_have_attribute("data-state", "kept")
    assert Rendition.objects.count() == 0
    context.unroute("**/envoi/**")
    page.reload()

    expect(recorder).to_have_attribute("data-state", "done", timeout=15_000)
    said = Rendition.objects.get()
    assert (said.language, said.origin, said.segment.position) == ("snk", Origin.PERSON, 1)
    assert said.media is not None and 1.5 < said.media.seconds < 6
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert faults == []
    context.close()

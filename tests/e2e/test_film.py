"""A film that leaves a telephone through a cut and a reload, is made small by the worker, judged, and plays for a resident."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from allervers.core import clock
from allervers.prevention import actions, films
from allervers.prevention.models import Message, Rendition, SentFilm
from tests.cast import Cast
from tests.prevention.sounds import film

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _message(cast: Cast) -> Message:
    today = clock.today()
    made = actions.write(
        cast.lille,
        title=actions.Line("Il fait très chaud", "sun"),
        lines=[actions.Line("Buvez de l’eau.", "glass")],
        terms=actions.Terms(today, today + timedelta(days=30)),
        by=cast.viewer("mediator"),
    )
    actions.publish(made, by=cast.viewer("lead"))
    return made


def test_a_film_through_a_cut_is_made_judged_and_plays(
    cast: Cast, chromium: Browser, live_server, axe: Callable[[Page], None], tmp_path: Path
) -> None:
    message, source = _message(cast), film(tmp_path / "film.webm", 6, width=640, height=360, kind="webm")
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="fr")
    cookie = cast.client("mediator").cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{live_server.url}/messages/{message.pk}/films/")
    sender = page.locator("[data-recorder]")
    expect(sender).to_have_attribute("data-state", "silent")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    sent: list[str] = []

    def cut_after_two(route) -> None:
        sent.append(route.request.method)
        if sent.count("POST") > 2:
            route.abort()
        else:
            route.continue_()

    page.locator("#file").set_input_files(source)
    expect(sender).to_have_attribute("data-state", "recorded")
    page.evaluate("document.querySelector('[data-recorder]').dataset.piece = '20000'")
    context.route("**/films/envoi/**", cut_after_two)
    page.locator("[data-send]").click()
    expect(sender).to_have_attribute("data-state", "kept")
    assert SentFilm.objects.count() == 0
    context.unroute("**/films/envoi/**")
    page.reload()

    expect(page.locator("#sent")).to_be_visible(timeout=15_000)
    assert SentFilm.objects.get().sha256
    while films.work(clock.now()):
        pass
    made = Rendition.objects.get(medium="video")
    expect(page.locator("#films video")).to_have_count(1, timeout=10_000)  # the page asks by itself
    axe(page)

    actions.check(made, version=made.french, by=cast.viewer("lead"))
    page.goto(f"{live_server.url}/porte/lille/fsl/comprendre/{message.slug}/")
    page.evaluate("document.querySelector('.player video').play()")
    for _try in range(50):
        if page.evaluate("document.querySelector('.player video').currentTime") > 0.5:
            break
        page.wait_for_timeout(100)
    assert page.evaluate("document.querySelector('.player video').currentTime") > 0.5
    assert page.evaluate("document.querySelector('.player video').videoHeight") == 144
    axe(page)
    assert faults == []
    context.close()


def test_what_one_person_kept_never_leaves_in_anothers_name(
    cast: Cast, chromium: Browser, live_server, tmp_path: Path
) -> None:
    message, source = _message(cast), film(tmp_path / "film.webm", 2, kind="webm")
    context = chromium.new_context(viewport={"width": 800, "height": 900}, locale="fr")
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    form = page.locator("[data-recorder]")

    def enter(who: str) -> None:
        context.clear_cookies()
        cookie = cast.client(who).cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        page.goto(f"{live_server.url}/messages/{message.pk}/films/")

    enter("mediator")
    context.route("**/films/envoi/**", lambda route: route.abort())
    page.locator("#file").set_input_files(source)
    page.locator("[data-send]").click()
    expect(form).to_have_attribute("data-state", "kept")
    assert len(page.evaluate(_KEYS)) == 1
    context.unroute("**/films/envoi/**")

    enter("other")
    page.wait_for_timeout(1500)
    expect(form).to_have_attribute("data-state", "silent")
    assert (SentFilm.objects.count(), page.evaluate(_KEYS)) == (0, [])

    # What the script of before kept is a recording alone; « Recommencer » gives it up, and it does not leave later.
    context.route("**/films/envoi/**", lambda route: route.abort())
    page.evaluate(_PUT, "new Blob(['abcd'])")
    page.reload()
    expect(form).to_have_attribute("data-state", "kept")
    page.locator("[data-again]").click()
    expect(form).to_have_attribute("data-state", "silent")
    page.wait_for_timeout(2500)
    expect(form).to_have_attribute("data-state", "silent")
    assert page.evaluate(_KEYS) == []
    page.evaluate(_PUT, "{}")
    page.reload()
    expect(form).to_have_attribute("data-state", "silent")
    page.wait_for_timeout(500)
    assert page.evaluate(_KEYS) == [] and faults == []
    context.close()


_KEYS = """() => new Promise((done) => { const asked = indexedDB.open("studio", 1); asked.onsuccess = () => {
  const keys = asked.result.transaction("voices").objectStore("voices").getAllKeys();
  keys.onsuccess = () => done(keys.result); }; })"""
_PUT = """(what) => new Promise((done) => { const asked = indexedDB.open("studio", 1); asked.onsuccess = () => {
  const form = document.querySelector("[data-recorder]").dataset;
  const act = asked.result.transaction("voices", "readwrite");
  act.objectStore("voices").put(what === "{}" ? {} : new Blob(["abcd"]), `${form.owner} ${form.to}`);
  act.oncomplete = done; }; })"""

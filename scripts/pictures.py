"""Takes the pictures of the README and the guide again, from a fresh demonstration: `make pictures`.

Everything happens in a folder of its own, thrown away after; only docs/pictures is written.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
PORT = int(os.environ.get("PORT", "8123"))
sys.path.insert(0, str(ROOT))

# name, address (a function of the database where a row is needed), who signs in, width, language
LEAD, COORDINATION = "wazemmes@demo.example", "coordination@demo.example"
PICTURES = [
    ("today-desk", "/", LEAD, 1280, "fr"),
    ("today-phone", "/", LEAD, 360, "fr"),
    ("encounter-desk", "workspace:encounter_new", LEAD, 1280, "fr"),
    ("need-desk", "a need", LEAD, 1280, "fr"),
    ("directory-desk", "workspace:directory?q=dantiste", LEAD, 1280, "fr"),
    ("referrals-desk", "workspace:referrals", LEAD, 1280, "fr"),
    ("funnel-desk", "/depistages/lille-2018-lines/entonnoir/", COORDINATION, 1280, "fr"),
    ("figures-desk", "workspace:figures", COORDINATION, 1280, "fr"),
    ("partner-phone", "a return list", None, 360, "fr"),
    ("partner-arabic-phone", "a return list", None, 360, "ar"),
    ("newsroom-desk", "workspace:newsroom", LEAD, 1280, "fr"),
    ("doors-phone", "/porte/lille/fr/", None, 360, "fr"),
    ("doors-arabic-phone", "/porte/lille/ar/", None, 360, "ar"),
    ("doors-soninke-phone", "/porte/lille/snk/", None, 360, "fr"),
    ("message-phone", "/porte/lille/fr/comprendre/chaleur/", None, 360, "fr"),
    ("ask-phone", "/porte/lille/fr/aide/", None, 360, "fr"),
]


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="pictures-"))
    os.environ |= {
        "ALLERVERS_DATA": str(folder),
        "ALLERVERS_STATIC": str(folder / "static"),
        "ALLERVERS_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    server = None
    try:
        subprocess.run([sys.executable, "manage.py", "init_keys"], cwd=ROOT, check=True)
        subprocess.run([sys.executable, "scripts/prepare.py", "demonstration"], cwd=ROOT, check=True)
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{PORT}", "--threads", "4"]
        server = subprocess.Popen(command, cwd=ROOT)
        _wait()
        _take()
    finally:
        if server:
            server.terminate()
            server.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait() -> None:
    for _try in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/sante/", timeout=2)  # our own server
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("Le serveur ne répond pas.")


def _take() -> None:
    import django

    django.setup()
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    target = ROOT / "docs" / "pictures"
    target.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for name, address, who, width, language in PICTURES:
            context = browser.new_context(viewport={"width": width, "height": 800}, locale=language)
            if who:
                context.add_cookies([{"name": "sessionid", "value": _session(who), "url": f"http://127.0.0.1:{PORT}"}])
            page = context.new_page()
            page.goto(f"http://127.0.0.1:{PORT}{_path(address)}")
            if address == "a return list":
                _enter_code(page)
            page.screenshot(path=target / f"{name}.png")
            context.close()
            print(name)
        browser.close()


@cache
def _sample() -> tuple[str, str]:
    """The path of a return list that waits for its partner, and its code."""
    from allervers.demonstration import load

    address, code = load.sample_list()
    return urlsplit(address).path, code


def _path(address: str) -> str:
    from django.urls import reverse

    from allervers.needs.models import Need

    if address == "a need":
        need = Need.objects.filter(hub__slug="wazemmes", referrals__isnull=False, state="in_progress").latest(
            "opened_at"
        )
        return reverse("workspace:need", args=[need.pk])
    if address == "a return list":
        return _sample()[0]
    name, _mark, query = address.partition("?")
    path = reverse(name) if ":" in name else name
    return f"{path}?{query}" if query else path


def _enter_code(page: object) -> None:
    page.fill("input[name=code]", _sample()[1])  # type: ignore[attr-defined]  # a Playwright page
    page.click("form button:not([name=language])")  # type: ignore[attr-defined]
    page.wait_for_selector("form#answers, main form")  # type: ignore[attr-defined]


def _session(email: str) -> str:
    """A signed-in session, as after the mailed code."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from allervers.accounts.models import User

    user = User.objects.get(email=email)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


if __name__ == "__main__":
    main()

"""What each answer tells the browser: policy, cookies, no framing, no sniffing."""

import json
import os
import subprocess
import sys

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast

PAGES = ["account_login", "components:gallery", "public:health", "workspace:post", "workspace:today", "workspace:team"]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_the_policy(cast: Cast, name: str) -> None:
    headers = cast.client("lead").get(reverse(name)).headers

    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["object-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "http" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/nulle-part/", "/poste/"])
def test_refusals_have_the_policy_too(db, path: str) -> None:
    assert "Content-Security-Policy" in Client().get(path).headers


def test_cookies_behind_https_are_bound_to_the_host() -> None:
    """Settings are read once, so another process reads them with HTTPS on."""
    script = """
import json, django
from django.conf import settings
django.setup()
from allervers.web import desk
from allauth.mfa import app_settings as mfa
kinds = ["SESSION", "CSRF", "LANGUAGE"]
names = [getattr(settings, f"{kind}_COOKIE_NAME") for kind in kinds] + [desk.COOKIE, mfa.TRUST_COOKIE_NAME]
secure = [getattr(settings, f"{kind}_COOKIE_SECURE") for kind in kinds] + [mfa.TRUST_COOKIE_SECURE]
where = settings.SESSION_COOKIE_DOMAIN, settings.SESSION_COOKIE_PATH
print(json.dumps([names, secure, settings.SECURE_HSTS_SECONDS, *where]))
"""
    env = os.environ | {"ALLERVERS_HTTPS": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)

    names, secure, hsts, domain, path = json.loads(done.stdout.splitlines()[-1])
    assert all(name.startswith("__Host-") for name in names)
    assert all(secure)
    assert hsts >= 31_536_000
    assert (domain, path) == (None, "/")


def test_posting_without_the_token_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.memberships["ambassador"].user)

    assert client.post(reverse("workspace:post_shortcuts"), {"on": "on"}).status_code == 403


def test_without_its_key_the_program_says_so_and_shows_nothing(cast: Cast, settings, tmp_path) -> None:
    client = cast.client("lead")
    settings.KEY_DIR = tmp_path

    answer = client.get(reverse("workspace:team"))

    assert answer.status_code == 503
    assert "La clé de cette installation est absente" in answer.content.decode()
    assert "Cast" not in answer.content.decode()

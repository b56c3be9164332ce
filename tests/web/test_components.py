"""The design system's own parts, without a browser."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template import Context, Template, TemplateSyntaxError

from allervers.needs.enums import Attempt, NeedState, Outcome
from allervers.outbox import models as outbox_models
from allervers.programmes.enums import Arrival, ScreeningResult
from allervers.referrals.enums import AnswerKind, EndedAs, ReferralState
from allervers.web.components import icons, states
from allervers.web.components.bundles import BUNDLES, joined


def render(source: str, **context: object) -> str:
    return Template("{% load components signs %}" + source).render(Context(context))


@pytest.fixture(autouse=True)
def plain_static(settings):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


def test_icon_points_at_the_sprite_and_is_hidden_from_screen_readers():
    html = render('{% icon "s-open" %}')

    assert html.startswith('<svg viewBox="0 0 20 20" aria-hidden="true" focusable="false">')
    assert '<use href="/static/img/icons.svg#i-s-open"></use>' in html


def test_unknown_icon_is_refused():
    with pytest.raises(TemplateSyntaxError):
        render('{% icon "dragon" %}')


def test_unknown_state_is_refused():
    with pytest.raises(TemplateSyntaxError):
        render('{% state "dragon" %}')


def test_every_state_and_every_mirrored_icon_is_in_the_sprite():
    assert {look.icon for look in states.LOOKS.values()} | icons.MIRRORED <= icons.names()


@pytest.mark.parametrize(
    "choices",
    [ReferralState, AnswerKind, EndedAs, NeedState, Outcome, Attempt, Arrival, ScreeningResult, outbox_models.State],
)
def test_every_state_of_the_models_has_a_look(choices):
    for value in choices.values:
        assert 'class="state is-' in render("{% state value %}", value=value)


def test_state_takes_another_word_and_can_be_loud():
    html = render('{% state "late" "Depuis 5 jours" loud=True %}')

    assert 'class="state is-red loud"' in html
    assert html.endswith("Depuis 5 jours</span>")


def test_a_name_is_escaped():
    assert "<b>" not in render('{% who "card" name %}', name="<b>K. T.</b>")


@pytest.mark.parametrize("name", ["sun", "need-help"])
def test_a_pictogram_points_into_a_sprite_that_is_there(name):
    file, _, shape = re.search('href="/static/([^"]+)"', render(f"{{% sign '{name}' %}}"))[1].partition("#")

    assert f'<symbol id="{shape}"' in Path(finders.find(file)).read_text(encoding="utf-8")
    assert not finders.find(f"{file}%23{shape}")


@pytest.mark.parametrize("name", BUNDLES)
def test_bundle_is_found_joined(name):
    assert Path(finders.find(name)).read_text(encoding="utf-8") == joined(name)


def test_third_party_files_are_those_of_the_manifest():
    """A new version of a browser library is read before its hash is changed here."""
    vendor = Path(finders.find("vendor/manifest.json"))
    listed = json.loads(vendor.read_text(encoding="utf-8"))

    for entry in listed:
        found = finders.find(entry["path"])
        assert sha256(Path(found).read_bytes()).hexdigest() == entry["sha256"], entry["path"]
    kept_here = {f"vendor/{path.name}" for path in vendor.parent.iterdir()} - {"vendor/manifest.json"}
    assert kept_here <= {entry["path"] for entry in listed}


def test_collected_bundles_are_hashed(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }

    call_command("collectstatic", interactive=False, verbosity=0)

    for name in BUNDLES:
        stem, suffix = name.rsplit(".", 1)
        assert list(tmp_path.glob(f"{stem}.*.{suffix}")), name

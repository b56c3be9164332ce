"""Each family of pages links its own styles only: a class that a page bears must be told by one of the two that it links."""

import re
from pathlib import Path

import pytest

from allervers.web.components.bundles import BUNDLES, STREET, WEB, joined

TEMPLATES = WEB / "public/templates/public"
_CLASS = re.compile(r"\.([a-z][\w-]*)")
_INCLUDED = re.compile(r'{% include "public/(\w+\.html)"')


def _classes_of(sheet: str) -> set[str]:
    return {name for selector in re.findall(r"([^{}]+)\{", sheet) for name in _CLASS.findall(selector)}


EVERY = {path.stem: _classes_of(path.read_text(encoding="utf-8")) for path in (WEB / STREET).glob("*.css")}
KNOWN = set().union(*EVERY.values())


def _source(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return text + "".join(_source(TEMPLATES / name) for name in _INCLUDED.findall(text))


def _borne(source: str) -> set[str]:
    """Words of `class` attributes, and of the arguments that tags take for classes."""
    said = re.findall(r'class="([^"]*)"', re.sub(r"{%.*?%}|{{.*?}}", " ", source))
    said += re.findall(r'class="[^"]*?{% if [^%]*%}([^{]*)', source)
    said += re.findall(r'"((?:icon|listen|door|threshold|player)[\w -]*)"', source)
    return {word for one in said for word in one.split()}


def _family(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.stem.startswith("pack_"):
        return "css/pack.css"
    found = re.search(r"{% block style %}{% static '([^']+)' %}", text)
    if found:
        return found[1]
    parent = re.search(r'{% extends "public/(\w+\.html)"', text)
    return _family(TEMPLATES / parent[1]) if parent else ""


def _pages() -> list[Path]:
    pages = [path for path in TEMPLATES.glob("*.html") if _family(path) and path.stem not in {"street", "base"}]
    return sorted(pages)


@pytest.mark.parametrize("path", _pages(), ids=lambda path: path.stem)
def test_a_page_links_the_styles_of_the_classes_that_it_bears(path: Path) -> None:
    family = _family(path)
    linked = _classes_of(joined(family)) | (
        _classes_of(joined("css/street.css")) if family != "css/pack.css" else set()
    )

    assert (_borne(_source(path)) & KNOWN) - linked == set()


def test_every_style_of_the_street_is_linked_somewhere() -> None:
    linked = {Path(part).stem for parts in BUNDLES.values() for part in parts if part.startswith(STREET)}

    assert set(EVERY) <= linked


def test_a_style_sheet_loses_its_air_and_nothing_else() -> None:
    sheet = joined("css/street.css")

    assert sheet.count("\n") == len(BUNDLES["css/street.css"]) - 1 and "/*" not in sheet and "; " not in sheet
    assert ".page :is(.top,.threshold) :focus-visible{outline-color:var(--door-ink);" in sheet
    assert "font:var(--text)/var(--leading) var(--font)" in sheet and '"Segoe UI"' in sheet
    assert "clamp(1.375rem,1.25rem + .8vw,1.75rem)" in sheet
    assert "@media (prefers-reduced-motion:no-preference){" in sheet

"""French says its firsts, in our code and in our templates."""

from datetime import date

import pytest
from django.template import Context, Template
from django.utils import translation

from allervers.core import dates

FIRST, ELEVENTH = date(2026, 12, 1), date(2026, 12, 11)


@pytest.mark.parametrize(
    ("language", "day", "style", "said"),
    [
        ("fr", FIRST, "l j F Y", "mardi 1er décembre 2026"),
        ("fr", FIRST, "j b", "1er déc"),
        ("fr-falc", FIRST, None, "1er décembre 2026"),
        ("fr", ELEVENTH, "j F", "11 décembre"),
        ("fr", date(2026, 5, 21), "l j F", "jeudi 21 mai"),
        ("fr", date(1, 1, 1), "Y-m-d", "0001-01-01"),
        ("en", FIRST, "j F Y", "1 December 2026"),
        ("ar", FIRST, "j F", "1 ديسمبر"),
    ],
)
def test_a_day_is_written_as_its_language_does(language: str, day: date, style: str | None, said: str) -> None:
    with translation.override(language):
        assert dates.written(day, style) == said
        told = Template("{{ day|date:style }}" if style else "{{ day|date }}").render(
            Context({"day": day, "style": style})
        )
        assert told == said
        assert Template('{{ day|date:"j F" }}').render(Context({"day": ""})) == ""

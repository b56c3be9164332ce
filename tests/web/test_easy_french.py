"""Easy French keeps to what of the rules of Inclusion Europe a machine can see; only readers say whether it is easy."""

import re
import unicodedata

import pytest

from allervers.prevention import readability
from scripts import messages

LONGEST = 13  # words of a sentence
NUMBERS = r"deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|cent"
NOT_EASY = {
    "a number in letters": re.compile(rf"\b({NUMBERS})\b", re.IGNORECASE),
    "brackets": re.compile(r"(?<!%)[()]"),
    "two genders in one word": re.compile(r"\w·\w"),
    "a semicolon": re.compile(";"),
    "an abbreviation": re.compile(r"\b(etc|appli|info|doc|pb|svp|tél|max|min|ex)\b", re.IGNORECASE),
}
SENTENCES = sorted(
    form for message in messages.read(messages.EASY_FRENCH) if message.id for form in messages._forms(message.string)
)


def _bare(sentence: str) -> str:
    """Without its marks: what a page puts there is not ours to shorten."""
    return re.sub(r"%\(\w+\)s|</?\w+>", "x", sentence)


@pytest.mark.parametrize("fault", NOT_EASY)
def test_what_the_rules_advise_against_is_not_there(fault: str) -> None:
    assert [sentence for sentence in SENTENCES if NOT_EASY[fault].search(_bare(sentence))] == []


def test_sentences_are_short() -> None:
    assert len(SENTENCES) > 350
    assert [one for one in SENTENCES if readability.read(_bare(one)).longest > LONGEST] == []


def test_easy_french_is_written_in_french_letters() -> None:
    """A sentence of another language once stood there."""
    letters = {letter for sentence in SENTENCES for letter in sentence if letter.isalpha()}

    assert [letter for letter in sorted(letters) if not unicodedata.name(letter).startswith("LATIN")] == []

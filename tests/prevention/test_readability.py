"""The score of a French text: by hand on known sentences, and what holds for any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allervers.prevention import readability


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("eau", 1),
        ("boire", 1),
        ("souvent", 1),
        ("médecin", 3),
        ("vaccination", 4),
        ("l", 1),
        ("parlent", 1),
        ("école", 2),
    ],
)
def test_syllables_are_those_that_are_heard(word: str, count: int) -> None:
    assert readability.syllables(word) == count


def test_read_counts_sentences_words_and_rare_ones() -> None:
    reading = readability.read("Quelqu’un boit de l’eau. Allez voir un ophtalmologue rapidement !")

    assert (reading.words, reading.sentences, reading.longest) == (11, 2, 6)
    assert reading.rare == ("ophtalmologue",)


def test_score_is_the_formula_of_kandel_and_moles() -> None:
    reading = readability.Reading(words=20, sentences=2, syllables=30, longest=12, rare=())

    assert reading.score == round(207 - 1.015 * 10 - 73.6 * 1.5)


def test_simple_words_read_more_easily_than_office_words() -> None:
    plain = readability.read("Il fait chaud. Buvez de l’eau. Restez à la maison.")
    office = readability.read(
        "Les bénéficiaires dépourvus de couverture complémentaire solliciteront préalablement l’organisme compétent."
    )

    assert plain.is_easy and not office.is_easy
    assert plain.score > office.score + 40


@given(st.text(max_size=300))
def test_any_text_has_a_score(text: str) -> None:
    reading = readability.read(text)

    assert 0 <= reading.score <= 100
    assert reading.longest <= reading.words <= reading.syllables
    assert reading.sentences <= reading.words


@given(st.lists(st.sampled_from("buvez marchez dormez souvent demain".split()), min_size=1, max_size=12))
def test_a_text_said_twice_reads_the_same(words: list[str]) -> None:
    once, twice = readability.read(f"{' '.join(words)}."), readability.read(f"{' '.join(words)}. " * 2)

    assert (twice.score, twice.longest, twice.rare) == (once.score, once.longest, once.rare)

import random

from hypothesis import given
from hypothesis import strategies as st

from allervers.directory.spelling import EXACT, Lexicon, sound

WORDS = ["dentiste", "dentaire", "ophtalmologue", "hopital", "pharmacie", "wazemmes", "moulins", "solidaire", "social"]


def _lexicon(words: list[str]) -> Lexicon:
    lexicon = Lexicon()
    lexicon.update((word, number, 1) for number, word in enumerate(words))
    return lexicon


def _first(word: str) -> str:
    return _lexicon(WORDS).candidates(word)[0][0]


def test_candidates_forgive_the_first_letter_too() -> None:
    assert _first("tentiste") == "dentiste"
    assert _first("edntiste") == "dentiste"
    assert _first("dantiste") == "dentiste"


def test_candidates_forgive_what_is_written_as_it_sounds() -> None:
    assert _first("farmassie") == "pharmacie"
    assert sound("oftalmo") == sound("ophtalmo")


def test_candidates_complete_a_word_begun() -> None:
    assert _first("ophtal") == "ophtalmologue"


def test_an_exact_word_comes_first() -> None:
    assert _lexicon([*WORDS, "dentistes"]).candidates("dentiste")[0] == ("dentiste", EXACT)


def test_update_brings_new_words_to_words_already_asked() -> None:
    lexicon = _lexicon(WORDS)
    before = lexicon.candidates("podologeu")

    lexicon.update([("podologue", 99, 1)])

    assert before == []
    assert lexicon.candidates("podologeu")[0][0] == "podologue"


def test_a_word_that_stands_nowhere_is_no_candidate() -> None:
    lexicon = _lexicon(WORDS)
    lexicon.update([("dentiste", 0, 0)])

    assert "dentiste" not in [word for word, _factor in lexicon.candidates("dentiste")]


@given(st.sampled_from([word for word in WORDS if len(word) > 4]), st.integers(0, 10_000))
def test_one_mistake_is_always_forgiven(word: str, seed: int) -> None:
    chance = random.Random(seed)
    place = chance.randrange(len(word) - 1)
    mistakes = [
        word[:place] + word[place + 1 :],
        word[:place] + word[place] * 2 + word[place + 1 :],
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        word[:place] + chance.choice("abcdefghij") + word[place + 1 :],
    ]

    assert all(word in [found for found, _factor in _lexicon(WORDS).candidates(wrong)] for wrong in mistakes)

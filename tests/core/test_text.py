from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from allervers.core import clock, crypto, ids, text


def test_fold_unites_accents_ligatures_and_arabic_variants() -> None:
    assert text.fold("Œil  DÉNUTRI") == "oeil denutri"
    assert text.fold("أسنان") == text.fold("اسنان")
    assert text.words("L’hôpital Saint-Vincent") == ["l", "hopital", "saint", "vincent"]


@given(st.text(max_size=60))
@example("𝓐")
@example("Ǽ")
def test_fold_is_idempotent(value: str) -> None:
    assert text.fold(text.fold(value)) == text.fold(value)


@given(st.binary(max_size=200), st.text(max_size=20), st.text(max_size=20))
def test_sealed_opens_only_in_its_place(plain: bytes, place: str, other: str) -> None:
    key = crypto.new_key()
    sealed = crypto.seal(key, plain, place)

    assert crypto.unseal(key, sealed, place) == plain
    if other != place:
        try:
            crypto.unseal(key, sealed, other)
        except crypto.CannotOpen:
            return
        raise AssertionError("opened in another place")


def test_ids_are_ordered_and_unique() -> None:
    made = [ids.new_id() for _ in range(1000)]

    assert len(set(made)) == 1000
    assert {made_id.version for made_id in made} == {7}


def test_seeded_ids_are_the_same_on_every_machine() -> None:
    moment = datetime(2026, 1, 5, tzinfo=UTC)
    with clock.fixed(moment), ids.seeded("demonstration"):
        first = [ids.new_id(), ids.new_person_code()]
    with clock.fixed(moment), ids.seeded("demonstration"):
        second = [ids.new_id(), ids.new_person_code()]

    assert first == second
    assert ids.new_id() != first[0]


def test_printable_drops_what_no_feed_may_hold_and_keeps_what_scripts_need() -> None:
    assert text.printable("Il\x00 fait\x0b chaud\x1f\x7f\ufffe.") == "Il fait chaud."
    kept = "ligne\n\tune \u200fעברית\u200e می\u200cخواهم नम\u200dस्ते é 😀"
    assert text.printable(kept) == kept


def test_parts_of_a_number_stay_in_order_from_right_to_left():
    assert text.numbers_together("اتصل على 0 800 235 236 أو 15.") == "اتصل على 0\u00a0800\u00a0235\u00a0236 أو 15."

"""The newsroom: writing, reading, saying in another language, what a new wording does, who may."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from allervers.core import clock
from allervers.prevention import actions
from allervers.prevention.enums import Medium, RenditionState
from allervers.prevention.models import LexiconEntry, Message, Misunderstanding, Rendition
from tests.cast import Cast

NEW = {
    "title": "Il fait froid",
    "words": "Couvrez-vous bien.\n\nAppelez le 115 pour quelqu’un dehors.",
    "pictogram": "home",
    "audience": "all",
    "source_name": "Samu social",
    "source_url": "",
}


def _new(client: Client, **changed: str) -> object:
    expires_on = (clock.today() + timedelta(days=90)).isoformat()
    return client.post("/messages/nouveau/", NEW | {"expires_on": expires_on} | changed)


def _as_shown(path: str, cast: Cast) -> dict[str, str]:
    """What the page of a language, or of a sentence, sends with what is typed."""
    page = cast.client("lead").get(path).content.decode()
    return dict(re.findall(r'name="([va]\d+|lu)" value="([^"]+)"', page))


@pytest.fixture
def message(cast: Cast) -> Message:
    _new(cast.client("mediator"))
    return Message.objects.get()


def test_a_message_is_written_an_idea_a_line(cast: Cast, message: Message) -> None:
    assert [segment.text for segment in message.segments.all()] == [
        "Il fait froid",
        "Couvrez-vous bien.",
        "Appelez le 115 pour quelqu’un dehors.",
    ]


def test_how_it_reads_is_said_before_it_is_kept(cast: Cast) -> None:
    page = _new(cast.client("mediator"), lire="1", words="Consultez l’ophtalmologue conventionné.").content.decode()  # type: ignore[attr-defined]

    assert "Mots peu courants" in page and "ophtalmologue" in page
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("expires_on", "2020-01-01", "Choisissez un jour à venir"),
        ("words", "\n".join(["Une idée."] * 13), "Douze idées au plus"),
        ("words", "a" * 401, "Une ligne dépasse 400 lettres"),
    ],
)
def test_what_cannot_be_kept_is_told_with_its_words(cast: Cast, field: str, value: str, sentence: str) -> None:
    page = _new(cast.client("mediator"), **{field: value}).content.decode()  # type: ignore[attr-defined]

    assert sentence in page and "Il fait froid" in page
    assert Message.objects.count() == 0


def test_a_second_person_publishes(cast: Cast, message: Message) -> None:
    writer, reader = cast.client("mediator"), cast.client("lead")
    writer.post(f"/messages/{message.pk}/publier/")
    assert not Message.objects.published().exists()
    assert "publier/" not in writer.get(f"/messages/{message.pk}/").content.decode()

    reader.post(f"/messages/{message.pk}/publier/", {"lu": message.mark})
    assert Message.objects.published().exists()
    assert "Il fait froid" in Client().get("/porte/lille/fr/comprendre/").content.decode()

    reader.post(f"/messages/{message.pk}/retirer/")
    assert not Message.objects.published().exists()


def test_what_was_reworded_since_the_page_was_shown_is_not_published_unread(cast: Cast, message: Message) -> None:
    shown = cast.client("lead").get(f"/messages/{message.pk}/").content.decode()
    read = re.findall(r'name="(lu)" value="(\d+)"', shown)
    change = {"text": "Buvez de l’alcool.", "pictogram": "glass", "change": "minor"}
    path = f"/messages/{message.pk}/phrase/1/"
    cast.client("mediator").post(path, change | _as_shown(path, cast))

    cast.client("lead").post(f"/messages/{message.pk}/publier/", dict(read))

    assert message.segments.get(position=1).text == "Buvez de l’alcool."
    assert not Message.objects.published().exists()


def test_a_language_is_said_then_checked_by_someone_else(cast: Cast, message: Message) -> None:
    path = f"/messages/{message.pk}/langue/bm/"
    cast.client("mediator").post(path, _as_shown(path, cast) | {"t0": "Nɛnɛ 3 000", "t1": "Finiw don", "t2": ""})
    assert sorted(Rendition.objects.values_list("text", flat=True)) == ["Finiw don", "Nɛnɛ 3\u00a0000"]

    cast.client("mediator").post(path, {"juste": "1", "v1": "1"})
    assert not Rendition.objects.filter(state=RenditionState.CHECKED).exists()

    cast.client("lead").post(path, _as_shown(path, cast) | {"juste": "1", "t1": "changed by the way"})
    checked = Rendition.objects.get(state=RenditionState.CHECKED)
    assert (checked.text, checked.segment.position) == ("Finiw don", 1)

    cast.client("lead").post(path, _as_shown(path, cast) | {"redire": "0"})
    assert Rendition.objects.get(segment__position=0).state == RenditionState.WITHDRAWN


def test_words_that_nobody_touched_stay_checked_whatever_the_spaces_of_their_numbers(
    cast: Cast, message: Message
) -> None:
    path, title = f"/messages/{message.pk}/langue/bm/", message.segments.get(position=0)
    row = actions.render(title, language="bm", medium=Medium.TEXT, text="Nɛnɛ 3 000", by=cast.viewer("mediator"))
    actions.check(row, version=title.version, by=cast.viewer("lead"))

    cast.client("mediator").post(path, _as_shown(path, cast) | {"t0": row.text, "t1": "Finiw don"})

    assert Rendition.objects.get(segment=title).state == RenditionState.CHECKED
    assert Rendition.objects.count() == 2


@pytest.mark.parametrize("verdict", ["juste", "redire"])
def test_words_said_again_since_the_page_was_shown_are_not_judged_unread(
    cast: Cast, message: Message, verdict: str
) -> None:
    path = f"/messages/{message.pk}/langue/bm/"
    cast.client("mediator").post(path, _as_shown(path, cast) | {"t1": "Finiw don"})
    shown = _as_shown(path, cast)
    cast.client("mediator").post(path, _as_shown(path, cast) | {"t1": "Finiw bɔ"})

    cast.client("lead").post(path, shown | {verdict: "1"})

    said = Rendition.objects.get()
    assert (said.text, said.state) == ("Finiw bɔ", RenditionState.TO_CHECK)


def test_what_is_written_holds_no_control_character(cast: Cast) -> None:
    _new(cast.client("mediator"), title="Il\x0b fait froid\x1f", words="Mettez\x07 un pull.\nBuvez chaud.")

    texts = Message.objects.get().segments.order_by("position").values_list("text", flat=True)
    assert list(texts) == ["Il fait froid", "Mettez un pull.", "Buvez chaud."]


def test_a_title_without_a_letter_has_an_address_all_the_same(cast: Cast) -> None:
    _new(cast.client("mediator"), title="?!")
    made = Message.objects.get()
    cast.client("lead").post(f"/messages/{made.pk}/publier/", {"lu": made.mark})

    assert made.slug == made.code
    assert Client().get("/porte/lille/fr/comprendre/").status_code == 200


def _street(name: str = "comprendre/il-fait-froid/") -> str:
    return Client().get(f"/porte/lille/fr/{name}").content.decode()


def _judged(cast: Cast, who: str, message: Message, place: int, verdict: str) -> str:
    """What she is told once she has pressed the button that the page of the message shows her."""
    page = cast.client(who).get(f"/messages/{message.pk}/").content.decode()
    read = re.search(rf'phrase/{place}/relire/.*?name="lu" value="(\w+)"', page, re.DOTALL)
    sent = {"lu": read[1] if read else "", "verdict": verdict}
    return cast.client(who).post(f"/messages/{message.pk}/phrase/{place}/relire/", sent, follow=True).content.decode()


def test_a_sentence_added_to_what_is_published_waits_for_a_second_reader(cast: Cast, message: Message) -> None:
    path = f"/messages/{message.pk}/langue/bm/"
    cast.client("mediator").post(path, _as_shown(path, cast) | {"t0": "Nɛnɛ", "t1": "Finiw", "t2": "Weele"})
    cast.client("lead").post(f"/messages/{message.pk}/publier/", {"lu": message.mark})

    cast.client("lead").post(f"/messages/{message.pk}/corriger/", {"text": "Prenez tout.", "pictogram": "glass"})

    assert "Prenez tout." not in _street()
    assert "Prenez tout." in cast.client("mediator").get(f"/messages/{message.pk}/").content.decode()
    assert "phrases qui manquent" not in cast.client("mediator").get("/messages/").content.decode()
    _judged(cast, "mediator", message, 3, "oui")
    assert "Prenez tout." in _street()


def test_new_words_are_seen_beside_the_former_then_shown_by_someone_else(cast: Cast, message: Message) -> None:
    cast.client("lead").post(f"/messages/{message.pk}/publier/", {"lu": message.mark})
    change = {"text": "Couvrez-vous très bien.", "pictogram": "home", "phone": "115", "change": "minor"}

    path = f"/messages/{message.pk}/phrase/1/"
    told = cast.client("lead").post(path, change | _as_shown(path, cast), follow=True).content.decode()

    assert "La nouvelle phrase est montrée quand une deuxième personne l’a relue." in told
    assert "Couvrez-vous bien." in _street() and "Couvrez-vous très bien." not in _street()
    hers, mine = (cast.client(who).get(f"/messages/{message.pk}/").content.decode() for who in ("lead", "mediator"))
    assert "<del>bien.</del>" not in mine and "<ins>très </ins>" in mine and "<ins>115</ins>" in mine
    assert ("C’est juste, montrer" in hers, "C’est juste, montrer" in mine) == (False, True)
    assert "Annuler\xa0: garder l’ancienne phrase" in hers
    _judged(cast, "mediator", message, 1, "oui")
    assert "Couvrez-vous très bien." in _street() and "tel:115" in _street()


@pytest.mark.parametrize("who", ["lead", "mediator"])
def test_new_words_are_given_up_by_who_wrote_them_or_by_who_reads_them(cast: Cast, message: Message, who: str) -> None:
    cast.client("lead").post(f"/messages/{message.pk}/publier/", {"lu": message.mark})
    change = {"text": "Buvez de l’alcool.", "pictogram": "glass", "change": "meaning"}
    path = f"/messages/{message.pk}/phrase/1/"
    cast.client("lead").post(path, change | _as_shown(path, cast))

    assert "La phrase ne change pas." in _judged(cast, who, message, 1, "non")

    assert "relire/" not in cast.client(who).get(f"/messages/{message.pk}/").content.decode()
    assert "Couvrez-vous bien." in _street()


def test_a_sentence_taken_away_for_safety_is_told_to_residents_and_to_the_team(cast: Cast, message: Message) -> None:
    cast.client("lead").post(f"/messages/{message.pk}/publier/", {"lu": message.mark})
    change = {"text": "Restez au chaud.", "pictogram": "home", "change": "safety"}

    path = f"/messages/{message.pk}/phrase/1/"
    told = cast.client("lead").post(path, change | _as_shown(path, cast), follow=True).content.decode()

    assert "La phrase est retirée tout de suite" in told
    assert "Nous corrigeons une phrase de ce message." in _street()
    assert "Couvrez-vous bien." not in _street() and "Restez au chaud." not in _street()
    todo = cast.client("mediator").get("/messages/").content.decode()
    assert todo.index("phrases retirées") < todo.index("Tous les messages")
    assert "Garder l’ancienne phrase" not in cast.client("mediator").get(f"/messages/{message.pk}/").content.decode()
    _judged(cast, "mediator", message, 1, "oui")
    assert "Restez au chaud." in _street() and "Nous corrigeons" not in _street()


def test_who_wrote_a_part_reads_the_rest_and_is_told_so(cast: Cast, message: Message) -> None:
    change = {"text": "Couvrez-vous.", "pictogram": "home", "change": "minor"}
    path = f"/messages/{message.pk}/phrase/1/"
    cast.client("lead").post(path, change | _as_shown(path, cast))

    said = {"lu": message.mark}
    told = cast.client("lead").post(f"/messages/{message.pk}/publier/", said, follow=True).content.decode()

    assert "Vos phrases attendent encore une autre personne." in told
    assert not Message.objects.published().exists()
    _judged(cast, "mediator", message, 1, "oui")
    cast.client("mediator").post(f"/messages/{message.pk}/publier/", {"lu": message.mark})
    assert "Couvrez-vous." in _street()


def test_saving_again_touches_only_what_changed(cast: Cast, message: Message) -> None:
    path = f"/messages/{message.pk}/langue/bm/"
    cast.client("mediator").post(path, _as_shown(path, cast) | {"t0": "Nɛnɛ bɛ", "t1": "Finiw don"})

    cast.client("lead").post(path, _as_shown(path, cast) | {"t0": "Nɛnɛ bɛ", "t1": "Fini caman don"})

    made_by = dict(Rendition.objects.values_list("segment__position", "made_by"))
    assert made_by == {0: str(cast.viewer("mediator").membership_id), 1: str(cast.viewer("lead").membership_id)}


def test_a_new_wording_for_safety_says_what_is_withdrawn(cast: Cast, message: Message) -> None:
    segment = message.segments.get(position=1)
    actions.render(segment, language="bm", medium=Medium.TEXT, text="Finiw don", by=cast.viewer("lead"))
    said = {"text": "Restez au chaud.", "pictogram": "home", "phone": "", "change": "safety"}

    path = f"/messages/{message.pk}/phrase/1/"
    page = cast.client("lead").post(path, said | _as_shown(path, cast), follow=True).content.decode()

    assert "Retiré tout de suite\u00a0: bambara." in page
    assert Rendition.objects.get().state == RenditionState.WITHDRAWN


def test_a_sentence_is_added_and_the_terms_are_corrected(cast: Cast, message: Message) -> None:
    client, path = cast.client("lead"), f"/messages/{message.pk}/corriger/"
    day = clock.today() + timedelta(days=10)

    client.post(path, {"text": "Buvez chaud.", "pictogram": "", "phone": ""})
    client.post(
        path,
        {"audience": "young", "expires_on": day.isoformat(), "source_name": "x", "source_url": ""},
    )

    message.refresh_from_db()
    assert [segment.text for segment in message.segments.all()][-1] == "Buvez chaud."
    assert (message.audience, message.expires_on) == ("young", day)


def test_the_newsroom_says_what_waits_and_for_whom(cast: Cast, message: Message) -> None:
    segment = message.segments.get(position=1)
    actions.render(segment, language="bm", medium=Medium.TEXT, text="Finiw don", by=cast.viewer("mediator"))
    actions.note_misunderstanding(segment, language="bm", words="autre chose")

    mine, hers = (cast.client(who).get("/messages/").content.decode() for who in ("mediator", "lead"))

    assert "3 choses à faire pour les messages" in hers  # the French, one sentence to check, two missing
    assert "français à relire" in hers and "phrases qui manquent" in hers
    assert f'<a href="/messages/{message.pk}/langue/bm/">Il fait froid</a> (2)' in hers
    assert (mine.count("par quelqu’un d’autre que vous"), hers.count("par quelqu’un d’autre que vous")) == (2, 0)
    assert "autre chose" in hers


def test_what_was_understood_otherwise_is_seen_once(cast: Cast, message: Message) -> None:
    noted = actions.note_misunderstanding(message.segments.get(position=1), language="bm")

    cast.client("lead").post(f"/messages/incomprehensions/{noted.pk}/vue/")

    assert Misunderstanding.objects.get().settled_at is not None
    assert "Compris autrement" not in cast.client("lead").get("/messages/").content.decode()


def test_the_lexicon_is_recalled_to_who_writes(cast: Cast, message: Message) -> None:
    client = cast.client("lead")
    client.post(
        "/messages/lexique/",
        {"language": "fr", "word": "Couvrez", "understood_as": "cachez", "say_instead": "mettez un manteau"},
    )

    assert LexiconEntry.objects.get().added_by == str(cast.viewer("lead").membership_id)
    assert "se comprend «\u00a0cachez\u00a0»" in client.get(f"/messages/{message.pk}/phrase/1/").content.decode()
    assert "se comprend" not in client.get(f"/messages/{message.pk}/phrase/2/").content.decode()


@pytest.mark.parametrize("path", ["langue/fr/", "langue/xx/", "phrase/9/"])
def test_what_a_message_does_not_have_is_not_found(cast: Cast, message: Message, path: str) -> None:
    assert cast.client("lead").get(f"/messages/{message.pk}/{path}").status_code == 404


@pytest.mark.parametrize("who", ["ambassador", "volunteer", "member", "auditor", "technical", "foreigner"])
def test_who_does_not_write_here_does_not_enter(cast: Cast, message: Message, who: str) -> None:
    assert cast.client(who).get(f"/messages/{message.pk}/").status_code == 404

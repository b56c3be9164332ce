"""The newsroom, where French waits: nothing is published unseen, nothing typed is lost, each gesture says what it did."""

import re

import pytest
from django.test import Client

from allervers.prevention import actions, sharing
from allervers.prevention.enums import Change
from allervers.prevention.models import Message, Proposal, Rendition, Segment
from tests.cast import Cast
from tests.prevention.test_french_is_read import read_in, written


def _page(cast: Cast, who: str, message: Message, path: str = "") -> str:
    return cast.client(who).get(f"/messages/{message.pk}/{path}").content.decode()


def _hidden(page: str) -> dict[str, str]:
    """What a page sends with whatever is typed in it."""
    return dict(re.findall(r'name="(lu|[va]\d+)" value="([^"]+)"', page))


def _send(cast: Cast, who: str, message: Message, path: str, said: dict[str, str]) -> str:
    return cast.client(who).post(f"/messages/{message.pk}/{path}", said, follow=True).content.decode()


def _judge(cast: Cast, who: str, message: Message, place: int, verdict: str) -> str:
    read = Segment.objects.get(message=message, position=place).mark
    return _send(cast, who, message, f"phrase/{place}/relire/", {"lu": read, "verdict": verdict})


@pytest.mark.parametrize("state", ["published", "withdrawn"])
def test_when_each_sentence_has_new_words_all_of_them_are_seen(cast: Cast, state: str) -> None:
    message, mediator = written(cast), cast.viewer("mediator")
    for segment in message.segments.all():
        actions.reword(segment, line=actions.Line(f"{segment.text} Oui."), change=Change.MINOR, by=mediator)
    if state == "withdrawn":
        actions.withdraw(message, by=mediator)

    page = _page(cast, "lead", message)

    assert page.count("<ins> Oui.</ins>") == 3
    assert ("publier/" in page) is (state == "withdrawn")


def test_a_number_is_seen_before_the_first_publication(cast: Cast) -> None:
    assert "Appelez le 15.</a> · 15" in _page(cast, "lead", written(cast, published=False))


def test_without_a_verdict_nothing_is_judged(cast: Cast) -> None:
    message = written(cast)
    segment = message.segments.get(position=1)
    actions.reword(segment, line=actions.Line("Buvez."), change=Change.MINOR, by=cast.viewer("lead"))
    read = message.segments.get(position=1).mark

    for said in ({"lu": read}, {"lu": read, "verdict": "peut-être"}):
        assert cast.client("mediator").post(f"/messages/{message.pk}/phrase/1/relire/", said).status_code == 400
    assert Proposal.objects.get().text == "Buvez."


def test_a_colleague_s_words_are_replaced_knowingly(cast: Cast) -> None:
    message = written(cast)
    before = _hidden(_page(cast, "lead", message, "phrase/1/"))
    actions.reword(
        message.segments.get(position=1), line=actions.Line("Buvez."), change=Change.MEANING, by=cast.viewer("mediator")
    )
    mine = {"text": "Riez beaucoup.", "pictogram": "", "change": "minor"}

    refused = _send(cast, "lead", message, "phrase/1/", mine | before)

    assert Proposal.objects.get().text == "Buvez."
    assert "Riez beaucoup." in refused and "Le français a changé depuis" in refused
    assert re.search(r"Des mots de Mediator Cast, [^:]+ attendent déjà d’être relus\s: «\sBuvez\.", refused)
    assert "attendent déjà" not in _page(cast, "mediator", message, "phrase/1/")
    _send(cast, "lead", message, "phrase/1/", mine | _hidden(refused))
    assert (Proposal.objects.get().text, Proposal.objects.get().change) == ("Riez beaucoup.", Change.MEANING)


def test_the_form_begins_with_what_the_waiting_words_do(cast: Cast) -> None:
    message = written(cast)
    actions.reword(
        message.segments.get(position=1), line=actions.Line("Buvez."), change=Change.MEANING, by=cast.viewer("lead")
    )

    chosen = re.search(r'<input[^>]*name="change"[^>]*checked', _page(cast, "lead", message, "phrase/1/"))

    assert chosen and 'value="meaning"' in chosen[0]


def test_in_a_message_in_preparation_a_yes_shows_nothing_and_says_so(cast: Cast) -> None:
    message = written(cast, published=False)
    actions.reword(
        message.segments.get(position=1), line=actions.Line("Buvez."), change=Change.MINOR, by=cast.viewer("lead")
    )
    actions.publish(message, by=cast.viewer("lead"))

    assert "C’est juste, montrer" not in _page(cast, "mediator", message)
    told = _judge(cast, "mediator", message, 1, "oui")

    assert "elle est montrée quand le message est publié" in told
    assert read_in(message, "fr") == []


def test_what_was_given_up_meanwhile_is_told_and_not_lost_in_a_missing_page(cast: Cast) -> None:
    message = written(cast)
    added = actions.add_segment(message, line=actions.Line("Riez."), by=cast.viewer("lead"))
    read = Segment.objects.get(pk=added.pk).mark

    assert "La phrase est supprimée." in _judge(cast, "lead", message, 3, "non")
    late = _send(cast, "mediator", message, "phrase/3/relire/", {"lu": read, "verdict": "oui"})

    assert "Le français a changé depuis" in late


def test_a_sentence_is_removed_for_good_by_two_people(cast: Cast) -> None:
    message = written(cast)
    page = _page(cast, "lead", message, "phrase/1/")
    said = {"text": "Buvez de l’eau.", "pictogram": "", "change": "minor", "retirer": "1"} | _hidden(page)

    assert 'name="retirer"' not in _page(cast, "lead", message, "phrase/0/")
    assert "La phrase est supprimée quand une deuxième personne" in _send(cast, "lead", message, "phrase/1/", said)
    assert "Phrase à supprimer" in _page(cast, "mediator", message)
    assert read_in(message, "fr") == ["Chaud", "Buvez de l’eau.", "Appelez le 15."]
    assert "La phrase est supprimée." in _judge(cast, "mediator", message, 1, "oui")
    assert read_in(message, "fr") == ["Chaud", "Appelez le 15."]


# --- in another language ---------------------------------------------------------------------------------------------


def test_what_is_typed_while_a_sentence_is_away_is_given_back(cast: Cast) -> None:
    message = written(cast)
    shown = _hidden(_page(cast, "mediator", message, "langue/en/"))
    segment = message.segments.get(position=1)
    actions.reword(segment, line=actions.Line("Buvez."), change=Change.SAFETY, by=cast.viewer("lead"))

    told = _send(cast, "mediator", message, "langue/en/", shown | {"t0": "Hot", "t1": "Drink water", "t9": "Laugh"})

    assert [row.text for row in Rendition.objects.all()] == ["Hot"]
    assert "Ces phrases ne sont plus à dire" in told and "Le français a changé depuis" in told
    assert "Drink water" in told and "Laugh" in told


def test_what_is_typed_beside_former_french_stays_in_its_box_and_is_not_kept(cast: Cast) -> None:
    message = written(cast)
    shown = _hidden(_page(cast, "mediator", message, "langue/en/"))
    segment = message.segments.get(position=1)
    actions.reword(segment, line=actions.Line("Ne buvez pas."), change=Change.MINOR, by=cast.viewer("lead"))
    actions.accept(segment, read=message.segments.get(position=1).mark, by=cast.viewer("mediator"))

    told = _send(cast, "mediator", message, "langue/en/", shown | {"t1": "Drink water"})

    assert not Rendition.objects.exists()
    assert "Drink water</textarea>" in told and "Ne buvez pas." in told
    _send(cast, "mediator", message, "langue/en/", _hidden(told) | {"t1": "Do not drink"})
    assert Rendition.objects.get().version == 2


def test_two_who_type_at_once_do_not_erase_one_another(cast: Cast) -> None:
    message = written(cast)
    shown = _hidden(_page(cast, "mediator", message, "langue/en/"))
    _send(cast, "lead", message, "langue/en/", shown | {"t1": "Drink water"})

    told = _send(cast, "mediator", message, "langue/en/", shown | {"t1": "Drink often"})

    assert Rendition.objects.get().text == "Drink water"
    assert "Drink often</textarea>" in told


# --- what residents meet ---------------------------------------------------------------------------------------------


def test_residents_see_the_pictogram_that_two_people_chose(cast: Cast) -> None:
    message, title = written(cast), Segment.objects.get(position=0)
    address = f"/porte/lille/fr/comprendre/{message.slug}/"
    assert 'name="pictogram"' not in _page(cast, "lead", message, "corriger/").split("<h2>Une phrase de plus")[0]

    actions.reword(title, line=actions.Line("Chaud", "home"), change=Change.MINOR, by=cast.viewer("lead"))
    before = Client().get(address).content.decode()
    _judge(cast, "mediator", message, 0, "oui")
    after = Client().get(address).content.decode()

    drawn = [re.search(r'threshold__icon.*?#([\w-]+)"', page) for page in (before, after)]
    assert [one and one[1] for one in drawn] == ["sign-sun", "sign-home"]


def test_a_title_keeps_a_pictogram(cast: Cast) -> None:
    message = written(cast)
    said = {"text": "Chaud !", "pictogram": "", "change": "minor"}
    _send(cast, "lead", message, "phrase/0/", said | _hidden(_page(cast, "lead", message, "phrase/0/")))
    assert not Proposal.objects.exists()


def test_a_printed_code_leads_to_the_shelf_while_its_message_is_not_shown(cast: Cast) -> None:
    message, draft = written(cast), written(cast, published=False)
    title = message.segments.get(position=0)
    assert Client().get(f"/m/{draft.code}/").status_code == 404

    actions.reword(title, line=actions.Line("Froid"), change=Change.SAFETY, by=cast.viewer("lead"))
    away = Client().get(f"/m/{message.code}/fr/", follow=True)
    Message.objects.filter(pk=message.pk).update(state="draft")
    again = Client().get(f"/m/{message.code}/fr/", follow=True)

    for answer in (away, again):
        assert (answer.status_code, answer.redirect_chain) == (200, [("/porte/lille/fr/comprendre/", 302)])


def test_a_title_taken_away_a_moment_ago_is_not_found(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    message, everything = written(cast), Message.objects.all()
    actions.reword(
        message.segments.get(position=0), line=actions.Line("Froid"), change=Change.SAFETY, by=cast.viewer("lead")
    )
    monkeypatch.setattr(type(everything), "published", lambda rows: rows)  # as it was when the page asked first

    for path in ("", "affiche.pdf"):
        assert Client().get(f"/porte/lille/fr/comprendre/{message.slug}/{path}").status_code == 404
    assert Client().get("/porte/lille/fr/comprendre/").status_code == 200


def test_what_is_carried_away_says_that_a_sentence_is_missing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(sharing.Sheet, "kept", lambda sheet: made.append(sheet.data) or b"%PDF")
    message = written(cast)
    address, missing = f"/porte/lille/fr/comprendre/{message.slug}/", "Nous corrigeons une phrase de ce message."
    whole = Client().get(address).content.decode()
    actions.reword(
        message.segments.get(position=1), line=actions.Line("Buvez."), change=Change.SAFETY, by=cast.viewer("lead")
    )

    page = Client().get(address).content.decode()
    Client().get(f"{address}affiche.pdf")

    assert missing not in whole
    assert re.search(rf"<textarea[^>]*>[^<]*{missing}", page)
    assert missing in made[0]

"""The studio: a link, a code, a voice sentence by sentence that a cut only delays, and a second speaker who judges it."""

import hashlib
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from allervers.core import clock
from allervers.journal.models import Event
from allervers.prevention import actions, media, rules, sending, voices
from allervers.prevention.enums import Change, InvitationKind, Origin, RenditionState
from allervers.prevention.models import Invitation, Media, Message, Rendition
from allervers.web.public import studio
from tests.cast import Cast
from tests.prevention.sounds import noise
from tests.prevention.voiced import spoken

RECORD, CHECK = InvitationKind.RECORD, InvitationKind.CHECK


@pytest.fixture
def message(cast: Cast) -> Message:
    today = clock.today()
    made = actions.write(
        cast.lille,
        title=actions.Line("Il fait très chaud", "sun"),
        lines=[actions.Line("Buvez de l’eau.", "glass")],
        terms=actions.Terms(today, today + timedelta(days=90)),
        by=cast.viewer("mediator"),
    )
    actions.publish(made, by=cast.viewer("lead"))
    return made


@pytest.fixture
def voice(tmp_path: Path) -> bytes:
    return noise(tmp_path / "voice.wav", 20).read_bytes()


class Speaker:
    """Whoever was given a link and a code, in her own browser."""

    def __init__(self, cast: Cast, message: Message, kind: InvitationKind, language: str = "snk") -> None:
        self.invitation, self.token, self.code = voices.invite(
            message, language=language, kind=kind, by=cast.viewer("mediator")
        )
        self.client, self.segment = Client(), message.segments.get(position=1)

    def enter(self) -> "Speaker":
        assert self.client.post(self.url(), {"code": self.code}).status_code == 302
        return self

    def url(self, name: str = "studio", segment: object = None) -> str:
        here = [] if name == "studio" else [(segment or self.segment).pk]
        return reverse(f"public:{name}", args=[self.token, *here])

    def page(self) -> str:
        return self.client.get(self.url()).content.decode()

    def piece(self, held: bytes, offset: int, body: bytes, *, version: int = 1) -> tuple[int, dict[str, object]]:
        told = f"sha256={hashlib.sha256(held).hexdigest()}&total={len(held)}&version={version}&offset={offset}"
        url = f"{self.url('studio_piece')}?{told}"
        answer = self.client.post(url, body, content_type="application/octet-stream")
        return answer.status_code, answer.json()

    def there(self, held: bytes) -> dict[str, object]:
        told = f"sha256={hashlib.sha256(held).hexdigest()}&total={len(held)}"
        return self.client.get(f"{self.url('studio_piece')}?{told}").json()

    def send(self, held: bytes, *, version: int = 1) -> tuple[int, dict[str, object]]:
        status, answer, at = 0, {}, 0
        while at < len(held):
            body = held[at : at + sending.PIECE]
            status, answer = self.piece(held, at, body, version=version)
            at += len(body)
            if status != 200:
                break
        return status, answer

    def judge(self, verdict: str, rendition: Rendition, *, version: int = 1) -> int:
        given = {"verdict": verdict, "version": version, "media": rendition.media_id}
        return self.client.post(self.url("studio_verdict", rendition.segment), given).status_code


def _files() -> list[str]:
    found = [path.name for path in media.folder().iterdir() if path.is_file() and not path.name.startswith("test-")]
    return sorted(found) + sorted(path.name for path in media.parts_folder().iterdir())


@pytest.fixture(autouse=True)
def _empty_folder(settings: object, tmp_path: Path) -> None:
    cache.clear()  # where tries are counted
    settings.DATA_DIR = tmp_path / "data"  # type: ignore[attr-defined]  # a fixture of pytest-django


# --- the link and its code -------------------------------------------------------------------------------------------


def test_the_link_alone_shows_and_changes_nothing(cast: Cast, message: Message, voice: bytes) -> None:
    speaker = Speaker(cast, message, RECORD)

    assert "Buvez" not in speaker.page() and "Les six chiffres" in speaker.page()
    assert speaker.client.get(speaker.url("studio_sentence")).headers["Location"] == speaker.url()
    status, answer = speaker.piece(voice, 0, voice[:100])
    assert (status, answer["closed"]) == (401, True)
    assert speaker.client.post(speaker.url("studio_sentence"), {"version": 1}).headers["Location"] == speaker.url()
    assert (Rendition.objects.count(), _files()) == (0, [])


def test_the_code_opens_the_public_words_and_names_nobody(cast: Cast, message: Message) -> None:
    speaker = Speaker(cast, message, RECORD).enter()

    page = speaker.page()

    assert '<p lang="fr" dir="ltr">Buvez de l’eau.</p>' in page and "Sooninkanxanne" in page
    answer = speaker.client.get(speaker.url())
    assert answer.headers["Referrer-Policy"] == "no-referrer" and "no-store" in answer.headers["Cache-Control"]
    assert Invitation.objects.filter(token_digest__contains=speaker.token).count() == 0
    assert re.fullmatch(r"[\w-]{43}", speaker.token) and speaker.code not in speaker.invitation.code_hash


def test_five_wrong_codes_close_the_link_even_to_the_right_one(cast: Cast, message: Message) -> None:
    speaker = Speaker(cast, message, RECORD)
    wrong = "000000" if speaker.code != "000000" else "111111"

    tried = [speaker.client.post(speaker.url(), {"code": wrong}).status_code for _try in range(6)]

    assert tried == [400] * 5 + [429]
    assert speaker.client.post(speaker.url(), {"code": speaker.code}).status_code == 429


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_a_link_that_ended_opens_nothing_more(cast: Cast, message: Message, voice: bytes, end: str) -> None:
    speaker = Speaker(cast, message, RECORD).enter()
    if end == "revoked":
        voices.revoke(speaker.invitation, by=cast.viewer("lead"))
        now = clock.now()
    else:
        now = clock.now() + timedelta(days=30, seconds=1)

    with clock.fixed(now):
        assert speaker.client.get(speaker.url()).status_code == 404
        assert speaker.client.get(speaker.url("studio_sentence")).status_code == 404
        assert speaker.send(voice)[0] == 401
    assert Rendition.objects.count() == 0


def test_an_unknown_link_says_so_and_guessing_is_slowed(cast: Cast) -> None:
    answers = [Client().get(f"/studio/{'x' * 43}/").status_code for _try in range(41)]

    assert answers == [404] * 40 + [429]


def test_a_link_reaches_its_own_message_only(cast: Cast, message: Message, voice: bytes) -> None:
    today = clock.today()
    other = actions.write(
        cast.lille,
        title=actions.Line("Froid", "sun"),
        lines=[actions.Line("Couvrez-vous.")],
        terms=actions.Terms(today, today),
        by=None,
    )
    speaker = Speaker(cast, message, RECORD).enter()
    speaker.segment = other.segments.get(position=1)

    assert speaker.client.get(speaker.url("studio_sentence")).status_code == 404
    assert speaker.send(voice)[0] == 401
    assert Rendition.objects.count() == 0


# --- saying ----------------------------------------------------------------------------------------------------------


def test_a_voice_sent_in_pieces_waits_for_a_second_speaker(cast: Cast, message: Message, voice: bytes) -> None:
    speaker = Speaker(cast, message, RECORD).enter()
    assert len(voice) > 2 * sending.PIECE

    assert speaker.send(voice) == (200, {"offset": len(voice), "done": True})

    said = Rendition.objects.get()
    assert (said.language, said.medium, said.origin, said.state) == (
        "snk",
        "voice",
        Origin.PERSON,
        RenditionState.TO_CHECK,
    )
    assert said.made_by == str(speaker.invitation.pk) and said.media.seconds == pytest.approx(20, abs=0.2)
    assert said.media.size < 60_000 and _files() == [said.media.name]
    assert Client().get(f"/son/{said.media_id}.ogg").status_code == 404
    assert speaker.client.get(speaker.url("studio_listen")).status_code == 200
    assert "1 phrase dite sur 2" in speaker.page()
    event = Event.objects.get(kind="rendition.made")
    assert event.actor_id == str(speaker.invitation.pk)


def test_a_cut_sending_goes_on_in_another_page_from_what_is_there(cast: Cast, message: Message, voice: bytes) -> None:
    speaker = Speaker(cast, message, RECORD).enter()
    speaker.piece(voice, 0, voice[: sending.PIECE])

    assert speaker.there(voice) == {"offset": sending.PIECE}
    assert speaker.piece(voice, 99, b"x") == (409, {"offset": sending.PIECE})
    assert speaker.piece(voice, sending.PIECE, voice[sending.PIECE :])[1]["done"] is True
    assert Rendition.objects.get().media.source_sha256 == hashlib.sha256(voice).hexdigest()


def test_the_same_voice_sent_twice_is_kept_once(cast: Cast, message: Message, voice: bytes) -> None:
    speaker = Speaker(cast, message, RECORD).enter()
    speaker.send(voice)
    before = (Media.objects.count(), Event.objects.count())

    assert speaker.there(voice) == {"offset": len(voice), "done": True}
    assert speaker.send(voice)[1]["done"] is True
    assert (Media.objects.count(), Event.objects.count()) == before


def test_all_is_here_but_its_last_answer_was_lost(cast: Cast, message: Message, voice: bytes) -> None:
    """A kill between the last byte and the encoding: an empty last piece finishes it."""
    speaker = Speaker(cast, message, RECORD).enter()
    parcel = sending.Parcel.announced(
        media.parts_folder(),
        f"{speaker.invitation.pk}-{speaker.segment.pk}",
        sha256=hashlib.sha256(voice).hexdigest(),
        total=len(voice),
    )
    parcel.add(0, voice)

    assert speaker.there(voice) == {"offset": len(voice)}
    assert speaker.piece(voice, len(voice), b"")[1]["done"] is True


@pytest.mark.parametrize("kind", ["program", "cut", "silent", "changed on its way"])
def test_a_file_that_is_no_voice_is_refused_and_nothing_stays(
    cast: Cast, message: Message, voice: bytes, tmp_path: Path, kind: str
) -> None:
    speaker = Speaker(cast, message, RECORD).enter()
    held = {
        "program": b"MZ" + bytes(range(256)) * 300,
        "cut": voice[:200_000],
        "silent": noise(tmp_path / "silent.wav", 3, loud=False).read_bytes(),
        "changed on its way": voice,
    }[kind]

    if kind == "changed on its way":
        status, answer = speaker.piece(held, 0, held[:-4] + b"\0\1\0\1")
    else:
        status, answer = speaker.send(held)

    assert status == 400 and len(str(answer["error"])) > 20
    assert (Rendition.objects.count(), Media.objects.count(), _files()) == (0, 0, [])


def test_without_script_a_file_is_sent_whole_or_refused_whole(cast: Cast, message: Message, voice: bytes) -> None:
    speaker = Speaker(cast, message, RECORD).enter()
    url = speaker.url("studio_sentence")

    refused = speaker.client.post(url, {"version": 1, "file": SimpleUploadedFile("v.ogg", b"MZ nothing" * 90)})
    nothing = speaker.client.post(url, {"version": 1})
    assert (refused.status_code, nothing.status_code, _files()) == (400, 400, [])
    assert "Ce n’est pas un son." in refused.content.decode()
    sent = speaker.client.post(url, {"version": 1, "file": SimpleUploadedFile("x.exe", voice)})

    assert sent.headers["Location"] == f"{speaker.url()}?merci#s1"
    assert _files() == [Rendition.objects.get().media.name]


def test_a_sentence_whose_french_changed_meanwhile_is_not_said(cast: Cast, message: Message, voice: bytes) -> None:
    speaker = Speaker(cast, message, RECORD).enter()
    actions.reword(speaker.segment, line=actions.Line("Buvez souvent."), change=Change.MINOR, by=cast.viewer("lead"))
    actions.publish(message, by=cast.viewer("mediator"))

    status, answer = speaker.send(voice)

    assert status == 400 and "Le français a changé" in str(answer["error"])
    assert speaker.send(voice, version=2)[0] == 200


def test_a_voice_approved_by_a_second_speaker_is_not_replaced_by_a_link(
    cast: Cast, message: Message, voice: bytes
) -> None:
    for row in spoken(message, "snk", by=cast.viewer("mediator")):
        actions.check(row, version=1, by=cast.viewer("lead"))
    speaker = Speaker(cast, message, RECORD).enter()

    status, answer = speaker.send(voice)

    assert status == 400 and "déjà dite" in str(answer["error"])
    assert set(Rendition.objects.values_list("state", flat=True)) == {RenditionState.CHECKED}
    assert "Redire" not in speaker.page()


def test_a_test_tone_gives_its_place_to_a_voice(cast: Cast, message: Message, voice: bytes) -> None:
    spoken(message, "snk", by=None, origin=Origin.TONE)
    speaker = Speaker(cast, message, RECORD).enter()

    speaker.send(voice)

    assert Rendition.objects.get(segment=speaker.segment).origin == Origin.PERSON


def test_a_demonstration_strings_the_whole_message_again(cast: Cast, message: Message, voice: bytes, settings) -> None:
    settings.DEMO = True
    spoken(message, "snk", by=None, origin=Origin.TONE)
    tones = voices.make_whole(message, "snk", unchecked=True)

    Speaker(cast, message, RECORD).enter().send(voice)

    again = message.whole_voices.get()
    assert tones is not None and again.media_id != tones.media_id and again.media.seconds > 20
    assert "data-player" in Client().get(f"/porte/lille/snk/comprendre/{message.slug}/").content.decode()


# --- judging ---------------------------------------------------------------------------------------------------------


def test_a_second_speaker_says_yes_and_everyone_hears(cast: Cast, message: Message, voice: bytes) -> None:
    one = Speaker(cast, message, RECORD).enter()
    for segment in message.segments.all():
        one.segment = segment
        one.send(voice)
    other = Speaker(cast, message, CHECK).enter()
    first, second = Rendition.objects.order_by("segment__position")
    assert other.client.get(other.url("studio_listen", first.segment)).status_code == 200

    assert other.judge("oui", first) == other.judge("oui", second) == 302

    first.refresh_from_db()
    assert (first.state, first.checked_by) == (RenditionState.CHECKED, str(other.invitation.pk))
    assert Client().get(f"/son/{first.media_id}.ogg").status_code == 200
    assert "data-player" in Client().get(f"/porte/lille/snk/comprendre/{message.slug}/").content.decode()


def test_a_second_speaker_says_no_and_nobody_hears(cast: Cast, message: Message, voice: bytes) -> None:
    Speaker(cast, message, RECORD).enter().send(voice)
    said = Rendition.objects.get()
    other = Speaker(cast, message, CHECK).enter()

    assert other.judge("non", said) == 302

    said.refresh_from_db()
    assert (said.state, said.media) == (RenditionState.WITHDRAWN, None)


def test_a_voice_said_again_since_is_not_judged_unheard(cast: Cast, message: Message, voice: bytes) -> None:
    one, other = Speaker(cast, message, RECORD).enter(), Speaker(cast, message, CHECK).enter()
    one.send(voice)
    heard = Rendition.objects.get()
    one.send(voice[:44] + voice[46:] + b"\0\0")

    assert other.judge("oui", heard) == 400
    assert Rendition.objects.get().state == RenditionState.TO_CHECK


@pytest.mark.parametrize("kind", [RECORD, CHECK])
def test_each_link_does_its_own_thing_only(cast: Cast, message: Message, voice: bytes, kind: InvitationKind) -> None:
    Speaker(cast, message, RECORD).enter().send(voice)
    said, speaker = Rendition.objects.get(), Speaker(cast, message, kind).enter()
    elsewhere = Speaker(cast, message, CHECK, language="bm").enter()

    if kind == CHECK:
        assert speaker.send(voice)[0] == 401
        assert speaker.client.get(speaker.url("studio_sentence")).status_code == 404
    else:
        assert speaker.judge("oui", said) == 404
        assert speaker.client.get(speaker.url("studio_listen")).status_code == 404
    assert elsewhere.judge("oui", said) == 400
    assert elsewhere.client.get(elsewhere.url("studio_listen")).status_code == 404
    said.refresh_from_db()
    assert (said.state, said.made_by) == (RenditionState.TO_CHECK, said.made_by)


def test_the_database_refuses_that_a_speaker_approves_herself(cast: Cast, message: Message, voice: bytes) -> None:
    speaker = Speaker(cast, message, RECORD).enter()
    speaker.send(voice)

    with pytest.raises(IntegrityError), transaction.atomic():
        Rendition.objects.update(checked_by=str(speaker.invitation.pk))


@pytest.mark.parametrize("who", ["ambassador", "volunteer", "member", "auditor", "technical", "foreigner"])
def test_links_are_out_of_reach_of_who_does_not_write_messages_here(cast: Cast, message: Message, who: str) -> None:
    invitation = Speaker(cast, message, RECORD).invitation

    assert list(rules.invitations_for(cast.viewer(who))) == []
    assert list(rules.invitations_for(cast.viewer("other"))) == [invitation]


def test_a_sentence_taken_away_while_its_page_is_made_closes_it(
    cast: Cast, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaker = Speaker(cast, message, RECORD).enter()
    assert speaker.client.get(speaker.url("studio_sentence")).status_code == 200

    monkeypatch.setattr(studio, "_lines", lambda invitation: [])

    assert speaker.client.get(speaker.url("studio_sentence")).status_code == 404

"""A request that is said: received in memory, sealed, heard by its team only and each time noted, erased with the other words."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import av
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from allervers.core import clock
from allervers.journal.models import Event, IdentityRead
from allervers.needs import actions, duties, sealing, spoken
from allervers.needs.enums import Doubt, RequestState
from allervers.needs.models import HelpRequest, Need
from allervers.outbox.models import Message
from allervers.people.models import PersonCard
from allervers.prevention import errors
from allervers.web.public import gate, speak
from tests.cast import Cast
from tests.needs.test_requests import ask, neighbourhood, phone_of, signs
from tests.prevention.sounds import noise
from tests.web.test_ask import code_of, stamp_of

SPEAK = "/porte/lille/snk/aide/parler/"


@pytest.fixture(autouse=True)
def _no_tries_yet() -> Iterator[None]:
    cache.clear()
    gate.forget()
    yield
    gate.forget()


@pytest.fixture(scope="module")
def wav(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return noise(tmp_path_factory.mktemp("voice") / "in.wav", 2).read_bytes()


def fields(after: float = 30, **more: object) -> dict[str, object]:
    with clock.fixed(clock.now() - timedelta(seconds=after)):
        return {"t": stamp_of(Client().get(SPEAK).content.decode())} | more


def send(held: bytes, status: int = 200, sent: dict[str, object] | None = None, **more: object) -> str:
    file = SimpleUploadedFile("madame-zarrouk.wav", held, content_type="audio/wav")
    response = Client().post(SPEAK, (sent or fields()) | more | {"file": file})
    assert response.status_code == status, response.content.decode()
    assert response.cookies == {} and response.headers["Cache-Control"] == "no-store, private"
    return response.content.decode()


def said(cast: Cast, **more: object) -> HelpRequest:
    """One that Wazemmes received, of one byte that is no sound: nothing decodes it any more."""
    values = {"territory": neighbourhood(cast), "spoken": spoken.Spoken(b"OggS-her-voice", 12)} | more
    return ask(cast, **values)[0]


def hear(cast: Cast, who: str, made: HelpRequest, **headers: str) -> object:
    return cast.client(who).get(f"/demandes/{made.pk}/voix/", headers=headers)


# --- sent ------------------------------------------------------------------------------------------------------------


def test_voice_stands_before_the_pictures(cast: Cast) -> None:
    page = Client().get("/porte/lille/snk/aide/").content.decode()

    assert page.index(f'href="{SPEAK}"') < page.index('name="quoi"')


def test_voice_alone_is_a_request_and_its_code(cast: Cast, wav: bytes) -> None:
    receipt = send(wav)

    made = HelpRequest.objects.get()
    need = Need.objects.select_related("card").get()
    assert len(code_of(receipt)) == 12
    assert (made.state, made.wish, made.when, made.reach) == (RequestState.RECEIVED, "other", "soon", "code")
    assert (made.language, made.voice_seconds, made.need) == ("snk", 2, need)
    assert sealing.words(need) == "Message vocal"
    assert sealing.next_step(need).startswith("Écouter son message. La personne revient avec son code.")


def test_what_is_kept_is_small_opus_sealed_and_bare(cast: Cast, wav: bytes) -> None:
    send(wav)

    made = HelpRequest.objects.get()
    opus = sealing.voice_of(made)
    with av.open(io.BytesIO(opus)) as held:
        assert held.streams.audio[0].codec_context.name == "opus"
    assert len(opus) < 10_000 and b"OggS" in opus
    assert b"OggS" not in bytes(made.voice) and b"Opus" not in bytes(made.voice)
    assert b"zarrouk" not in opus
    told = " ".join(Event.objects.values_list("text", flat=True))
    assert "zarrouk" not in told and "OggS" not in told and Message.objects.count() == 0


def test_nothing_of_it_touches_a_disk(cast: Cast, wav: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    big = wav.ljust(spoken.MAX_BYTES, b"\0")  # past the size from which Django would write a file

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("a file")

    sent = fields()
    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", refuse)
    monkeypatch.setattr(Path, "open", refuse)
    send(big, sent=sent)

    assert HelpRequest.objects.get().voice_seconds == 2


def test_with_a_number_the_team_calls_back(cast: Cast, wav: bytes) -> None:
    phone = phone_of(cast)
    receipt = send(wav, numero=phone)

    made = HelpRequest.objects.get()
    assert (made.reach, sealing.told_in(made)) == ("call", {"phone": phone})
    assert phone not in receipt


def test_number_that_cannot_be_does_not_lose_the_voice(cast: Cast, wav: bytes) -> None:
    receipt = send(wav, numero="06 12")

    made = HelpRequest.objects.get()
    assert (made.reach, sealing.told_in(made), made.voice_seconds) == ("code", {"note": "06 12"}, 2)
    assert "gardez bien ce code" in receipt


def test_same_form_twice_is_one_request(cast: Cast, wav: bytes) -> None:
    sent = fields()

    assert code_of(send(wav, sent=sent)) == code_of(send(wav, sent=sent))
    assert HelpRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (b"", "On ne peut pas lire ce son"),
        (b"Bonjour. " * 900, "On ne peut pas lire ce son"),
        (b"x" * (spoken.MAX_BYTES + 1), "trop lourd"),
        (b"x" * (spoken.MAX_BYTES * 3), "trop lourd"),
    ],
)
def test_what_is_no_voice_is_refused_on_the_same_page(cast: Cast, held: bytes, told: str) -> None:
    page = send(held, status=400)

    assert told in page and 'role="alert"' in page and "data-recorder" in page
    assert HelpRequest.objects.count() == 0


@pytest.mark.parametrize(
    ("seconds", "loud", "told"),
    [(0.1, True, "trop court"), (2, False, "On n’entend rien"), (spoken.MAX_SECONDS + 2, True, "trop long")],
)
def test_sound_that_says_nothing_is_refused(cast: Cast, tmp_path: Path, seconds: float, loud: bool, told: str) -> None:
    assert told in send(noise(tmp_path / "in.wav", seconds, loud=loud).read_bytes(), status=400)


def test_many_files_take_no_more_memory_than_one(cast: Cast) -> None:
    files = {f"file{turn}": SimpleUploadedFile("a.wav", b"x" * spoken.MAX_BYTES) for turn in range(3)}
    request = RequestFactory().post(SPEAK, files)
    handler = speak.InMemory(request)
    request.upload_handlers = [handler]

    assert len(request.FILES) == 0 and len(handler.held) == 0


def test_without_a_file_the_page_stays(cast: Cast) -> None:
    assert Client().post(SPEAK, fields()).status_code == 400


def test_for_someone_else_only_with_her_agreement(cast: Cast, wav: bytes) -> None:
    assert "d’accord" in send(wav, status=400, pour="autre")
    send(wav, pour="autre", accord="1")

    assert HelpRequest.objects.get().agreed_at is not None


def test_where_nobody_answers_there_is_no_recorder(cast: Cast, wav: bytes) -> None:
    sent = fields()
    cast.lille.hubs.all().delete()

    for page in (Client().get(SPEAK).content.decode(), send(wav, sent=sent)):
        assert "data-recorder" not in page and "Appelez le 15" in page


@pytest.mark.parametrize(
    ("changed", "doubt"), [({"t": ""}, Doubt.FORGED), ({"site": "https://spam.example"}, Doubt.TRAP)]
)
def test_doubtful_voice_waits_in_quarantine(cast: Cast, wav: bytes, changed: dict[str, str], doubt: Doubt) -> None:
    receipt = send(wav, **changed)

    made = HelpRequest.objects.get()
    assert (made.state, made.doubt, made.voice_seconds) == (RequestState.QUARANTINED, doubt, 2)
    assert len(code_of(receipt)) == 12 and Need.objects.count() == 0


def test_in_a_flood_a_voice_is_never_sent_back(cast: Cast, wav: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "HOLDS", 1)
    sent = fields()
    for _turn in range(gate.USES + 1):
        Client().post(
            "/porte/lille/fr/aide/", {"t": sent["t"], "quoi": "meal", "ou": "-", "quand": "soon", "sans": "1"}
        )
    HelpRequest.objects.all().delete()

    receipt = send(wav, sent=sent)

    made = HelpRequest.objects.get()
    assert (made.state, made.doubt) == (RequestState.QUARANTINED, Doubt.FLOOD) and len(code_of(receipt)) == 12


# --- heard -----------------------------------------------------------------------------------------------------------


def test_team_hears_it_from_the_needs_page_and_each_listening_is_one_line(cast: Cast) -> None:
    made = said(cast)
    page = cast.client("mediator").get(f"/besoins/{made.need_id}/").content.decode()
    assert f'src="/demandes/{made.pk}/voix/"' in page and 'preload="none"' in page and "0:12" in page
    assert IdentityRead.objects.count() == 0  # nothing was heard yet

    whole = hear(cast, "mediator", made)
    part = hear(cast, "mediator", made, range="bytes=5-7")

    assert b"".join(whole.streaming_content) == b"OggS-her-voice"
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"her")
    for answer in (whole, part):
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert answer.headers["Content-Type"] == "audio/ogg"
    line = IdentityRead.objects.get()
    assert (line.reason, line.card_ids, line.reader_id) == ("voice", [str(made.pk)], cast.memberships["mediator"].pk)
    cache.clear()  # ten minutes later
    hear(cast, "mediator", made)
    assert IdentityRead.objects.count() == 2


def test_first_piece_asked_is_noted_wherever_it_begins(cast: Cast) -> None:
    hear(cast, "mediator", said(cast), range="bytes=3-")

    assert IdentityRead.objects.count() == 1


def test_listening_is_in_the_list_of_the_card_it_belongs_to(cast: Cast) -> None:
    made, card = said(cast), cast.card()
    Need.objects.update(card=card, words=b"", next_step=b"")

    hear(cast, "mediator", made)

    assert IdentityRead.objects.get().card_ids == [str(card.pk)]


@pytest.mark.parametrize("who", ["sister", "other", "foreigner", "coordinator", "ambassador", "volunteer", "auditor"])
@pytest.mark.parametrize("age", [None, timedelta(seconds=30)])
def test_nobody_else_hears_it(cast: Cast, who: str, age: timedelta | None) -> None:
    made, _code = ask(cast, signs(age=age), territory=neighbourhood(cast), spoken=spoken.Spoken(b"OggS-her-voice", 12))

    assert hear(cast, "mediator", made).status_code == 200
    assert hear(cast, who, made).status_code == 404
    assert IdentityRead.objects.count() == 1


def test_card_closed_to_her_closes_the_voice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    made = said(cast)
    Need.objects.update(card=cast.card(), words=b"", next_step=b"")
    monkeypatch.setattr("allervers.needs.rules.may_open", lambda _viewer, card: not isinstance(card, PersonCard))

    assert hear(cast, "mediator", made).status_code == 404 and IdentityRead.objects.count() == 0


def test_request_without_a_voice_has_none_to_hear(cast: Cast) -> None:
    made, _code = ask(cast, territory=neighbourhood(cast))

    assert hear(cast, "mediator", made).status_code == 404
    assert "/voix/" not in cast.client("mediator").get(f"/besoins/{made.need_id}/").content.decode()


def test_quarantine_can_be_listened_to_before_it_is_answered(cast: Cast) -> None:
    made, _code = ask(cast, signs(age=None), territory=neighbourhood(cast), spoken=spoken.Spoken(b"OggS-her-voice", 12))
    client = cast.client("mediator")

    assert f'src="/demandes/{made.pk}/voix/"' in client.get("/demandes/").content.decode()
    client.post(f"/demandes/{made.pk}/decider/", {"answer": "accept"})

    made.refresh_from_db()
    assert made.need is not None and hear(cast, "mediator", made).status_code == 200
    assert sealing.words(made.need) == "Message vocal"


# --- erased ----------------------------------------------------------------------------------------------------------


def _is_erased(made: HelpRequest) -> bool:
    kept = HelpRequest.objects.get(pk=made.pk)
    return (bytes(kept.voice), kept.voice_seconds) == (b"", 0)


def test_withdrawing_erases_the_voice(cast: Cast) -> None:
    made, code = ask(cast, spoken=spoken.Spoken(b"OggS", 1))
    found = actions.find(cast.lille.id, code)
    assert found is not None and not _is_erased(made)

    actions.withdraw_request(found)

    assert _is_erased(made)


def test_refusing_erases_the_voice(cast: Cast) -> None:
    made, _code = ask(cast, signs(age=None), territory=neighbourhood(cast), spoken=spoken.Spoken(b"OggS", 1))

    actions.refuse_request(made, by=cast.viewer("mediator"))

    assert _is_erased(made)


def test_changing_the_hour_keeps_the_voice(cast: Cast) -> None:
    _made, code = ask(cast, spoken=spoken.Spoken(b"OggS-her-voice", 1))
    found = actions.find(cast.lille.id, code)
    assert found is not None

    actions.change_request(found, when="evening", reach="code")  # type: ignore[arg-type]  # as a form says them

    assert sealing.voice_of(HelpRequest.objects.get()) == b"OggS-her-voice"


def test_export_counts_it_and_erasure_empties_it(cast: Cast) -> None:
    made, card = said(cast), cast.card()
    Need.objects.update(card=card, words=b"", next_step=b"")

    assert duties.export_person(card)["needs"][0]["request"]["voice"] == "message vocal, 12 s"
    duties.erase_person(card)

    assert _is_erased(made)


def test_retention_takes_it_away(cast: Cast) -> None:
    made = said(cast)
    assert made.need is not None
    actions.close_need(made.need, by=None)
    ask(cast, signs("2", age=None), phone="+33611223355", spoken=spoken.Spoken(b"OggS", 1))

    duties.clean_up(clock.now() + timedelta(days=31))
    assert list(HelpRequest.objects.all()) == [made]
    duties.clean_up(clock.now() + timedelta(days=91))
    assert HelpRequest.objects.count() == 0


# --- encoded ---------------------------------------------------------------------------------------------------------


def test_cut_and_heavy_sounds_are_named(wav: bytes) -> None:
    with pytest.raises(errors.Broken):
        spoken.encode(wav[: len(wav) // 2])
    with pytest.raises(errors.TooBig):
        spoken.encode(b"x" * (spoken.MAX_BYTES + 1))
    assert re.match(rb"OggS", spoken.encode(wav).opus)

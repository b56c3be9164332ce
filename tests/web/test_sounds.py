"""The address of a sound: who hears it, in which pieces a player takes it, what is counted; the knobs that lead to it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.html import escape

from allervers.core import clock
from allervers.prevention import actions, house, media, queries, voices
from allervers.prevention.duties import clean_up
from allervers.prevention.enums import Change, MessageState, Origin
from allervers.prevention.models import Media, Message, Rendition, Tally, WholeVoice
from tests.cast import Cast
from tests.prevention.voiced import kept, spoken
from tests.web.test_ask import answers, code_of


@pytest.fixture
def message(cast: Cast) -> Message:
    today = clock.today()
    made = actions.write(
        cast.lille,
        title=actions.Line("Il fait très chaud", "sun"),
        lines=[actions.Line("Buvez de l’eau.", "glass"), actions.Line("Appelez.", "phone", urgent=True, phone="15")],
        terms=actions.Terms(today, today + timedelta(days=30)),
        by=cast.viewer("mediator"),
    )
    actions.publish(made, by=cast.viewer("lead"))
    return made


def _checked(cast: Cast, message: Message, language: str) -> list[Rendition]:
    rows = spoken(message, language, by=cast.viewer("mediator"))
    for row in rows:
        actions.check(row, version=1, by=cast.viewer("lead"))
    return rows


def _url(held: Media) -> str:
    return f"/son/{held.pk}.ogg"


def _get(url: str, asked: str = "") -> tuple[int, bytes, dict[str, str]]:
    answer = Client().get(url, headers={"Range": asked} if asked else {})
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, body, dict(answer.headers)


def test_a_voice_that_a_second_speaker_checked_is_heard_by_anyone(cast: Cast, message: Message) -> None:
    voice = _checked(cast, message, "snk")[1].media

    status, body, headers = _get(_url(voice))

    assert (status, len(body)) == (200, voice.size) and body == media.path_of(voice).read_bytes()
    assert headers["Content-Type"] == "audio/ogg" and headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Length"] == str(voice.size) and headers["Accept-Ranges"] == "bytes"
    assert "immutable" in headers["Cache-Control"]
    assert "media-src 'self' blob:" in headers["Content-Security-Policy"]


def test_a_voice_that_nobody_checked_is_the_newsrooms_only(cast: Cast, message: Message, settings) -> None:
    voice = spoken(message, "snk", by=cast.viewer("mediator"))[1].media

    answers = {
        who: cast.client(who).get(_url(voice)).status_code
        for who in ("lead", "other", "coordinator", "volunteer", "auditor", "foreigner")
    }
    assert answers == {
        "lead": 200, "other": 200, "coordinator": 200, "volunteer": 404, "auditor": 404, "foreigner": 404,
    }  # fmt: skip
    assert "no-store" in cast.client("lead").get(_url(voice)).headers["Cache-Control"]
    assert _get(_url(voice))[0] == 404
    settings.DEMO = True
    assert _get(_url(voice))[0] == 200


@pytest.mark.parametrize("away", ["withdrawn message", "safety change", "refused", "file gone"])
def test_a_voice_taken_back_is_heard_no_more(cast: Cast, message: Message, away: str) -> None:
    rows = _checked(cast, message, "snk")
    voice = rows[1].media
    assert _get(_url(voice))[0] == 200

    if away == "withdrawn message":
        actions.withdraw(message, by=cast.viewer("lead"))
    elif away == "safety change":
        actions.reword(rows[1].segment, line=actions.Line("Buvez."), change=Change.SAFETY, by=cast.viewer("lead"))
    elif away == "refused":
        actions.refuse(rows[1], by=cast.viewer("lead"))
    else:
        media.path_of(voice).unlink()

    assert _get(_url(voice))[0] == 404


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-", 0, -1),
        ("bytes=0-99", 0, 99),
        ("bytes=100-199", 100, 199),
        ("bytes=-50", -50, -1),
        ("bytes=5-999999", 5, -1),
    ],
)
def test_a_player_takes_the_range_that_it_asks_for(
    cast: Cast, message: Message, asked: str, first: int, last: int
) -> None:
    voice = _checked(cast, message, "snk")[1].media
    whole, size = media.path_of(voice).read_bytes(), voice.size
    begin, end = first % size, last % size

    status, body, headers = _get(_url(voice), asked)

    assert (status, body) == (206, whole[begin : end + 1])
    assert headers["Content-Range"] == f"bytes {begin}-{end}/{size}"
    assert headers["Content-Length"] == str(len(body))


def test_a_range_beyond_its_end_is_refused_and_an_unknown_one_is_all_of_it(cast: Cast, message: Message) -> None:
    voice = _checked(cast, message, "snk")[1].media

    for asked in (f"bytes={voice.size}-", "bytes=9-3", "bytes=-0"):
        status, body, headers = _get(_url(voice), asked)
        assert (status, body, headers["Content-Range"]) == (416, b"", f"bytes */{voice.size}"), asked
    for asked in ("bytes=0-1,5-9", "lines=0-1", "bytes=-", "bytes=x-y", f"bytes={'9' * 5000}-"):
        assert _get(_url(voice), asked)[0] == 200, asked


def test_a_whole_message_is_offered_once_all_is_heard(cast: Cast, message: Message) -> None:
    page = f"/porte/lille/snk/comprendre/{message.slug}/"
    _checked(cast, message, "snk")
    assert "data-player" not in Client().get(page).content.decode()
    whole = voices.make_whole(message, "snk", unchecked=False)
    assert whole is not None

    shown = Client().get(page).content.decode()

    assert f'href="{_url(whole.media)}?garder" download="{message.slug}-snk.ogg"' in shown
    assert whole.media.seconds == pytest.approx(3 * 0.6 + 2 * 0.5, abs=0.4) and "0:03" in shown
    for asked in ("bytes=0-", "bytes=0-1", ""):
        assert _get(_url(whole.media), asked)[0] in {200, 206}
    assert Tally.objects.count() == 0  # a browser in someone's hand says what is heard, not whoever asks for a file
    kept_aside = Client().get(f"{_url(whole.media)}?garder").headers["Content-Disposition"]
    assert kept_aside.startswith("attachment")


def test_a_whole_whose_piece_changed_is_neither_offered_nor_heard_until_it_is_made_again(
    cast: Cast, message: Message
) -> None:
    rows = _checked(cast, message, "snk")
    whole = voices.make_whole(message, "snk", unchecked=False)
    assert whole is not None and voices.make_whole(message, "snk", unchecked=False) == whole
    assert Media.objects.count() == 4
    again = voices.say(rows[1].segment, language="snk", media=kept(message, 900), by=cast.viewer("mediator"))

    assert _get(_url(whole.media))[0] == 404
    assert voices.make_whole(message, "snk", unchecked=False) is None
    actions.check(again, version=1, by=cast.viewer("lead"))
    assert _get(_url(whole.media))[0] == 404
    clean_up(clock.now())
    made = WholeVoice.objects.get()
    assert made.media_id != whole.media_id
    assert _get(_url(made.media))[0] == 200


def test_files_that_nothing_makes_heard_go_a_day_later(cast: Cast, message: Message) -> None:
    rows = spoken(message, "snk", by=cast.viewer("mediator"))
    refused, stays = media.path_of(rows[0].media), media.path_of(rows[1].media)
    actions.refuse(rows[0], by=cast.viewer("lead"))
    lost = media.folder() / "aa.ogg"
    lost.write_bytes(b"made, its row never written")

    clean_up(clock.now())
    assert refused.exists() and lost.exists()
    clean_up(clock.after(days=2))
    assert (refused.exists(), lost.exists(), stays.exists()) == (False, False, True)


# --- knobs -----------------------------------------------------------------------------------------------------------


def test_every_knob_of_a_voiced_message_leads_to_its_own_sound(cast: Cast, message: Message) -> None:
    rows = _checked(cast, message, "snk")

    page = Client().get(f"/porte/lille/snk/comprendre/{message.slug}/").content.decode()
    shelf = Client().get("/porte/lille/snk/comprendre/").content.decode()

    assert re.findall(r'href="(/son/[^"]+)" data-listen', page) == [_url(row.media) for row in rows]
    assert _url(rows[0].media) in shelf
    assert "/son/" not in Client().get(f"/porte/lille/bm/comprendre/{message.slug}/").content.decode()


def test_a_tone_and_a_machine_carry_their_mark_and_a_person_none(cast: Cast, message: Message, settings) -> None:
    settings.DEMO = True
    page = f"/porte/lille/snk/comprendre/{message.slug}/"
    marks = {}
    for origin in Origin:
        spoken(message, "snk", by=cast.viewer("mediator"), origin=origin)
        voices.make_whole(message, "snk", unchecked=True)
        shown = Client().get(page).content.decode()
        marks[origin] = (shown.count("listen__mark"), shown.count("player__mark"))

    assert marks == {Origin.PERSON: (0, 0), Origin.MACHINE: (4, 1), Origin.TONE: (4, 1)}
    assert [one.voices for one in queries.coverage(message)] == [0]  # a tone is no recording


def test_our_own_words_are_heard_on_doors_tiles_and_thresholds(cast: Cast, message: Message) -> None:
    words = house.bring_up_to_date(cast.lille)
    assert house.bring_up_to_date(cast.lille).segments.count() == len(house.PHRASES) == words.segments.count()
    _checked(cast, words, "snk")
    _checked(cast, words, "fr")
    said = {
        (row.language, row.segment.key): _url(row.media) for row in Rendition.objects.filter(segment__message=words)
    }

    home, tiles = Client().get("/porte/lille/snk/").content.decode(), Client().get("/porte/lille/").content.decode()
    threshold = Client().get("/porte/lille/snk/comprendre/").content.decode()

    assert re.findall(r'href="(/son/[^"]+)"', home)[:2] == [said["snk", "doors.choose"], said["snk", "door.1"]]
    assert said["snk", "language.name"] in tiles and said["fr", "language.name"] in tiles
    assert said["fr", "languages.choose"] in tiles and said["fr", "languages.choose"] != said["fr", "language.name"]
    assert said["snk", "door.1"] in threshold
    assert said["fr", "about"] in Client().get("/porte/lille/fr-FALC/vos-informations/").content.decode()


def test_a_request_is_followed_by_ear(cast: Cast, message: Message) -> None:
    words = house.bring_up_to_date(cast.lille)
    _checked(cast, words, "snk")
    said = {row.segment.key: _url(row.media) for row in Rendition.objects.filter(segment__message=words)}
    form = answers(cast)

    receipt = Client().post("/porte/lille/snk/aide/", form).content.decode()
    told = Client().post("/porte/lille/snk/demande/", {"code": code_of(receipt)}).content.decode()

    assert " ".join(said[f"figure.{n}"] for n in range(10)) in receipt
    assert [said[f"ask.{key}"] in receipt for key in ("reads", "calls", "keep", "wrong_number")] == [True] * 3 + [False]
    for key in ("waiting", "change", "stop", "stop_sure"):
        assert said[f"request.{key}"] in told, key
    assert said["when.soon"] in told and said["reach.sms"] in told
    words.segments.filter(key="figure.7").delete()
    assert "data-figures" not in Client().post("/porte/lille/snk/aide/", form).content.decode()


def test_each_mistake_is_heard_as_it_is_written(cast: Cast, message: Message) -> None:
    words = house.bring_up_to_date(cast.lille)
    _checked(cast, words, "snk")
    said = {_url(row.media): row.segment.key for row in Rendition.objects.filter(segment__message=words)}

    def heard(path: str, form: dict[str, str]) -> set[str]:
        page = Client().post(f"/porte/lille/snk/{path}/", form).content.decode()
        return {said[address] for address in re.findall(r'href="(/son/[^"]+)"', page)}

    assert "ask.no_number" in heard("aide", answers(cast, numero="")) - heard("aide", answers(cast, numero="06 12"))
    assert "ask.wrong_number" in heard("aide", answers(cast, numero="06 12")) - heard("aide", answers(cast, numero=""))
    assert "request.wrong_code" in heard("demande", {"code": "1"})
    for _try in range(12):
        last = heard("demande", {"code": "1"})
    assert "request.wait" in last and "request.wrong_code" not in last


def test_our_own_words_are_shown_nowhere_as_a_message(cast: Cast, message: Message) -> None:
    words = house.bring_up_to_date(cast.lille)

    assert words.state == MessageState.PUBLISHED
    assert Client().get(f"/porte/lille/fr/comprendre/{words.slug}/").status_code == 404
    assert Client().get(f"/m/{words.code}/").status_code == 404
    assert (
        escape(words.segments.get(key="door.1").text)
        not in Client().get("/porte/lille/fr/comprendre/").content.decode()
    )

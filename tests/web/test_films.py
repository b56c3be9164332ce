"""A film sent by the team or by a link: in pieces or whole, refused with its reason, made by the worker, judged, then seen."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from allervers.core import clock
from allervers.prevention import actions, films, house, media, sending, voices
from allervers.prevention.enums import Audience, InvitationKind, RenditionState, SentState
from allervers.prevention.models import Message, Rendition, SentFilm
from tests.cast import Cast
from tests.prevention.sounds import film, noise
from tests.prevention.voiced import filmed


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    cache.clear()  # where tries are counted
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setattr(films, "_SLICE", 60.0)
    yield
    films._in_hand = None


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
def held(tmp_path: Path) -> bytes:
    return film(tmp_path / "film.mkv", 20).read_bytes()


class Sender:
    """A browser that sends a film in pieces to one address."""

    def __init__(self, client: Client, url: str, **said: object) -> None:
        self.client, self.url, self.said = client, url, said

    def ask(self, held: bytes, offset: int | None = None, body: bytes = b"") -> tuple[int, dict[str, object]]:
        told = {"sha256": hashlib.sha256(held).hexdigest(), "total": len(held), **self.said}
        if offset is None:
            answer = self.client.get(self.url, told)
        else:
            query = "&".join(f"{name}={value}" for name, value in {**told, "offset": offset}.items())
            answer = self.client.post(f"{self.url}?{query}", body, content_type="application/octet-stream")
        return answer.status_code, answer.json()

    def send(self, held: bytes, at: int = 0) -> tuple[int, dict[str, object]]:
        status, answer = 0, {}
        while at < len(held):
            body = held[at : at + sending.PIECE]
            status, answer = self.ask(held, at, body)
            at += len(body)
            if status != 200:
                break
        return status, answer


def _team(cast: Cast, message: Message, who: str = "mediator") -> Sender:
    return Sender(cast.client(who), f"/messages/{message.pk}/films/envoi/", version=message.edition, language="fsl")


def _link(cast: Cast, message: Message, kind: InvitationKind = InvitationKind.FILM) -> tuple[Client, str]:
    _invitation, token, code = voices.invite(message, language="fsl", kind=kind, by=cast.viewer("mediator"))
    client = Client()
    assert client.post(f"/studio/{token}/", {"code": code}).status_code == 302
    return client, f"/studio/{token}/film/"


def _files() -> list[str]:
    return sorted(p.name for place in (media.folder(), media.parts_folder()) for p in place.iterdir() if p.is_file())


def test_a_film_cut_on_its_way_goes_on_is_made_judged_and_seen(cast: Cast, message: Message, held: bytes) -> None:
    sender, page = _team(cast, message), f"/messages/{message.pk}/films/"
    assert len(held) > 2 * sending.PIECE
    sender.ask(held, 0, held[: sending.PIECE])
    assert sender.ask(held) == (200, {"offset": sending.PIECE})

    assert sender.send(held, sending.PIECE) == (200, {"offset": len(held), "done": True})

    shown = cast.client("lead").get(page).content.decode()
    assert "en attente" in shown and 'hx-trigger="every 3s"' in shown and "Aucun film n’attend." in shown
    assert sender.ask(held) == (200, {"offset": len(held), "done": True})  # its answer was lost: not a second film
    films.work(clock.now())
    made = Rendition.objects.get(medium="video")
    mine, other = (cast.client(who).get(page).content.decode() for who in ("mediator", "lead"))
    assert f"/film/{made.media_id}.mp4" in other and "1 film à revoir" in other and "hx-trigger" not in other
    assert 'value="oui"' in other and 'value="oui"' not in mine
    assert sender.ask(held) == (200, {"offset": len(held), "done": True})

    given = {"verdict": "oui", "version": made.french, "media": made.media_id}
    assert cast.client("lead").post(f"/voix/{made.pk}/avis/", given).headers["Location"] == page

    made.refresh_from_db()
    assert made.state == RenditionState.CHECKED
    public = Client().get(f"/porte/lille/fsl/comprendre/{message.slug}/").content.decode()
    assert f"/film/{made.media_id}.mp4" in public
    assert (
        "/porte/lille/fsl/comprendre/" in Client().get(f"/porte/lille/fr/comprendre/{message.slug}/").content.decode()
    )


def test_without_script_a_film_is_sent_whole(cast: Cast, message: Message, held: bytes) -> None:
    client, page = cast.client("mediator"), f"/messages/{message.pk}/films/"
    said = {"version": message.edition, "language": "fsl"}

    answer = client.post(page, said | {"file": SimpleUploadedFile("x.exe", held)}, follow=True)
    twice = client.post(page, said | {"file": SimpleUploadedFile("x.exe", held)}, follow=True)

    assert "Le film est arrivé. Il est en préparation." in answer.content.decode() and twice.status_code == 200
    assert _files() == [f"{SentFilm.objects.get().name}.film"]


@pytest.mark.parametrize("kind", ["a program", "a sound", "cut", "nothing", "an old version"])
def test_a_file_that_is_no_film_of_this_message_is_refused_and_nothing_stays(
    cast: Cast, message: Message, held: bytes, tmp_path: Path, kind: str
) -> None:
    sent = {
        "a program": b"MZ" + bytes(range(256)) * 40,
        "a sound": noise(tmp_path / "n.wav", 2).read_bytes(),
        "cut": held[:300],
        "an old version": held,
    }.get(kind)
    said = {"version": message.edition - (kind == "an old version"), "language": "fsl"}
    file = {"file": SimpleUploadedFile("film.mp4", sent)} if sent else {}
    why = {"cut": "coupé ou abîmé", "an old version": "Le français a changé"}.get(kind, "Ce n’est pas une vidéo.")

    whole = cast.client("lead").post(f"/messages/{message.pk}/films/", said | file, follow=True).content.decode()
    assert why in whole
    if sent:
        sender = Sender(cast.client("lead"), f"/messages/{message.pk}/films/envoi/", **said)
        status, answer = sender.send(sent)
        assert status == 400 and why in str(answer["error"])
    assert (SentFilm.objects.count(), _files()) == (0, [])


def test_too_heavy_is_said_before_a_byte_is_sent(cast: Cast, message: Message) -> None:
    query = f"sha256={'0' * 64}&total=200000001&version={message.edition}&language=fsl"

    answer = cast.client("lead").get(f"/messages/{message.pk}/films/envoi/?{query}")

    assert answer.status_code == 400 and "200 Mo au plus. Filmez en 720p" in answer.json()["error"]


def test_a_film_that_failed_says_why_and_what_to_do(cast: Cast, message: Message, held: bytes) -> None:
    _team(cast, message).send(held)
    sent = SentFilm.objects.get()
    SentFilm.objects.update(state=SentState.FAILED, why="NotMade", tries=3)
    client, page = cast.client("lead"), f"/messages/{message.pk}/films/"
    assert "arrêtée plusieurs fois" in client.get(page).content.decode()

    client.post(f"/films/{sent.pk}/", {"recommencer": "oui"})
    sent.refresh_from_db()
    assert (sent.state, sent.tries) == (SentState.WAITING, 0)
    SentFilm.objects.update(state=SentState.FAILED, why="TooLong")
    assert "Essayer encore" not in client.get(page).content.decode()
    client.post(f"/films/{sent.pk}/", {"oublier": "oui"})

    assert (SentFilm.objects.count(), _files()) == (0, [])


@pytest.mark.parametrize("who", ["volunteer", "auditor", "foreigner"])
def test_films_are_out_of_reach_of_who_does_not_write_messages_here(cast: Cast, message: Message, who: str) -> None:
    status, client = 200, cast.client(who)

    status = client.get(f"/messages/{message.pk}/films/").status_code

    assert status in {403, 404}


def test_a_link_lets_someone_film_and_another_one_judge(cast: Cast, message: Message, held: bytes) -> None:
    client, url = _link(cast, message)
    page = client.get(url).content.decode()
    assert "Buvez de l’eau." in page and 'accept="video/*"' in page
    assert client.get(url.removesuffix("film/")).headers["Location"] == url

    assert Sender(client, f"{url}envoi/", version=message.edition).send(held)[1]["done"] is True

    assert "Nous le préparons" in client.get(url).content.decode()
    films.work(clock.now())
    assert "Une deuxième personne le regarde" in client.get(url).content.decode()
    assert client.get(f"{url}voir.mp4").status_code == 200
    made = Rendition.objects.get(medium="video")
    other, check = _link(cast, message, InvitationKind.CHECK)
    assert f'value="{made.media_id}"' in other.get(check.removesuffix("film/")).content.decode()
    assert other.get(f"{check}voir.mp4").status_code == 200
    given = {"verdict": "oui", "version": made.french, "media": made.media_id}
    assert client.post(f"{url}avis/", given).status_code == 404  # whoever filmed does not judge
    assert other.post(f"{check}avis/", given | {"media": message.pk}).status_code == 400
    assert other.post(f"{check}avis/", given).status_code == 302
    made.refresh_from_db()
    assert made.state == RenditionState.CHECKED
    status, answer = Sender(client, f"{url}envoi/", version=message.edition).send(held[:-1] + b"x")
    assert status == 400 and "déjà filmé" in str(answer["error"])


def test_a_link_without_its_code_and_one_for_voices_film_nothing(cast: Cast, message: Message, held: bytes) -> None:
    _invitation, token, _code = voices.invite(
        message, language="fsl", kind=InvitationKind.FILM, by=cast.viewer("mediator")
    )
    stranger = Sender(Client(), f"/studio/{token}/film/envoi/", version=message.edition)
    speaker, url = _link(cast, message, InvitationKind.RECORD)

    assert stranger.send(held)[0] == 401
    assert Sender(speaker, f"{url}envoi/", version=message.edition).send(held)[0] == 401
    assert speaker.get(f"{url}voir.mp4").status_code == 404
    assert (SentFilm.objects.count(), _files()) == (0, [])


def test_without_script_a_link_sends_a_film_whole_or_is_told_why_not(cast: Cast, message: Message, held: bytes) -> None:
    client, url = _link(cast, message)

    refused = client.post(url, {"version": message.edition, "file": SimpleUploadedFile("f.mp4", b"MZ nothing" * 9)})
    sent = client.post(url, {"version": message.edition, "file": SimpleUploadedFile("f.mp4", held)})

    assert refused.status_code == 400 and "Ce n’est pas une vidéo." in refused.content.decode()
    assert sent.headers["Location"] == url and SentFilm.objects.count() == 1


def test_the_page_costs_the_same_for_more_films(cast: Cast, message: Message) -> None:
    client, path = cast.client("lead"), f"/messages/{message.pk}/films/"
    voices.film(message, language="fsl", media=filmed(message), by=cast.viewer("mediator"))
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for language in ("ar", "snk", "bm"):
        voices.film(message, language=language, media=filmed(message), by=cast.viewer("mediator"))
    with CaptureQueriesContext(connection) as many:
        client.get(path)

    assert len(many) == len(few)


# --- the shelf of young people ---------------------------------------------------------------------------------------


def test_young_people_have_a_shelf_of_their_own(cast: Cast, message: Message) -> None:
    home, young = "/porte/lille/fr/comprendre/", "/porte/lille/fr/jeunes/"
    assert young not in Client().get(home).content.decode()
    Message.objects.filter(pk=message.pk).update(audience=Audience.YOUNG)

    every, theirs = (Client().get(url).content.decode() for url in (home, young))

    assert young in every and message.slug not in every
    assert f"{home}{message.slug}/" in theirs and "Écoute, garde, partage." in theirs
    wordless = Client().get("/porte/lille/snk/jeunes/").content.decode()
    assert f"/porte/lille/snk/comprendre/{message.slug}/" in wordless and '<p class="unseen">Écoute' in wordless


def test_one_part_is_kept_for_one_person_and_none_that_is_refused(cast: Cast, message: Message, held: bytes) -> None:
    for language in ("fsl", "ar", "en"):
        sender = _team(cast, message)
        sender.said["language"] = language
        assert sender.ask(held + language.encode(), 0, held[:1000])[0] == 200
    assert len(list(media.parts_folder().iterdir())) == 1

    sender.said["version"] = message.edition + 1  # the French changed meanwhile

    assert sender.ask(held + b"en", 1000, held[1000:2000])[0] == 400
    assert list(media.parts_folder().iterdir()) == []


def test_without_room_the_browser_keeps_its_film(cast: Cast, message: Message, held: bytes, monkeypatch) -> None:
    monkeypatch.setattr(films, "ROOM", 10**18)

    status, answer = _team(cast, message).ask(held, 0, held[:1000])

    assert status == 507 and answer["closed"] and "plus de place" in str(answer["error"])
    assert list(media.parts_folder().iterdir()) == []
    whole = {"version": message.edition, "language": "fsl", "file": SimpleUploadedFile("film.mp4", held)}
    page = cast.client("mediator").post(f"/messages/{message.pk}/films/", whole, follow=True)
    assert page.status_code == 200 and "plus de place" in page.content.decode()


def test_nobody_is_asked_to_film_our_own_words(cast: Cast, message: Message) -> None:
    ours, client = house.bring_up_to_date(cast.lille), cast.client("lead")
    pages = [client.get(f"/messages/{pk}/voix/").content.decode() for pk in (message.pk, ours.pk)]
    assert ['value="film"' in page for page in pages] == [True, False]

    asked = {"language": "fsl", "kind": "film"}

    assert client.post(f"/messages/{ours.pk}/voix/inviter/", asked).status_code == 400
    assert not ours.invitations.exists()


def test_only_what_residents_see_is_said_to_be_seen(cast: Cast, message: Message) -> None:
    made = voices.film(message, language="fsl", media=filmed(message), by=cast.viewer("mediator"))
    actions.check(made, version=made.french, by=cast.viewer("lead"))
    url = f"/messages/{message.pk}/films/"
    assert "Vus par les habitants" in cast.client("lead").get(url).content.decode()

    actions.withdraw(message, by=cast.viewer("lead"))

    page = cast.client("lead").get(url).content.decode()
    assert "Vus par les habitants" not in page and f"/film/{made.media_id}.mp4" in page


def test_a_page_that_asks_by_itself_keeps_no_desk_open(cast: Cast, message: Message, held: bytes, settings) -> None:
    settings.LEAVE_MINUTES = 30
    sender, client, begun = _team(cast, message), cast.client("mediator"), clock.now()
    client.get("/messages/")
    cast.client("mediator").cookies = sender.client.cookies = client.cookies
    sender.ask(held, 0, held[:1000])
    for minutes in range(2, 60, 2):
        with clock.fixed(begun + timedelta(minutes=minutes)):
            client.get(f"/messages/{message.pk}/films/envoyes/", headers={"HX-Request": "true"})
            answer = client.get(sender.url, {"sha256": "0" * 64, "total": 9, **sender.said})
        assert (answer.status_code == 200) == (minutes < 30)
    with clock.fixed(begun + timedelta(minutes=60)):
        assert client.get("/messages/").status_code == 302


def test_the_page_is_read_anew_once_nothing_is_on_its_way(cast: Cast, message: Message, held: bytes) -> None:
    _team(cast, message).send(held)
    url, client = f"/messages/{message.pk}/films/", cast.client("mediator")
    assert client.get(url).content.decode().count("hx-get") == 1
    asked_by_itself = {"HX-Request": "true"}
    part = client.get(f"{url}envoyes/", headers=asked_by_itself)
    assert "HX-Refresh" not in part.headers and "hx-get" in part.content.decode() and "<video" not in str(part.content)

    films.work(clock.now())

    part = client.get(f"{url}envoyes/", headers=asked_by_itself)
    assert part.headers["HX-Refresh"] == "true" and "hx-get" not in part.content.decode()
    assert client.get(f"{url}envoyes/").headers["Location"] == url  # someone who opens its address sees the whole page

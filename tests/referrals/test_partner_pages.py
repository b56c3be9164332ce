import re
import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import translation

from allervers.core import clock
from allervers.people import vault
from allervers.referrals import actions, links
from allervers.referrals.models import Answer, Referral, ReturnList, Submission
from tests.cast import Cast
from tests.referrals.scene import sent


@pytest.fixture(autouse=True)
def _nobody_tried_before() -> None:
    cache.clear()


def _list(cast: Cast, size: int = 2) -> tuple[ReturnList, str, str]:
    """A list, its address and its code."""
    made = actions.make_list(cast.hospital, [sent(cast) for _ in range(size)], by=cast.viewer("mediator"))
    return made, f"/r/{links.token_of(made)}/", actions.new_code(made, by=cast.viewer("mediator"))


def _opened(url: str, code: str) -> Client:
    client = Client()
    assert client.post(url, {"code": code}).status_code == 302
    return client


def _initials(referral: Referral) -> str:
    assert referral.card is not None
    names = vault.identity(referral.card)
    return f"{names['first_name'][0]}. {names['last_name'][0]}."


def _operation(page: str) -> str:
    found = re.search(r'name="operation" value="([^"]+)"', page)
    assert found
    return found[1]


def test_link_alone_shows_no_one_and_changes_nothing(cast: Cast) -> None:
    made, url, _code = _list(cast)
    before = list(Referral.objects.order_by("pk").values())
    client = Client()

    page = client.get(url)
    assert page.status_code == 200 and 'name="code"' in page.content.decode()
    told = page.content.decode()
    assert not any(_initials(line.referral) in told or line.referral.line_code in told for line in made.lines.all())
    assert client.post(url, {}).status_code == 400
    assert client.post(f"{url}reponses/", {"a1": "came", "a2": "came"}).status_code == 302
    assert (list(Referral.objects.order_by("pk").values()), Answer.objects.count()) == (before, 0)
    made.refresh_from_db()
    assert made.tries == 0


def test_pages_keep_their_address_to_themselves(cast: Cast) -> None:
    _made, url, code = _list(cast)

    for page in (Client().get(url), _opened(url, code).get(url), Client().get("/r/unknown/")):
        assert page["Referrer-Policy"] == "no-referrer"
        assert "no-store" in page["Cache-Control"]
        assert "noindex" in page["X-Robots-Tag"]


def test_right_code_opens_initials_only(cast: Cast) -> None:
    made, url, code = _list(cast)

    told = _opened(url, code).get(url).content.decode()

    assert all(_initials(line.referral) in told for line in made.lines.all())
    made.refresh_from_db()
    assert made.opened_count == 1


def test_wrong_code_says_so_then_locks(cast: Cast) -> None:
    _made, url, code = _list(cast)
    client, wrong = Client(), "000000" if code != "000000" else "111111"

    pages = [client.post(url, {"code": wrong}).content.decode() for _ in range(6)]
    assert "Ce n’est pas ce code" in pages[0]
    assert "verrouillée" in pages[5]
    assert "verrouillée" in client.post(url, {"code": code}).content.decode()


def test_new_code_closes_browsers_opened_with_the_former(cast: Cast) -> None:
    made, url, code = _list(cast)
    client = _opened(url, code)
    actions.new_code(made, by=cast.viewer("mediator"))

    assert 'name="code"' in client.get(url).content.decode()


@pytest.mark.parametrize("why", ["expired", "revoked", "renewed", "unknown"])
def test_closed_link_is_a_sentence_and_what_to_do(cast: Cast, why: str) -> None:
    made, url, code = _list(cast)
    client = _opened(url, code)
    if why == "expired":
        ReturnList.objects.update(expires_at=clock.now() - timedelta(minutes=1))
    elif why == "revoked":
        actions.revoke(made, by=cast.viewer("mediator"))
    elif why == "renewed":
        actions.renew_link(made, by=cast.viewer("mediator"))
    else:
        url = "/r/nothing-of-ours/"

    for page in (client.get(url), client.post(f"{url}reponses/", {"a1": "came"})):
        assert page.status_code == (404 if why in {"renewed", "unknown"} else 410)
        assert "Ce lien ne s’ouvre plus" in page.content.decode()
    assert not Answer.objects.exists()


def test_answers_are_heard_once_and_unanswered_lines_come_back(cast: Cast) -> None:
    made, url, code = _list(cast, 3)
    client = _opened(url, code)
    operation = _operation(client.get(url).content.decode())
    said = {"operation": operation, "a1": "came", "r1": "equipped", "a2": "did_not_come", "y2": "transport", "a3": ""}

    first = client.post(f"{url}reponses/", said)
    again = client.post(f"{url}reponses/", said)

    assert first.status_code == again.status_code == 302
    assert (Submission.objects.count(), Answer.objects.count()) == (1, 2)
    states = [line.referral.state for line in made.lines.select_related("referral")]
    assert states == ["result", "missed", "sent"]
    assert Answer.objects.get(kind="did_not_come").reason == "transport"
    thanks = client.get(first["Location"]).content.decode()
    assert "2 réponses reçues" in thanks and "Répondre pour l’autre personne" in thanks
    page = client.get(url).content.decode()
    assert page.count("checked") == 3  # came, equipped, did not come


def test_line_left_as_it_was_shown_undoes_nothing_said_since(cast: Cast) -> None:
    made, url, code = _list(cast)
    client = _opened(url, code)
    client.post(f"{url}reponses/", {"operation": "1", "a1": "came", "w1": ""})
    # Another page, opened before a telephone call corrected the line, is sent afterwards.
    client.post(f"{url}reponses/", {"operation": "2", "a1": "did_not_come", "w1": "came"})
    client.post(f"{url}reponses/", {"operation": "3", "a1": "came", "w1": "came", "a2": "came", "w2": ""})

    assert [line.referral.state for line in made.lines.select_related("referral")] == ["missed", "kept"]
    assert Answer.objects.filter(is_amendment=True).count() == 1


def test_values_out_of_the_closed_list_are_no_answers(cast: Cast) -> None:
    _made, url, code = _list(cast)
    client = _opened(url, code)

    client.post(f"{url}reponses/", {"operation": "1", "a1": "undone", "a2": "<b>diabète</b>", "a9": "came", "r1": "x"})

    assert not Answer.objects.exists()


def test_missing_date_is_said_and_nothing_typed_is_lost(cast: Cast) -> None:
    _made, url, code = _list(cast)
    client = _opened(url, code)

    page = client.post(f"{url}reponses/", {"operation": "1", "a1": "appointment", "m1": "demain", "a2": "did_not_come"})

    told = page.content.decode()
    assert page.status_code == 400 and "Choisissez la date et l’heure" in told
    assert 'value="demain"' in told and re.search(r'name="a2" value="did_not_come" checked', told)
    assert not Answer.objects.exists()


@pytest.mark.parametrize("typed", ["9999-12-31T10:00", "0001-01-01T00:00", "2206-11-24T14:30"])
def test_appointment_at_an_impossible_date_is_said_and_stays_typed(cast: Cast, typed: str) -> None:
    _made, url, code = _list(cast, 1)
    client = _opened(url, code)

    page = client.post(f"{url}reponses/", {"operation": "1", "a1": "appointment", "m1": typed})

    assert page.status_code == 400
    assert "à plus de deux ans" in page.content.decode() and typed in page.content.decode()
    assert not Answer.objects.exists()


def test_undo_from_the_page_within_a_day(cast: Cast) -> None:
    made, url, code = _list(cast)
    client = _opened(url, code)
    thanks = client.post(f"{url}reponses/", {"operation": "1", "a1": "declined_no_room"})["Location"]
    undo = re.search(r'action="([^"]+annuler[^"]+)"', client.get(thanks).content.decode())
    assert undo

    assert client.post(undo[1]).status_code == 302
    assert [line.referral.state for line in made.lines.select_related("referral")] == ["sent", "sent"]
    assert "annulé" in client.get(thanks).content.decode()
    assert "annuler" not in client.get(thanks).content.decode()


def test_one_list_does_not_open_another(cast: Cast) -> None:
    _first, url, code = _list(cast)
    second, other_url, _code = _list(cast)
    client = _opened(url, code)
    client.post(f"{other_url}reponses/", {"operation": "1", "a1": "came", "a2": "came"})

    assert 'name="code"' in client.get(other_url).content.decode()
    assert {line.referral.state for line in second.lines.select_related("referral")} == {"sent"}


def test_withdrawn_person_is_not_shown_any_more(cast: Cast) -> None:
    made, url, code = _list(cast)
    gone = made.lines.first()
    assert gone is not None
    actions.withdraw(gone.referral, by=cast.viewer("mediator"))

    told = _opened(url, code).get(url).content.decode()
    assert told.count("<fieldset") == 1


def test_too_many_codes_from_one_computer_wait(cast: Cast) -> None:
    statuses = [Client().get(f"/r/guess-{number}/").status_code for number in range(45)]

    assert statuses[0] == 404 and statuses[-1] == 429


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_pages_speak_the_partner_s_language(cast: Cast, language: str, direction: str) -> None:
    _made, url, code = _list(cast)
    client = Client()
    french = ("Le code à six chiffres", "Envoyer")
    with translation.override(language):
        said = [translation.gettext(sentence) for sentence in french]

    assert client.get(f"{url}?langue={language}")["Location"] == url
    asked = client.get(url).content.decode()
    assert client.post(url, {"code": code}).status_code == 302
    listed = client.get(url).content.decode()

    assert f'lang="{language}" dir="{direction}"' in asked
    assert said[0] in asked and said[1] in listed
    assert not set(said) & set(french) and french[0] not in asked and french[1] not in listed


def test_list_page_asks_the_database_the_same_for_one_and_three(cast: Cast, django_assert_num_queries) -> None:
    from django.test.utils import CaptureQueriesContext

    counts = []
    for size in (1, 3):
        _made, url, code = _list(cast, size)
        client = _opened(url, code)
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        counts.append(len(captured))

    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one writer and refuses at once")
def test_two_concurrent_posts_are_heard_once() -> None:
    cast = Cast.make()
    made, url, code = _list(cast, 5)
    clients = [_opened(url, code), _opened(url, code)]
    said = {"operation": "same", **{f"a{place}": "came" for place in range(1, 6)}}
    statuses = []

    def post(client: Client) -> None:
        try:
            statuses.append(client.post(f"{url}reponses/", said).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [302, 302]
    assert (Submission.objects.count(), Answer.objects.count()) == (1, 5)
    assert {line.referral.step for line in made.lines.select_related("referral")} == {2}

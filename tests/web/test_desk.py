"""A shared desk: locked by hand or left alone, opened by a code, passed from one person to another."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from allervers.accounts import unlock
from allervers.accounts.models import Membership, User
from allervers.core import clock
from allervers.needs.models import Encounter
from allervers.web import desk
from tests.cast import Cast

POST, UNLOCK, TEAM = reverse("workspace:post"), reverse("workspace:unlock"), reverse("workspace:exceptional")


def _with_code(cast: Cast, who: str, code: str = "7391") -> Client:
    client = cast.client(who)
    unlock.set_code(cast.memberships[who].user, code)
    return client


def _shared(cast: Cast, *people: str) -> Client:
    """One browser in which several people asked to be proposed; the last one holds the desk."""
    browser = Client()
    for who in people:
        cast.client(who)  # gives her second factor
        browser.force_login(cast.memberships[who].user)
        browser.post(reverse("workspace:post_code"), {"code": "7391", "here": "on"})
    return browser


def test_locked_desk_shows_nothing_until_the_code(cast: Cast) -> None:
    client = _with_code(cast, "mediator")

    assert client.post(reverse("workspace:lock"))["Location"] == UNLOCK
    assert client.get(POST)["Location"] == f"{UNLOCK}?next=%2Fposte%2F"
    assert client.get(TEAM).status_code == 302

    answer = client.post(UNLOCK, {"code": "7391", "next": TEAM})

    assert answer["Location"] == TEAM
    assert client.get(POST).status_code == 200


def test_wrong_code_says_how_many_tries_are_left_and_the_fifth_signs_out(cast: Cast) -> None:
    client = _with_code(cast, "mediator")
    client.post(reverse("workspace:lock"))

    first = client.post(UNLOCK, {"code": "0001"})
    for _ in range(3):
        client.post(UNLOCK, {"code": "0001"})
    last = client.post(UNLOCK, {"code": "0001"})

    assert "Essais restants : 4" in first.content.decode()
    assert last["Location"] == reverse("account_login")
    assert client.get(POST)["Location"].startswith(reverse("account_login"))


def test_lock_is_on_the_session_not_on_the_page(cast: Cast) -> None:
    client = _with_code(cast, "mediator")
    client.post(reverse("workspace:lock"))

    assert client.get(UNLOCK + "?next=/poste/").status_code == 200
    assert client.get(POST).status_code == 302


def test_without_a_code_locking_signs_out(cast: Cast) -> None:
    client = cast.client("mediator")

    answer = client.post(reverse("workspace:lock"))

    assert answer["Location"] == reverse("account_login")
    assert client.get(POST)["Location"].startswith(reverse("account_login"))


def test_desk_left_alone_locks_itself_after_ten_minutes(cast: Cast) -> None:
    client = _with_code(cast, "mediator")
    start = clock.now()
    for minutes, status in [(0, 200), (9, 200), (18, 200), (29, 302), (30, 302)]:
        with clock.fixed(start + timedelta(minutes=minutes)):
            assert client.get(POST).status_code == status, minutes


def test_desk_left_alone_without_a_code_signs_out_who_sees_people_only(cast: Cast) -> None:
    start = clock.now()
    mediator, ambassador = cast.client("mediator"), cast.client("ambassador")
    with clock.fixed(start):
        mediator.get(POST)
        ambassador.get(POST)
    with clock.fixed(start + timedelta(minutes=61)):
        assert mediator.get(POST)["Location"] == f"{reverse('account_login')}?next={POST}"
        assert ambassador.get(POST).status_code == 200


def test_what_was_being_written_waits_behind_the_lock(cast: Cast) -> None:
    client = _with_code(cast, "mediator")
    ask = {"hub": str(cast.moulins.id), "minutes": "60", "reason": "Sa médiatrice est absente aujourd’hui"}
    start = clock.now()
    with clock.fixed(start):
        client.get(TEAM)
    with clock.fixed(start + timedelta(minutes=20)):
        locked = client.post(TEAM, ask)
        assert locked.status_code == 200
        assert "Poste verrouillé" in locked.content.decode()
        kept, kept_to = locked.context["kept"], locked.context["kept_to"]

        resumed = client.post(UNLOCK, {"code": "7391", "kept": kept, "kept_to": kept_to})

        assert "médiatrice est absente" not in locked.content.decode()
        assert dict(resumed.context["pairs"]) == ask
        assert resumed.context["to"] == TEAM
        assert client.post(TEAM, dict(resumed.context["pairs"]))["Location"] == TEAM


@pytest.mark.parametrize("kept_to", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_kept_form_is_never_sent_elsewhere(cast: Cast, kept_to: str) -> None:
    client = _with_code(cast, "mediator")
    client.post(reverse("workspace:lock"))

    answer = client.post(UNLOCK, {"code": "7391", "kept": '[["a", "b"]]', "kept_to": kept_to})

    assert answer.status_code == 302


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example/"])
def test_unlocking_leads_nowhere_else(cast: Cast, wanted: str) -> None:
    client = _with_code(cast, "mediator")
    client.post(reverse("workspace:lock"))

    assert client.post(UNLOCK, {"code": "7391", "next": wanted})["Location"] == "/"


def test_fragment_asked_behind_the_lock_sends_the_whole_page_to_it(cast: Cast) -> None:
    client = _with_code(cast, "mediator")
    client.post(reverse("workspace:lock"))

    answer = client.get(TEAM, headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"].startswith(UNLOCK)
    assert answer.content == b""


def test_unfinished_form_refused_by_the_lock_is_shown_again_as_it_was(cast: Cast) -> None:
    client = _with_code(cast, "mediator")
    client.post(reverse("workspace:lock"))
    typed = {
        "operation": str(uuid4()), "who": "card", "needs": ["teeth", "eyes"], "words": "depuis mardi",
        "resume_at": "/noter/", "next": "day",
    }  # fmt: skip

    locked = client.post("/noter/recap/", typed, headers={"HX-Request": "true"})
    kept = {"kept": locked.context["kept"], "kept_to": locked.context["kept_to"]}
    resumed = client.post(UNLOCK, {"code": "7391", **kept})
    again: dict[str, list[str]] = {}
    for name, value in resumed.context["pairs"]:
        again.setdefault(name, []).append(value)
    page = client.post(resumed.context["to"], again).content.decode()

    assert (locked["HX-Retarget"], "depuis mardi" in locked.content.decode()) == ("body", False)
    assert "Reprenez" not in page and "reprenez où vous en étiez" in resumed.content.decode()
    assert 'value="depuis mardi"' in page and 'class="error"' not in page
    assert page.count('name="needs"') > 20 and page.count(" checked") == 4  # who, two needs, the other day
    assert not Encounter.objects.exists()


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "noter"])
def test_unfinished_form_comes_back_to_our_pages_only(cast: Cast, elsewhere: str) -> None:
    client = _with_code(cast, "mediator")
    client.post(reverse("workspace:lock"))

    answer = client.post("/noter/recap/", {"resume_at": elsewhere}, headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"].startswith(UNLOCK)


def test_what_one_was_writing_comes_back_to_no_one_else(cast: Cast) -> None:
    writer, other = _with_code(cast, "mediator"), _with_code(cast, "lead")
    for client in (writer, other):
        client.post(reverse("workspace:lock"))
    kept = writer.post(TEAM, {"hub": "1"}).context["kept"]

    answer = other.post(UNLOCK, {"code": "7391", "kept": kept, "kept_to": TEAM})

    assert answer.status_code == 302


def test_leaving_a_kept_gesture_leads_to_a_page(cast: Cast) -> None:
    client = _with_code(cast, "mediator")
    client.post(reverse("workspace:lock"))
    kept = client.post(TEAM, {"hub": "1"}).context["kept"]

    page = client.post(UNLOCK, {"code": "7391", "kept": kept, "kept_to": TEAM})
    client.post(reverse("workspace:lock"))
    gesture = client.post(UNLOCK, {"code": "7391", "kept": kept, "kept_to": reverse("workspace:post_desk")})

    assert (page.context["leave"], gesture.context["leave"]) == (TEAM, "/")


def test_page_of_someone_signed_in_is_never_stored_by_the_browser(cast: Cast) -> None:
    assert cast.client("mediator").get(POST)["Cache-Control"] == "no-store, private"


def test_two_people_share_a_desk_each_in_her_own_session(cast: Cast) -> None:
    browser = _shared(cast, "lead", "mediator")
    browser.post(reverse("workspace:lock"))
    before = browser.cookies["sessionid"].value

    offered = browser.get(reverse("workspace:switch_user"))
    browser.post(reverse("workspace:switch_user"), {"who": str(cast.memberships["lead"].user_id), "code": "7391"})

    assert [user.first_name for user in offered.context["users"]] == ["Lead"]
    assert browser.cookies["sessionid"].value != before
    assert browser.get(POST).context["viewer"].name == "Lead Cast"


def test_switching_asks_the_code_of_who_comes(cast: Cast) -> None:
    browser = _shared(cast, "lead", "mediator")
    unlock.set_code(cast.memberships["mediator"].user, "2468")  # hers: not the lead's

    answer = browser.post(
        reverse("workspace:switch_user"), {"who": str(cast.memberships["lead"].user_id), "code": "2468"}
    )

    assert "Ce n’est pas ce code" in answer.content.decode()
    assert browser.get(POST).context["viewer"].name == "Mediator Cast"


def test_nobody_is_taken_who_did_not_ask_for_this_desk(cast: Cast) -> None:
    browser = _shared(cast, "mediator")
    cast.client("lead")
    unlock.set_code(cast.memberships["lead"].user, "7391")

    answer = browser.post(
        reverse("workspace:switch_user"), {"who": str(cast.memberships["lead"].user_id), "code": "7391"}
    )

    assert answer.status_code == 200
    assert browser.get(POST).context["viewer"].name == "Mediator Cast"


def _offered(browser: Client) -> list[User]:
    return list(browser.get(reverse("workspace:switch_user")).context["users"])


def test_list_of_a_desk_forgets_who_changed_code_left_or_waited_two_weeks(cast: Cast) -> None:
    browser = _shared(cast, "lead", "sister", "other", "mediator")
    assert len(_offered(browser)) == 3

    unlock.set_code(cast.memberships["lead"].user, "2468")
    Membership.objects.filter(pk=cast.memberships["sister"].pk).update(ends_at=clock.now())
    assert [user.first_name for user in _offered(browser)] == ["Other"]

    with clock.fixed(clock.after(days=15)):
        browser.force_login(cast.memberships["mediator"].user)
        assert _offered(browser) == []


def test_forged_list_is_no_list(cast: Cast) -> None:
    browser = _shared(cast, "lead", "mediator")
    browser.cookies[desk.COOKIE] = browser.cookies[desk.COOKIE].value[:-2] + "xx"

    assert _offered(browser) == []


def test_list_cookie_is_signed_and_out_of_reach_of_scripts(cast: Cast) -> None:
    cookie = _shared(cast, "mediator").cookies[desk.COOKIE]

    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"


def test_my_post_forgets_me_on_this_computer(cast: Cast) -> None:
    browser = _shared(cast, "mediator")
    assert browser.get(POST).context["known_here"] is True

    browser.post(reverse("workspace:post_desk"))

    assert browser.get(POST).context["known_here"] is False


def test_my_post_refuses_a_code_that_anyone_would_try_and_takes_another(cast: Cast) -> None:
    client = cast.client("mediator")

    refused = client.post(reverse("workspace:post_code"), {"code": "1234"})
    taken = client.post(reverse("workspace:post_code"), {"code": "7391"})

    assert "Ce code se devine" in refused.content.decode()
    assert taken["Location"] == POST
    unlock.check_code(User.objects.get(pk=cast.memberships["mediator"].user_id), "7391")


def test_my_post_removes_the_code(cast: Cast) -> None:
    client = _with_code(cast, "mediator")

    client.post(reverse("workspace:post_code"), {"remove": "1"})

    assert User.objects.get(pk=cast.memberships["mediator"].user_id).unlock_hash == ""


def test_my_post_turns_shortcuts_off_and_on(cast: Cast) -> None:
    client = cast.client("mediator")

    client.post(reverse("workspace:post_shortcuts"))
    assert client.get(POST).context["viewer"].shortcuts is False
    client.post(reverse("workspace:post_shortcuts"), {"on": "on"})
    assert client.get(POST).context["viewer"].shortcuts is True


def test_my_post_passes_from_one_place_to_another_of_mine_only(cast: Cast) -> None:
    second = Membership.objects.create(
        user=cast.memberships["mediator"].user,
        network=cast.lille,
        organisation=cast.other_association,
        hub=cast.fives,
        role="mediator",
    )
    client = cast.client("mediator")

    client.post(reverse("workspace:post_membership"), {"membership": str(second.id)})
    assert client.get(POST).context["viewer"].hub_name == "Fives"
    client.post(reverse("workspace:post_membership"), {"membership": str(cast.memberships["other"].id)})
    assert client.get(POST).context["viewer"].hub_name == "Fives"
    client.post(reverse("workspace:post_membership"), {"membership": "nonsense"})
    assert client.get(POST).context["viewer"].membership_id == second.id


def test_signing_out_for_idleness_says_why(cast: Cast) -> None:
    client = cast.client("mediator")
    start = clock.now()
    with clock.fixed(start):
        client.get(POST)
    with clock.fixed(start + timedelta(minutes=70)):
        answer = client.get(POST)

    assert ["Sans geste depuis longtemps" in str(message) for message in get_messages(answer.wsgi_request)] == [True]

"""Two people are two users: no second membership, former or present, makes one of them another."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from allervers.accounts import actions as accounts
from allervers.accounts.enums import Role
from allervers.accounts.models import Membership
from allervers.accounts.rules import Viewer, viewer_of
from allervers.core import clock
from allervers.prevention import actions, queries
from allervers.prevention.enums import Change, Medium
from allervers.prevention.errors import SameSpeaker, StillAway
from allervers.prevention.models import Message, Rendition
from allervers.web.workspace.newsroom_changes import changes
from tests.cast import Cast
from tests.prevention.test_french_is_read import _mark, read_in, written


def moved(cast: Cast) -> Viewer:
    """The mediator, whose first membership has ended."""
    former = cast.memberships["mediator"]
    return viewer_of(accounts.move_membership(former, role=Role.COORDINATOR, hub=None, by=cast.viewer("coordinator")))


def elsewhere_too(cast: Cast) -> Viewer:
    """The mediator, who works for another organisation of the network as well."""
    user, place = cast.memberships["mediator"].user, cast.other_association
    second = Membership.objects.create(user=user, network=cast.lille, organisation=place, role=Role.MEDIATOR)
    return viewer_of(second)


TWICE = pytest.mark.parametrize("herself", [moved, elsewhere_too])
Herself = Callable[[Cast], Viewer]


@TWICE
def test_nobody_reads_her_own_french(cast: Cast, herself: Herself) -> None:
    message, draft = written(cast), written(cast, published=False)
    segment = message.segments.get(position=1)
    actions.reword(segment, line=actions.Line("Buvez."), change=Change.MINOR, by=cast.viewer("mediator"))
    her = herself(cast)

    with pytest.raises(SameSpeaker):
        actions.accept(segment, read=_mark(segment), by=her)
    with pytest.raises(SameSpeaker):
        actions.publish(draft, by=her)
    assert read_in(message, "fr")[1] == "Buvez de l’eau."


@TWICE
def test_nobody_checks_her_own_translation(cast: Cast, herself: Herself) -> None:
    message = written(cast)
    title, by = message.segments.get(position=0), cast.viewer("mediator")
    said = actions.render(title, language="en", medium=Medium.TEXT, text="Hot", by=by)
    her = herself(cast)

    with pytest.raises(SameSpeaker):
        actions.check(said, version=1, by=her)
    assert Rendition.objects.get().checked_by == ""


@TWICE
def test_she_still_takes_back_her_own_alarm_and_her_own_words_wait_for_someone_else(
    cast: Cast, herself: Herself
) -> None:
    message = written(cast)
    segment = message.segments.get(position=1)
    actions.reword(segment, line=actions.Line("Buvez."), change=Change.SAFETY, by=cast.viewer("mediator"))
    her = herself(cast)

    own = {str(cast.memberships["mediator"].pk), str(her.membership_id)}
    (line,) = queries.waiting(Message.objects.all(), clock.today(), timedelta(), own=own)
    (change,) = changes([message.segments.get(position=1)], own)
    assert (line.kind, line.mine, change.is_hers, change.may_drop) == ("away", True, True, True)
    with pytest.raises(StillAway):
        actions.drop(segment, read=_mark(segment), by=cast.viewer("lead"))
    actions.drop(segment, read=_mark(segment), by=her)
    assert read_in(message, "fr")[1] == "Buvez de l’eau."


@TWICE
def test_her_page_offers_her_no_verdict_on_herself(cast: Cast, herself: Herself) -> None:
    message = written(cast, published=False)
    said = actions.render(
        message.segments.get(position=0), language="en", medium=Medium.TEXT, text="Hot", by=cast.viewer("mediator")
    )
    herself(cast)
    client = cast.client("mediator")

    page, english = (client.get(f"/messages/{message.pk}/{path}").content.decode() for path in ("", "langue/en/"))

    assert "publier/" not in page
    assert said.text in english and 'name="juste"' not in english

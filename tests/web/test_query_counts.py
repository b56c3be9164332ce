"""Every list page of the team costs the same number of queries with more rows behind it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from allervers.accounts.models import Organisation
from allervers.core import clock
from allervers.directory.models import Place, Service
from allervers.needs.models import Contact, Encounter, HandOver, HelpRequest, Need, Obstacle
from allervers.people.models import CardLink, Receipt
from allervers.referrals.models import Answer, Referral, ReturnLine, ReturnList, Submission
from allervers.relief.models import Call, Offer
from allervers.web.access import ACCESS
from tests.cast import Cast


@pytest.mark.parametrize("who", ["mediator", "lead", "coordinator", "auditor"])
def test_pages_cost_the_same_with_more_rows(cast: Cast, who: str) -> None:
    _add(cast, 2)
    client = cast.client(who)
    for path in _paths(cast, who):
        client.get(path)  # what is kept from one request to the next is kept now
    few = {path: _queries(client, path) for path in _paths(cast, who)}

    _add(cast, 4)

    assert {path: _queries(client, path) for path in few} == few
    assert len(few) >= 2


def _paths(cast: Cast, who: str) -> list[str]:
    """The pages without a row that her role may read, and each list as it is narrowed."""
    found = []
    for (address, method), line in ACCESS.items():
        if method == "GET" and address.startswith("workspace:") and line.allows(cast.viewer(who).role):
            try:
                found.append(reverse(address))
            except NoReverseMatch:
                continue
    return found + [
        page + query
        for page, query in (
            ("/besoins/", "?etat=late"),
            ("/besoins/", "?etat=closed"),
            ("/retours/", "?etat=silence"),
            ("/retours/", "?etat=fini"),
            ("/chiffres/lignes/", "?figure=active"),
        )
        if page in found
    ]


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        response = client.get(path)
        if getattr(response, "streaming", False):
            list(response.streaming_content)  # type: ignore[attr-defined]
        return len(asked)


def _add(cast: Cast, rows: int) -> None:
    """So many people with all that hangs on them, and partners as many."""
    now, by = clock.now(), cast.memberships["mediator"]
    where = {"network": cast.lille, "organisation": cast.association, "hub": cast.wazemmes}
    earlier = None
    for number in range(Referral.objects.count(), Referral.objects.count() + rows):
        partner = Organisation.objects.create(network=cast.lille, name=f"Partenaire {number}", slug=f"p-{number}")
        place = Place.objects.create(network=cast.lille, organisation=partner, name=f"Lieu {number}")
        service = Service.objects.create(network=cast.lille, place=place, name=f"Offre {number}")
        card = cast.card()
        if earlier:
            first, second = sorted([earlier, card], key=lambda one: one.id)
            CardLink.objects.create(organisation=cast.association, first=first, second=second)
        met = Encounter.objects.create(card=card, stratum="identified", informed=True, by=by, **where)
        late = {"opened_at": now - timedelta(days=30), "owner": by, "encounter": met, "category": "eyes", "card": card}
        need = Need.objects.create(next_contact_at=now - timedelta(days=2), unreachable_count=2, **late, **where)
        Need.objects.create(state="closed", closed_at=now, outcome="solved", **late, **where)
        Contact.objects.create(need=need, by=by)
        Obstacle.objects.create(need=need, service=service, kind="language", **where)
        HandOver.objects.create(need=need, category="eyes", by=cast.memberships["lead"], **where)
        HandOver.objects.create(need=need, category="eyes", by=by, **where)
        call = Call.objects.create(network=cast.lille, hub=cast.wazemmes, kind="driver", until=clock.today())
        Offer.objects.create(call=call, gifts=["car"], languages=["ar"], **where)
        Offer.objects.create(call=call, gifts=["time"], state="kept", **where)
        agreement = Receipt.objects.create(
            network=cast.lille, organisation=cast.association, card=card, kind="sharing", mode="shown", language="fr",
            words="…", recipient=partner,
        )  # fmt: skip
        sent = now - timedelta(days=20)
        for code, state in (("A", "sent"), ("B", "appointment"), ("C", "kept")):
            referral = Referral.objects.create(
                need=need, card=card, recipient=partner, service=service, agreement=agreement,
                line_code=f"{code}-{number}", state=state, sent_at=sent, last_word_at=sent,
                appointment_at=now + timedelta(days=1) if state == "appointment" else None, **where,
            )  # fmt: skip
        made = ReturnList.objects.create(
            recipient=partner, sheet_code=f"F{number}", expires_at=now + timedelta(days=9), **where
        )
        ReturnLine.objects.create(return_list=made, referral=referral, position=1)
        told = Submission.objects.create(return_list=made, network=cast.lille, digest=f"{number}", by_channel="link")
        Answer.objects.create(referral=referral, submission=told, kind="came", is_amendment=True)
        asked = {"wish": "meal", "when": "soon", "reach": "code", "language": "fr", "promised_by": now, **where}
        HelpRequest.objects.create(state="received", need=need, code_digest=f"r{number}", **asked)
        HelpRequest.objects.create(state="quarantined", code_digest=f"q{number}", **asked)
        earlier = card

from datetime import UTC, datetime

import pytest

from allervers.programmes import actions
from allervers.programmes.enums import ActionKind
from allervers.programmes.models import Action, Session
from tests.cast import Cast


@pytest.fixture
def campaign(cast: Cast) -> Action:
    """An optical campaign of the association, sent to the hospital."""
    terms = actions.Terms("Dépistages optiques", ActionKind.OPTICAL, 2026, planned_min=3, planned_max=4)
    campaign = actions.create_campaign(cast.association.id, terms=terms, by=cast.viewer("lead"))
    campaign.recipient = cast.hospital
    campaign.save()
    return campaign


@pytest.fixture
def session(cast: Cast, campaign: Action) -> Session:
    """A session at Wazemmes."""
    return actions.plan_session(
        campaign, hub=cast.wazemmes, starts_at=datetime(2026, 11, 21, 8, tzinfo=UTC), by=cast.viewer("lead")
    )

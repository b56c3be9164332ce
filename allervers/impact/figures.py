"""The first figures of a hub or a network: who was met, informed, oriented, accompanied; how needs and referrals ended.

Definitions (docs/guide/chiffres.md says them in French):

- active file: distinct cards and codes with an encounter, a reached contact or a referral sent in the period;
- visits: encounters in the period, a head-count being one;
- informed: an encounter noted so; oriented: told where to go by name, or a referral sent; accompanied: someone walked
  along or did it together, or at least two contacts about one need, the last of them in the period;
- their union counts someone once, whatever she received.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, DateTimeField, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from allervers.accounts.beside import beside
from allervers.core import clock
from allervers.core.rates import Rate
from allervers.impact import counting, groups
from allervers.impact.groups import Period
from allervers.impact.rules import Scope
from allervers.impact.whole_days import WholeDays
from allervers.needs.enums import Outcome
from allervers.needs.models import Need
from allervers.people.enums import LinkState
from allervers.referrals import delays
from allervers.referrals.enums import ReferralState
from allervers.referrals.models import Referral


@dataclass
class Figures:
    """Everything the page prints. `breakdowns[dimension][value][group]` counts known people; "" is the unknown."""

    groups: dict[str, counting.Count]
    visits: int
    breakdowns: dict[str, dict[str, dict[str, int]]]
    needs_by_outcome: dict[str, int]
    needs_by_category: dict[str, int]
    referrals_by_state: dict[str, int]
    known_outcome: Rate
    kept: Rate
    delay: delays.Delay
    candidate_links: int


def figures(scope: Scope, period: Period) -> Figures:
    """All figures, in a constant number of queries, whatever the size of the network."""
    asked = beside(scope.network_id, lambda: (_needs_counted(scope, period), _referrals_counted(scope, period)))
    found, links = groups.people(scope, period), groups.links(scope)
    cells = found.roll.cells()
    needs, sent = asked()
    return Figures(
        groups=groups.counts(found, cells, links),
        visits=found.visits,
        breakdowns=groups.breakdowns(cells),
        needs_by_outcome=_tally((outcome or "open", n) for (outcome, _category), n in needs.items()),
        needs_by_category=_tally((category, n) for (_outcome, category), n in needs.items()),
        referrals_by_state=_tally((state, n) for (state, _seen, _days), n in sent.items()),
        known_outcome=_known_outcome(needs),
        kept=_kept(sent),
        delay=_delay(sent),
        candidate_links=sum(1 for link in links if link[2] == LinkState.CANDIDATE),
    )


def _needs(scope: Scope, period: Period) -> QuerySet[Need]:
    """Needs opened in the period, those noted twice or by error apart."""
    rows = Need.objects.filter(scope.rows(), period.rows("opened_at"))
    return rows.exclude(outcome__in=[Outcome.DUPLICATE, Outcome.ENTERED_IN_ERROR])


# --- needs and referrals ---------------------------------------------------------------------------------------------


def _tally(cells: Iterable[tuple[str, int]]) -> dict[str, int]:
    tally: Counter[str] = Counter()
    for name, n in cells:
        tally[name] += n
    return dict(tally)


def _needs_counted(scope: Scope, period: Period) -> dict[tuple[str, str], int]:
    """The needs of the period by outcome and category; an open one has no outcome."""
    rows = _needs(scope, period).order_by().values_list("outcome", "category").annotate(n=Count("*"))
    return {(outcome, category): n for outcome, category, n in rows}


def _referrals_counted(scope: Scope, period: Period) -> dict[tuple[str, bool, int], int]:
    """The referrals of the period by state, whether the person was seen, and days from the sending to then; else to its
    end, else to now."""
    until = Coalesce("first_seen_at", "ended_at", Value(clock.now(), output_field=DateTimeField()))
    told = groups.referrals(scope, period).annotate(
        seen=Q(first_seen_at__isnull=False), days=WholeDays(until, "sent_at")
    )
    rows = told.order_by().values_list("state", "seen", "days").annotate(n=Count("*"))
    return {(state, seen, days): n for state, seen, days, n in rows}


def _known_outcome(needs: dict[tuple[str, str], int]) -> Rate:
    """Of the needs opened in the period: closed with a known outcome; open ones and closed-unknown are the unknowns."""
    every = sum(needs.values())
    unknown = sum(n for (outcome, _category), n in needs.items() if outcome in {"", Outcome.UNKNOWN})
    return Rate(every - unknown, every, unknown)


def _kept(sent: dict[tuple[str, bool, int], int]) -> Rate:
    """Of the referrals sent in the period: the person was seen; those without an end yet, or unknown, are unknowns."""
    against = {ReferralState.MISSED, ReferralState.DECLINED, ReferralState.CAME_NOT_SEEN}
    every = sum(sent.values())
    seen = sum(n for (_state, seen, _days), n in sent.items() if seen)
    lost = sum(n for (state, seen, _days), n in sent.items() if not seen and state in against)
    return Rate(seen, every, every - seen - lost)


def _delay(sent: dict[tuple[str, bool, int], int]) -> delays.Delay:
    """From sending to being seen, those still waiting counted; what ended unseen waits until its end."""
    return delays.observed(delays.Wait(max(0, days), seen, people=n) for (_state, seen, days), n in sent.items())


# --- the rows behind a figure ----------------------------------------------------------------------------------------


def needs_in(outcome: str, scope: Scope, period: Period) -> QuerySet[Need]:
    """The needs behind one line of outcomes; "open" for those without one."""
    return _needs(scope, period).filter(outcome="" if outcome == "open" else outcome).order_by("opened_at", "id")


def referrals_in(state: str, scope: Scope, period: Period) -> QuerySet[Referral]:
    """The referrals behind one line of states; "seen" for those counted as kept."""
    rows = groups.referrals(scope, period).order_by("sent_at", "id")
    return rows.filter(first_seen_at__isnull=False) if state == "seen" else rows.filter(state=state)

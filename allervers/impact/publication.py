"""What may be printed outside a hub's own team: small cells hidden, with what would let them be computed back."""

from dataclasses import replace

from allervers.impact import counting
from allervers.impact.figures import Figures
from allervers.impact.roll import GROUPS

HIDDEN = -1  # a cell that is not shown; counts are never negative


def published(figures: Figures, threshold: int) -> Figures:
    """A copy whose breakdowns and tallies hide what `counting.hidden` says."""
    return replace(
        figures,
        breakdowns={name: _table(table, threshold) for name, table in figures.breakdowns.items()},
        needs_by_outcome=_row(figures.needs_by_outcome, threshold),
        needs_by_category=_row(figures.needs_by_category, threshold),
        referrals_by_state=_row(figures.referrals_by_state, threshold),
    )


def _row(cells: dict[str, int], threshold: int) -> dict[str, int]:
    gone = counting.hidden(list(cells.values()), threshold)
    return {name: HIDDEN if i in gone else cell for i, (name, cell) in enumerate(cells.items())}


def _table(table: dict[str, dict[str, int]], threshold: int) -> dict[str, dict[str, int]]:
    """Each group's column sums to a total that is printed: hidden column by column."""
    columns = {group: _row({value: sizes[group] for value, sizes in table.items()}, threshold) for group in GROUPS}
    return {value: {group: columns[group][value] for group in GROUPS} for value in table}

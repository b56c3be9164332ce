from itertools import pairwise

from allervers.journal import thread
from allervers.journal.actions import link
from tests.cast import Cast


def test_thread_reads_both_ways_and_by_kind(cast: Cast) -> None:
    link(cast.wazemmes, cast.hospital, network=cast.lille.id)
    link(cast.wazemmes, cast.moulins, network=cast.lille.id)
    link(cast.wazemmes, cast.moulins, network=cast.lille.id)

    assert thread.led_to(cast.wazemmes) == [str(cast.hospital.id), str(cast.moulins.id)]
    assert thread.led_to(cast.wazemmes, "accounts.hub") == [str(cast.moulins.id)]
    assert thread.came_from(cast.moulins) == [str(cast.wazemmes.id)]
    assert thread.came_from(cast.moulins, "accounts.organisation") == []


def test_around_gathers_the_whole_thread_once(cast: Cast) -> None:
    for source, target in [(cast.wazemmes, cast.moulins), (cast.moulins, cast.fives), (cast.fives, cast.wazemmes)]:
        link(source, target, network=cast.lille.id)
    link(cast.arnaud, cast.elsewhere, network=cast.toulouse.id)

    found = thread.around(cast.moulins)

    assert [ident for _kind, ident in found.knots] == [str(cast.moulins.id), str(cast.wazemmes.id), str(cast.fives.id)]
    assert len(found.links) == 3


def test_around_stops_at_its_limit(cast: Cast) -> None:
    hubs = [cast.wazemmes, cast.moulins, cast.fives, cast.arnaud]
    for source, target in pairwise(hubs):
        link(source, target, network=cast.lille.id)

    assert len(thread.around(cast.wazemmes, limit=2).knots) == 2

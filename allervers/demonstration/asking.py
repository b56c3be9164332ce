"""Who asks for help by herself: a few invented requests of the last hours. Numbers are of the range kept for fiction."""

import tempfile
from datetime import timedelta
from pathlib import Path

from allervers.core import clock, ids
from allervers.demonstration.world import World
from allervers.needs import actions, spoken
from allervers.needs.actions import Asked
from allervers.needs.doubts import Signs
from allervers.needs.enums import Reach
from allervers.needs.wishes import When, Wish
from allervers.prevention import sound

_READ = timedelta(seconds=40)  # between opening our page and sending it


def add(world: World) -> None:
    """Two from the app, one said in Soninke, one taken by telephone, and one that a machine seems to have written."""
    wazemmes = world.territories["Wazemmes"][0]
    moulins = world.territories["Moulins"][0]
    from_app = (
        (300, Asked(Wish.MEAL, When.SOON, "ar", wazemmes, "+33639980201", note="Nous sommes quatre, dont deux enfants.")),
        (200, Asked(Wish.INTERPRET, When.MORNING, "ti", moulins, "+33639980202", Reach.SMS)),
        (90, Asked(Wish.DOCTOR, When.WEEK, "snk", wazemmes, "+33639980203", spoken=_said())),
    )  # fmt: skip
    for minutes, asked in from_app:
        with clock.fixed(clock.now() - timedelta(minutes=minutes)):
            actions.ask(world.network, asked, Signs(str(ids.new_id()), _READ, origin=asked.phone))
    by_telephone = Asked(Wish.SHOPPING, When.AFTERNOON, "fr", wazemmes, "+33639980204", for_other=True, agreed=True)
    with clock.fixed(clock.now() - timedelta(minutes=40)):
        actions.ask(world.network, by_telephone, Signs(str(ids.new_id())), by=world.teams["wazemmes"][0])
    machine = Asked(Wish.OTHER, When.SOON, "en", wazemmes, "+33639980299", note="cheap pills visit my page")
    actions.ask(world.network, machine, Signs(str(ids.new_id()), _READ, trapped=True))


def _said() -> spoken.Spoken:
    """A test tone in place of a voice."""
    with tempfile.TemporaryDirectory() as folder:
        return spoken.encode(sound.tone((330, 415, 494), Path(folder) / "said.ogg", seconds=6).path.read_bytes())

"""Who helps: a few calls of the week, and a few invented people who offer. Numbers are of the range kept for fiction."""

from datetime import time, timedelta

from allervers.accounts.models import Hub
from allervers.core import clock
from allervers.demonstration.world import World
from allervers.relief import actions
from allervers.relief.actions import Given, Terms
from allervers.relief.enums import CallKind, Gift, Part
from allervers.relief.models import Call, Offer

# name, number, what, when, languages, words
_OFFERED = (
    ("Amina", "+33639980101", (Gift.TIME, Gift.LANGUAGE), (2, 4), (Part.MORNING,), ("ar", "fr"), "Je peux aller avec quelqu’un chez le médecin."),
    ("Lucas", "+33639980102", (Gift.CAR,), (6, 7), (), (), "Ma voiture a cinq places."),
    ("Mme Traoré", "+33639980103", (Gift.KITCHEN, Gift.FOOD), (), (Part.AFTERNOON,), ("bm", "snk", "fr"), "La cuisine de l’association est libre."),
    ("Hélène", "+33639980104", (Gift.CARER, Gift.VOICE), (), (Part.EVENING,), ("fr",), "Infirmière à la retraite."),
    ("Yusuf", "+33639980105", (Gift.TRUCK,), (3,), (), ("tr",), ""),
)  # fmt: skip


def add(world: World) -> list[Offer]:
    """Calls for today and the days to come, then offers: some kept, some that wait, one doubtful."""
    calls = _calls(world)
    wazemmes = next(hub for hub in world.hubs if hub.slug == "wazemmes")
    hubs = [wazemmes, *(hub for hub in world.hubs if hub.slug != "wazemmes")]
    offers = [_offer(hubs[number % 2], calls[0] if number == 1 else None, row) for number, row in enumerate(_OFFERED)]
    for offer in offers[1:3]:
        assert offer.hub is not None, "just given"
        by = world.teams[offer.hub.slug][0]
        actions.call_back(offer, by=by)
        actions.keep(offer, by=by)
    machine = Given(gifts=(Gift.TIME,), phone="+33639980199", name="xx", words="visit my page")
    return [*offers, actions.take_offer(wazemmes, given=machine, doubtful=True)]


def _calls(world: World) -> list[Call]:
    today = clock.today(world.network.timezone)
    hubs = {hub.slug: hub for hub in world.hubs}
    day = {n: today + timedelta(days=n) for n in range(40)}
    wanted = (
        Terms(CallKind.DRIVER, day[0], wanted=3, hub=hubs["wazemmes"], on=day[0], begins=time(17), ends=time(20), meals=9),
        Terms(CallKind.LANGUAGE, day[2], hub=hubs["moulins"], on=day[2], begins=time(10), language="snk", words="Pour aider une personne à parler avec son médecin. Une heure."),
        Terms(CallKind.KITCHEN, day[4], on=day[4], begins=time(8), ends=time(13), meals=80, words="La cuisine habituelle est fermée."),
        Terms(CallKind.PHONE, day[30], wanted=4, hub=hubs["fives"], words="Cinq minutes par jour, quand il fait très chaud."),
        Terms(CallKind.MONEY, day[39], link="https://don.example.org/", words="Pour acheter des ventilateurs."),
    )  # fmt: skip
    by = world.coordinator
    return [actions.write_call(world.network.id, terms=terms, by=by) for terms in wanted]


def _offer(hub: Hub, call: Call | None, row: tuple[str, str, tuple[str, ...], tuple[int, ...], tuple[str, ...], tuple[str, ...], str]) -> Offer:  # fmt: skip
    name, phone, gifts, days, parts, languages, words = row
    given = Given(
        gifts=gifts, phone=phone, name=name, words=words, days=days, parts=parts, languages=languages, reader="fr"
    )
    return actions.take_offer(hub, given=given, call=call)

from allervers.people.models import PersonCard
from allervers.programmes import actions, duties
from allervers.programmes.models import Attendance, Session
from tests.cast import Cast


def _came(cast: Cast, session: Session) -> PersonCard:
    card = cast.card(speaks=["ta"])
    line = actions.add_walk_in(session, card=card, by=cast.viewer("mediator"))
    actions.set_result(line, result="urgent", by=cast.viewer("mediator"))
    return card


def test_persons_copy_holds_her_sessions(cast: Cast, session: Session) -> None:
    other = cast.card()
    actions.add_walk_in(session, card=other, by=cast.viewer("mediator"))

    (told,) = duties.export_person(_came(cast, session))

    assert (told["campaign"], told["place"]) == ("Dépistages optiques", "Wazemmes")
    assert (told["language"], told["result"], told["orientation"]) == ("ta", "urgent", "")


def test_erasure_keeps_the_count_and_forgets_the_language(cast: Cast, session: Session) -> None:
    card = _came(cast, session)

    duties.erase_person(card)

    line = Attendance.objects.get()
    assert (line.language, line.stratum, line.result) == ("", "identified", "urgent")

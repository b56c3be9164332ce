from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from allervers.core import clock
from allervers.directory import actions, hours, queries, rules
from allervers.directory.enums import Commitment, Theme
from allervers.directory.models import Closure, ServiceLanguage
from allervers.journal.models import Event
from allervers.outbox.actions import opened
from allervers.outbox.models import Message
from tests.cast import Cast
from tests.directory.scenes import place, service, street

FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))


def test_create_service_keeps_languages_themes_and_an_event(cast: Cast) -> None:
    made = service(cast, "Consultation", themes=["eyes", "nonsense"], languages=["ar", "xx", "ar"])

    assert made.themes == [Theme.EYES] and made.main_theme == Theme.EYES
    assert made.languages == ["ar"]
    assert list(ServiceLanguage.objects.values_list("language", flat=True)) == ["ar"]
    assert Event.objects.filter(kind="service.created", subject_id=str(made.id)).count() == 1


def test_hours_that_cannot_be_read_change_nothing(cast: Cast) -> None:
    made = service(cast, "Consultation", opening_hours="lundi au vendredi 9h-12h")

    with pytest.raises(hours.BadHours):
        actions.edit_service(made, by=cast.viewer("lead"), values={"opening_hours": "quand on peut"})

    made.refresh_from_db()
    assert made.opening_hours == "Mo-Fr 09:00-12:00"


def test_editing_without_a_change_leaves_no_event(cast: Cast) -> None:
    made = service(cast, "Consultation")
    before = Event.objects.count()

    assert actions.edit_service(made, by=cast.viewer("lead"), values={"name": "Consultation"}) == []
    assert Event.objects.count() == before


def test_former_address_is_told_that_the_partner_is_reached_elsewhere(cast: Cast) -> None:
    former = cast.hospital.email
    actions.edit_organisation(cast.hospital, by=cast.viewer("coordinator"), values={"description": "Aux urgences"})
    assert not Message.objects.filter(purpose="contact_changed").exists()

    actions.edit_organisation(
        cast.hospital, by=cast.viewer("coordinator"), values={"email": "ailleurs@hopital.example"}
    )

    to, _subject, told = opened(Message.objects.get(purpose="contact_changed"))
    assert to == former and "ailleurs" not in told and cast.lille.name in told


def test_a_member_edits_her_own_structure_only(cast: Cast) -> None:
    own = service(cast, "Consultation", place(cast, organisation=cast.hospital))
    other = service(cast, "Permanence", place(cast, organisation=cast.association))
    member = cast.viewer("member")

    actions.still_true(own, by=member)
    with pytest.raises(actions.NotYours):
        actions.still_true(other, by=member)
    with pytest.raises(actions.NotYours):
        actions.create_organisation(by=member, values={"name": "Autre"})
    assert list(rules.editable_services_for(member)) == [own]


@pytest.mark.parametrize("who", ["ambassador", "volunteer", "auditor", "technical"])
def test_readers_change_nothing(cast: Cast, who: str) -> None:
    made = service(cast, "Consultation")

    with pytest.raises(actions.NotYours):
        actions.close_service(made, by=cast.viewer(who))
    assert not rules.editable_services_for(cast.viewer(who)).exists()
    assert rules.services_for(cast.viewer(who)).get() == made


def test_another_network_reads_and_changes_nothing(cast: Cast) -> None:
    made = service(cast, "Consultation")
    foreigner = cast.viewer("foreigner")

    assert not rules.services_for(foreigner).exists()
    assert not rules.places_for(foreigner).exists()
    with pytest.raises(actions.NotYours):
        actions.edit_service(made, by=foreigner, values={"name": "Volé"})


def test_close_organisation_hides_its_services_and_keeps_hosts(cast: Cast) -> None:
    service(cast, "Consultation", place(cast, organisation=cast.hospital))

    actions.close_organisation(cast.hospital, by=cast.viewer("coordinator"))

    assert not rules.services_for(cast.viewer("lead")).exists()
    with pytest.raises(actions.CannotClose):
        actions.close_organisation(cast.association, by=cast.viewer("coordinator"))


def test_organisations_of_one_name_have_two_slugs(cast: Cast) -> None:
    by = cast.viewer("coordinator")

    slugs = [actions.create_organisation(by=by, values={"name": "Croix du Nord"}).slug for _ in range(3)]

    assert slugs == ["croix-du-nord", "croix-du-nord-2", "croix-du-nord-3"]


def test_closure_is_kept_once_and_in_order(cast: Cast) -> None:
    where = place(cast)
    lead = cast.viewer("lead")
    for _ in range(2):
        actions.close_for_a_while(
            where, by=lead, starts_on=date(2026, 8, 1), ends_on=date(2026, 8, 15), reason="congés"
        )

    assert Closure.objects.count() == 1
    with pytest.raises(actions.BadDates, match="finit avant de commencer"):
        actions.close_for_a_while(where, by=lead, starts_on=date(2026, 8, 2), ends_on=date(2026, 8, 1))


def test_to_check_again_lists_never_checked_then_oldest(cast: Cast) -> None:
    made = street(cast)
    today = clock.today()
    for name, days in {"dental": 10, "eyes": 200, "food": 400}.items():
        type(made[name]).objects.filter(pk=made[name].pk).update(checked_on=today - timedelta(days=days))
    type(made["women"]).objects.filter(pk=made["women"].pk).update(checked_on=None)

    listed = [row.name for row in queries.to_check_again(cast.viewer("lead"))]

    assert listed == ["Sage-femme libérale", "Épicerie solidaire", "Consultation d’ophtalmologie"]
    made["food"].refresh_from_db()
    actions.still_true(made["food"], by=cast.viewer("lead"))
    made["food"].refresh_from_db()
    assert made["food"].checked_on == today
    assert [row.name for row in queries.to_check_again(cast.viewer("lead"))] == [
        "Sage-femme libérale",
        "Consultation d’ophtalmologie",
    ]


def test_ending_partnerships_are_those_of_the_next_ninety_days(cast: Cast) -> None:
    today, by = clock.today(), cast.viewer("coordinator")
    for days in (-1, 0, 90, 91):
        actions.sign_partnership(
            cast.hospital,
            by=by,
            commitment=Commitment.PROJECTS,
            starts_on=today - timedelta(days=300),
            ends_on=today + timedelta(days=days),
        )
    actions.sign_partnership(cast.hospital, by=by, commitment=Commitment.FUNDING, starts_on=today)

    assert [(row.ends_on - today).days for row in queries.ending_partnerships(by)] == [0, 90]  # type: ignore[operator]
    assert not queries.ending_partnerships(cast.viewer("foreigner")).exists()


def test_partner_page_reads_a_constant_number_of_times(cast: Cast, django_assert_num_queries: object) -> None:
    where = place(cast)
    service(cast, "Consultation", where, opening_hours="Mo-Fr 09:00-12:00")
    viewer = cast.viewer("lead")
    with django_assert_num_queries(4):  # type: ignore[operator]
        queries.partner_page(viewer, cast.hospital)
    service(cast, "Radiologie", where)
    service(cast, "Urgences", place(cast, "Autre site"))
    with clock.fixed(FRIDAY), django_assert_num_queries(4):  # type: ignore[operator]
        page = queries.partner_page(viewer, cast.hospital)

    shown = {row.service.name: row.sentence for each in page.places for row in each.services}
    assert shown == {
        "Consultation": "Ouvert jusqu’à 12\u00a0h",
        "Radiologie": "Horaires non connus",
        "Urgences": "Horaires non connus",
    }

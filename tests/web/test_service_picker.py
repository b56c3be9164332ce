"""Naming a service inside a form: found with its spelling forgiven, chosen by a gesture, never guessed."""

from uuid import uuid4

from django.urls import reverse

from allervers.needs import actions
from allervers.needs.enums import Category
from allervers.needs.models import Encounter, Obstacle
from tests.cast import Cast
from tests.directory.scenes import street

FOUND = reverse("workspace:service_found")


def _said(**values: object) -> dict[str, object]:
    return {"operation": str(uuid4()), "who": "none", "needs": ["teeth"], "next": "week", "oriented": "on", **values}


def test_search_forgives_and_keeps_what_was_chosen(cast: Cast) -> None:
    services, client = street(cast), cast.client("mediator")

    typed = {"told_service_q": "dantaire", "told_service": str(services["food"].pk)}
    page = client.post(FOUND, typed, headers={"HX-Trigger-Name": "told_service_q"}).content.decode()

    assert f'name="told_service" value="{services["food"].pk}" checked' in page
    assert f'name="told_service" value="{services["dental"].pk}">' in page
    assert "Consultation" not in page


def test_encounter_remembers_the_service_that_was_chosen(cast: Cast) -> None:
    service = street(cast)["dental"]

    cast.client("mediator").post("/noter/", _said(told_service_q="dentaire", told_service=str(service.pk)))

    assert Encounter.objects.get().told_service == service


def test_without_a_script_words_bring_the_list_and_note_nothing_yet(cast: Cast) -> None:
    services, client = street(cast), cast.client("mediator")

    page = client.post("/noter/", _said(told_service_q="dentaire", words="mal aux dents")).content.decode()

    assert "Choisissez un service de la liste, ou effacez ces mots." in page
    assert f'value="{services["dental"].pk}"' in page
    assert "mal aux dents" in page
    assert not Encounter.objects.exists()


def test_words_that_name_one_service_are_enough(cast: Cast) -> None:
    service = street(cast)["food"]

    cast.client("mediator").post("/noter/", _said(told_service_q="epicerie solidaire"))

    assert Encounter.objects.get().told_service == service


def test_none_of_these_is_an_answer_and_nothing_found_is_said(cast: Cast) -> None:
    street(cast)
    client = cast.client("mediator")

    lost = client.post("/noter/", _said(told_service_q="zzzzzzzz")).content.decode()
    client.post("/noter/", _said(told_service_q="dentaire", told_service=""))

    assert "L’annuaire ne trouve rien pour «\u00a0zzzzzzzz\u00a0»." in lost
    assert Encounter.objects.get().told_service is None


def test_service_of_another_network_or_withdrawn_is_refused(cast: Cast) -> None:
    service, client = street(cast)["dental"], cast.client("foreigner")

    page = client.post("/noter/", _said(told_service=str(service.pk))).content.decode()

    assert "Ce service n’est plus dans l’annuaire." in page
    assert service.name not in page


def test_service_page_opens_the_form_with_it_chosen_and_the_sentence_says_it(cast: Cast) -> None:
    service, client = street(cast)["dental"], cast.client("mediator")

    page = client.get(f"/noter/?service={service.pk}").content.decode()

    assert f'value="{service.pk}" checked' in page
    assert f"Vous l’avez <b>orienté·e vers {service.name}, Hôpital</b>" in page


def test_obstacle_names_its_service_with_the_same_piece(cast: Cast) -> None:
    service, by = street(cast)["eyes"], cast.viewer("mediator")
    need = actions.open_need(by=by, category=Category.EYES, card=cast.card())
    client, url = cast.client("mediator"), reverse("workspace:need_obstacle", args=[need.pk])
    said = {"obstacle-operation": str(uuid4()), "obstacle-kind": "delay", "obstacle-service_q": "ophtalmo"}

    asked = client.post(url, said).content.decode()
    client.post(url, said | {"obstacle-service": str(service.pk)})

    assert f'name="obstacle-service" value="{service.pk}"' in asked
    assert Obstacle.objects.get().service == service

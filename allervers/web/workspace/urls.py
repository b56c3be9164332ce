"""The workspace surface's addresses, a block a noun."""

from django.urls import URLPattern, URLResolver, path

from allervers.web.workspace import (
    encounters,
    figures,
    hand_overs,
    needs,
    obstacles,
    persons,
    persons_edit,
    persons_links,
    persons_receipts,
    persons_rights,
    today,
)

app_name = "workspace"
urlpatterns: list[URLPattern | URLResolver] = [
    # today, encounters, needs, obstacles, hand-overs
    path("", today.today, name="today"),
    path("noter/", encounters.encounter_new, name="encounter_new"),
    path("noter/qui/", encounters.encounter_start, name="encounter_start"),
    path("noter/recap/", encounters.encounter_recap, name="encounter_recap"),
    path("noter/feuille/", encounters.encounter_paper, name="encounter_paper"),
    path("noter/<uuid:pk>/defaire/", encounters.encounter_undo, name="encounter_undo"),
    path("besoins/", needs.needs, name="needs"),
    path("besoins/tableur/<str:what>.<str:kind>", needs.needs_export, name="needs_export"),
    path("besoins/<uuid:pk>/", needs.need, name="need"),
    path("besoins/<uuid:pk>/suite/", needs.need_next, name="need_next"),
    path("besoins/<uuid:pk>/contact/", needs.need_contact, name="need_contact"),
    path("besoins/<uuid:pk>/clore/", needs.need_close, name="need_close"),
    path("besoins/<uuid:pk>/rouvrir/", needs.need_reopen, name="need_reopen"),
    path("besoins/<uuid:pk>/obstacle/", needs.need_obstacle, name="need_obstacle"),
    path("besoins/<uuid:pk>/relais/", needs.need_hand_over, name="need_hand_over"),
    path("besoins/<uuid:pk>/reponse/", needs.need_says, name="need_says"),
    path("obstacles/", obstacles.obstacles, name="obstacles"),
    path("relais/", hand_overs.hand_overs, name="hand_overs"),
    path("relais/nouveau/", hand_overs.hand_over_new, name="hand_over_new"),
    path("relais/<uuid:pk>/reponse/", hand_overs.hand_over_answer, name="hand_over_answer"),
    # figures
    path("chiffres/", figures.figures, name="figures"),
    path("chiffres/lignes/", figures.figures_rows, name="figures_rows"),
    path("chiffres/tableur.<str:kind>", figures.figures_export, name="figures_export"),
    # persons
    path("personnes/", persons.persons, name="persons"),
    path("personnes/nouvelle/", persons_edit.person_new, name="person_new"),
    path("personnes/a-comparer/", persons_links.card_links, name="card_links"),
    path("personnes/a-comparer/<uuid:pk>/", persons_links.card_link_decide, name="card_link_decide"),
    path("personnes/recepisses/<uuid:pk>/", persons_receipts.receipt, name="receipt"),
    path("personnes/recepisses/<uuid:pk>/retirer/", persons_receipts.receipt_withdraw, name="receipt_withdraw"),
    path("personnes/<uuid:pk>/", persons.person, name="person"),
    path("personnes/<uuid:pk>/corriger/", persons_edit.person_edit, name="person_edit"),
    path("personnes/<uuid:pk>/suivi/", persons.person_follow_up, name="person_follow_up"),
    path("personnes/<uuid:pk>/informer/", persons_receipts.person_receipt, name="person_receipt"),
    path("personnes/<uuid:pk>/lectures/", persons.person_reads, name="person_reads"),
    path("personnes/<uuid:pk>/copie/", persons_rights.person_export, name="person_export"),
    path("personnes/<uuid:pk>/effacer/", persons_rights.person_erase, name="person_erase"),
]

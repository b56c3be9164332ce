"""The workspace surface's addresses, a block a noun."""

from django.urls import URLPattern, URLResolver, path

from allervers.web.workspace import encounters, figures, hand_overs, needs, obstacles, today

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
]

"""The workspace surface's addresses, a block a noun."""

from django.urls import URLPattern, URLResolver, path

from allervers.web.workspace import figures

app_name = "workspace"
urlpatterns: list[URLPattern | URLResolver] = [
    # figures
    path("chiffres/", figures.figures, name="figures"),
    path("chiffres/lignes/", figures.figures_rows, name="figures_rows"),
    path("chiffres/tableur.<str:kind>", figures.figures_export, name="figures_export"),
]

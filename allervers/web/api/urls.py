"""The api surface's addresses."""

from django.urls import URLPattern, URLResolver, path

from allervers.web.api import directory

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    # directory
    path("annuaire/", directory.directory, name="directory"),
]

"""The public surface's addresses."""

from django.urls import path

from allervers.web.public import say, views

app_name = "public"
urlpatterns = [
    path("d/<str:token>/", say.say, name="say"),
    path("sante/", views.health, name="health"),
]

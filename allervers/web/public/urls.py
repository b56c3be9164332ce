"""The public surface's addresses."""

from django.urls import path

from allervers.web.public import views

app_name = "public"
urlpatterns = [
    path("sante/", views.health, name="health"),
]

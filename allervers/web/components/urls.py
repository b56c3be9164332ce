"""The design system's one address: its gallery."""

from django.urls import path

from allervers.web.components.gallery import gallery

app_name = "components"
urlpatterns = [path("", gallery, name="gallery")]

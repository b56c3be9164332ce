"""Which surface answers where. Who may come in is told by allervers/web/access.py."""

from django.urls import include, path

handler400 = "allervers.web.failures.bad_request"
handler500 = "allervers.web.failures.server_error"

urlpatterns = [
    path("", include("allervers.web.workspace.urls")),
    path("r/", include("allervers.web.partner.urls")),
    path("", include("allervers.web.public.urls")),
    path("api/", include("allervers.web.api.urls")),
    path("composants/", include("allervers.web.components.urls")),
    path("compte/", include("allauth.urls")),
    path("langue/", include("django.conf.urls.i18n")),
]

"""The public surface's addresses: the residents' app under `porte/`, what is passed from hand to hand, the person's own link."""

from django.urls import path, register_converter

from allervers.web.public import (
    agenda,
    ask,
    find,
    helping,
    home,
    offline,
    pack,
    request,
    say,
    sounds,
    speak,
    statement,
    studio,
    studio_film,
    understand,
    views,
)
from allervers.web.public.street import ReaderConverter

register_converter(ReaderConverter, "reader")

app_name = "public"
_STREET = "porte/<slug:slug>/<reader:reader>"
urlpatterns = [
    path("porte/", home.networks, name="networks"),
    path("porte/<slug:slug>/", home.languages, name="languages"),
    path(f"{_STREET}/", home.home, name="home"),
    path(f"{_STREET}/vos-informations/", home.about, name="about"),
    path(f"{_STREET}/un-site-pour-tous/", statement.for_everyone, name="statement"),
    path(f"{_STREET}/comprendre/", understand.understand, name="understand"),
    path(f"{_STREET}/comprendre/<slug:name>/", understand.message, name="message"),
    path(f"{_STREET}/comprendre/<slug:name>/autrement/", understand.misunderstood, name="misunderstood"),
    path(f"{_STREET}/comprendre/<slug:name>/affiche.pdf", understand.poster, name="poster"),
    path(f"{_STREET}/comprendre/<slug:name>/carte.pdf", understand.card, name="card"),
    path(f"{_STREET}/jeunes/", understand.young, name="young"),
    path(f"{_STREET}/lieux/", find.needs, name="find"),
    path(f"{_STREET}/lieux/<slug:sign>/", find.places, name="places"),
    path(f"{_STREET}/lieux/<slug:sign>/ferme/", find.closed, name="closed"),
    path("porte/<slug:slug>/sw.js", offline.worker, name="worker"),
    path(f"{_STREET}/app.webmanifest", offline.manifest, name="manifest"),
    path(f"{_STREET}/hors-ligne/", offline.without_network, name="offline"),
    path(f"{_STREET}/garder/", pack.choose, name="pack"),
    path(f"{_STREET}/garder/messages.zip", pack.download, name="pack_download"),
    path(f"{_STREET}/comprendre/garder.json", offline.shelf, name="shelf"),
    path(f"{_STREET}/aide/", ask.ask, name="ask"),
    path(f"{_STREET}/aide/parler/", speak.speak, name="speak"),
    path(f"{_STREET}/demande/", request.request, name="request"),
    path("son/<uuid:pk>.ogg", sounds.sound, name="sound"),
    path("film/<uuid:pk>.<str:suffix>", sounds.film, name="film"),
    path(f"{_STREET}/jaide/", helping.board, name="help"),
    path(f"{_STREET}/jaide/merci/", helping.thanks, name="help_thanks"),
    path(f"{_STREET}/agenda/", agenda.days, name="agenda"),
    path(f"{_STREET}/agenda/<uuid:pk>.ics", agenda.event, name="event"),
    path("porte/<slug:slug>/actions.rss", agenda.feed, name="feed"),
    path("m/<str:code>/", understand.short, name="short"),
    path("m/<str:code>/<reader:reader>/", understand.short, name="short_in"),
    path("d/<str:token>/", say.say, name="say"),
    path("studio/<str:token>/", studio.studio, name="studio"),
    path("studio/<str:token>/film/", studio_film.film, name="studio_film"),
    path("studio/<str:token>/film/envoi/", studio_film.piece, name="studio_film_piece"),
    path("studio/<str:token>/film/avis/", studio_film.verdict, name="studio_film_verdict"),
    path("studio/<str:token>/film/voir.mp4", studio_film.watch, name="studio_film_watch"),
    path("studio/<str:token>/<uuid:pk>/", studio.sentence, name="studio_sentence"),
    path("studio/<str:token>/<uuid:pk>/envoi/", studio.piece, name="studio_piece"),
    path("studio/<str:token>/<uuid:pk>/avis/", studio.verdict, name="studio_verdict"),
    path("studio/<str:token>/<uuid:pk>/voix.ogg", studio.listen, name="studio_listen"),
    path("sante/", views.health, name="health"),
]

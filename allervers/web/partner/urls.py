"""The partner surface's addresses, under /r/."""

from django.urls import path

from allervers.web.partner import answers

app_name = "partner"
urlpatterns = [
    path("<str:token>/", answers.open_list, name="list"),
    path("<str:token>/reponses/", answers.answer, name="answers"),
    path("<str:token>/merci/<uuid:pk>/", answers.sent, name="sent"),
    path("<str:token>/annuler/<uuid:pk>/", answers.undo, name="undo"),
]

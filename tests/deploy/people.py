"""Fills an installation with the cast and signs one of them in; run inside it by `Installation.python`."""

FILL = """
from tests.cast import Cast
from allervers.journal.actions import action, record
cast = Cast.make()
for hub in (cast.wazemmes, cast.fives, cast.arnaud):
    cast.card(hub)
@action
def note(n):
    record("hub.renamed", cast.wazemmes, by=cast.viewer("lead"), n=n)
    record("hub.renamed", cast.arnaud, by=cast.viewer("foreigner"), n=n)
for n in range(25):
    note(n)
"""

# The second factor has been passed: the session is one of a demonstration or of a trusted device.
SIGN_IN = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from allervers.accounts.models import User
user = User.objects.get(email="{who}@example.org")
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
print("session:" + session.session_key)
"""

MORE = """
from allervers.accounts.models import Hub
from allervers.journal.actions import action, record
from allervers.people.models import CardToken, PersonCard
@action
def more():
    record("hub.renamed", Hub.objects.order_by("name").first(), by=None)
more()
card = PersonCard.objects.first()
CardToken.objects.create(organisation_id=card.organisation_id, card=card, kind="phone", token="more")
"""

"""What leaves: a row written in the transaction of its cause, sent after commit, retried, never doubled knowingly."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from allervers.core import clock, ids


class Channel(models.TextChoices):
    MAIL = "mail", _("courriel")
    SMS = "sms", _("SMS")


class State(models.TextChoices):
    WAITING = "waiting", _("en attente")
    SENT = "sent", _("parti")
    FAILED = "failed", _("abandonné")
    CANCELLED = "cancelled", _("annulé")


class Message(models.Model):
    """One mail or SMS. Address and words are sealed under a key of the outbox; wiped 30 days after sending."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=4, choices=Channel.choices)
    purpose = models.CharField(max_length=40)  # a code: referral_link, referral_code, appointment_reminder…
    sealed = models.BinaryField()  # JSON {to, subject, text}
    about_kind = models.CharField(max_length=64, blank=True)
    about_id = models.CharField(max_length=36, blank=True)
    once = models.CharField(max_length=120, unique=True, null=True, blank=True)  # the same cause writes one message
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    send_after = models.DateTimeField(default=clock.now)
    send_before = models.DateTimeField(null=True, blank=True)  # worthless after: a reminder of a past appointment
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=80, blank=True)  # a code, never the server's sentence
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "send_after"]),
            models.Index(fields=["organisation_id", "created_at"]),
            models.Index(fields=["about_id"]),
            models.Index(fields=["created_at"]),
        ]

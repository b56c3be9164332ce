"""Referrals, the lists on which a partner answers for them, and each answer."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from allervers.accounts.models import Hub, Membership, Network, Organisation
from allervers.core import clock, ids
from allervers.directory.models import Service
from allervers.needs.enums import Says
from allervers.needs.models import Need
from allervers.people.models import PersonCard, Receipt
from allervers.referrals.enums import (
    WAITS_FOR_PARTNER,
    AbsenceReason,
    AnswerBy,
    AnswerKind,
    EndedAs,
    ReferralState,
)

# All that the figures read of a row: an index that holds them answers for a year without opening the rows.
_COUNTED = ("sent_at", "card", "state", "first_seen_at", "ended_at")


class ReferralQuerySet(models.QuerySet["Referral"]):
    def waiting(self) -> "ReferralQuerySet":
        """Sent, and the partner has the next word."""
        return self.filter(state__in=WAITS_FOR_PARTNER)

    def silent_since(self, moment: datetime) -> "ReferralQuerySet":
        return self.waiting().filter(last_word_at__lt=moment)

    def open_to_say(self) -> "ReferralQuerySet":
        """Those whose person has a link of her own, still open."""
        return self.filter(say_digest__isnull=False, say_expires_at__gt=clock.now(), card__isnull=False)


class Referral(models.Model):
    """A need sent to a service. It leaves only with a standing agreement for this recipient and content."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="referrals_made")  # sends
    hub = models.ForeignKey(Hub, null=True, blank=True, on_delete=models.SET_NULL, related_name="referrals")
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="referrals")
    card = models.ForeignKey(PersonCard, null=True, blank=True, on_delete=models.SET_NULL, related_name="referrals")
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="referrals_received")
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="referrals")
    agreement = models.ForeignKey(Receipt, null=True, blank=True, on_delete=models.PROTECT, related_name="referrals")
    content = models.JSONField(default=list, blank=True)  # Content codes chosen to be sent
    line_code = models.CharField(max_length=12)  # stands for the person on sheets and lists: see `codes`
    shown = models.BinaryField(
        default=bytes
    )  # sealed JSON: what the partner reads (initials, need, language, call back)
    operation = models.UUIDField(unique=True, null=True, blank=True)  # the form's own id: sent twice, drafted once
    step = models.PositiveIntegerField(default=0)  # grows with each change: an answer is undone only if it was the last
    state = models.CharField(max_length=13, choices=ReferralState.choices, default=ReferralState.DRAFTED)
    drafted_at = models.DateTimeField(default=clock.now)
    drafted_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    last_word_at = models.DateTimeField(null=True, blank=True)  # sent, chased or answered: silence counts from here
    appointment_at = models.DateTimeField(null=True, blank=True)
    appointments_missed = models.PositiveSmallIntegerField(default=0)
    first_seen_at = models.DateTimeField(null=True, blank=True)  # kept: the delay is measured to here
    result = models.CharField(max_length=16, choices=AnswerKind.choices, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_as = models.CharField(max_length=9, choices=EndedAs.choices, blank=True)
    chased = models.PositiveSmallIntegerField(default=0)
    chase_at = models.DateTimeField(null=True, blank=True)  # next reminder to the partner; none: it has stopped
    person_reminded_for = models.DateTimeField(null=True, blank=True)  # the appointment she was reminded of
    person_says = models.CharField(max_length=10, choices=Says.choices, blank=True)
    person_said_at = models.DateTimeField(null=True, blank=True)
    say_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)  # of her own link
    say_expires_at = models.DateTimeField(null=True, blank=True)
    say_tries = models.PositiveSmallIntegerField(default=0)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["network", "state", "last_word_at"]),
            models.Index(fields=["organisation", "state", "last_word_at"]),
            models.Index(fields=["recipient", "state"]),
            models.Index(fields=["state", "chase_at"]),
            models.Index(fields=["network", *_COUNTED], name="referral_counted_network"),
            models.Index(fields=["hub", *_COUNTED], name="referral_counted_hub"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["network", "line_code"], name="referral_line_code"),
            models.CheckConstraint(
                condition=Q(state="drafted") | Q(agreement__isnull=False), name="referral_leaves_with_agreement"
            ),
        ]


class ReturnList(models.Model):
    """What one partner is asked to answer for: an address (hashed), a code given by another path, an end."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="return_lists_made")
    hub = models.ForeignKey(Hub, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    recipient = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="return_lists")
    sheet_code = models.CharField(max_length=8, unique=True)  # printed on the sheet, keyed in on its return
    operation = models.UUIDField(unique=True, null=True, blank=True)
    token_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    generation = models.PositiveSmallIntegerField(default=0)  # of the link: a new one replaces the former
    link_sent_at = models.DateTimeField(null=True, blank=True)
    code_hash = models.CharField(max_length=200, blank=True)  # argon2
    code_made_at = models.DateTimeField(null=True, blank=True)
    code_by = models.CharField(max_length=5, blank=True)  # sms, shown: how the code travels
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)  # the last time, with its code
    opened_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["organisation", "made_at"])]

    def is_open(self) -> bool:
        return self.revoked_at is None and clock.now() < self.expires_at


class ReturnLine(models.Model):
    """One referral on one list, in its printed order."""

    id = models.BigAutoField(primary_key=True)
    return_list = models.ForeignKey(ReturnList, on_delete=models.CASCADE, related_name="lines")
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["return_list", "referral"], name="line_once"),
            models.UniqueConstraint(fields=["return_list", "position"], name="line_position"),
        ]


class Submission(models.Model):
    """One sending of answers. The same one twice changes nothing; for a day it can be undone."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    return_list = models.ForeignKey(
        ReturnList, null=True, blank=True, on_delete=models.CASCADE, related_name="submissions"
    )
    network = models.ForeignKey(Network, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64)
    by_channel = models.CharField(max_length=5, choices=AnswerBy.choices)
    keyed_by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=Q(undone_at=None), name="submission_once"),
        ]


class Answer(models.Model):
    """One line's answer. An answer that differs from an earlier one is an amendment, which someone sees."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="answers")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="answers")
    kind = models.CharField(max_length=16, choices=AnswerKind.choices)
    reason = models.CharField(max_length=9, choices=AbsenceReason.choices, blank=True)
    appointment_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField(default=clock.now)
    step = models.PositiveIntegerField(default=0)  # the referral's step that this answer made
    before = models.JSONField(default=dict, blank=True)  # the referral's state as it was, to undo
    is_amendment = models.BooleanField(default=False)  # differs from what was held as known
    amends = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="amended_by")
    seen_at = models.DateTimeField(null=True, blank=True)  # an amendment, once someone of the team has read it
    seen_by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["referral", "at"]),
            models.Index(fields=["at"], condition=Q(is_amendment=True, seen_at=None), name="answer_amendments_unseen"),
        ]

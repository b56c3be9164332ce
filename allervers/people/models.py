"""Cards of persons helped. What names someone is one sealed blob under the card's own key; nothing else names anyone."""

from django.db import models
from django.db.models import Q

from allervers.accounts.models import Hub, Membership, Network, Organisation
from allervers.core import clock, ids
from allervers.directory.models import Territory
from allervers.people.enums import AgeBand, AgreedBy, Interpreter, LinkState, ReceiptKind, ReceiptMode, Sex


class PersonCard(models.Model):
    """One organisation's record of one person: a card when `sealed` holds an identity, else a code only.

    `sealed` is JSON {first_name, last_name, nickname, birth_date, birth_year, phones: [{number, owner, sms, voicemail,
    hours, hours_note}], address, email, helpers: [{name, tie, phone}], note}, under the card's key; see `vault`.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="cards")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="cards")
    hub = models.ForeignKey(Hub, null=True, blank=True, on_delete=models.SET_NULL, related_name="cards")
    code = models.CharField(max_length=40)  # "Roseau 27"
    is_named = models.BooleanField(default=False)
    sealed = models.BinaryField(default=bytes)
    wrapped_key = models.BinaryField(default=bytes)  # emptied: shredded
    key_version = models.PositiveSmallIntegerField(default=1)
    speaks = models.JSONField(default=list, blank=True)  # language codes, best first
    reads = models.JSONField(default=list, blank=True)  # empty: not known; ["none"]: does not read
    interpreter = models.CharField(max_length=6, choices=Interpreter.choices, blank=True)
    sex = models.CharField(max_length=5, choices=Sex.choices, blank=True)
    age_band = models.CharField(max_length=5, choices=AgeBand.choices, blank=True)
    territory = models.ForeignKey(Territory, null=True, blank=True, on_delete=models.SET_NULL, related_name="cards")
    is_minor = models.BooleanField(default=False)
    is_protected = models.BooleanField(default=False)  # an adult under legal protection
    no_follow_up = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    last_contact_at = models.DateTimeField(default=clock.now)
    erased_at = models.DateTimeField(null=True, blank=True)
    operation = models.UUIDField(unique=True, null=True, blank=True)  # the form's own id: sent twice, opened once

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="card_code_in_organisation"),
            models.CheckConstraint(condition=Q(erased_at=None) | Q(is_named=False), name="card_erased_names_no_one"),
        ]
        indexes = [
            models.Index(fields=["organisation", "hub", "last_contact_at"]),
            models.Index(fields=["network", "created_at"]),
            # All that the figures read of a card.
            models.Index(fields=["network", "is_named", "sex", "age_band", "territory", "id"], name="card_counted"),
        ]

    def __str__(self) -> str:
        return self.code


class CardToken(models.Model):
    """A blind index row: a keyed fingerprint of a phone, or of a phonetic mix of names and birth year."""

    id = models.BigAutoField(primary_key=True)
    organisation_id = models.UUIDField()
    card = models.ForeignKey(PersonCard, on_delete=models.CASCADE, related_name="tokens")
    kind = models.CharField(max_length=10)  # phone, name
    token = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["card", "kind", "token"], name="card_token_once")]
        indexes = [models.Index(fields=["organisation_id", "kind", "token"])]


class CardLink(models.Model):
    """Two cards of one organisation that may be, are, or are not one person. Cards are never merged."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    first = models.ForeignKey(PersonCard, on_delete=models.CASCADE, related_name="links_as_first")
    second = models.ForeignKey(PersonCard, on_delete=models.CASCADE, related_name="links_as_second")
    state = models.CharField(max_length=9, choices=LinkState.choices, default=LinkState.CANDIDATE)
    score = models.FloatField(default=0)
    reasons = models.JSONField(default=list, blank=True)  # codes of `matching.Reason`
    proposed_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="card_link_once"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="card_link_ordered"),
        ]


class Receipt(models.Model):
    """What a person was told or agreed to, with the exact words, in which language, how, and by whom."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    card = models.ForeignKey(PersonCard, on_delete=models.CASCADE, related_name="receipts")
    kind = models.CharField(max_length=12, choices=ReceiptKind.choices)
    mode = models.CharField(max_length=10, choices=ReceiptMode.choices)
    language = models.CharField(max_length=8)  # of the words below
    spoken_language = models.CharField(max_length=8, blank=True)  # in which they were said, if another
    version = models.CharField(max_length=20, blank=True)  # of the text in `notices`
    words = models.TextField()  # the exact text; names no one
    recipient = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField(default=list, blank=True)  # codes of what may be sent: initials, need, language, phone…
    agreed_by = models.CharField(max_length=8, choices=AgreedBy.choices, default=AgreedBy.SELF)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    operation = models.UUIDField(unique=True, null=True, blank=True)  # the form's own id: sent twice, kept once

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["card", "kind", "at"])]

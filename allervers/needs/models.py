"""Encounters, needs, who follows them, what stood in the way. Free text is sealed: under the card's key, else the
organisation's (`people.vault`), so that erasing a person takes her words along."""

from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q

from allervers.accounts.models import Hub, Membership, Network, Organisation
from allervers.core import clock, ids
from allervers.directory.models import Service, Territory
from allervers.needs.enums import (
    OPEN,
    Attempt,
    Category,
    Channel,
    Doubt,
    HandOverKind,
    Mode,
    NeedState,
    Outcome,
    Reach,
    RequestState,
    Says,
    Stratum,
)
from allervers.needs.enums import Obstacle as ObstacleKind
from allervers.needs.wishes import When, Wish
from allervers.people.enums import AgeBand, Sex
from allervers.people.models import PersonCard

# All that the figures read of a row: an index that holds them answers for a year without opening the rows.
_COUNTED_OF_ENCOUNTER = ("at", "cancelled_at", "card", "informed", "oriented", "accompanied", "head_count")
_COUNTED_OF_NEED = ("opened_at", "outcome", "category")


class EncounterQuerySet(models.QuerySet["Encounter"]):
    def standing(self) -> "EncounterQuerySet":
        """Those that were not undone: what is counted."""
        return self.filter(cancelled_at=None)


class Encounter(models.Model):
    """One contact: with one person (card or code), with someone unnamed, or a head-count at a stand."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="encounters")
    hub = models.ForeignKey(Hub, null=True, blank=True, on_delete=models.SET_NULL, related_name="encounters")
    card = models.ForeignKey(PersonCard, null=True, blank=True, on_delete=models.SET_NULL, related_name="encounters")
    stratum = models.CharField(max_length=10, choices=Stratum.choices)  # kept when the card is erased
    head_count = models.PositiveIntegerField(default=1)  # people in this contact; 1 for a person
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.DESK)
    at = models.DateTimeField(default=clock.now)
    informed = models.BooleanField(default=False)
    oriented = models.BooleanField(default=False)
    accompanied = models.BooleanField(default=False)  # someone walked along or did it together
    told_service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    first_visit = models.BooleanField(null=True, blank=True)
    sex = models.CharField(max_length=5, choices=Sex.choices, blank=True)
    age_band = models.CharField(max_length=5, choices=AgeBand.choices, blank=True)
    territory = models.ForeignKey(Territory, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="encounters")
    noted_at = models.DateTimeField(default=clock.now)
    operation = models.UUIDField(unique=True, null=True, blank=True)  # the form's own id: sent twice, noted once
    fingerprint = models.CharField(
        max_length=32, blank=True
    )  # keyed, of what that form held: tells a change from an echo
    cancelled_at = models.DateTimeField(null=True, blank=True)  # undone

    objects = EncounterQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["network", *_COUNTED_OF_ENCOUNTER], name="encounter_counted_network"),
            models.Index(fields=["hub", *_COUNTED_OF_ENCOUNTER], name="encounter_counted_hub"),
            models.Index(fields=["hub", "noted_at"]),
            models.Index(fields=["card", "at"]),
        ]
        constraints = [models.CheckConstraint(condition=Q(head_count__gte=1), name="encounter_counts_someone")]


class NeedQuerySet(models.QuerySet["Need"]):
    def open(self) -> "NeedQuerySet":
        return self.filter(state__in=OPEN)  # named, so that an index finds them

    def due_before(self, moment: datetime) -> "NeedQuerySet":
        """Open needs whose next contact falls before `moment`."""
        return self.open().filter(next_contact_at__lt=moment)


class Need(models.Model):
    """What someone needs. One owner and one next contact until it is closed with one outcome."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="needs")
    hub = models.ForeignKey(Hub, null=True, blank=True, on_delete=models.SET_NULL, related_name="needs")
    card = models.ForeignKey(PersonCard, null=True, blank=True, on_delete=models.SET_NULL, related_name="needs")
    encounter = models.ForeignKey(Encounter, null=True, blank=True, on_delete=models.SET_NULL, related_name="needs")
    category = models.CharField(max_length=12, choices=Category.choices)
    words = models.BinaryField(default=bytes)  # sealed: with her words
    state = models.CharField(max_length=11, choices=NeedState.choices, default=NeedState.OPENED)
    owner = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="needs")
    next_contact_at = models.DateTimeField(null=True, blank=True)
    next_step = models.BinaryField(default=bytes)  # sealed: what to do then
    unreachable_count = models.PositiveSmallIntegerField(default=0)  # attempts since the last contact
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_with = models.ForeignKey(
        Encounter, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )  # the encounter that closed it; none: closed by a gesture of its own
    outcome = models.CharField(max_length=19, choices=Outcome.choices, blank=True)
    person_says = models.CharField(max_length=10, choices=Says.choices, blank=True)  # her own say
    person_said_at = models.DateTimeField(null=True, blank=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "state", "next_contact_at"]),
            models.Index(fields=["organisation", "state", "next_contact_at"]),
            models.Index(fields=["network", "state", "next_contact_at"]),
            models.Index(fields=["hub", "state", "opened_at"]),
            models.Index(fields=["network", *_COUNTED_OF_NEED], name="need_counted_network"),
            models.Index(fields=["hub", *_COUNTED_OF_NEED], name="need_counted_hub"),
            models.Index(fields=["card", "opened_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(outcome="")
                | ~Q(state="closed") & Q(closed_at=None, outcome=""),
                name="need_closed_with_outcome",
            ),
        ]

    def get_category_display(self) -> str:  # type: ignore[no-redef]  # the plugin adds Django's
        """Django's own translates every choice to say one: thirty rows would be four hundred translations."""
        return str(Category(self.category).label)

    @property
    def is_open(self) -> bool:
        return self.state != NeedState.CLOSED


class ContactQuerySet(models.QuerySet["Contact"]):
    def met(self) -> "ContactQuerySet":
        """The person was reached, and this was not undone: what counts as a contact about a need."""
        undone = Encounter.objects.filter(pk=OuterRef("encounter"), cancelled_at__isnull=False)
        return self.filter(~Exists(undone), result=Attempt.REACHED)


class Contact(models.Model):
    """Something done about a need: a later encounter, or an attempt to reach the person."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="contacts")
    encounter = models.ForeignKey(Encounter, null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts")
    result = models.CharField(max_length=12, choices=Attempt.choices, default=Attempt.REACHED)
    note = models.BinaryField(default=bytes)  # sealed
    former_at = models.DateTimeField(
        null=True, blank=True
    )  # the need's next contact before this one, put back if undone
    former_step = models.BinaryField(default=bytes)  # sealed, as the need had it
    planned_at = models.DateTimeField(null=True, blank=True)  # the next contact that this one fixed
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    operation = models.UUIDField(unique=True, null=True, blank=True)  # sent twice, noted once

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["need", "at", "result", "encounter"]),
            models.Index(fields=["at", "result", "need", "encounter"]),  # what figures read since the month began
        ]


class Obstacle(models.Model):
    """What stood in the way of a need; reported to institutions without names."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    hub = models.ForeignKey(Hub, null=True, blank=True, on_delete=models.SET_NULL)
    need = models.ForeignKey(Need, null=True, blank=True, on_delete=models.SET_NULL, related_name="obstacles")
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="obstacles")
    kind = models.CharField(max_length=9, choices=ObstacleKind.choices)
    at = models.DateTimeField(default=clock.now)
    operation = models.UUIDField(unique=True, null=True, blank=True)  # sent twice, noted once

    class Meta:
        indexes = [models.Index(fields=["network", "at"])]


class HandOverQuerySet(models.QuerySet["HandOver"]):
    def waiting(self) -> "HandOverQuerySet":
        """Neither accepted nor declined."""
        return self.filter(accepted_at=None, declined_at=None)


class HandOver(models.Model):
    """A neighbour brought by an ambassador, or a need that changes hands. The receiver accepts."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)  # that receives
    hub = models.ForeignKey(Hub, null=True, blank=True, on_delete=models.SET_NULL, related_name="hand_overs")
    need = models.ForeignKey(Need, null=True, blank=True, on_delete=models.SET_NULL, related_name="hand_overs")
    kind = models.CharField(max_length=9, choices=HandOverKind.choices, default=HandOverKind.NEED)
    category = models.CharField(max_length=12, choices=Category.choices)
    sealed = models.BinaryField(default=bytes)  # JSON {name, phone, note}; under the card's key when a need has one
    by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="hand_overs_made")
    to = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="hand_overs_got")
    person_agreed = models.BooleanField(default=False)  # that whoever brought her hears that it is done
    at = models.DateTimeField(default=clock.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)  # told to the ambassador only if the person agreed
    operation = models.UUIDField(unique=True, null=True, blank=True)  # sent twice, noted once

    objects = HandOverQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["hub", "accepted_at"]), models.Index(fields=["by", "at"])]
        constraints = [
            models.CheckConstraint(condition=Q(accepted_at=None) | Q(declined_at=None), name="hand_over_one_answer"),
        ]


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    def quarantined(self) -> "HelpRequestQuerySet":
        return self.filter(state=RequestState.QUARANTINED)

    def since(self, network_id: UUID, moment: datetime) -> "HelpRequestQuerySet":
        return self.filter(network_id=network_id, received_at__gte=moment)


class HelpRequest(models.Model):
    """What someone asked for by herself, by the app or by telephone. It opens a need, unless it waits in quarantine.

    No name. The marks are keyed fingerprints: equal ones meet, nothing else is told.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)  # whose key seals it
    hub = models.ForeignKey(Hub, null=True, blank=True, on_delete=models.SET_NULL, related_name="requests")
    need = models.OneToOneField(Need, null=True, blank=True, on_delete=models.SET_NULL, related_name="request")
    wish = models.CharField(max_length=9, choices=Wish.choices)
    territory = models.ForeignKey(Territory, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    when = models.CharField(max_length=9, choices=When.choices)
    reach = models.CharField(max_length=4, choices=Reach.choices)
    language = models.CharField(max_length=8)  # in which she asked, of `core.languages`
    channel = models.CharField(max_length=5, choices=Channel.choices, default=Channel.APP)
    sealed = models.BinaryField(default=bytes)  # JSON {phone, note}
    voice = models.BinaryField(default=bytes)  # Opus, sealed as the words are; read apart from the row
    voice_seconds = models.PositiveSmallIntegerField(default=0)  # none: nothing was said
    for_other = models.BooleanField(default=False)
    agreed_at = models.DateTimeField(null=True, blank=True)  # when whoever asks said that the person agrees
    state = models.CharField(max_length=11, choices=RequestState.choices)
    doubt = models.CharField(max_length=6, choices=Doubt.choices, blank=True)
    code_digest = models.CharField(max_length=32, unique=True)  # keyed, of the code that was said
    phone_mark = models.CharField(max_length=32, blank=True)
    words_mark = models.CharField(max_length=32, blank=True)
    origin_mark = models.CharField(max_length=32, blank=True)  # under a key of the day, which is then thrown away
    received_at = models.DateTimeField(default=clock.now)
    promised_by = models.DateTimeField()  # before which someone was said to read it
    by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)  # refused or withdrawn; else its need says

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(fields=["network", "received_at"]),
            models.Index(fields=["hub", "state", "received_at"]),
            models.Index(fields=["phone_mark", "received_at"]),
            models.Index(fields=["words_mark", "received_at"]),
            models.Index(fields=["origin_mark", "received_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(for_other=False) | Q(agreed_at__isnull=False), name="request_for_other_agreed"
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Someone still answers: it waits to be looked at, or its need goes on."""
        if self.state == RequestState.QUARANTINED:
            return True
        return self.state == RequestState.RECEIVED and self.need is not None and self.need.is_open

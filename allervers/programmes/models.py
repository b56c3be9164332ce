"""What is done for many: an action (a screening campaign), its sessions, who came, and past campaigns as declared."""

from django.db import models
from django.db.models import Q

from allervers.accounts.models import Hub, Membership, Network, Organisation
from allervers.core import clock, ids
from allervers.needs.models import Encounter, Need
from allervers.people.enums import AgeBand, Sex
from allervers.people.models import PersonCard
from allervers.programmes.enums import (
    ActionKind,
    Answered,
    Arrival,
    End,
    FigureName,
    Form,
    Orientation,
    Precision,
    ScreeningResult,
    Stratum,
)
from allervers.referrals.models import Referral


class Action(models.Model):
    """A campaign: what was planned (a number, or a range), and in which form its figures are held."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="actions")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="actions")
    kind = models.CharField(max_length=8, choices=ActionKind.choices)
    form = models.CharField(max_length=8, choices=Form.choices, default=Form.LINES)
    name = models.CharField(max_length=160)
    slug = models.SlugField(max_length=80)
    year = models.PositiveSmallIntegerField()
    planned_min = models.PositiveSmallIntegerField(null=True, blank=True)
    planned_max = models.PositiveSmallIntegerField(null=True, blank=True)
    recipient = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    source = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-year", "name"]
        constraints = [
            models.UniqueConstraint(fields=["network", "slug"], name="action_slug_in_network"),
            models.CheckConstraint(
                condition=Q(planned_max=None) | Q(planned_min=None) | Q(planned_max__gte=models.F("planned_min")),
                name="action_planned_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Session(models.Model):
    """One date and place of an action: planned, then held or not."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE)
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="sessions")
    hub = models.ForeignKey(Hub, null=True, blank=True, on_delete=models.SET_NULL, related_name="sessions")
    place = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    held = models.BooleanField(null=True, blank=True)  # null: not yet
    head_count = models.PositiveIntegerField(null=True, blank=True)  # only where nobody was listed
    note = models.CharField(max_length=300, blank=True)  # practical, names no one
    for_residents = models.BooleanField(
        default=False
    )  # in the neighbourhood's agenda: chosen, as some are held in shelters

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [models.UniqueConstraint(fields=["action", "hub", "starts_at"], name="session_once")]
        indexes = [models.Index(fields=["hub", "starts_at"])]

    def __str__(self) -> str:
        return str(self.id)


class Attendance(models.Model):
    """One person at a session: by card, by code, or without either.

    Once seen she has one encounter, and only one: visits are counted there, never here. What came of her is read from
    her referral; without one (no name, another partner, a past file) it is noted on the line itself.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendances")
    position = models.PositiveSmallIntegerField()
    card = models.ForeignKey(PersonCard, null=True, blank=True, on_delete=models.SET_NULL, related_name="attendances")
    stratum = models.CharField(max_length=10, choices=Stratum.choices)  # kept when the card is erased
    language = models.CharField(max_length=8, blank=True)
    sex = models.CharField(max_length=5, choices=Sex.choices, blank=True)
    age_band = models.CharField(max_length=5, choices=AgeBand.choices, blank=True)
    arrived_at = models.DateTimeField(default=clock.now)
    arrival = models.CharField(max_length=7, choices=Arrival.choices, default=Arrival.WAITING)
    result = models.CharField(max_length=11, choices=ScreeningResult.choices, blank=True)
    encounter = models.OneToOneField(
        Encounter, null=True, blank=True, on_delete=models.SET_NULL, related_name="attendance"
    )
    need = models.ForeignKey(Need, null=True, blank=True, on_delete=models.SET_NULL, related_name="attendances")
    referral = models.ForeignKey(Referral, null=True, blank=True, on_delete=models.SET_NULL, related_name="attendances")
    oriented_at = models.DateTimeField(
        null=True, blank=True
    )  # the gesture that opened them, one moment for all its lines
    orientation = models.CharField(max_length=9, choices=Orientation.choices, blank=True)
    recipient = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.CharField(max_length=13, choices=Answered.choices, blank=True)
    outcome = models.CharField(max_length=8, choices=End.choices, blank=True)
    delay_days = models.PositiveSmallIntegerField(null=True, blank=True)  # from the screening to being seen
    operation = models.UUIDField(unique=True, null=True, blank=True)  # the form's own id: sent twice, added once
    import_key = models.CharField(max_length=64, blank=True)  # of an imported line: the same file twice adds nobody

    class Meta:
        ordering = ["session", "position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "position"], name="attendance_position"),
            models.UniqueConstraint(
                fields=["session", "import_key"], condition=~Q(import_key=""), name="attendance_imported_once"
            ),
            models.UniqueConstraint(
                fields=["session", "card"], condition=Q(card__isnull=False), name="attendance_person_once"
            ),
        ]


class DeclaredFigure(models.Model):
    """One stage or rate of a past campaign as its document says it: with its precision and its base, or base unknown."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="declared")
    name = models.CharField(max_length=30, choices=FigureName.choices)
    value = models.FloatField(null=True, blank=True)
    value_max = models.FloatField(null=True, blank=True)  # a range
    precision = models.CharField(max_length=8, choices=Precision.choices, default=Precision.EXACT)
    base = models.CharField(max_length=30, blank=True)  # another figure's name; empty on a rate: base unknown
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["action", "name"], name="declared_once")]

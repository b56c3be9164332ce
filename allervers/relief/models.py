"""A call of the network, an offer of someone. Who offers is sealed under the key of the organisation that receives it."""

from datetime import date

from django.db import models
from django.db.models import Count, Q

from allervers.accounts.models import Hub, Membership, Network, Organisation
from allervers.core import clock, ids, languages
from allervers.directory.models import Territory
from allervers.relief.enums import CallKind, CallState, OfferState


class CallQuerySet(models.QuerySet["Call"]):
    def standing(self, day: date) -> "CallQuerySet":
        """Open, and not over on that day."""
        return self.filter(state=CallState.OPEN, until__gte=day)

    def with_found(self) -> "CallQuerySet":
        """With `found`: how many offers were kept for it."""
        kept = Count("offers", filter=Q(offers__state=OfferState.KEPT))
        return self.select_related("hub").annotate(found=kept)


class Call(models.Model):
    """What the network asks everyone for, written by its team. It names no one and says nothing of anyone."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="calls")
    hub = models.ForeignKey(Hub, null=True, blank=True, on_delete=models.CASCADE, related_name="calls")  # none: all
    kind = models.CharField(max_length=8, choices=CallKind.choices)
    wanted = models.PositiveSmallIntegerField(default=1)  # people, kitchens, trucks
    meals = models.PositiveSmallIntegerField(null=True, blank=True)  # to cook or to carry
    language = models.CharField(max_length=8, choices=languages.CHOICES, blank=True)
    on = models.DateField(null=True, blank=True)
    begins = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    until = models.DateField()  # the last day on which it is shown
    words = models.CharField(max_length=200, blank=True)
    link = models.URLField(max_length=500, blank=True)  # where money is given; nowhere else
    state = models.CharField(max_length=6, choices=CallState.choices, default=CallState.OPEN)
    written_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    operation = models.UUIDField(unique=True, null=True, blank=True)  # sent twice, written once

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["until", "made_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(wanted__gte=1), name="call_wants_something"),
            models.CheckConstraint(condition=Q(on=None) | Q(on__lte=models.F("until")), name="call_until_its_day"),
            models.CheckConstraint(
                condition=Q(kind="money") & ~Q(link="") | ~Q(kind="money") & Q(link=""), name="call_link_is_for_money"
            ),
        ]
        indexes = [models.Index(fields=["network", "state", "until"])]

    def __str__(self) -> str:
        return str(self.id)


class OfferQuerySet(models.QuerySet["Offer"]):
    def waiting(self) -> "OfferQuerySet":
        """Those that nobody has called yet, doubtful ones too."""
        return self.filter(state__in=(OfferState.NEW, OfferState.DOUBTFUL))


class Offer(models.Model):
    """What someone can give, and when: a dated capacity. No account, no card: a number to call back."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="offers")  # that receives
    hub = models.ForeignKey(Hub, null=True, blank=True, on_delete=models.SET_NULL, related_name="offers")
    call = models.ForeignKey(Call, null=True, blank=True, on_delete=models.SET_NULL, related_name="offers")
    territory = models.ForeignKey(Territory, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    gifts = models.JSONField(default=list)  # of `Gift`
    days = models.JSONField(default=list)  # ISO weekdays, 1 is Monday; none: any
    parts = models.JSONField(default=list)  # of `Part`; none: any
    on = models.DateField(null=True, blank=True)  # that day only
    languages = models.JSONField(default=list)  # codes of our registry
    meals = models.PositiveSmallIntegerField(null=True, blank=True)
    sealed = models.BinaryField(default=bytes)  # JSON {name, phone, words}
    reader = models.CharField(max_length=8, blank=True)  # the language of the page, to call back in
    state = models.CharField(max_length=9, choices=OfferState.choices, default=OfferState.NEW)
    made_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    left_at = models.DateTimeField(null=True, blank=True)  # not kept, or withdrawn
    operation = models.UUIDField(unique=True, null=True, blank=True)  # the form's own id: sent twice, kept once

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [
            models.Index(fields=["organisation", "state", "made_at"]),
            models.Index(fields=["hub", "state"]),
        ]

    def __str__(self) -> str:
        return str(self.id)

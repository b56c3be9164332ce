"""Where to go: territories and what hubs cover, places, services, closures, partnerships, and the search's postings."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allervers.accounts.models import Hub, Membership, Network, Organisation
from allervers.core import clock, ids
from allervers.directory.enums import Commitment, Cost, TerritoryKind, Theme


class Territory(models.Model):
    """A node of the tree of territories; a QPV is one. Shared by the networks of an installation."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children")
    kind = models.CharField(max_length=14, choices=TerritoryKind.choices)
    code = models.CharField(max_length=20)  # INSEE, QPV or our own code
    name = models.CharField(max_length=160)
    is_rural = models.BooleanField(default=False)
    contour = models.JSONField(null=True, blank=True)  # GeoJSON geometry, WGS 84
    south = models.FloatField(null=True, blank=True)
    west = models.FloatField(null=True, blank=True)
    north = models.FloatField(null=True, blank=True)
    east = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["name", "code"]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="territory_code")]

    def __str__(self) -> str:
        return self.name


class HubCoverage(models.Model):
    """A hub receives the residents of a territory."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    hub = models.ForeignKey(Hub, on_delete=models.CASCADE, related_name="coverages")
    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="coverages")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hub", "territory"], name="hub_covers_once")]


class Place(models.Model):
    """Where an organisation receives."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="places")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="places")
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    address_more = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    commune = models.CharField(max_length=120, blank=True)
    insee_code = models.CharField(max_length=5, blank=True)
    territory = models.ForeignKey(Territory, null=True, blank=True, on_delete=models.SET_NULL, related_name="places")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    access = models.TextField(blank=True)  # "tram to …, ring at the second door"
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    website = models.URLField(max_length=500, blank=True)
    opening_hours = models.CharField(max_length=500, blank=True)  # OSM syntax
    source = models.CharField(max_length=80, blank=True)  # the interchange model's source, then its id there
    source_id = models.CharField(max_length=160, blank=True)
    extra = models.JSONField(default=dict, blank=True)  # what an import held that we have no field for
    checked_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["network", "name"]),
            models.Index(fields=["latitude", "longitude"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "source", "source_id"], condition=~Q(source_id=""), name="place_source_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """What can be obtained in a place, by whom, in which languages, when, at what cost."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="services")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="services")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    themes = models.JSONField(default=list, blank=True)  # Theme values
    main_theme = models.CharField(max_length=14, choices=Theme.choices, default=Theme.OTHER)
    languages = models.JSONField(default=list, blank=True)  # codes of core.languages, spoken by the staff
    public = models.CharField(max_length=300, blank=True)
    conditions = models.TextField(blank=True)
    cost = models.CharField(max_length=10, choices=Cost.choices, default=Cost.UNKNOWN)
    cost_note = models.CharField(max_length=300, blank=True)
    without_coverage = models.BooleanField(null=True, blank=True)  # receives people without health coverage
    without_appointment = models.BooleanField(null=True, blank=True)
    opening_hours = models.CharField(max_length=500, blank=True)  # OSM syntax; empty: the place's
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    delay_days = models.PositiveSmallIntegerField(null=True, blank=True)  # as declared; observed delays are computed
    for_residents = models.BooleanField(default=False)  # chosen one by one: a shelter's address is not everyone's
    doubted_at = models.DateTimeField(null=True, blank=True)  # a resident found it closed; until someone checks
    source = models.CharField(max_length=80, blank=True)
    source_id = models.CharField(max_length=160, blank=True)
    extra = models.JSONField(default=dict, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    checked_by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["network", "main_theme"]), models.Index(fields=["network", "checked_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "source", "source_id"], condition=~Q(source_id=""), name="service_source_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def hours(self) -> str:
        return self.opening_hours or self.place.opening_hours


class ServiceLanguage(models.Model):
    """One language of one service, indexed for search; kept by `actions` from `Service.languages`."""

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="spoken")
    language = models.CharField(max_length=8)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "language"], name="service_language_once")]
        indexes = [models.Index(fields=["language", "service"])]


class Closure(models.Model):
    """A place closed for a while, both days included."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="closures")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="closure_ends_after_start")
        ]

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


class Partnership(models.Model):
    """What an organisation committed to in the network, and until when."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="partnerships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="partnerships")
    commitment = models.CharField(max_length=14, choices=Commitment.choices)
    note = models.CharField(max_length=300, blank=True)
    call_hours = models.CharField(max_length=300, blank=True)  # OSM syntax: when its staff may be called
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["ends_on", "id"]


class ColumnMapping(models.Model):
    """How the columns of someone's spreadsheet were read once, remembered for the next file of the same headings."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="column_mappings")
    headings = models.CharField(max_length=64)  # digest of the folded headings, in order
    columns = models.JSONField()  # heading → our field, or "" to keep aside
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "headings"], name="mapping_of_headings")]


class Upload(models.Model):
    """A spreadsheet or interchange file handed over on the import page, on its way from reading to being applied."""

    class State(models.TextChoices):
        TO_MAP = "to_map", _("colonnes à reconnaître")
        TO_CHECK = "to_check", _("lecture en cours")
        CHECKED = "checked", _("lu, rien n’est encore enregistré")
        TO_APPLY = "to_apply", _("enregistrement en cours")
        APPLIED = "applied", _("enregistré")
        FAILED = "failed", _("illisible")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="uploads")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.TO_MAP)
    headings = models.JSONField(default=list, blank=True)
    samples = models.JSONField(default=list, blank=True)  # first lines, so that mapping is done with examples in sight
    same = models.JSONField(default=dict, blank=True)  # line → id of the place that it is, as someone confirmed
    report = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "created_at"])]


class SearchIndex(models.Model):
    """One network's index: `version` grows with each change, so that every process knows what it has not read yet."""

    network_id = models.UUIDField(primary_key=True)
    version = models.PositiveBigIntegerField(default=0)
    generation = models.PositiveIntegerField(default=0)  # grows when the index is rebuilt: forget all that was read
    entries = models.PositiveIntegerField(default=0)


class SearchEntry(models.Model):
    """Something that can be found: a service, or a place of which no service is known. Holds what searches filter on."""

    id = models.BigAutoField(primary_key=True)
    network_id = models.UUIDField()
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="entries")
    service = models.OneToOneField(Service, null=True, on_delete=models.CASCADE, related_name="entry")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    languages = models.CharField(max_length=300, blank=True)  # ",ar,fr,": one test for one language
    themes = models.CharField(max_length=300, blank=True)  # ",teeth,"
    hours = models.CharField(max_length=500, blank=True)
    without_coverage = models.BooleanField(default=False)
    free = models.BooleanField(default=False)  # free, or no fee to advance
    for_residents = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["network_id", "latitude"])]


class Vocabulary(models.Model):
    """A word of the index and in how many entries it stands: what spelling is corrected against."""

    id = models.BigAutoField(primary_key=True)
    network_id = models.UUIDField()
    word = models.CharField(max_length=40)
    entries = models.PositiveIntegerField(default=0)
    version = models.PositiveBigIntegerField()  # of the index when the word or its count last changed

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network_id", "word"], name="vocabulary_word")]
        indexes = [models.Index(fields=["network_id", "version"])]


class Posting(models.Model):
    """One word of one entry, with the weight of the best field it stands in. Rarity is weighed when reading."""

    id = models.BigAutoField(primary_key=True)
    word = models.ForeignKey(Vocabulary, on_delete=models.CASCADE, related_name="+", db_index=False)
    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="postings")
    weight = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["word", "entry", "weight"])]  # covers reading: the table itself is not touched

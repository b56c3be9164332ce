"""Networks, organisations, hubs, users and what they are there."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from allervers.accounts.enums import OrganisationKind, Role
from allervers.core import clock, ids


class Network(models.Model):
    """The tenant: its organisations, hubs and rules."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    timezone = models.CharField(max_length=40, default="Europe/Paris")
    publication_threshold = models.PositiveSmallIntegerField(default=11)
    retention = models.JSONField(default=dict, blank=True)  # shortened durations, in days, by name

    def __str__(self) -> str:
        return self.name

    def days_kept(self, name: str, longest: int) -> int:
        """For how many days it keeps `name`: its own choice when that is shorter; what is no number of days is no choice."""
        asked = self.retention.get(name) if isinstance(self.retention, dict) else None
        if isinstance(asked, str) and asked.isdecimal() and len(asked) < 6:
            asked = int(asked)
        return min(longest, asked) if type(asked) is int and asked > 0 else longest


class Organisation(models.Model):
    """A structure: one that keeps people's cards under its own key (`keeps_cards`), or a partner that answers."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="organisations")
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=120)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices, default=OrganisationKind.OTHER)
    keeps_cards = models.BooleanField(default=False)
    siret = models.CharField(max_length=14, blank=True)
    description = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    website = models.URLField(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["network", "slug"], name="organisation_slug_in_network")]
        indexes = [models.Index(fields=["network", "name"])]

    def __str__(self) -> str:
        return self.name


class OrganisationKey(models.Model):
    """An organisation's key, wrapped by the master key. Older versions stay until nothing is sealed under them."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="keys")
    version = models.PositiveSmallIntegerField(default=1)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "version"], name="organisation_key_version")]


class Hub(models.Model):
    """A pôle: a place of reception, hosted by an organisation."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="hubs")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="hubs")
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80)
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    opening_hours = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["network", "slug"], name="hub_slug_in_network")]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, **fields: Any) -> "User":
        """A user without a password: a mailed code or a passkey signs in."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Someone who signs in."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    email = models.EmailField(unique=True)
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    is_active = models.BooleanField(default=True)
    shortcuts = models.BooleanField(default=True)  # single-key shortcuts, WCAG 2.1.4
    unlock_hash = models.CharField(max_length=200, blank=True)  # argon2 of the short code that unlocks a shared desk
    unlock_tries = models.PositiveSmallIntegerField(default=0)  # wrong ones in a row; at five, a full sign-in
    created_at = models.DateTimeField(default=clock.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self, at: datetime | None = None) -> "MembershipQuerySet":
        moment = at or clock.now()
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=moment), starts_at__lte=moment, user__is_active=True)


class Membership(models.Model):
    """What one user is in one organisation: a role, perhaps in one hub, from a day until a day."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    hub = models.ForeignKey(Hub, null=True, blank=True, on_delete=models.SET_NULL, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    starts_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"], condition=Q(ends_at=None), name="membership_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"


class ExceptionalAccess(models.Model):
    """For three hours at most, with a reason that everyone in the organisation sees: another hub's identities."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="exceptional_accesses")
    hub = models.ForeignKey(Hub, on_delete=models.CASCADE)
    reason = models.CharField(max_length=300)
    granted_at = models.DateTimeField(default=clock.now)
    minutes = models.PositiveSmallIntegerField(default=60)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-granted_at"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__lte=180), name="exceptional_access_three_hours"),
        ]

    @property
    def expires_at(self) -> datetime:
        return self.granted_at + timedelta(minutes=self.minutes)

    def is_open(self) -> bool:
        return self.ended_at is None and clock.now() < self.expires_at

"""Events in one chain per network, links between any two objects, reads of identities. Opaque ids only: no foreign key."""

from django.db import models

from allervers.core import clock, ids


class Event(models.Model):
    """Something that happened. `text` is the exact JSON that `mac` authenticates; the other columns only index it."""

    network_id = models.UUIDField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=36)
    actor_id = models.CharField(max_length=36, blank=True)
    text = models.TextField()
    mac = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network_id", "seq"], name="event_one_place_in_chain")]
        indexes = [
            models.Index(fields=["network_id", "subject_id", "seq"]),
            models.Index(fields=["network_id", "kind", "at"]),
        ]


class ChainHead(models.Model):
    """Where a network's chain ends: the row that appending locks, last of its transaction. The network's key is there."""

    network_id = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    mac = models.CharField(max_length=64, default="")
    reads_seq = models.BigIntegerField(default=0)  # the chain of identities read, beside that of events
    reads_mac = models.CharField(max_length=64, default="")
    wrapped_key = models.BinaryField()  # the network's key, wrapped by the master key


class ThreadLink(models.Model):
    """What came from what: `from` led to `to`. Siblings meet here without importing each other."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network_id = models.UUIDField()
    from_kind = models.CharField(max_length=64)
    from_id = models.CharField(max_length=36)
    to_kind = models.CharField(max_length=64)
    to_id = models.CharField(max_length=36)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["from_kind", "from_id", "to_kind", "to_id"], name="link_once"),
        ]
        indexes = [models.Index(fields=["to_id"]), models.Index(fields=["from_id"])]


class IdentityRead(models.Model):
    """Someone opened one or several identities: who, when, why. The persons concerned may see it.

    Lines are chained as events are, in a chain of their own whose beginning is forgotten in time.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network_id = models.UUIDField()
    organisation_id = models.UUIDField()
    reader_id = models.UUIDField(null=True)  # a membership; null: the program itself, for a mail or a reminder
    reason = models.CharField(max_length=40)
    card_ids = models.JSONField()
    at = models.DateTimeField(default=clock.now)
    seq = models.BigIntegerField()
    mac = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network_id", "seq"], name="read_one_place_in_chain")]
        indexes = [models.Index(fields=["organisation_id", "at"])]

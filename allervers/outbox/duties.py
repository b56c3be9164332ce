"""What the worker and a person's rights ask of every app; the outbox holds nothing that is looked up by person."""

from allervers.outbox.actions import reseal
from allervers.outbox.tasks import clean_up, tick

__all__ = ["clean_up", "reseal", "tick"]

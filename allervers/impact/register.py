"""Figures keep nothing of their own: they are read from rows."""

from allervers.core.register import Model

MODELS: dict[str, Model] = {}

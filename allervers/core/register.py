"""The field register: why each model exists, on what legal basis, how sensitive it is, how long it is kept, who reads it.

Each app has a `register.py` whose `MODELS` lists its models; `config/register.py` lists the apps and third-party tables.
A model without its line, or a field of level 2 or 3 without its own, fails the build.
"""

from dataclasses import dataclass, field
from enum import IntEnum


class Level(IntEnum):
    PUBLIC = 0  # anyone may read
    INTERNAL = 1  # of the work: dates, codes, states
    PERSONAL = 2  # says something of a person, under a code
    IDENTITY = 3  # names a person or speaks of health


@dataclass(frozen=True)
class Field:
    level: Level
    purpose: str
    readers: str


@dataclass(frozen=True)
class Model:
    """One table: purpose, legal basis (GDPR article), level of its most ordinary field, retention, readers."""

    purpose: str
    basis: str
    level: Level
    retention: str
    readers: str
    erasure: str  # what a person's erasure does here
    fields: dict[str, Field] = field(default_factory=dict)


BASIS_PUBLIC_TASK = "RGPD 6.1.e"
BASIS_LEGITIMATE = "RGPD 6.1.f"
BASIS_CARE = "RGPD 6.1.f et 9.2.d"  # an association's own members and people in regular contact
BASIS_CONSENT = "RGPD 6.1.a et 9.2.a"
BASIS_LEGAL = "RGPD 6.1.c"

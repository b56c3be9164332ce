"""Identifiers: time-ordered for rows, unguessable for links, sayable for people."""

import random
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from allervers.core import clock

_random: ContextVar[random.Random] = ContextVar("random_source", default=secrets.SystemRandom())  # noqa: B039  # stateless


@contextmanager
def seeded(seed: str) -> Iterator[random.Random]:
    """Within the block, row ids and person codes are the same on every machine. Tokens and digits stay unguessable."""
    source = random.Random(seed)  # noqa: S311  # only for demonstrations and tests
    token = _random.set(source)
    try:
        yield source
    finally:
        _random.reset(token)


WORDS = """
Acacia Ancre Argile Aube Avoine Balise Barque Bouleau Braise Brise Brume Bruyère Cactus Caillou Canne Cèdre
Cerise Chêne Ciel Cigale Citron Colline Comète Corail Coton Craie Crique Cyprès Dune Ébène Écluse Écorce Érable
Étang Étoile Falaise Fenouil Figue Flamme Fleuve Forêt Fougère Frêne Galet Genêt Givre Granit Grenade Grotte
Hêtre Houle Iris Île Jade Jardin Jasmin Jonc Lac Lagune Laurier Lavande Lichen Lierre Lilas Lin Lune Marée
Mélèze Menthe Mimosa Mousse Mûre Muguet Neige Noyer Nuage Océan Olive Orage Orme Osier Palme Perle Pêche
Peuplier Pin Plage Plaine Plume Poire Pollen Pomme Quai Quartz Récif Rivage Rivière Rocher Romarin Ronce Rosée
Roseau Sable Safran Sapin Sauge Saule Sentier Silex Soleil Source Talus Thym Tilleul Torrent Tournesol Trèfle
Tulipe Vague Vallon Vanille Verger Vent Vigne
""".split()


def new_id() -> uuid.UUID:
    """A UUID version 7 (RFC 9562): 48 bits of milliseconds, then random; rows keep the order they were made in."""
    stamp = int(clock.now().timestamp() * 1000) & ((1 << 48) - 1)
    rest = _random.get().getrandbits(80)
    high, low = rest >> 68, rest & ((1 << 62) - 1)
    return uuid.UUID(int=(stamp << 80) | (0x7 << 76) | ((high & 0xFFF) << 64) | (0b10 << 62) | low)


def new_token() -> str:
    """256 random bits for the address of a link, safe in a URL."""
    return secrets.token_urlsafe(32)


def new_digits(length: int = 6) -> str:
    """A code to say aloud or copy from a letter."""
    return "".join(secrets.choice("0123456789") for _ in range(length))


def new_person_code() -> str:
    """A code that a person can remember: a word and a number, about 120,000 of them; the caller checks it is free."""
    source = _random.get()
    return f"{source.choice(WORDS)} {source.randrange(10, 1000)}"

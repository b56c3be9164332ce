"""Finding where to send someone, however it is written: the same answers on SQLite and on PostgreSQL.

Each word of the question is a slot with alternatives: the word itself, words it may be misspelt from, what it means. Rare
slots are read first and bring the candidates; common ones only add to candidates already there. An entry's text score is
the share of the question's weight that it holds (inverse document frequency), so a word nobody wrote costs all alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import exp, log
from threading import Lock
from uuid import UUID

from django.db import connection

from allervers.accounts.models import Organisation
from allervers.core import clock
from allervers.directory import hours
from allervers.directory.geometry import box_around, distance_km
from allervers.directory.models import Closure, Place, Posting, SearchEntry, SearchIndex, Service, Vocabulary
from allervers.directory.spelling import EXACT, NEAR, Lexicon, close
from allervers.directory.wording import meanings, theme_vocabulary, tokens

FAR_KM = 60.0  # beyond, a place is shown only when nothing nearer answers
_HALVES_KM = 6.0  # nearness counts for a third as much at this distance
_NEARNESS = 0.3  # how much being next door adds to a text score of at most 1
_ENOUGH_ROWS = 4000  # postings read before common words are only looked up in the candidates
_KEPT = 400  # candidates for which common words are looked up
_MOST_ROWS = 8000  # of one slot


@dataclass(frozen=True)
class Filters:
    near: tuple[float, float] | None = None
    language: str | None = None
    theme: str | None = None
    open_now: bool = False
    without_coverage: bool = False
    free: bool = False


@dataclass(frozen=True)
class Hit:
    """A service, or a place of which no service is known yet."""

    service: Service | None
    place: Place
    score: float
    distance_km: float | None

    @property
    def organisation(self) -> Organisation:
        return self.place.organisation

    @property
    def name(self) -> str:
        return self.service.name if self.service else self.place.name

    @property
    def hours(self) -> str:
        return self.service.hours if self.service else self.place.opening_hours


@dataclass
class _Slot:
    """One word of the question: term id → factor × weight of its rarity."""

    gains: dict[int, float] = field(default_factory=dict)
    rows: int = 0
    sure: bool = False  # the word itself stands in the index
    read_as: str = ""

    @property
    def best(self) -> float:
        return max(self.gains.values(), default=0.0)


@dataclass(frozen=True)
class Answer:
    hits: list[Hit]
    read_as: list[str]  # the question's words as they were understood
    asked: list[str]

    @property
    def corrected(self) -> bool:
        return self.read_as != self.asked


def search(
    network_id: UUID,
    text: str,
    *,
    near: tuple[float, float] | None = None,
    language: str | None = None,
    theme: str | None = None,
    open_now: bool = False,
    without_coverage: bool = False,
    free: bool = False,
    exactly: bool = False,
    limit: int = 20,
    timezone: str = "Europe/Paris",
) -> list[Hit]:
    """The services of a network that answer best, best first. Without words: the nearest, or in order of name."""
    filters = Filters(near, language, theme, open_now, without_coverage, free)
    return answer(network_id, text, filters, exactly=exactly, limit=limit, timezone=timezone).hits


def answer(
    network_id: UUID,
    text: str,
    filters: Filters,
    *,
    exactly: bool = False,
    limit: int = 20,
    timezone: str = "Europe/Paris",
) -> Answer:
    """`search`, with how the question was read. `exactly`: no spelling is forgiven."""
    words = tokens(text)[:12]
    slots, total = _slots(network_id, words, exactly=exactly)
    now = clock.now()
    scores = _scores(slots, filters) if words else None
    ranked = _ranked(network_id, scores, filters, total)
    if filters.near and len(ranked) < limit and not any(entry.distance is not None for entry in ranked):
        wider = replace(filters, near=None)
        scores = _scores(slots, wider) if words else None
        ranked = _ranked(network_id, scores, wider, total, origin=filters.near)
    kept = _open(network_id, ranked, now, timezone, limit) if filters.open_now else ranked[:limit]
    read_as = [slot.read_as for slot in slots]
    return Answer(_hits(kept), read_as, words)


# --- the question ----------------------------------------------------------------------------------------------------


def _slots(network_id: UUID, words: list[str], *, exactly: bool) -> tuple[list[_Slot], float]:
    """A slot a word, and the weight of the whole question."""
    lexicon, entries = lexicon_of(network_id)
    meant = _meant(words, exactly=exactly)
    slots = []
    for position, word in enumerate(words):
        slot = _Slot(read_as=word)
        spelt = lexicon.candidates(word) if not exactly else [(word, EXACT)] if word in lexicon.words else []
        for term, factor in [*spelt, *meant[position].items()]:
            number, count = lexicon.words.get(term, (0, 0))
            if count:
                gain = factor * log(1 + entries / count)
                slot.gains[number] = max(gain, slot.gains.get(number, 0))
                slot.rows += count
        slot.sure = bool(spelt and spelt[0][1] == EXACT)
        if spelt and not slot.sure and spelt[0][1] >= NEAR and word not in theme_vocabulary():
            slot.read_as = spelt[0][0]
        slots.append(slot)
    return slots, sum(slot.best for slot in slots)


def _meant(words: list[str], *, exactly: bool) -> list[dict[str, float]]:
    """For each word, the terms that it means, alone, in a phrase, or misspelt."""
    meant: list[dict[str, float]] = [{} for _word in words]
    for run, terms in meanings(words):
        for position in run:
            for term in terms:
                meant[position][term] = 0.95 if len(run) > 1 else 0.85
    if exactly:
        return meant
    vocabulary = theme_vocabulary()
    for position, word in enumerate(words):
        if meant[position] or len(word) < 4:
            continue
        for other in close(word, vocabulary) if len(word) > 4 or not word.isascii() else ():
            meant[position].update(dict.fromkeys(vocabulary[other], 0.6))
        if not meant[position]:
            begun = [other for other in vocabulary if other.startswith(word)]
            for other in begun[:6]:
                meant[position].update(dict.fromkeys(vocabulary[other], 0.55))
    return meant


# --- candidates ------------------------------------------------------------------------------------------------------


def _conditions(filters: Filters, prefix: str = "") -> dict[str, object]:
    """The filters as conditions on entries, or through `prefix` on what points to them."""
    wanted: dict[str, object] = {}
    if filters.near:
        box = box_around(*filters.near, FAR_KM)
        wanted |= {"latitude__range": (box.south, box.north), "longitude__range": (box.west, box.east)}
    if filters.language:
        wanted["languages__contains"] = f",{filters.language},"
    if filters.theme:
        wanted["themes__contains"] = f",{filters.theme},"
    if filters.without_coverage:
        wanted["without_coverage"] = True
    if filters.free:
        wanted["free"] = True
    if filters.open_now:
        wanted["hours__gt"] = ""
    return {prefix + name: value for name, value in wanted.items()}


def _scores(slots: list[_Slot], filters: Filters) -> dict[int, float]:
    """Entry id → sum over slots of the best alternative that it holds."""
    conditions = _conditions(filters, "entry__")
    scores: dict[int, float] = {}
    read, slots_read, sure = 0, 0, False
    for slot in sorted((slot for slot in slots if slot.gains), key=lambda slot: slot.rows):
        rows = Posting.objects.filter(word_id__in=list(slot.gains))
        if scores and (sure or slots_read > 1) and read + slot.rows > _ENOUGH_ROWS:
            kept = sorted(scores, key=lambda entry: -scores[entry])[:_KEPT]
            scores = {entry: scores[entry] for entry in kept}
            rows = rows.filter(entry_id__in=kept)
        else:
            rows = rows.filter(**conditions)
            if slot.rows > _MOST_ROWS:
                rows = rows.order_by("-weight")[:_MOST_ROWS]
            read, slots_read, sure = read + slot.rows, slots_read + 1, sure or slot.sure
        _add(scores, slot, rows.values_list("entry_id", "word_id", "weight"))
    return scores


def _add(scores: dict[int, float], slot: _Slot, rows: Iterable[tuple[int, int, float]]) -> None:
    best: dict[int, float] = {}
    gains = slot.gains
    for entry, word, weight in rows:
        gain = gains[word] * weight
        if gain > best.get(entry, 0.0):
            best[entry] = gain
    for entry, gain in best.items():
        scores[entry] = scores.get(entry, 0.0) + gain


# --- ranking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Ranked:
    id: int
    place_id: UUID
    service_id: UUID | None
    hours: str
    score: float
    distance: float | None


def _ranked(
    network_id: UUID,
    scores: dict[int, float] | None,
    filters: Filters,
    total: float,
    *,
    origin: tuple[float, float] | None = None,
) -> list[_Ranked]:
    """Entries by score and nearness. No scores: everything that passes the filters, within reason."""
    entries = SearchEntry.objects.filter(network_id=network_id, **_conditions(filters))
    if scores is not None:
        kept = sorted(scores, key=lambda entry: (-scores[entry], entry))[: _KEPT * 2]
        entries = entries.filter(id__in=kept)
    elif not filters.near:
        entries = entries.order_by("place__name", "id")[: _KEPT * 2]
    near = filters.near or origin
    ranked = []
    rows = entries.values_list("id", "place_id", "service_id", "hours", "latitude", "longitude")
    for entry, place_id, service_id, when, latitude, longitude in rows:
        distance = None
        if near and latitude is not None and longitude is not None:
            distance = distance_km(*near, latitude, longitude)
            if filters.near and distance > FAR_KM:
                continue
        score = scores[entry] / total if scores is not None and total else 0.0
        if distance is not None:
            score += _NEARNESS * exp(-distance / _HALVES_KM)
        ranked.append(_Ranked(entry, place_id, service_id, when, score, distance))
    if scores is None and not near:
        return ranked
    return sorted(ranked, key=lambda row: (-row.score, row.distance or 0.0, row.id))


def _open(network_id: UUID, ranked: list[_Ranked], now: datetime, timezone: str, limit: int) -> list[_Ranked]:
    """The first `limit` that are open for certain at this moment."""
    today = clock.today(timezone)
    closures = Closure.objects.filter(place__network_id=network_id, starts_on__lte=today, ends_on__gte=today)
    closed = set(closures.values_list("place_id", flat=True))
    kept = []
    for row in ranked:
        if row.place_id not in closed and hours.is_open(row.hours, now, timezone):
            kept.append(row)
            if len(kept) == limit:
                break
    return kept


def _hits(ranked: list[_Ranked]) -> list[Hit]:
    services = Service.objects.select_related("place__organisation").in_bulk(
        [row.service_id for row in ranked if row.service_id]
    )
    places = Place.objects.select_related("organisation").in_bulk([r.place_id for r in ranked if not r.service_id])
    hits = []
    for row in ranked:
        service = services.get(row.service_id) if row.service_id else None
        place = service.place if service else places.get(row.place_id)
        if place is not None:  # closed between two reads
            hits.append(Hit(service, place, row.score, row.distance))
    return hits


# --- one lexicon a process and network, never stale --------------------------------------------------------------------


@dataclass
class _Loaded:
    version: int
    generation: int
    lexicon: Lexicon


_loaded: dict[UUID, _Loaded] = {}
_loading = Lock()


def lexicon_of(network_id: UUID) -> tuple[Lexicon, int]:
    """The network's words and how many entries it has. One query when nothing changed; else only what changed is read."""
    row = SearchIndex.objects.filter(network_id=network_id).values_list("version", "generation", "entries").first()
    if row is None:
        return Lexicon(), 0
    version, generation, entries = row
    if connection.in_atomic_block:  # may see words that will be rolled back: nothing that others may share
        return _load(network_id, None, generation, version).lexicon, entries
    with _loading:
        known = _loaded.get(network_id)
        if known is None or known.generation != generation or known.version > version:
            known = None
        if known is None or known.version != version:
            _loaded[network_id] = known = _load(network_id, known, generation, version)
        return known.lexicon, entries


def _load(network_id: UUID, known: _Loaded | None, generation: int, version: int) -> _Loaded:
    words = Vocabulary.objects.filter(network_id=network_id)
    if known is not None:
        words = words.filter(version__gt=known.version)
    lexicon = known.lexicon if known else Lexicon()
    lexicon.update(words.values_list("word", "id", "entries").iterator(chunk_size=5000))
    return _Loaded(version, generation, lexicon)

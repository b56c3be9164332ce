"""Finding where to send someone, however it is written: the same answers on SQLite and on PostgreSQL.

Each word of the question is a slot with alternatives: the word itself, words it may be misspelt from, what it means. Rare
slots are read first and bring the candidates; common ones only add to candidates already there. An entry's text score is
the share of the question's weight that it holds (inverse document frequency), so a word nobody wrote costs all alike.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from math import exp, log
from threading import Lock
from uuid import UUID

from django.db import connection

from allervers.accounts.models import Organisation
from allervers.core import clock
from allervers.directory import hours, postings
from allervers.directory.geometry import distance_km
from allervers.directory.models import Place, Service, Vocabulary
from allervers.directory.postings import FAR_KM
from allervers.directory.postings import Filters as Filters  # callers know the search, not its reading
from allervers.directory.spelling import EXACT, NEAR, Lexicon
from allervers.directory.wording import meanings, theme_vocabulary, tokens

_HALVES_KM = 6.0  # nearness counts for a third as much at this distance
_NEARNESS = 0.3  # how much being next door adds to a text score of at most 1
_ENOUGH_ROWS = 1500  # postings read before common words are only looked up in the candidates
_KEPT = 300  # candidates for which common words are looked up
_MOST_ROWS = 8000  # of one slot


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
    found = _candidates(slots, total, filters) if words else None
    ranked = _ranked(network_id, found, filters)
    if filters.near and not any(row.distance is not None for row in ranked):
        wider = replace(filters, near=None)
        found = _candidates(slots, total, wider) if words else None
        ranked = _ranked(network_id, found, wider, origin=filters.near)
    kept = _open(network_id, ranked, now, timezone, limit) if filters.open_now else ranked[:limit]
    read_as = [slot.read_as for slot in slots]
    return Answer(_hits(kept), read_as, words)


# --- the question ----------------------------------------------------------------------------------------------------


def _slots(network_id: UUID, words: list[str], *, exactly: bool) -> tuple[list[_Slot], float]:
    """A slot a word, and the weight of the whole question."""
    lexicon, entries = lexicon_of(network_id)
    meant = _meant(words, exactly=exactly)
    slots = []
    for word, meaning in zip(words, meant, strict=True):
        slot = _Slot(read_as=word)
        spelt = lexicon.candidates(word) if not exactly else [(word, EXACT)] if word in lexicon.words else []
        for term, factor in [*spelt, *meaning.terms.items()]:
            number, count = lexicon.words.get(term, (0, 0))
            if count:
                gain = factor * log(1 + entries / count)
                slot.gains[number] = max(gain, slot.gains.get(number, 0))
                slot.rows += count
        slot.sure = bool(spelt and spelt[0][1] == EXACT)
        if not slot.sure and not meaning.is_exact:
            near = spelt[0][0] if spelt and spelt[0][1] >= NEAR else ""
            slot.read_as = near or meaning.read_as or word
        slots.append(slot)
    return slots, sum(slot.best for slot in slots)


@dataclass
class _Meaning:
    """The terms that a word leads to, each with a factor; and the known word that it was read as."""

    terms: dict[str, float] = field(default_factory=dict)
    read_as: str = ""
    is_exact: bool = False


def _meant(words: list[str], *, exactly: bool) -> list[_Meaning]:
    """For each word, what it means, alone, in a phrase, or misspelt."""
    meant = [_Meaning() for _word in words]
    for run, terms in meanings(words):
        for position in run:
            meant[position].is_exact = True
            for term in terms:
                meant[position].terms[term] = 0.95 if len(run) > 1 else 0.85
    if exactly:
        return meant
    vocabulary, known = theme_vocabulary(), _theme_lexicon()
    for word, meaning in zip(words, meant, strict=True):
        if meaning.is_exact or len(word) < 4:
            continue
        if len(word) > 4 or not word.isascii():
            for other in known.within(word, 1):
                meaning.terms.update(dict.fromkeys(vocabulary[other], 0.6))
                meaning.read_as = meaning.read_as or other
        if not meaning.terms:
            for other in known.begun_by(word)[:6]:
                meaning.terms.update(dict.fromkeys(vocabulary[other], 0.55))
    return meant


@lru_cache(maxsize=1)
def _theme_lexicon() -> Lexicon:
    """The words that mean a theme, ready to be corrected to."""
    lexicon = Lexicon()
    lexicon.update((word, number, 1) for number, word in enumerate(sorted(theme_vocabulary())))
    return lexicon


# --- candidates ------------------------------------------------------------------------------------------------------


@dataclass
class _Candidates:
    """Entry id → sum over slots of the best alternative that it holds; and, where a point is given, how near it is."""

    total: float  # the weight of the whole question
    text: dict[int, float] = field(default_factory=dict)
    nearness: dict[int, float] = field(default_factory=dict)

    def score(self, entry: int) -> float:
        return self.text[entry] / self.total + self.nearness.get(entry, 0.0)

    def best(self) -> list[int]:
        """The most promising, at most `_KEPT`."""
        return sorted(self.text, key=lambda entry: (-self.score(entry), entry))[:_KEPT]

    def keep(self, bar: float) -> list[int]:
        """Forgets what is not among the best and whose text score is under `bar`, unless few are left; returns who stays."""
        if len(self.text) > _KEPT:
            self.text = {entry: score for entry, score in self.text.items() if score >= bar}
        kept = self.best()
        self.text = {entry: self.text[entry] for entry in kept}
        return kept


def _candidates(slots: list[_Slot], total: float, filters: Filters) -> _Candidates:
    """Who holds the question's words. Two reads: rare words bring candidates, common ones add to them."""
    rare, common = _rare_first([slot for slot in slots if slot.gains])
    found = _Candidates(total or 1.0)
    if rare:
        _add(found, rare, _read(rare, filters), filters)
    if common and found.text:
        rest = sum(slot.best for slot in common)
        kept = found.keep(max(found.text.values()) - rest)  # below, no common word makes up for what is missing
        _add(found, common, postings.of_words_in(_terms(common), kept), filters)
    elif common:
        _add(found, common, _read(common, filters), filters)
    return found


def _read(slots: list[_Slot], filters: Filters) -> postings.Rows:
    expected = sum(slot.rows for slot in slots)
    return postings.of_words(_terms(slots), filters, expected=expected, most=_MOST_ROWS)


def _rare_first(slots: list[_Slot]) -> tuple[list[_Slot], list[_Slot]]:
    """The slots that bring candidates, and those that only add to them: the rarest bring, one of them sure or two."""
    slots = sorted(slots, key=lambda slot: slot.rows)
    read, taken, sure = 0, 0, False
    for slot in slots:
        if taken and (sure or taken > 1) and read + slot.rows > _ENOUGH_ROWS:
            break
        read, taken, sure = read + slot.rows, taken + 1, sure or slot.sure
    return slots[:taken], slots[taken:]


def _terms(slots: list[_Slot]) -> list[int]:
    return sorted({term for slot in slots for term in slot.gains})


def _add(found: _Candidates, slots: list[_Slot], rows: postings.Rows, filters: Filters) -> None:
    """Adds to each entry the best alternative of each slot."""
    best: list[dict[int, float]] = [{} for _slot in slots]
    gains: dict[int, list[tuple[dict[int, float], float]]] = {}
    for held, slot in zip(best, slots, strict=True):
        for term, gain in slot.gains.items():
            gains.setdefault(term, []).append((held, gain))
    for entry, word, weight, latitude, longitude in rows:
        for held, gain in gains[word]:
            if gain * weight > held.get(entry, 0.0):
                held[entry] = gain * weight
        if filters.near and latitude is not None and entry not in found.nearness:
            found.nearness[entry] = _nearness(distance_km(*filters.near, latitude, longitude))
    for held in best:
        for entry, gain in held.items():
            found.text[entry] = found.text.get(entry, 0.0) + gain


def _nearness(km: float) -> float:
    return _NEARNESS * exp(-km / _HALVES_KM)


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
    network_id: UUID, found: _Candidates | None, filters: Filters, *, origin: tuple[float, float] | None = None
) -> list[_Ranked]:
    """Entries by score and nearness. No candidates: everything that passes the filters, within reason."""
    if found is None:
        rows = postings.entries(network_id, filters, most=_KEPT * 5 if filters.near else _KEPT)
    else:
        rows = postings.entries_of(found.best())
    near = filters.near or origin
    ranked = []
    for entry, place_id, service_id, when, latitude, longitude in rows:
        distance = None
        if near and latitude is not None and longitude is not None:
            distance = distance_km(*near, latitude, longitude)
            if filters.near and distance > FAR_KM:
                continue
        score = found.text[entry] / found.total if found else 0.0
        if distance is not None:
            score += _nearness(distance)
        ranked.append(_Ranked(entry, place_id, service_id, when, score, distance))
    if found is None and not near:
        return ranked
    return sorted(ranked, key=lambda row: (-row.score, row.distance or 0.0, row.id))


def _open(network_id: UUID, ranked: list[_Ranked], now: datetime, timezone: str, limit: int) -> list[_Ranked]:
    """The first `limit` that are open for certain at this moment."""
    closed = postings.closed_places(network_id, clock.today(timezone))
    kept = []
    for row in ranked:
        if row.place_id not in closed and hours.is_open(row.hours, now, timezone):
            kept.append(row)
            if len(kept) == limit:
                break
    return kept


def _hits(ranked: list[_Ranked]) -> list[Hit]:
    services = (
        Service.objects.order_by()
        .select_related("place__organisation")
        .in_bulk([row.service_id for row in ranked if row.service_id])
    )
    bare = [row.place_id for row in ranked if not row.service_id]
    places = Place.objects.order_by().select_related("organisation").in_bulk(bare)
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
    row = postings.state(network_id)
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

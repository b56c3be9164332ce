"""Keeping the search index true: called by every action that changes what can be found, in the same transaction.

The network's `SearchIndex` row is locked first, so versions are committed in order and other processes miss no word.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, F, Prefetch

from allervers.core import languages
from allervers.directory import postings, territories
from allervers.directory.enums import Cost, Theme
from allervers.directory.models import Place, Posting, SearchEntry, SearchIndex, Service, ServiceLanguage, Vocabulary
from allervers.directory.wording import terms_of

_BATCH = 400  # names in one IN (…): both databases take far more, planning stays quick


def refresh(network_id: UUID, place_ids: Iterable[UUID]) -> None:
    """Indexes these places and their services again, as they are now. Must run inside the caller's transaction."""
    wanted = sorted(set(place_ids))
    if not wanted:
        return
    index = _locked(network_id)
    index.version += 1
    for start in range(0, len(wanted), _BATCH):
        _refresh_batch(index, wanted[start : start + _BATCH])
    index.save(update_fields=["version", "entries"])


def rebuild(network_id: UUID, *, progress: object = None) -> int:
    """Indexes a whole network again in short transactions, then forgets words that stand nowhere. Entries written."""
    ids = list(Place.objects.filter(network_id=network_id).order_by("id").values_list("id", flat=True))
    for start in range(0, len(ids), _BATCH):
        with transaction.atomic():
            refresh(network_id, ids[start : start + _BATCH])
    with transaction.atomic():
        index = _locked(network_id)
        Vocabulary.objects.filter(network_id=network_id, entries=0).delete()
        index.generation += 1
        index.version += 1
        index.entries = SearchEntry.objects.filter(network_id=network_id).count()
        index.save()
    return index.entries


def _locked(network_id: UUID) -> SearchIndex:
    if connection.features.has_select_for_update:
        SearchIndex.objects.bulk_create([SearchIndex(network_id=network_id)], ignore_conflicts=True)
        return SearchIndex.objects.select_for_update().get(network_id=network_id)
    return SearchIndex.objects.get_or_create(network_id=network_id)[0]  # SQLite: the transaction already holds the lock


def _refresh_batch(index: SearchIndex, place_ids: Sequence[UUID]) -> None:
    change: Counter[str] = Counter()
    index.entries -= _withdraw(place_ids, change)
    entries, terms = _entries(index.network_id, place_ids)
    for weights in terms:
        change.update(weights.keys())
    numbers = _count_words(index, change)
    SearchEntry.objects.bulk_create(entries, batch_size=500)
    postings.write(
        [
            (numbers[term], entry.id, weight)
            for entry, weights in zip(entries, terms, strict=True)
            for term, weight in sorted(weights.items())
        ]
    )
    index.entries += len(entries)


def _withdraw(place_ids: Sequence[UUID], change: Counter[str]) -> int:
    """Removes the entries of these places; `change` is told which words stand in fewer. Returns how many there were."""
    gone = list(SearchEntry.objects.filter(place_id__in=place_ids).values_list("id", flat=True))
    if not gone:
        return 0
    held = Posting.objects.filter(entry_id__in=gone)
    for word, times in held.order_by().values_list("word__word").annotate(times=Count("id")):
        change[word] -= times
    held._raw_delete(held.db)
    SearchEntry.objects.filter(id__in=gone).delete()
    return len(gone)


def _count_words(index: SearchIndex, change: Counter[str]) -> dict[str, int]:
    """The ids of all words of `change`, made when new, their counts moved."""
    words = sorted(change)
    numbers: dict[str, int] = {}
    for start in range(0, len(words), 1000):
        rows = Vocabulary.objects.filter(network_id=index.network_id, word__in=words[start : start + 1000])
        numbers.update(rows.values_list("word", "id"))
    new = [
        Vocabulary(network_id=index.network_id, word=word, entries=max(0, change[word]), version=index.version)
        for word in words
        if word not in numbers
    ]
    by_move = defaultdict(list)
    for word, number in numbers.items():
        if change[word]:
            by_move[change[word]].append(number)
    for move, ids in by_move.items():
        for start in range(0, len(ids), 1000):
            Vocabulary.objects.filter(id__in=ids[start : start + 1000]).update(
                entries=F("entries") + move, version=index.version
            )
    Vocabulary.objects.bulk_create(new, batch_size=1000)
    numbers.update((row.word, row.id) for row in new)
    return numbers


def _entries(network_id: UUID, place_ids: Sequence[UUID]) -> tuple[list[SearchEntry], list[dict[str, float]]]:
    open_services = Service.objects.filter(closed_at=None).order_by("id")
    places = (
        Place.objects.filter(id__in=place_ids, closed_at=None, organisation__closed_at=None)
        .select_related("organisation", "territory")
        .defer("territory__contour")
        .prefetch_related(Prefetch("services", queryset=open_services, to_attr="open_services"))
        .order_by("id")
    )
    entries, terms = [], []
    for place in places:
        services: list[Service | None] = list(place.open_services) or [None]
        for service in services:
            entries.append(_entry(network_id, place, service))
            terms.append(terms_of(_fields(place, service), service.themes if service else []))
    return entries, terms


def _entry(network_id: UUID, place: Place, service: Service | None) -> SearchEntry:
    entry = SearchEntry(
        network_id=network_id,
        place=place,
        service=service,
        hours=place.opening_hours,
    )
    entry.latitude, entry.longitude = place.latitude, place.longitude
    if place.latitude is None or place.longitude is None:
        middle = territories.middle(place.territory) if place.territory else None
        entry.latitude, entry.longitude = middle or (None, None)
    if service is not None:
        entry.languages = _listed(service.languages)
        entry.themes = _listed(service.themes)
        entry.hours = service.opening_hours or place.opening_hours
        entry.without_coverage = bool(service.without_coverage)
        entry.for_residents = service.for_residents
        entry.free = service.cost in {Cost.FREE, Cost.NO_ADVANCE}
    return entry


def _listed(values: Iterable[str]) -> str:
    """ ",ar,fr," at most 300 characters, whole values only."""
    line = ","
    for value in values:
        if len(line) + len(value) < 299:
            line += value + ","
    return line if len(line) > 1 else ""


def _fields(place: Place, service: Service | None) -> list[tuple[str, float]]:
    """What is indexed of a service or a place, with how much it tells."""
    if service is None:
        fields = [(place.name, 1.0), (place.organisation.name, 0.9)]
    else:
        fields = [(service.name, 1.0), (place.name, 0.85), (place.organisation.name, 0.8)]
        spoken = " ".join(languages.name(code) for code in service.languages)
        themes = " ".join(str(Theme(theme).label) for theme in service.themes if theme in Theme.values)
        fields += [(service.public, 0.4), (spoken, 0.4), (themes, 0.45), (service.description[:600], 0.3)]
    return [*fields, (place.commune, 0.75), (place.address, 0.45), (place.postcode, 0.45), (place.address_more, 0.3)]


def speak(services: Iterable[Service]) -> None:
    """Writes the languages of these services where filters look."""
    rows = list(services)
    ServiceLanguage.objects.filter(service__in=rows).delete()
    ServiceLanguage.objects.bulk_create(
        [
            ServiceLanguage(service=service, language=code)
            for service in rows
            for code in dict.fromkeys(service.languages)
        ],
        batch_size=2000,
    )

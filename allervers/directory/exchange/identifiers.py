"""The ids that files speak: those a file gave, else ours in the same form, "source--id"."""

from allervers.directory.models import Place, Service
from allervers.directory.search import Hit

OUR_SOURCE = "aller-vers"


def place_identifier(place: Place) -> str:
    return place.source_id or f"{OUR_SOURCE}--{place.id}"


def service_identifier(service: Service) -> str:
    return service.source_id or f"{OUR_SOURCE}--{service.id}"


def told(hit: Hit) -> dict[str, object]:
    """A result as JSON; `id` is the one that import and export use."""
    return {
        "id": service_identifier(hit.service) if hit.service else place_identifier(hit.place),
        "name": hit.name,
        "kind": "service" if hit.service else "place",
        "uuid": str(hit.service.id if hit.service else hit.place.id),
        "organisation": hit.organisation.name,
        "place": hit.place.name,
        "address": hit.place.address,
        "postcode": hit.place.postcode,
        "commune": hit.place.commune,
        "latitude": hit.place.latitude,
        "longitude": hit.place.longitude,
        "distance_km": round(hit.distance_km, 2) if hit.distance_km is not None else None,
        "themes": hit.service.themes if hit.service else [],
        "languages": hit.service.languages if hit.service else [],
        "opening_hours": hit.hours,
        "score": round(hit.score, 4),
    }

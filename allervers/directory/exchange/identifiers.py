"""The ids that files speak: those a file gave, else ours in the same form, "source--id"."""

from allervers.directory.models import Place, Service

OUR_SOURCE = "aller-vers"


def place_identifier(place: Place) -> str:
    return place.source_id or f"{OUR_SOURCE}--{place.id}"


def service_identifier(service: Service) -> str:
    return service.source_id or f"{OUR_SOURCE}--{service.id}"

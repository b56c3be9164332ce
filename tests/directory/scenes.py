"""Services for the directory's tests, made through the actions that everyone calls."""

from pathlib import Path
from typing import Any

from allervers.accounts.models import Organisation
from allervers.directory import actions
from allervers.directory.enums import Cost, Theme
from allervers.directory.models import Place, Service
from tests.cast import Cast

WAZEMMES = (50.6226, 3.0497)


def place(cast: Cast, name: str = "Centre de santé", organisation: Organisation | None = None, **values: Any) -> Place:
    return actions.create_place(
        organisation or cast.hospital, by=cast.viewer("coordinator"), values={"name": name, **values}
    )


def service(cast: Cast, name: str, at: Place | None = None, **values: Any) -> Service:
    return actions.create_service(at or place(cast), by=cast.viewer("coordinator"), values={"name": name, **values})


def street(cast: Cast) -> dict[str, Service]:
    """Five services in Lille and around."""
    near = place(cast, "Centre mutualiste", commune="Lille", latitude=50.6230, longitude=3.0500)
    far = place(cast, "Clinique", commune="Roubaix", latitude=50.6900, longitude=3.1800)
    return {
        "dental": service(cast, "Centre dentaire", near, themes=[Theme.TEETH], languages=["ar", "fr"], cost=Cost.FREE),
        "dental_far": service(cast, "Cabinet dentaire Montesquieu", far, themes=[Theme.TEETH], languages=["fr"]),
        "eyes": service(cast, "Consultation d’ophtalmologie", near, themes=[Theme.EYES], languages=["tr"]),
        "food": service(cast, "Épicerie solidaire", near, themes=[Theme.FOOD], opening_hours="Mo-Fr 09:00-12:00"),
        "women": service(cast, "Sage-femme libérale", far, themes=[Theme.WOMEN], opening_hours="24/7"),
    }


def real_files(name: str) -> list[Path]:
    """A file of real data laid beside the project, when there is one."""
    return [path for folder in Path(__file__).parents if (path := folder / "shared" / "data" / name).exists()]

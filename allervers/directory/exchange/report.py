"""What an import did or would do, line by line where it matters."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

SHOWN = 500  # refusals and duplicates told one by one; the rest is counted


class NeedsMapping(Exception):
    """No column of the spreadsheet is the name of a structure: someone must say which once."""

    def __init__(self, headings: list[str]) -> None:
        self.headings = headings
        super().__init__(
            _(
                "Aucune colonne ne nomme les structures (%(seen)s). Dites laquelle sur la page d’import : "
                "la réponse sera retenue pour les fichiers de mêmes colonnes."
            )
            % {"seen": ", ".join(headings[:12])}
        )


@dataclass
class Report:
    """What an import did or would do."""

    dry_run: bool
    format: str = ""
    read: int = 0
    created: dict[str, int] = field(default_factory=lambda: {"organisations": 0, "places": 0, "services": 0})
    updated: int = 0
    unchanged: int = 0
    refused_count: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)  # line, why
    warnings: list[dict[str, Any]] = field(default_factory=list)  # line, what
    duplicates: list[dict[str, Any]] = field(default_factory=list)  # line, name, looks_like, place
    columns: dict[str, str] = field(default_factory=dict)  # heading → field
    unknown_columns: list[str] = field(default_factory=list)  # kept aside
    dropped_columns: list[str] = field(default_factory=list)  # never taken in

    def refuse(self, line: int, why: str) -> None:
        self.refused_count += 1
        if len(self.refused) < SHOWN:
            sentence = _("Ligne %(line)d : %(why)s.") % {"line": line, "why": why}
            self.refused.append({"line": line, "why": sentence})

    def warn(self, line: int, what: str) -> None:
        if len(self.warnings) < SHOWN:
            self.warnings.append({"line": line, "what": what})

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

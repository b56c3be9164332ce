"""The columns of a screening file and what each cell may say. Pure: knows no database.

One line is one person at one session. Nothing names anyone: a code or a reference, never a name or a telephone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from allervers.core import languages
from allervers.core.forbidden import is_forbidden
from allervers.core.text import fold


@dataclass(frozen=True)
class Column:
    """`heading` is ours; `also` are the other headings understood, folded; `wording.COLUMNS` says what to write."""

    name: str
    heading: str
    also: tuple[str, ...]
    example: str
    required: bool = False


COLUMNS = (
    Column("campaign", "campagne", ("campaign", "action", "slug"), "", required=True),
    Column("on", "date_seance", ("date", "seance", "session date", "session"), "14/03/2018", required=True),
    Column("hub", "pole", ("hub", "lieu", "centre", "antenne"), ""),
    Column("ref", "ref", ("reference", "n", "no", "numero", "ligne"), "1"),
    Column("code", "code", ("code anonyme", "person code"), "Roseau 27"),
    Column("sex", "sexe", ("sex",), "F"),
    Column("age", "age", ("tranche d'age", "age band"), "45-64"),
    Column("language", "langue", ("language", "langue parlee"), "tamoul"),
    Column("result", "resultat", ("result",), "rendez-vous"),
    Column("referred_to", "oriente_vers", ("oriente", "orientation", "referred to", "partenaire"), "partenaire"),
    Column("agreement", "accord", ("agreement", "consentement"), "oui"),
    Column("attended", "venue", ("attended", "presence", "rendez-vous tenu"), "oui"),
    Column("outcome", "suite", ("outcome", "issue"), "équipé"),
    Column("delay", "delai_semaines", ("delai", "delay weeks", "weeks"), "8"),
    Column("seen_on", "date_rendez_vous", ("appointment date", "rdv", "date rdv"), ""),
)
_BY_HEADING = {
    re.sub(r"[\W_]+", " ", fold(heading)).strip(): column.name
    for column in COLUMNS
    for heading in (column.name, column.heading, *column.also)
}
REQUIRED = {column.name: column.heading for column in COLUMNS if column.required}

# Beside what `core.forbidden` refuses everywhere: short words that are only refused as a whole heading's word.
_DENIED = ("ame", "origine", "origines", "secu")
# Not imported here: a screening file names no one.
IDENTIFYING = (
    "nom", "prenom", "nom prenom", "nom de famille", "telephone", "tel", "portable", "mobile", "adresse", "mail", "email",
    "courriel", "date de naissance", "naissance", "name", "first name", "last name", "surname", "phone", "address",
    "birth date", "date of birth", "diagnostic", "diagnosis", "commentaire", "observations", "remarques", "notes",
)  # fmt: skip

_YES = frozenset({"oui", "o", "x", "1", "yes", "y", "vrai", "true", "papier", "signe"})
_UNKNOWN = frozenset({"", "inconnu", "inconnue", "?", "nsp", "ne sait pas", "on ne sait pas", "unknown", "-", "nr"})
_RESULTS = {
    "nothing": {"rien", "rien a faire", "aucun", "ras", "nothing", "non"},
    "appointment": {"rendez-vous", "rendez vous", "rdv", "rv", "appointment", "ophtalmo", "dentiste", "besoin rdv"},
    "equipment": {"equipement", "lunettes", "equipment", "appareillage"},
    "urgent": {"urgent", "urgence", "a voir vite", "vite"},
    "left": {"parti", "partie", "parti·e", "parti(e)", "left"},
}
_ORIENTATIONS = {
    "partner": {"partenaire", "oui", "partner", "x", "yes"},
    "elsewhere": {"ailleurs", "autre", "elsewhere"},
    "refused": {"refus", "a refuse", "refuse", "ne souhaite pas", "refused"},
    "nowhere": {"nulle part", "non", "pas oriente", "pas orientee", "non oriente", "nowhere", "no"},
}
_ANSWERS = {
    "came": {"oui", "o", "venu", "venue", "venu·e", "venu(e)", "honore", "tenu", "came", "yes", "1", "x", "present"},
    "did_not_come": {"non", "n", "pas venu", "pas venue", "pas venu·e", "absent", "absente", "manque", "0", "no",
                     "did not come", "non honore"},
    "came_not_seen": {"venu pas vu", "pas vu", "pas recu", "came not seen"},
    "moved": {"deplace", "reporte", "moved"},
    "declined": {"refuse", "refus", "refuse par le partenaire", "pas de place", "declined"},
    "to_come": {"a venir", "prevu", "to come"},
}  # fmt: skip
_OUTCOMES = {
    "equipped": {
        "equipe",
        "equipee",
        "equipe·e",
        "equipe(e)",
        "appareille",
        "appareillee",
        "lunettes",
        "equipped",
        "oui",
    },
    "treated": {"soigne", "soignee", "soigne·e", "soigne(e)", "traite", "traitee", "treated"},
    "nothing": {"rien", "rien a faire", "sans suite", "nothing", "non"},
}
_SEXES = {"woman": {"f", "femme", "woman", "female"}, "man": {"h", "m", "homme", "man", "male"},
          "other": {"autre", "other", "x"}}  # fmt: skip
_BANDS = ((17, "0-17"), (25, "18-25"), (44, "26-44"), (64, "45-64"), (79, "65-79"))
_CODE = re.compile(r"[^\W\d_]{2,24}(?:[ -][^\W\d_]{2,24})?[ -]?\d{1,5}")
_MAX_WEEKS = 520


class Why(StrEnum):
    """Why a line is refused; `programmes.refusals` says it in words, with what to do."""

    NO_CAMPAIGN = "no_campaign"
    UNKNOWN_CAMPAIGN = "unknown_campaign"
    DECLARED_CAMPAIGN = "declared_campaign"
    DATE = "date"
    FUTURE = "future"
    UNKNOWN_HUB = "unknown_hub"
    OTHER_HUB = "other_hub"
    HUB_MISSING = "hub_missing"
    CODE = "code"
    NO_CARDS = "no_cards"
    REF = "ref"
    SEX = "sex"
    AGE = "age"
    LANGUAGE = "language"
    RESULT = "result"
    REFERRED_TO = "referred_to"
    NO_RECIPIENT = "no_recipient"
    AGREEMENT = "agreement"
    AGREEMENT_WITHOUT_CODE = "agreement_without_code"
    AGREEMENT_ELSEWHERE = "agreement_elsewhere"
    ATTENDED = "attended"
    OUTCOME = "outcome"
    DELAY = "delay"
    SEEN_ON = "seen_on"
    SEEN_BEFORE = "seen_before"
    TWO_DELAYS = "two_delays"
    CONTRADICTION = "contradiction"
    TWICE = "twice"
    SAYS_OTHERWISE = "says_otherwise"
    NOT_HELD = "not_held"
    COUNTED_WHOLE = "counted_whole"
    TOO_MANY_CELLS = "too_many_cells"
    INSURED = "insured"


class Refused(ValueError):
    """One cell cannot be taken. `shown` is safe to print back: never what stood where a name may have been typed."""

    def __init__(self, why: Why, column: str = "", shown: str = "") -> None:
        super().__init__(why.value)
        self.why, self.column, self.shown = why, column, shown[:40]


@dataclass(frozen=True)
class Headings:
    """What each column of a file is: our name, or None. `dropped` were never read, `ignored` are not ours."""

    names: tuple[str | None, ...]
    dropped: tuple[str, ...]
    identifying: tuple[str, ...]
    ignored: tuple[str, ...]
    missing: tuple[str, ...]
    twice: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line, understood; what needs the database (campaign, hub, partner) is still text."""

    line: int
    campaign: str
    on: date
    hub: str = ""
    ref: str = ""
    code: str = ""
    sex: str = ""
    age_band: str = ""
    language: str = ""
    arrival: str = "seen"
    result: str = ""
    orientation: str = ""
    recipient: str = ""
    agreed: bool = False
    answer: str = ""
    answered_unknown: bool = False  # the file says that nobody knows, which is more than saying nothing
    outcome: str = ""
    delay_days: int | None = None

    def content(self) -> str:
        """The line as text, without its place in the file: two equal lines are two people, in order."""
        return repr(replace(self, line=0))


def read_headings(cells: Sequence[object]) -> Headings:
    """Recognises the first line of a file."""
    names: list[str | None] = []
    dropped: list[str] = []
    identifying: list[str] = []
    ignored: list[str] = []
    twice: list[str] = []
    for cell in cells:
        heading = str(cell or "").strip()
        key = re.sub(r"[\W_]+", " ", fold(heading)).strip()
        name = _BY_HEADING.get(key)
        if name is None and key:
            (dropped if _is_denied(key) else identifying if _names_someone(key) else ignored).append(heading)
        elif name in names and name is not None:
            twice.append(heading)
        names.append(name)
    missing = tuple(heading for name, heading in REQUIRED.items() if name not in names)
    return Headings(tuple(names), tuple(dropped), tuple(identifying), tuple(ignored), missing, tuple(twice))


def read_row(line: int, cells: dict[str, object]) -> Row:
    """One line understood. Raises `Refused` at the first cell that cannot be taken."""
    text = {name: _text(cells.get(name)) for name in (column.name for column in COLUMNS)}
    if not text["campaign"]:
        raise Refused(Why.NO_CAMPAIGN, "campaign")
    on = _date(cells.get("on"), Why.DATE, "on")
    found = _choice(text["result"], _RESULTS, Why.RESULT, "result")
    orientation, recipient = _orientation(text["referred_to"])
    answer = _choice(text["attended"], _ANSWERS, Why.ATTENDED, "attended")
    return Row(
        line=line,
        campaign=text["campaign"],
        on=on,
        hub=text["hub"],
        ref=_reference(text["ref"]),
        code=_code(text["code"]),
        sex=_choice(text["sex"], _SEXES, Why.SEX, "sex"),
        age_band=_age(text["age"]),
        language=_language(text["language"]),
        arrival="left" if found == "left" else "seen",
        result="" if found == "left" else found,
        orientation=orientation,
        recipient=recipient,
        agreed=_agreed(text["agreement"]),
        answer=answer,
        answered_unknown=bool(text["attended"]) and not answer,
        outcome=_choice(text["outcome"], _OUTCOMES, Why.OUTCOME, "outcome"),
        delay_days=_delay(text["delay"], cells.get("seen_on"), on),
    )


def _is_denied(key: str) -> bool:
    return is_forbidden(key) or any(word in key.split() for word in _DENIED)


def _names_someone(key: str) -> bool:
    return any(re.search(rf"\b{re.escape(word)}\b", key) for word in IDENTIFYING)


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():  # a spreadsheet's 8 comes as 8.0
        value = int(value)
    return " ".join(str(value if value is not None else "").split())


def _choice(text: str, choices: dict[str, set[str]], why: Why, column: str) -> str:
    key = fold(text)
    if key in _UNKNOWN:
        return ""
    for value, words in choices.items():
        if key in words or key == value or key.replace("_", " ") == value.replace("_", " "):
            return value
    raise Refused(why, column, text)


def _orientation(text: str) -> tuple[str, str]:
    try:
        return _choice(text, _ORIENTATIONS, Why.REFERRED_TO, "referred_to"), ""
    except Refused:
        return "partner", text  # an organisation's name, which the database knows or not


def _agreed(text: str) -> bool:
    key = fold(text)
    if key in _YES:
        return True
    if key in _UNKNOWN or key in {"non", "no", "n", "0"}:
        return False
    raise Refused(Why.AGREEMENT, "agreement")


def _code(text: str) -> str:
    if not text:
        return ""
    if not _CODE.fullmatch(text):
        raise Refused(Why.CODE, "code")  # not printed back: it may be a name
    return re.sub(r"[ -]?(\d+)$", r" \1", text[0].upper() + text[1:])


def _reference(text: str) -> str:
    if re.fullmatch(r"[12]\d{12}(\d{2})?", re.sub(r"\W", "", text)):
        raise Refused(Why.INSURED, "ref")
    if text and not re.fullmatch(r"[A-Za-z0-9][\w./-]{0,23}", text, re.ASCII):
        raise Refused(Why.REF, "ref")
    if text and not any(letter.isdigit() for letter in text):
        raise Refused(Why.REF, "ref")
    return text


def _age(text: str) -> str:
    key = fold(text).replace(" ans", "").replace(" a ", "-").replace("–", "-").replace(" ", "").replace("etplus", "+")
    if fold(text) in _UNKNOWN:
        return ""
    if key.isdecimal() and int(key) <= 120:
        return next((band for last, band in _BANDS if int(key) <= last), "80+")
    if key in {band for _last, band in _BANDS} | {"80+"}:
        return key
    raise Refused(Why.AGE, "age", text)


_LANGUAGES = {fold(language.french): code for code, language in languages.LANGUAGES.items()} | {
    fold(part): code
    for code, language in reversed(languages.LANGUAGES.items())
    for part in re.split(r"[(),]", language.french)
    if part.strip()
}


def _language(text: str) -> str:
    if fold(text) in _UNKNOWN:
        return ""
    if text in languages.LANGUAGES:
        return text
    code = _LANGUAGES.get(fold(text))
    if code is None:
        raise Refused(Why.LANGUAGE, "language", text)
    return code


def _date(value: object, why: Why, column: str) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(value)
    parts = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)
    try:
        found = date(int(parts[3]), int(parts[2]), int(parts[1])) if parts else date.fromisoformat(text[:10])
    except ValueError as error:
        raise Refused(why, column, text) from error
    if not 1990 <= found.year <= 2200:
        raise Refused(why, column, text)
    return found


def _delay(weeks: str, seen_on: object, on: date) -> int | None:
    days = None
    if weeks and fold(weeks) not in _UNKNOWN:
        try:
            days = round(float(fold(weeks).replace(",", ".").replace("semaines", "").replace("sem", "").strip()) * 7)
        except (ValueError, OverflowError) as error:
            raise Refused(Why.DELAY, "delay", weeks) from error
        if not 0 <= days <= _MAX_WEEKS * 7:
            raise Refused(Why.DELAY, "delay", weeks)
    if _text(seen_on):
        seen = _date(seen_on, Why.SEEN_ON, "seen_on")
        if seen < on:
            raise Refused(Why.SEEN_BEFORE, "seen_on", seen.isoformat())
        if days is not None and abs((seen - on).days - days) > 6:
            raise Refused(Why.TWO_DELAYS, "delay")
        days = (seen - on).days
    return days

"""What a card may hold of someone's identity, read from what was typed. Pure; no field is forced, a nickname is enough."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

import phonenumbers
from opening_hours import validate

OWNERS = ("self", "family", "friend", "hostel", "unknown")
_LONGEST = {"first_name": 80, "last_name": 80, "nickname": 80, "address": 300, "email": 254, "note": 2000}
_OLDEST = 1900
TEAM_ONLY = "off"  # in OSM notation, never: no moment is safe for a machine, people read the note


class Problem(StrEnum):
    """Why something typed cannot be taken; a screen turns it into a sentence."""

    NOTHING = "nothing"
    PHONE = "phone"
    BIRTH = "birth"
    EMAIL = "email"
    TOO_LONG = "too_long"
    STATE_NUMBER = "state_number"  # of social security: never kept, in any field


class IdentityRefused(ValueError):
    def __init__(self, field_name: str, problem: Problem) -> None:
        super().__init__(f"{field_name}: {problem}")
        self.field_name, self.problem = field_name, problem


@dataclass(frozen=True)
class Phone:
    """A number in E.164, whose it is, what may be sent there, and when: OSM opening hours, and a note for people."""

    number: str
    owner: str = "self"
    sms: bool = False
    voicemail: bool = False
    hours: str = ""
    hours_note: str = ""


@dataclass(frozen=True)
class Helper:
    """Someone of the family, or who helps."""

    name: str
    tie: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Identity:
    first_name: str = ""
    last_name: str = ""
    nickname: str = ""
    birth_date: date | None = None
    birth_year: int | None = None
    phones: tuple[Phone, ...] = ()
    address: str = ""
    email: str = ""
    helpers: tuple[Helper, ...] = field(default=())
    note: str = ""

    @property
    def names_someone(self) -> bool:
        return bool(self.first_name or self.last_name or self.nickname)

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part) or self.nickname

    def year(self) -> int | None:
        return self.birth_date.year if self.birth_date else self.birth_year

    def is_minor(self, today: date) -> bool:
        """Surely under 18: with a year alone, whoever turns 18 this year is not counted as a minor."""
        years = self._years(today)
        return years is not None and years < 18

    def age_band(self, today: date) -> str:
        """The band of `enums.AgeBand`, "" when no birth is known."""
        years = self._years(today)
        if years is None:
            return ""
        for last, band in ((17, "0-17"), (25, "18-25"), (44, "26-44"), (64, "45-64"), (79, "65-79")):
            if years <= last:
                return band
        return "80+"

    def _years(self, today: date) -> int | None:
        if self.birth_date:
            born = self.birth_date
            return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        return today.year - self.birth_year if self.birth_year else None


def parse(raw: Mapping[str, Any], *, today: date) -> Identity:
    """An identity from JSON or a form. Raises `IdentityRefused` at the first thing that cannot be taken.

    `birth` may stand for `birth_date` and `birth_year`: "1961", "12/03/1961" or "1961-03-12".
    """
    texts = {name: _text(raw, name) for name in _LONGEST}
    if texts["email"] and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", texts["email"]):
        raise IdentityRefused("email", Problem.EMAIL)
    born, year = parse_birth(str(raw.get("birth_date") or raw.get("birth") or raw.get("birth_year") or ""), today)
    return Identity(
        **texts,
        birth_date=born,
        birth_year=year,
        phones=_phones(raw.get("phones") or ()),
        helpers=_helpers(raw.get("helpers") or ()),
    )


def to_json(identity: Identity) -> dict[str, Any]:
    """The sealed form: what is empty is left out. `parse(to_json(x)) == x`."""
    plain: dict[str, Any] = {name: value for name in _LONGEST if (value := getattr(identity, name))}
    if identity.birth_date:
        plain["birth_date"] = identity.birth_date.isoformat()
    elif identity.birth_year:
        plain["birth_year"] = identity.birth_year
    if identity.phones:
        plain["phones"] = [dict(vars(phone)) for phone in identity.phones]
    if identity.helpers:
        plain["helpers"] = [
            {name: value for name, value in vars(helper).items() if value} for helper in identity.helpers
        ]
    return plain


def parse_birth(typed: str, today: date) -> tuple[date | None, int | None]:
    """A day, or a year alone, or nothing."""
    typed = typed.strip()
    if not typed:
        return None, None
    if re.fullmatch(r"\d{4}", typed):
        if not _OLDEST <= int(typed) <= today.year:
            raise IdentityRefused("birth", Problem.BIRTH)
        return None, int(typed)
    parts = re.fullmatch(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})", typed)
    try:
        born = date(int(parts[3]), int(parts[2]), int(parts[1])) if parts else date.fromisoformat(typed)
    except ValueError as error:
        raise IdentityRefused("birth", Problem.BIRTH) from error
    if not born.year >= _OLDEST or born > today:
        raise IdentityRefused("birth", Problem.BIRTH)
    return born, None


def parse_phone(typed: str, *, region: str = "FR") -> str:
    """A number in E.164; raises `IdentityRefused`. A number of another country starts with + or 00."""
    typed = typed.strip()
    try:
        number = phonenumbers.parse("+" + typed[2:] if typed.startswith("00") else typed, region)
    except phonenumbers.NumberParseException as error:
        raise IdentityRefused("phones", Problem.PHONE) from error
    if not phonenumbers.is_possible_number(number):
        raise IdentityRefused("phones", Problem.PHONE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def say_phone(number: str) -> str:
    """As people say it: "06 12 34 56 78", or "+44 20 …" for another country."""
    try:
        parsed = phonenumbers.parse(number, "FR")
    except phonenumbers.NumberParseException:
        return number
    national = parsed.country_code == 33
    shape = phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, shape)


def hours_are_readable(expression: str) -> bool:
    """Whether a machine can hold to these safe hours; none said is any time."""
    return not expression or bool(validate(expression))


def holds_nir(text: str) -> bool:
    """Whether some text holds what looks like a French social-security number (13 or 15 digits, spaced or not)."""
    packed = re.sub(r"(?<=[\dABab])[\s.\-]+(?=\d)", "", text)
    return bool(
        re.search(r"(?<!\d)[12]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[ABab])\d{3}\d{3}(?:\d{2})?(?!\d)", packed)
    )


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = " ".join(str(raw.get(name) or "").split()) if name != "note" else str(raw.get(name) or "").strip()
    return _checked(value, name, _LONGEST[name])


def _checked(value: str, name: str, longest: int) -> str:
    if len(value) > longest:
        raise IdentityRefused(name, Problem.TOO_LONG)
    if holds_nir(value):
        raise IdentityRefused(name, Problem.STATE_NUMBER)
    return value


def _phones(raw: Iterable[Mapping[str, Any]]) -> tuple[Phone, ...]:
    phones: dict[str, Phone] = {}
    for line in raw:
        if typed := str(line.get("number") or "").strip():
            owner = str(line.get("owner") or "self")
            when, note = (_checked(str(line.get(key) or "").strip(), "phones", 120) for key in ("hours", "hours_note"))
            if not hours_are_readable(when):  # words of before: a machine cannot hold to them, so it never writes
                when, note = TEAM_ONLY, note or when
            phone = Phone(
                number=parse_phone(typed),
                owner=owner if owner in OWNERS else "unknown",
                sms=bool(line.get("sms")),
                voicemail=bool(line.get("voicemail")),
                hours=when,
                hours_note=note,
            )
            phones.setdefault(phone.number, phone)
    return tuple(phones.values())


def _helpers(raw: Iterable[Mapping[str, Any]]) -> tuple[Helper, ...]:
    helpers = []
    for line in raw:
        name, tie, typed = (str(line.get(key) or "").strip() for key in ("name", "tie", "phone"))
        if name or tie or typed:
            helper = Helper(_checked(name, "helpers", 80), _checked(tie, "helpers", 80))
            helpers.append(replace(helper, phone=parse_phone(typed)) if typed else helper)
    return tuple(helpers)

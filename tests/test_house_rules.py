"""What the house asks of every file, held by a machine."""

import ast
import inspect
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import allauth
import pytest
from django import forms
from django.apps import apps
from django.db import models
from django.template.loader import get_template

from allervers.core.forbidden import is_forbidden
from allervers.core.register import Level
from allervers.web.workspace.event_words import WORDS
from config import register

ROOT = Path(__file__).resolve().parent.parent
OURS = ["allervers", "config"]
# Where such a word must be written to refuse it, or names something else; each with its reason.
NEVER_BUT = {
    "allervers/core/forbidden.py": "the deny-list itself",
    "allervers/programmes/columns.py": "the refusal of a line that holds a social-security number",
    "allervers/people/identity.py": "the check that refuses a social-security number typed anywhere",
}


def _python() -> list[Path]:
    return [path for folder in OURS for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts]


def _templates() -> list[Path]:
    return sorted(path for path in (ROOT / "allervers").rglob("templates/**/*") if path.suffix in {".html", ".txt"})


def _our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("allervers.")]


# --- sizes, names, time ----------------------------------------------------------------------------------------------


def test_no_file_is_longer_than_500_lines() -> None:
    kept = {".py", ".html", ".css", ".js", ".txt"}
    folders = [*OURS, "tests", "bench", "deploy"]
    long = [
        f"{path.relative_to(ROOT)}: {count} lines"
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in kept and not {"vendor", "migrations", "node_modules"} & set(path.parts)
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 500
    ]

    assert long == []


def test_no_module_is_called_utils() -> None:
    vague = {"utils", "helpers", "common", "misc", "util", "helper"}
    found = [str(path.relative_to(ROOT)) for path in _python() if vague & {path.stem, *path.parts}]

    assert found == []


def test_time_is_read_from_the_clock_only() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in _python()
        if path != ROOT / "allervers/core/clock.py"
        for line in _time_readings(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert found == [], f"use allervers.core.clock: {found}"


def test_planted_time_reading_is_found() -> None:
    planted = "datetime.now(UTC)\ntimezone.now()\ndate.today()\ntime.time()\ndefault=1\nclock.now()\nx = models.F(timezone.now)\n"

    assert list(_time_readings(ast.parse(planted))) == [1, 2, 3, 4, 7]


def _time_readings(tree: ast.AST) -> Iterator[int]:
    """Lines that name now, today or utcnow of a date library (called or passed), or time.time."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        owner = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")
        dates = owner in {"datetime", "date", "timezone", "dt"}
        if (dates and node.attr in {"now", "utcnow", "today"}) or (owner == "time" and node.attr == "time"):
            yield node.lineno


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in _python()
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert silent == [], f"one sentence at the top of each: {silent}"


def test_nothing_is_left_to_do() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*_python(), *_templates()]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(r"\b(TODO|FIXME|XXX)\b", line)
    ]

    assert found == []


def test_each_exemption_has_its_reason() -> None:
    bare = re.compile(r"#\s*(type:\s*ignore(\[[^\]]*\])?|noqa(:\s*[A-Z0-9, ]+)?)\s*$")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _python()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if bare.search(line)
    ]

    assert found == []


# --- templates -------------------------------------------------------------------------------------------------------


def test_every_template_is_used() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in [*_python(), *_templates()]}
    third_party = _third_party_template_names()
    unused = []
    for path in _templates():
        name = path.as_posix().split("/templates/", 1)[1]
        named = any(f'"{name}"' in text or f"'{name}'" in text for other, text in sources.items() if other != path)
        stem = any(f'"{name.removesuffix(path.suffix)}' in text for text in sources.values()) or name in third_party
        if not named and not stem:
            unused.append(name)

    assert unused == []


def _third_party_template_names() -> set[str]:
    """Templates that third parties load by name: those they ship, which ours replace."""
    folders = [Path(allauth.__file__).parent / "templates", Path(forms.__file__).parent / "templates"]
    folders.append(Path(forms.__file__).parent / "jinja2")
    names = {path.relative_to(folder).as_posix() for folder in folders for path in folder.rglob("*") if path.is_file()}
    return names | {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}


def test_every_template_compiles() -> None:
    names = {path.as_posix().split("/templates/", 1)[1] for path in _templates()}

    for name in sorted(names):
        get_template(name)


def test_templates_hold_no_inline_script_or_style() -> None:
    inline = re.compile(
        r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)", re.IGNORECASE
    )
    found = [str(path.relative_to(ROOT)) for path in _templates() if inline.search(path.read_text(encoding="utf-8"))]

    assert found == []


# --- the register of fields ------------------------------------------------------------------------------------------


def test_every_model_has_its_line_in_the_register() -> None:
    missing = sorted(label for label in register.labels() if label not in register.collected())

    assert missing == [], f"add each to MODELS in its app's register.py (third-party: config/register.py): {missing}"


def test_no_line_of_the_register_without_its_model_or_field() -> None:
    stale = sorted(set(register.collected()) - register.labels())
    for label, line in register.collected().items():
        if label in register.labels():
            names = {field.name for field in apps.get_model(label)._meta.get_fields()}
            stale += [f"{label}.{name}" for name in line.fields if name not in names]

    assert stale == []


def test_every_line_of_the_register_answers_everything() -> None:
    empty = [
        f"{label}.{name}"
        for label, line in register.collected().items()
        for name in ("purpose", "basis", "retention", "readers", "erasure")
        if not str(getattr(line, name)).strip()
    ]

    assert empty == []


def test_sealed_and_personal_fields_have_their_own_line() -> None:
    """What is sealed, or by its name or type says something of a person, is of level 2 or 3 and has its own line."""
    missing = []
    for model in _our_models():
        label = model._meta.label
        line = register.collected().get(label)
        if line is None:
            continue  # told above
        for field in model._meta.concrete_fields:
            if _is_personal(field) and field.name not in line.fields:
                missing.append(f"{label}.{field.name}")

    assert missing == [], f"add a Field line (level, purpose, readers) for each: {missing}"


def test_field_lines_are_of_level_2_or_3() -> None:
    low = [
        f"{label}.{name}"
        for label, line in register.collected().items()
        for name, field in line.fields.items()
        if field.level < Level.PERSONAL
    ]

    assert low == []


def _is_personal(field: models.Field) -> bool:  # type: ignore[type-arg]
    if isinstance(field, models.BinaryField):
        return True
    personal = {"sex", "age_band", "speaks", "reads", "first_name", "last_name", "birth_date", "birth_year", "is_minor"}
    return field.name in personal | {"is_protected", "interpreter", "code_hash", "unlock_hash", "no_follow_up"}


# --- what never exists -----------------------------------------------------------------------------------------------


def test_what_never_exists_is_in_no_model() -> None:
    found = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            told = [field.name, str(getattr(field, "verbose_name", "")), str(getattr(field, "help_text", ""))]
            told += [str(part) for choice in getattr(field, "choices", None) or [] for part in choice]
            found += [f"{model._meta.label}.{field.name}: {text}" for text in told if is_forbidden(text)]

    assert found == []


def test_what_never_exists_is_in_no_form() -> None:
    found = []
    for form in _forms():
        for name, field in form.base_fields.items():
            told = [name, str(field.label or ""), *(str(part) for choice in _choices(field) for part in choice)]
            found += [f"{form.__qualname__}.{name}: {text}" for text in told if is_forbidden(text)]

    assert found == []


def test_what_never_exists_is_in_no_string_of_ours() -> None:
    """Import headings, API schemas, lists, templates' fields: every literal that is neither a docstring nor a sentence."""
    found = []
    for path in _python():
        place = path.relative_to(ROOT).as_posix()
        if place in NEVER_BUT:
            continue
        found += [
            f"{place}:{line}: {text}"
            for line, text in _literals(path)
            if len(text.split()) <= 6 and len(text) <= 60 and is_forbidden(text)
        ]
    for path in _templates():
        names = re.findall(r"\b(?:name|for|id|value)=\"([^\"]+)\"", path.read_text(encoding="utf-8"))
        found += [f"{path.relative_to(ROOT)}: {text}" for text in names if is_forbidden(text)]

    assert found == []


@pytest.mark.parametrize(
    "word",
    ["Nationalité", "country_of_birth", "N° sécurité sociale", "NIR", "Titre de séjour", "religion", "passport_number"],
)
def test_planted_forbidden_word_is_found(word: str) -> None:
    assert is_forbidden(word)


def _literals(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg


def _forms() -> list[type[forms.Form]]:
    import importlib

    found = []
    for path in _python():
        module = importlib.import_module(
            ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        )
        for _name, value in inspect.getmembers(module, inspect.isclass):
            if issubclass(value, forms.BaseForm) and value.__module__ == module.__name__:
                found.append(value)
    return found


def _choices(field: forms.Field) -> list[tuple[object, ...]]:
    choices = getattr(field, "choices", [])
    return [] if isinstance(field, forms.ModelChoiceField) else [tuple(choice) for choice in choices]


# --- layers, settings, words -----------------------------------------------------------------------------------------


def test_foreign_keys_only_go_down() -> None:
    rank = _ranks()
    wrong = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in _our_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and field.related_model._meta.app_label in rank
        and rank[model._meta.app_label] < rank[field.related_model._meta.app_label]
    ]

    assert wrong == []


def _ranks() -> dict[str, int]:
    """Each app's height, from the layers that import-linter holds: the lowest is 0."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {name.strip(): height for height, layer in enumerate(reversed(layers)) for name in layer.split("|")}


def test_every_setting_of_the_environment_is_documented() -> None:
    named = re.compile(r"(?:os\.environ(?:\.get)?[\(\[]|_flag\()\s*\"([A-Z_]+)\"")
    settings = {
        name for path in (ROOT / "config").rglob("*.py") for name in named.findall(path.read_text(encoding="utf-8"))
    }
    told = (ROOT / "docs/operations.md").read_text(encoding="utf-8")

    assert {name for name in settings if not re.search(rf"\b{name}\b", told)} == set()


def test_every_model_is_in_the_glossary() -> None:
    words = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    missing = sorted(model.__name__ for model in _our_models() if f"`{model.__name__}`" not in words)

    assert missing == []


def test_every_kind_of_event_has_its_words() -> None:
    recorded = {
        kind
        for path in _python()
        for kind in re.findall(r"\brecord\(\s*\"([a-z_]+\.[a-z_]+)\"", path.read_text(encoding="utf-8"))
    }

    assert recorded - set(WORDS) == set(), "add each to allervers/web/workspace/event_words.py"
    assert set(WORDS) - recorded == set()


def test_nothing_names_a_machine() -> None:
    """No path of someone's machine, no registry's host: only what a clone needs."""
    machine = re.compile(
        r"(?<![\w.])/(?:work|home/\w+|Users/\w+)/|localhost:\d{4,5}/simple|--index-url|files\.pythonhosted"
    )
    folders = [*OURS, "docs", "deploy", "requirements", "bench"]
    found = [
        str(path.relative_to(ROOT))
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file()
        and path.suffix in {".py", ".md", ".txt", ".html", ".toml", ".service", ".conf", ".sh", ".json"}
        if machine.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []

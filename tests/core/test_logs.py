import logging
import sys

import pytest

from allervers.core import logs


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("Not Found: /r/Wm9yZ2xvdWI_dGhlLXRva2Vu/reponses/", "Wm9yZ2xvdWI_dGhlLXRva2Vu"),
        ("Not Found: /d/Wm9yZ2xvdWI_dGhlLXRva2Vu", "Wm9yZ2xvdWI_dGhlLXRva2Vu"),
        ("Not Found: /studio/Wm9yZ2xvdWI_dGhlLXRva2Vu/", "Wm9yZ2xvdWI_dGhlLXRva2Vu"),
        ("Error handling request /personnes/?q=Dupont", "Dupont"),
        ("refused for samia@example.org", "samia@example.org"),
        ("refused for +33612345678", "612345678"),
        ("refused for 06 12 34 56 78", "12 34 56 78"),
    ],
)
def test_masked_hides_what_names_someone(line: str, hidden: str) -> None:
    assert hidden in line

    assert hidden not in logs.masked(line)


@pytest.mark.parametrize(
    "line",
    [
        "Not Found: /besoins/0193a4b2-7c1e-7b60-8d2b-012345678901/",
        "2026-11-21 22:45:41,123 INFO outbox sent 0193a4b2-7c1e-7b60-8d2b-5f2d6c1a0e11 in 0.25 s",
    ],
)
def test_masked_keeps_ids_and_times(line: str) -> None:
    assert logs.masked(line) == line


def test_traceback_tells_where_and_never_the_values() -> None:
    name, code = "-".join(["Du", "pont"]), " ".join(["Roseau", "27"])
    try:
        try:
            int(name)
        except ValueError as error:
            raise RuntimeError(f"Key (code)=({code}) already exists") from error
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())

    line = logs.Discreet().format(record)

    assert name not in line
    assert code not in line
    assert "RuntimeError from ValueError" in line
    assert "test_logs.py" in line

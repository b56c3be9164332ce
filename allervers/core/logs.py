"""How a log line is written: codes and ids, never a name. What could slip in from elsewhere is masked here."""

import logging
import re
import traceback
from types import TracebackType

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

# The address of a link without an account, mail addresses, phone numbers, what a form or a search was asked.
_MASKS = [
    (re.compile(r"(/(?:[rd]|studio)/)[^\s/?\"']+"), r"\1…"),
    (re.compile(r"\?[^\s\"']+=[^\s\"']*"), "?…"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*"), "…@…"),
    (re.compile(r"(?<![\w-])(?:\+\d{2,3}|0)[ .]?\d(?:[ .]?\d){7,9}(?![\w-])"), "0…"),
]


def masked(line: str) -> str:
    """The line without links, addresses and numbers."""
    for pattern, instead in _MASKS:
        line = pattern.sub(instead, line)
    return line


class Discreet(logging.Formatter):
    """One line a record; a traceback tells where and of which kind, never the values that a message may repeat."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))

    def formatException(self, ei: _ExcInfo) -> str:
        kind, error, trace = ei
        if kind is None or error is None:
            return ""
        causes: list[str] = []
        cause = error.__cause__ or error.__context__
        while cause is not None and len(causes) < 5:
            causes.append(f"from {type(cause).__qualname__}")
            cause = cause.__cause__ or cause.__context__
        return "".join(traceback.format_tb(trace)) + " ".join([kind.__qualname__, *causes])

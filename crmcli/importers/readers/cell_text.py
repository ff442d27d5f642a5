"""A workbook's typed cell -> the text that the rest of the program reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any


def cell_text(value: object) -> str:
    """Return one cell as text; a blank cell is "".

    Dates are ISO ("2026-03-05", with a time "2026-03-05 10:00:00"), integers have no ".0", truth is TRUE or FALSE.
    A number of more than 15 digits is written with an exponent, because Excel has lost its last digits.

    >>> [cell_text(v) for v in (13800000000.0, 0.1 + 0.2, True, None, 1.234567890123457e17)]
    ['13800000000', '0.3', 'TRUE', '', '1.23456789012346E+17']
    """
    write = _WRITERS.get(value.__class__, str)
    return write(value)


def _number_text(value: float) -> str:
    return format(value, ".15g").upper() if value else "0"


def _moment_text(value: dt.datetime) -> str:
    if value.microsecond:
        value = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
    midnight = value.hour == value.minute == value.second == 0
    return value.date().isoformat() if midnight else value.isoformat(sep=" ")


def _duration_text(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _time_text(value: dt.time) -> str:
    return value.isoformat(timespec="seconds")


_WRITERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _none: "",
    bool: lambda value: "TRUE" if value else "FALSE",
    int: _number_text,
    float: _number_text,
    dt.datetime: _moment_text,
    dt.date: dt.date.isoformat,
    dt.time: _time_text,
    dt.timedelta: _duration_text,
}


def error_name(code: int) -> str:
    """Return how Excel shows an error of the BIFF code `code`."""
    from xlrd import error_text_from_code

    return str(error_text_from_code.get(code, "#N/A"))

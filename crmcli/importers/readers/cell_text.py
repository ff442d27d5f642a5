"""A workbook's typed cell -> the text that the rest of the program reads."""

from __future__ import annotations

import datetime as dt

_MAX_EXACT = 10**15  # Excel keeps 15 digits of a number


def cell_text(value: object) -> str:
    """Return one cell as text; a blank cell is "".

    Dates are ISO ("2026-03-05", with a time "2026-03-05 10:00:00"), integers have no ".0", truth is TRUE or FALSE.
    A number of more than 15 digits is written with an exponent, because Excel has lost its last digits.

    >>> [cell_text(v) for v in (13800000000.0, 0.1 + 0.2, True, None, 1.234567890123457e17)]
    ['13800000000', '0.3', 'TRUE', '', '1.23456789012346E+17']
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number_text(value)
    return _time_text(value)


def _number_text(value: float) -> str:
    if -_MAX_EXACT < value < _MAX_EXACT and value == int(value):
        return str(int(value))
    return format(value, ".15g").upper()


def _time_text(value: object) -> str:
    if isinstance(value, dt.datetime):
        whole = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
        midnight = whole.hour == whole.minute == whole.second == 0
        return whole.date().isoformat() if midnight else whole.isoformat(sep=" ")
    if isinstance(value, dt.timedelta):
        seconds = round(value.total_seconds())
        sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
        return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if isinstance(value, dt.time):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def error_name(code: int) -> str:
    """Return how Excel shows an error of the BIFF code `code`."""
    from xlrd import error_text_from_code

    return str(error_text_from_code.get(code, "#N/A"))

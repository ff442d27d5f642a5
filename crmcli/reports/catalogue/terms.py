"""Definitions that several reports share."""

from __future__ import annotations

from crmcli.i18n import msg
from crmcli.reports.model import Definition, Note

DAYS = Definition(msg("Days"), msg(
    "Whole days between the two local dates where either is known to the day only (an as-of day is one), else rounded "
    "to one decimal."))  # fmt: skip
QUANTILE = Definition(msg("Median, P75, P90"), msg(
    "The value under which half, 75 % or 90 % of the cases lie; between two cases it is interpolated in a straight "
    "line (Excel: PERCENTILE.INC)."))  # fmt: skip
AMOUNTS = Definition(msg("Amounts"), msg(
    "Sum of the known amounts of the opportunities that the row counts, as they are at the as-of time; in a list of "
    "opportunities each one's own. Amount unknown counts those without one: they are in no sum, and are not 0. "
    "Currencies are never added together."), ("amount", "no_amount"))  # fmt: skip
NO_HISTORY = Definition(msg("Before the recorded history"), msg(
    "A stage or an end that was only read off a present row gives way to the recorded changes that led to it, also at "
    "an as-of time before them: until the first of them the opportunity is open and its stage is not known."
))  # fmt: skip
BETWEEN = Definition(msg("Inferred dates"), msg(
    "What was read from dated versions of one sheet happened between two of them. Such a date counts as the later one; "
    "medians and percentiles of days leave it out. What stood in the first version has no date, and what lay between "
    "two stages seen is not known."
))  # fmt: skip


def inferred_dates(number: int, table: str) -> tuple[Note, ...]:
    """Return the note that so many dates behind a table's figures only lie between two versions of a sheet."""
    if not number:
        return ()
    words = msg("{n} dates are inferred: they lie between two versions of a sheet (medians leave them out).", n=number)
    return (Note("inferred_dates", table, words),)

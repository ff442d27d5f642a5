"""Which sheets of a workbook are read."""

from __future__ import annotations

import re

from crmcli.i18n import Message, msg

NO_CELLS = msg("it is a chart or macro sheet, without cells")
HIDDEN = msg("the sheet is hidden")
ANOTHER = msg("another sheet was asked for")
# nobody expects these to be imported
EXPECTED = (NO_CELLS, HIDDEN, ANOTHER)
# one of several tables under each other: `SHEET #2`, in a file without sheets `#2`
_TABLE = re.compile(r"(.*?) ?#([1-9][0-9]{0,8})", re.DOTALL)


def why_left_out(name: str, visibility: str, wanted: str | None, *, include_hidden: bool) -> Message | None:
    """Return why a sheet is not read, None where it is. `visibility` is "visible", "hidden" or "veryhidden"."""
    if wanted is not None:
        return None if name in (wanted, sheet_of(wanted)) else ANOTHER
    if visibility == "visible" or include_hidden:
        return None
    return HIDDEN


def sheet_of(wanted: str) -> str:
    """Return the sheet that holds what a person asked for: of the table `SHEET #2`, SHEET."""
    table = _TABLE.fullmatch(wanted)
    return table[1] if table else wanted


def table_wanted(name: str, wanted: str | None) -> int | None:
    """Return which of the tables of a sheet is wanted, from 1; None where all are.

    `name` is what the sheet is called; in an archive the file's name and a "/" stand before the sheet's own.

    >>> table_wanted("报表", "报表 #2"), table_wanted("报表 #2", "报表 #2"), table_wanted("", "#3")
    (2, None, 3)
    """
    if wanted is None or is_part(wanted, name):
        return None
    table = _TABLE.fullmatch(wanted)
    return int(table[2]) if table and is_part(table[1], name) else None


def is_part(wanted: str, name: str) -> bool:
    """Return whether a sheet is called so, or is in what is: `b.xlsx/报表` by any of its parts."""
    return f"/{wanted}/" in f"/{name}/"

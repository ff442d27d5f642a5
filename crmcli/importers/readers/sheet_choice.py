"""Which sheets of a workbook are read."""

from __future__ import annotations

from crmcli.i18n import Message, msg

NO_CELLS = msg("it is a chart or macro sheet, without cells")
HIDDEN = msg("the sheet is hidden")
ANOTHER = msg("another sheet was asked for")
# nobody expects these to be imported
EXPECTED = (NO_CELLS, HIDDEN, ANOTHER)


def why_left_out(name: str, visibility: str, wanted: str | None, *, include_hidden: bool) -> Message | None:
    """Return why a sheet is not read, None where it is. `visibility` is "visible", "hidden" or "veryhidden"."""
    if wanted is not None:
        return None if name == wanted else ANOTHER
    if visibility == "visible" or include_hidden:
        return None
    return HIDDEN

"""A row that could not become a record, with all that is needed to fix it."""

from __future__ import annotations

from dataclasses import dataclass

from crmcli.i18n import Message

# what the headers that the rejects workbook adds begin with; an import leaves such columns out
ADDED = "⚠"
# the options that the fixed rows are imported with, in columns of their own
SOURCE, KIND, MAP = (f"{ADDED}--{option}" for option in ("source", "kind", "map"))
# the day (ISO) of the version that the rows were held back from: `series` brings them back, `import` refuses them
DATES = f"{ADDED}--dates"


@dataclass(frozen=True, slots=True)
class Rejection:
    """One row in the rejects workbook. `header` and `value` name the cell where one is to blame, else "".

    `system` and `kind` are what the sheet was imported as; `map` what a person named for its columns (header -> field);
    `day` which version of a series it is, "" where it is none.
    """

    file: str
    sheet: str
    row: int
    header: str
    value: str
    code: str
    message: Message
    suggestion: Message | None
    headers: tuple[str, ...]
    cells: tuple[str, ...]
    system: str = ""
    kind: str = ""
    map: tuple[tuple[str, str], ...] = ()
    day: str = ""

"""What the first rows of a table tell: its header, how wide its rows are, whether it holds records at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from crmcli.i18n import Message, msg
from crmcli.importers.readers.grid import Grid, NumberedRow
from crmcli.importers.tables.header import find_header, header_at
from crmcli.importers.tables.looks import is_blank, is_blank_row, is_lone, is_value
from crmcli.importers.tables.pivot import pivot_reason
from crmcli.importers.tables.ragged import fills_its_width, lacks_last_name, pads_its_rows

_ENOUGH_KNOWN = 2
_NUMBER_WORDS = frozenset({"序号", "编号", "行号", "no", "no.", "#"})


class FirstRows:
    """Reads the first rows of a table.

    `taken` are those down to the header, as they are to be read; `labels` its texts. Of a csv, `width` is how many
    cells the header has, `usual` how many most rows have; `is_even`: hardly any has fewer, `is_padded`: many have
    blank ones behind.
    """

    def __init__(
        self, rows: list[NumberedRow], grid: Grid, is_known: Callable[[str], bool], header_row: int | None
    ) -> None:
        self.left_out: Message | None = pivot_reason(rows, is_known) if header_row is None else None
        self.taken: list[NumberedRow] = []
        self.labels: frozenset[str] = frozenset()
        self.width = self.usual = 0
        self.is_even = self.is_padded = False
        self.notes: list[Message] = []
        if header_row is None:
            found = find_header(
                rows[: _end_of_first(rows, is_known, strict_width=grid.strict_width)], grid.merges, is_known
            )
        else:
            at = next((i for i, (number, _cells) in enumerate(rows) if number == header_row), None)
            found = None if at is None else header_at(rows, at, grid.merges, is_known)
        if found is None:
            return
        own = [cells for _number, cells in rows[found.first : found.last + 1]]
        self.taken = rows[: found.last + 1]
        self.labels = frozenset(cell.strip() for cells in own for cell in cells if not is_blank(cell))
        if grid.strict_width:
            self._measure(max(map(len, own)), rows[found.last + 1 :])

    def _measure(self, width: int, body: Sequence[NumberedRow]) -> None:
        number, labels = self.taken[-1]
        if lacks_last_name(labels, body):
            width += 1
            self.taken[-1] = (number, [*labels, ""])
            self.notes.append(msg("the header has one name less than the rows have cells: the last column has none"))
        self.width = self.usual = width
        self.is_even, self.is_padded = fills_its_width(body, width), pads_its_rows(body, width)
        if self.is_padded:
            self.usual = Counter(len(cells) for _number, cells in body if len(cells) >= width).most_common(1)[0][0]


def is_other_header(cells: Sequence[str], is_known: Callable[[str], bool], own: frozenset[str] = frozenset()) -> bool:
    """Return whether a row is a header with other labels than `own`.

    Half of it or more are header words, none is a value; a record may hold some too (电话 as its source), but begins
    with what it is called.
    """
    filled = [cell.strip() for cell in cells if not is_blank(cell)]
    known = sum(map(is_known, set(filled)))
    if known < max(_ENOUGH_KNOWN, len(filled) / 2) or own.issuperset(filled) or any(map(is_value, filled)):
        return False
    begins = is_known(filled[0]) or filled[0].casefold() in _NUMBER_WORDS
    return begins or (known > _ENOUGH_KNOWN and known >= len(filled) * 2 / 3)


def is_sure_header(cells: Sequence[str], is_known: Callable[[str], bool], own: frozenset[str]) -> bool:
    """Return whether a row is a header with other labels even where no blank row stands above it: all are known."""
    filled = {cell for cell in cells if not is_blank(cell)}
    return len(filled) > _ENOUGH_KNOWN and is_other_header(cells, is_known, own) and all(map(is_known, filled))


def _end_of_first(rows: Sequence[NumberedRow], is_known: Callable[[str], bool], *, strict_width: bool) -> int:
    """Return where, among the first rows, a second table begins, so that its header is not taken for the first's."""
    at = next((i for i, (_number, cells) in enumerate(rows) if is_other_header(cells, is_known)), len(rows))
    own = frozenset(cell.strip() for _number, cells in rows[at : at + 1] for cell in cells)
    records = 0
    for index in range(at + 1, len(rows)):
        cells = rows[index][1]
        above = index - 1 - is_lone(rows[index - 1][1])  # a title may stand between
        if records and is_blank_row(rows[above][1]) and is_other_header(cells, is_known, own):
            return index
        other_width = strict_width and len(cells) != len(rows[at][1])
        if records and other_width and is_sure_header(cells, is_known, own):
            return index
        records += sum(map(bool, cells)) > 1
    return len(rows)

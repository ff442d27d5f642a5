from __future__ import annotations

from crmcli.importers.readers.grid import Merge
from crmcli.importers.tables.merged_cells import MergedCells


def filled(merges: list[Merge], *batches: list[tuple[int, list[str]]]) -> list[list[str]]:
    cells = MergedCells(merges)
    for rows in batches:
        cells.fill(rows)
    return [row for rows in batches for _number, row in rows]


def test_a_range_is_filled_over_the_border_of_two_batches_and_no_further() -> None:
    first, second = [(2, ["甲", "1"]), (3, ["", "2"])], [(4, ["", "3"]), (5, ["", "4"])]
    assert filled([Merge(2, 0, 4, 0)], first, second) == [["甲", "1"], ["甲", "2"], ["甲", "3"], ["", "4"]]


def test_a_short_row_grows_and_a_filled_cell_stays() -> None:
    rows = [(2, ["甲", "x"]), (3, []), (4, ["乙", "y"])]
    assert filled([Merge(2, 1, 4, 1)], rows) == [["甲", "x"], ["", "x"], ["乙", "y"]]


def test_wide_ranges_and_those_that_began_above_are_left() -> None:
    rows = [(5, ["注", "", "", "1"]), (6, ["", "", "", ""])]
    assert filled([Merge(1, 0, 9, 0), Merge(5, 0, 6, 2)], rows) == [["注", "", "", "1"], ["", "", "", ""]]


def test_ranges_may_come_while_rows_are_read() -> None:
    merges: list[Merge] = []
    cells = MergedCells(merges)
    cells.fill([(2, ["甲"])])
    merges.append(Merge(3, 0, 4, 0))
    rows = [(3, ["乙"]), (4, [""])]
    cells.fill(rows)
    assert rows[1][1] == ["乙"]

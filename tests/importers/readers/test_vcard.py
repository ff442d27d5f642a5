from __future__ import annotations

from pathlib import Path

import pytest

from crmcli.importers.readers.failures import FileNotReadable
from crmcli.importers.readers.grid import Grid, NumberedRow
from crmcli.importers.readers.vcard import vcard_grid

ONE = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:张三\r\nTEL:13800000001\r\nPHOTO;ENCODING=b:QUJD\r\n QUJD\r\nEND:VCARD\r\n"


def read(path: Path, content: bytes) -> tuple[Grid, list[NumberedRow]]:
    path.write_bytes(content)
    grid = vcard_grid(path, None)
    return grid, list(grid.rows)


def test_each_card_is_a_row_under_the_columns_that_any_card_fills(tmp_path: Path) -> None:
    grid, rows = read(tmp_path / "a.vcf", (ONE + "BEGIN:VCARD\nFN:李四\nNOTE:甲\nEND:VCARD\n").encode())
    assert rows == [
        (0, ["姓名", "电话", "备注"]),
        (1, ["张三", "13800000001", ""]),
        (8, ["李四", "", "甲"]),
    ]
    assert (grid.encoding, grid.rejected) == ("utf-8", [])
    assert [str(note) for note in grid.notes] == ["1 pictures, sounds or keys in the cards were left out"]


def test_a_card_that_is_not_closed_is_rejected_by_its_line(tmp_path: Path) -> None:
    broken = "BEGIN:VCARD\nFN:坏卡\nTEL:2\n"
    grid, rows = read(tmp_path / "a.vcf", f"{broken}{ONE}TEL:3\n{broken}".encode())
    assert rows[1:] == [(4, ["张三", "13800000001"])]
    assert [(odd.row, odd.code, odd.cells) for odd in grid.rejected] == [
        (1, "card.broken", ["坏卡", "2"]),
        (11, "card.broken", ["", "3"]),
        (12, "card.broken", ["坏卡", "2"]),
    ]


def test_a_text_that_goes_on_without_being_folded_is_kept(tmp_path: Path) -> None:
    _grid, rows = read(tmp_path / "a.vcf", "BEGIN:VCARD\nFN:张三\nNOTE:一\n二 三\nEND:VCARD\n".encode("gb18030"))
    assert rows[1] == (1, ["张三", "一\n二 三"])


def test_a_card_in_another_encoding_is_rejected_where_somebody_says_which_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.vcf"
    path.write_bytes(ONE.encode() * 5 + ONE.replace("张三", "李四").encode("gb18030") + ONE.encode())
    with pytest.raises(FileNotReadable):
        vcard_grid(path, None)
    grid = vcard_grid(path, "utf-8")
    assert [number for number, _cells in grid.rows] == [0, 1, 8, 15, 22, 29, 43]
    assert [(odd.row, odd.code) for odd in grid.rejected] == [(36, "line.other_encoding")]

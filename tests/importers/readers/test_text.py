from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crmcli.importers.readers.failures import FileEmpty, FileEncoding, FileMixedEncoding, FileNotATable
from crmcli.importers.readers.text import text_grid
from crmcli.importers.sheet import OddRow

CORPORA = Path(__file__).parents[4] / "shared" / "corpora"
needs_corpora = pytest.mark.skipif(not CORPORA.is_dir(), reason="../shared/corpora is not there")


def read(
    tmp_path: Path, content: str | bytes, encoding: str | None = None
) -> tuple[list[tuple[int, list[str]]], list[OddRow]]:
    path = tmp_path / "a.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    grid = text_grid(path, encoding, lambda _text: False)
    return list(grid.rows), grid.rejected


def test_rows_carry_the_line_that_they_start_on(tmp_path: Path) -> None:
    rows, rejected = read(tmp_path, 'a,b\n1,"x\ny"\n\n2,z\n')
    assert rows == [(1, ["a", "b"]), (2, ["1", "x\ny"]), (4, []), (5, ["2", "z"])]
    assert rejected == []


def test_bare_carriage_returns_and_nul_characters(tmp_path: Path) -> None:
    assert read(tmp_path, "a,b\r1,2\r3,4")[0] == [(1, ["a", "b"]), (2, ["1", "2"]), (3, ["3", "4"])]
    assert read(tmp_path, "a,b\n1,\x002\n")[0][1] == (2, ["1", "2"])


def test_the_sep_line_is_obeyed_and_not_read(tmp_path: Path) -> None:
    assert read(tmp_path, "sep=;\r\na;b\r\n1,5;2\r\n")[0] == [(2, ["a", "b"]), (3, ["1,5", "2"])]


def test_utf16_tab_text_of_excel(tmp_path: Path) -> None:
    rows, _rejected = read(tmp_path, "客户名称\t手机\r\n甲\t1\r\n".encode("utf-16"))
    assert rows == [(1, ["客户名称", "手机"]), (2, ["甲", "1"])]


@pytest.mark.parametrize(
    ("content", "read_lines", "rejected_lines"),
    [
        ('a,b,c\n1,"x,2\n3,y,4\n5,z,6\n', [1, 3, 4], [2]),  # never closed
        ('a,b,c\n1,"x,2\n3,y",4\n5,z,6\n', [1, 4], [2, 3]),  # closed by a stray quote: two records in one
        ('a,b,c\n1,"x" y,2\n3,y,4\n', [1, 3], [2]),  # text after the closing quote
        ('a,b,c\n1,"x,2\n3,"y",4\n5,z,6\n', [1, 3, 4], [2]),
    ],
)
def test_an_unclosed_quote_rejects_its_line_and_not_the_file(
    tmp_path: Path, content: str, read_lines: list[int], rejected_lines: list[int]
) -> None:
    rows, rejected = read(tmp_path, content)
    assert [number for number, _cells in rows] == read_lines
    assert [bad.row for bad in rejected] == rejected_lines
    assert {bad.code for bad in rejected} == {"line.unclosed_quote"}
    assert all(len(cells) == 3 for _number, cells in rows)


def test_what_is_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileEmpty):
        read(tmp_path, "\ufeff\n \n")
    with pytest.raises(FileNotATable):
        read(tmp_path, bytes(range(1, 32)) * 20)
    with pytest.raises(FileEncoding):
        read(tmp_path, b"a,b\n\xff\xff\n", "utf-8")


def test_an_unusual_dialect_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a^b\n1^2\n", encoding="utf-8")
    assert [str(note) for note in text_grid(path, None, bool).notes] == ['cells are separated by ^, quoted by "']


def test_control_z_ends_the_file_and_marks_between_joined_files_are_no_text(tmp_path: Path) -> None:
    assert read(tmp_path, "a,b\n1,2\n\x1a")[0] == [(1, ["a", "b"]), (2, ["1", "2"]), (3, [])]
    assert read(tmp_path, "\ufeffa,b\n1,2\n\ufeffa,b\n3,4\n")[0][2] == (3, ["a", "b"])


def test_nul_characters_are_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n1,\x002\n3,4\x00\n")
    grid = text_grid(path, None, bool)
    assert [cells for _number, cells in grid.rows] == [["a", "b"], ["1", "2"], ["3", "4"]]
    assert [str(note) for note in grid.notes] == ["NUL characters were left out in 2 lines, first in line 2"]


def test_lines_in_another_encoding_are_named_and_rejected_when_one_is_chosen(tmp_path: Path) -> None:
    lines = [f"客户{n},华东诚信公司{n}\n".encode() for n in range(9)]
    lines[4] = "甲公司,华东诚信\n".encode("gbk")
    with pytest.raises(FileMixedEncoding, match="line 5 is not utf-8"):
        read(tmp_path, b"".join(lines))
    rows, rejected = read(tmp_path, b"".join(lines), "utf-8")
    assert [number for number, _cells in rows] == [1, 2, 3, 4, 6, 7, 8, 9]
    assert rejected == [OddRow(5, "line.other_encoding", ["甲公司", "华东诚信"])]


def test_lines_of_utf8_in_gb18030_are_named_and_rejected_when_it_is_chosen(tmp_path: Path) -> None:
    lines = [f"客户{n},华东诚信公司{n}\n".encode("gbk") for n in range(9)]
    lines[4] = "甲公司,华东诚信\n".encode()
    with pytest.raises(FileMixedEncoding, match="line 5 is not gb18030"):
        read(tmp_path, b"".join(lines))
    rows, rejected = read(tmp_path, b"".join(lines), "gbk")
    assert [number for number, _cells in rows] == [1, 2, 3, 4, 6, 7, 8, 9]
    assert rejected == [OddRow(5, "line.other_encoding", ["甲公司", "华东诚信"])]


def test_what_mysql_writes(tmp_path: Path) -> None:
    rows, _rejected = read(tmp_path, "name\tnote\n甲\t\\N\n乙\ta\\\nb\n丙\tx\\\ty\n")
    assert rows == [(1, ["name", "note"]), (2, ["甲", ""]), (3, ["乙", "a\nb"]), (5, ["丙", "x\ty"])]


def test_polluted_files_are_read_as_they_were_meant(tmp_path: Path, pollution: Any) -> None:
    is_known = {
        "客户编号",
        "客户名称",
        "联系人",
        "手机",
        "金额",
        "商机名称",
        "阶段",
        "姓名",
        "电话",
        "职务",
    }.__contains__
    found = {}
    for number, file in enumerate(pollution.files):
        path = tmp_path / str(number)
        path.write_bytes(file.content)
        if file.refused:
            with pytest.raises(FileMixedEncoding):
                text_grid(path, None, is_known)
        else:
            found[file.name, number] = pollution.cell_f1(file.rows, dict(text_grid(path, None, is_known).rows))
    undamaged = {name: f1 for name, f1 in found.items() if not pollution.files[name[1]].damaged}
    assert {name: f1 for name, f1 in undamaged.items() if f1 < 1} == {}
    assert sum(found.values()) / len(found) > 0.99


@needs_corpora
@pytest.mark.parametrize("path", sorted((CORPORA / "csv-spectrum" / "csvs").glob("*.csv")), ids=lambda path: path.name)
def test_csv_spectrum_equals_its_json(path: Path) -> None:
    header, *rows = [cells for _number, cells in text_grid(path, None, lambda _text: False).rows if cells]
    expected = json.loads((path.parents[1] / "json" / f"{path.stem}.json").read_bytes().decode("utf-8", "replace"))
    if (
        path.stem == "newlines_crlf" and b"\r" not in path.read_bytes()
    ):  # the copy's line ends are not what its name says
        expected = [{key: text.replace("\r", "") for key, text in row.items()} for row in expected]
    found = [dict(zip(header, cells, strict=True)) for cells in rows]
    if path.stem == "location_coordinates":  # its json is one record, with another telephone number
        expected = [expected]
        for row in (*found, *expected):
            row.pop("Contact Phone Number")
    assert found == expected

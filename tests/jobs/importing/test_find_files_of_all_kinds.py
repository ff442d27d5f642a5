from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import Workbook

Rows = list[list[str]]
HEADERS = ["客户编号", "客户名称", "联系人", "手机", "商机编号", "商机名称", "金额", "阶段", "负责人"]


def _rows(number: int) -> Rows:
    return [
        [f"K{number:02d}{row}", f"第{number}精密机械{row}有限公司", "张伟", f"138{number:04d}{row:04d}",
         f"S{number:02d}{row}", f"{number}号年框{row}", f"{number * 1000 + row}", "方案报价", "王芳"]
        for row in range(4)
    ]  # fmt: skip


def _text(rows: Rows, mark: str = ",") -> str:
    return "\r\n".join(mark.join(row) for row in [HEADERS, *rows]) + "\r\n"


def _bytes(encoding: str, mark: str = ",", first: str = "") -> Callable[[Path, Rows], None]:
    return lambda path, rows: _void(path.write_bytes((first + _text(rows, mark)).encode(encoding)))


def _void(_value: object) -> None:
    """Make a statement of an expression."""


def _workbook(path: Path, rows: Rows, title: str = "") -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in [*([[title]] if title else []), HEADERS, *rows]:
        sheet.append(row)
    book.save(path)


def _page(path: Path, rows: Rows) -> None:
    lines = ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in [HEADERS, *rows]]
    path.write_text(f"<html><meta charset='utf-8'><table>{''.join(lines)}</table></html>", encoding="utf-8")


def _zip(path: Path, rows: Rows) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("商机.csv", _text(rows))


WAYS: list[tuple[str, Callable[[Path, Rows], None]]] = [
    (".csv", _bytes("utf-8")),
    (".csv", _bytes("gb18030")),
    (".csv", _bytes("utf-8-sig")),
    (".txt", _bytes("utf-16", "\t")),
    (".csv", _bytes("utf-8", ";", "sep=;\r\n")),
    (".xlsx", _workbook),
    (".xlsx", lambda path, rows: _workbook(path, rows, "2026 年商机汇总表")),
    (".xls", _page),
    (".zip", _zip),
    (".csv.gz", lambda path, rows: _void(path.write_bytes(gzip.compress(_text(rows).encode())))),
]


def _folder(folder: Path, numbers: range) -> Path:
    folder.mkdir()
    for number in numbers:
        ending, write = WAYS[number % len(WAYS)]
        write(folder / f"{number:02d}{ending}", _rows(number))
    return folder


def test_thirty_mixed_files_in_one_command_and_again(crm: Any, tmp_path: Path, dump: Callable[[Path], Any]) -> None:
    folder = _folder(tmp_path / "旧表", range(30))
    sheets = crm("import", str(folder), "--json").json["sheets"]
    assert (len(sheets), sum(sheet["new"] for sheet in sheets)) == (30, 120)
    assert sum(sheet["records"].get("customer", 0) for sheet in sheets) == 120
    first = dump(crm.db)
    again = crm("import", str(folder), "--json").json["sheets"]
    assert {sheet["same"] for sheet in again} == {4}
    assert dump(crm.db) == first

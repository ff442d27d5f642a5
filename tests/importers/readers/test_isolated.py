from __future__ import annotations

import json
import os
import random
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from crmcli.importers.readers.failures import (
    FileDamaged,
    FileEncrypted,
    FileHostile,
    FileLimit,
    FileNotReadable,
    NoRoom,
    SheetMissing,
)
from crmcli.importers.readers.isolated import limits_for, read_file
from crmcli.importers.readers.options import ReadOptions
from crmcli.importers.sheet import Sheet

KNOWN = frozenset({"客户名称", "手机", "金额", "联系人"})
OPTIONS = ReadOptions(known_headers=KNOWN, identifying_headers=frozenset({"客户名称"}))
CORPORA = Path(__file__).parents[4] / "shared" / "corpora"
needs_corpora = pytest.mark.skipif(not CORPORA.is_dir(), reason="../shared/corpora is not there")
MAX_SECONDS = 20


def ledger(path: Path) -> Path:
    workbook = openpyxl.Workbook()
    page = workbook.active
    assert page is not None
    page.title = "客户"
    for row in (["客户台账"], ["*客户名称", "手机", "金额"], ["甲", 13800000000, 12.5], ["合计", None, 12.5]):
        page.append(row)
    page.merge_cells("A1:C1")
    workbook.create_sheet("空")
    workbook.create_sheet("data").sheet_state = "hidden"
    workbook.save(path)
    return path


def test_a_workbook_comes_back_with_every_sheet(tmp_path: Path) -> None:
    path = ledger(tmp_path / "客户.csv")
    sheets = read_file(path, OPTIONS)
    assert [(s.name, s.left_out is None) for s in sheets] == [("客户", True), ("空", False), ("data", False)]
    sheet = sheets[0]
    assert (sheet.file, sheet.container, sheet.header_row, len(sheet.sha256)) == (str(path), "xlsx", 2, 64)
    assert [column.header for column in sheet.columns] == ["*客户名称", "手机", "金额"]
    (block,) = sheet.blocks()
    assert (block.cells(0), list(block.rows), sheet.count) == (["甲", "13800000000", "12.5"], [3], 1)
    assert [(odd.row, odd.code) for odd in block.skipped] == [(1, "row.title"), (4, "row.total")]


def test_one_sheet_can_be_asked_for(tmp_path: Path) -> None:
    path = ledger(tmp_path / "a.xlsx")
    wanted = ReadOptions(sheet="空", known_headers=KNOWN)
    assert str(read_file(path, wanted)[0].left_out) == "another sheet was asked for"
    with pytest.raises(SheetMissing, match="没有"):
        read_file(path, ReadOptions(sheet="没有"))


def test_a_gbk_csv_with_a_damaged_line(tmp_path: Path) -> None:
    path = tmp_path / "老客户.xls"
    path.write_bytes('客户名称,手机\n甲,1\n"乙,2\n丙,3\n丁,4,5\n'.encode("gbk"))
    (sheet,) = read_file(path, OPTIONS)
    assert (sheet.container, sheet.encoding) == ("text", "gb18030")
    (block,) = sheet.blocks()
    assert list(block.columns[0].texts()) == ["甲", "丙"]
    assert [(odd.row, odd.code) for odd in block.rejected] == [(3, "line.unclosed_quote"), (5, "line.unclosed_quote")]
    assert any("gb18030" in str(note) for note in sheet.notes)


def test_html_named_xls(tmp_path: Path) -> None:
    path = tmp_path / "导出.xls"
    path.write_text("<table><tr><th>客户名称<th>手机<tr><td>甲<td>1</table>", encoding="utf-8")
    (sheet,) = read_file(path, OPTIONS)
    assert (sheet.container, [block.cells(0) for block in sheet.blocks()]) == ("html", [["甲", "1"]])


@pytest.mark.parametrize(
    ("content", "failure"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le"), FileEncrypted),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "Workbook".encode("utf-16-le"), FileDamaged),
        (b"PK\x03\x04" + bytes(200), FileDamaged),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, content: bytes, failure: type[FileNotReadable]) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(failure) as caught:
        read_file(path, OPTIONS)
    assert caught.value.where == str(path)
    assert caught.value.hint


def test_a_truncated_workbook_is_damaged(tmp_path: Path) -> None:
    path = ledger(tmp_path / "a.xlsx")
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(FileDamaged):
        read_file(path, OPTIONS)


def test_a_zip_bomb_is_hostile_within_five_seconds(tmp_path: Path) -> None:
    path = ledger(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/x.xml", b"<x>" + b"0" * 20_000_000)
    started = time.monotonic()
    with pytest.raises(FileHostile):
        read_file(path, OPTIONS)
    assert time.monotonic() - started < 5


def test_limits_end_the_child_and_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("客户名称,手机\n" + "".join(f"甲{n},{n}\n" for n in range(200_000)), encoding="utf-8")
    with pytest.raises(FileLimit, match="seconds of time"):
        read_file(path, ReadOptions(wall_seconds=0.05))
    path.write_text("客户名称,手机\n甲," + "1" * 30_000_000, encoding="utf-8")
    with pytest.raises(FileLimit, match="60 MB of memory"):
        read_file(path, ReadOptions(memory_mb=60))


@pytest.mark.slow
def test_memory_does_not_grow_with_the_rows_of_a_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = "".join(f"甲{n},{n},{'备注' * 30}{n}\n" for n in range(200_000))
    path.write_text("客户名称,手机,备注\n" + lines, encoding="gb18030")
    (sheet,) = read_file(path, replace(OPTIONS, memory_mb=100))
    assert (sheet.count, sheet.columns[0].filled, len(sheet.columns[0].sample)) == (200_000, 200_000, 1000)
    blocks = [(block.start, len(block.rows), block.columns[0][0]) for block in sheet.blocks()]
    assert blocks == [(n, 20_000, f"甲{n}") for n in range(0, 200_000, 20_000)]


@pytest.mark.skipif(os.name != "posix", reason="file size limits are POSIX")
def test_a_full_temporary_folder_is_named(tmp_path: Path) -> None:
    import resource

    path = tmp_path / "a.csv"
    path.write_text("客户名称,手机\n" + "".join(f"甲{n},{n}\n" for n in range(50_000)), encoding="utf-8")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, before[1]))
    try:
        with pytest.raises(NoRoom, match="File too large"):
            read_file(path, OPTIONS)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_temporary_folder_that_takes_nothing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = ledger(tmp_path / "a.xlsx")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(NoRoom, match="gone"):
        read_file(path, OPTIONS)


def test_limits_grow_with_the_file() -> None:
    small, large = (limits_for(size, ReadOptions(), streamed=False) for size in (10_000, 50 << 20))
    assert small.memory_mb <= 512
    assert small.wall_seconds < MAX_SECONDS
    assert large.memory_mb > small.memory_mb
    assert limits_for(1, ReadOptions(memory_mb=99, cpu_seconds=3, wall_seconds=4), streamed=False) == (99, 3, 4)


def test_the_memory_for_text_does_not_grow_its_time_does() -> None:
    small, large = (limits_for(size, ReadOptions(), streamed=True) for size in (10_000, 1 << 30))
    assert small.memory_mb == large.memory_mb == 512
    assert (small.cpu_seconds, large.cpu_seconds) == (8, 900)


def test_a_module_in_the_current_folder_is_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "orjson.py").write_text("raise SystemExit('hijacked')", encoding="utf-8")
    path = tmp_path / "a.csv"
    path.write_text("客户名称,手机\n甲,1\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert read_file(path, OPTIONS)[0].count == 1


def outcome(path: Path) -> list[Sheet] | FileNotReadable:
    """Read the file; its cause where it cannot be read. Anything else that is raised fails the test."""
    started = time.monotonic()
    try:
        return read_file(path, OPTIONS)
    except FileNotReadable as failure:
        return failure
    finally:
        assert time.monotonic() - started < MAX_SECONDS, path


def outcomes(paths: list[Path]) -> dict[Path, list[Sheet] | FileNotReadable]:
    with ThreadPoolExecutor(4) as pool:
        return dict(zip(paths, pool.map(outcome, paths), strict=True))


def corpus() -> list[Path]:
    return sorted(path for path in CORPORA.rglob("*") if path.is_file())


@needs_corpora
def test_a_sample_of_real_awkward_files_is_read_or_named() -> None:
    sample = list({path.suffix: path for path in corpus()}.values())
    found = outcomes(sample)
    assert sum(isinstance(result, list) for result in found.values()) > len(sample) / 4
    assert all(result for result in found.values())


@needs_corpora
@pytest.mark.slow
def test_every_real_awkward_file_is_read_or_named() -> None:
    expected = json.loads((CORPORA / "expected_excel.json").read_text(encoding="utf-8"))
    found = {str(path.relative_to(CORPORA)): result for path, result in outcomes(corpus()).items()}
    unread = {name for name in expected["readable"] if not isinstance(found[name], list)}
    assert unread == {"phpspreadsheet/XLSX/utf8entity.dontuse"}  # declares an entity: refused on purpose
    read = {name for name in expected["unreadable"] if isinstance(found[name], list)}
    only_protected = {"messytables/encrypted_no_password.xls", "calamine/issue_385.xls"}
    only_protected |= {"phpspreadsheet/XLS/pwtest.xls", "phpspreadsheet/XLS/pwtest3.xls"}
    xml = {"phpspreadsheet/Xml/sec-w24f.dontuse", "phpspreadsheet/Xml/x5j6.dontuse"}  # a row far down, without cells
    assert read == {"calamine/too_small.xls", *only_protected, *xml}  # Excel opens the protected without asking


@needs_corpora
@pytest.mark.slow
def test_damaged_bytes_are_read_or_named(tmp_path: Path) -> None:
    seeds = [ledger(tmp_path / "s.xlsx"), *(CORPORA / "calamine" / f"date.{kind}" for kind in ("xls", "xlsb", "ods"))]
    chance = random.Random(7)
    mutants = []
    for number in range(200):
        content = bytearray(seeds[number % len(seeds)].read_bytes())
        for _flip in range(chance.randint(1, 20)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        mutants.append(tmp_path / f"m{number}.xlsx")
        mutants[-1].write_bytes(content[: chance.choice([len(content), chance.randrange(1, len(content))])])
    assert all(outcomes(mutants).values())


def test_a_name_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xbf\xcd\xbb\xa7.csv"))
    path.write_text("客户名称\n甲公司\n", encoding="utf-8")
    with pytest.raises(FileNotReadable) as failure:
        read_file(path, ReadOptions())
    assert failure.value.code == "file.name"
    assert str(failure.value).isprintable()

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from crmcli.importers.readers.failures import FileDamaged, FileHostile, FileNotATable, FileNotReadable
from crmcli.importers.readers.grid import Grid
from crmcli.importers.readers.unwrapped import Part, parts_of

CSV = "客户名称,手机\n甲,1\n".encode()


def parts(path: Path, password: str | None = None) -> list[tuple[str, str, bytes]]:
    """Return (name, container or failure, content) of each part, and see that nothing stays behind."""
    folder = path.parent / "scratch"
    folder.mkdir()
    found = []
    for part in parts_of(path, password, folder):
        kind = part.container or type(part.failure).__name__
        found.append((part.name, kind, part.path.read_bytes() if part.container else b""))
    assert not list(folder.iterdir())
    return found


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return path


def test_a_plain_file_is_its_own_part(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(CSV)
    assert parts(path) == [("", "text", CSV)]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_compressed_file_is_read_whatever_its_name(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(pack(CSV))
    assert parts(path) == [("", "text", CSV)]


def test_the_tables_of_an_archive_and_what_is_none(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", a_csv=CSV, b_pdf=b"%PDF-1.4", c_csv=b"", d_gz=gzip.compress(CSV))
    assert parts(path) == [
        ("a.csv", "text", CSV),
        ("d.gz", "text", CSV),
        ("b.pdf", "FileNotATable", b""),
        ("c.csv", "FileEmpty", b""),
    ]


def test_an_archive_of_one_other_thing_says_what(tmp_path: Path) -> None:
    with pytest.raises(FileNotATable, match="PDF"):
        parts(zipped(tmp_path / "a.zip", b_pdf=b"%PDF-1.4"))


def test_a_table_in_an_archive_that_cannot_be_read_is_named_with_its_place(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", a_csv=CSV, b_xlsx=b"PK\x03\x04 cut off")
    with pytest.raises(FileDamaged) as failure:
        parts(path)
    assert failure.value.where == f"{path} [b.xlsx]"


def test_archives_in_archives_end(tmp_path: Path) -> None:
    content = CSV
    for _ in range(5):
        content = gzip.compress(content)
    path = tmp_path / "a.gz"
    path.write_bytes(content)
    with pytest.raises(FileNotATable) as failure:
        parts(path)
    assert failure.value.where == str(path)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_a_bomb_is_hostile(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(pack(bytes(30_000_000)))
    with pytest.raises(FileHostile):
        parts(path)


def test_a_cut_off_compression_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(CSV * 100)[:-20])
    with pytest.raises(FileDamaged):
        parts(path)


@pytest.mark.parametrize(
    ("wanted", "kept", "asked"),
    [(None, [True, True], None), ("a.xlsx/客户", [True, False], "客户"), ("a.xlsx", [True, True], None),
     ("客户", [True, False], "客户"), ("other", [False, False], "other")],
)  # fmt: skip
def test_a_sheet_can_be_asked_for_by_either_name(wanted: str | None, kept: list[bool], asked: str | None) -> None:
    part = Part(Path("x"), "xlsx", "a.xlsx")
    grids = list(part.named([Grid("客户", iter(())), Grid("联系人", iter(()))], wanted))
    assert [grid.left_out is None for grid in grids] == kept
    assert [grid.name for grid in grids] == ["a.xlsx/客户", "a.xlsx/联系人"]
    assert part.wanted(wanted) == asked


def test_a_failure_is_said_of_the_file_that_a_person_knows(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"%PDF-1.4"))
    with pytest.raises(FileNotReadable) as failure:
        parts(path)
    assert failure.value.where == str(path)

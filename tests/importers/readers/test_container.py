from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from crmcli.importers.readers.container import container_of
from crmcli.importers.readers.failures import (
    FileDamaged,
    FileEmpty,
    FileIsFolder,
    FileMissing,
    FileNotATable,
    FileNotReadable,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
BOF = b"\x09\x08\x10\x00\x00\x06" + bytes(14)


def zipped(path: Path, *names: str) -> bytes:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return path.read_bytes()


@pytest.mark.parametrize(
    ("content", "failure"),
    [
        (b"", FileEmpty),
        (b"\xef\xbb\xbf\r\n \n", FileEmpty),
        (b"%PDF-1.7\n...", FileNotATable),
        (b"\x89PNG\r\n\x1a\n", FileNotATable),
        (b"MZ\x90\x00\x03\x00\x00\x00", FileNotATable),
        (b"SQLite format 3\x00" + bytes(84), FileNotATable),
        (b'{"a": 1}', FileNotATable),
        (b'<?xml version="1.0"?><rss></rss>', FileNotATable),
        (OLE + "WordDocument".encode("utf-16-le"), FileNotATable),
        (OLE, FileDamaged),
        (b"PK\x03\x04 cut off", FileDamaged),
    ],
)
def test_what_is_no_table_is_named_whatever_its_extension(
    tmp_path: Path, content: bytes, failure: type[FileNotReadable]
) -> None:
    path = tmp_path / "客户.xlsx"
    path.write_bytes(content)
    with pytest.raises(failure) as caught:
        container_of(path)
    assert str(path) in str(caught.value)
    assert str(caught.value.hint)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        container_of(tmp_path / "no.csv")
    with pytest.raises(FileIsFolder):
        container_of(tmp_path)


@pytest.mark.parametrize(
    ("names", "container"),
    [
        (("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (("xl/workbook.xml", "xl/vbaProject.bin"), "xlsm"),
        (("xl/workbook.bin",), "xlsb"),
        (("content.xml", "META-INF/manifest.xml"), "ods"),
        (("a.csv", "b.csv"), "zip"),
    ],
)
def test_zipped_workbooks_are_told_apart(tmp_path: Path, names: tuple[str, ...], container: str) -> None:
    path = tmp_path / "a.csv"
    zipped(path, *names)
    assert container_of(path) == container


def test_a_document_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    zipped(path, "[Content_Types].xml", "word/document.xml")
    with pytest.raises(FileNotATable):
        container_of(path)


@pytest.mark.parametrize(
    ("content", "container"),
    [
        (OLE + "Workbook".encode("utf-16-le"), "xls"),
        (OLE + "Workbook".encode("utf-16-le") + BOF + b"\x2f\x00\x36\x00", "encrypted"),
        (OLE + "Workbook".encode("utf-16-le") + BOF + b"\x86\x00\x00\x00\x2f\x00\x36\x00", "encrypted"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"BZh9\x01", "bzip2"),
        (b"BZhong,name\n1,2\n", "text"),
        (b"<html><body><table>", "html"),
        ("\ufeff<table>".encode("utf-16"), "html"),
        ("客户,手机\n".encode("gb18030"), "text"),
        (b"MZ,name\n1,2\n", "text"),
        (b"[a],b\n", "text"),
    ],
)
def test_content_decides(tmp_path: Path, content: bytes, container: str) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(content)
    assert container_of(path) == container

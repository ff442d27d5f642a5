"""What a file is, by its first bytes; the extension is never believed."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from crmcli.importers.readers.failures import (
    FileDamaged,
    FileEmpty,
    FileIsFolder,
    FileMissing,
    FileNotATable,
)
from crmcli.importers.readers.ole_records import is_encrypted

_HEAD_BYTES = 65_536
# Source: https://en.wikipedia.org/wiki/List_of_file_signatures
_OTHER_MAGIC = (
    (b"%PDF-", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"), (b"SQLite format 3\x00", "SQLite"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"), (b"Rar!", "RAR"), (b"{\\rtf", "RTF"), (b"ID;P", "SYLK"), (b"PAR1", "Parquet"),
    (b"II*\x00", "TIFF"), (b"MM\x00*", "TIFF"), (b"RIFF", "RIFF"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
)  # fmt: skip
_COMPRESSED = ((b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ", "xz"))
# what is not read itself, but for what stands inside
WRAPPERS = frozenset({"encrypted", "encrypted-ods", "zip", "gzip", "bzip2", "xz", "mhtml"})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_MANIFEST = "META-INF/manifest.xml"
_BARE_BIFF = (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00", b"\x09\x00\x04\x00")
_HTML = re.compile(rb"<\s*(!doctype\s+html|html|head|meta|table|body|style|title|div|!--)", re.IGNORECASE)
_SPREADSHEETML = b"schemas-microsoft-com:office:spreadsheet"
_DECLARED_WITHIN = 4096
_VCARD = re.compile(rb"BEGIN\s*:\s*VCARD\b", re.IGNORECASE)
_WEB_ARCHIVE = re.compile(rb"^MIME-Version:", re.IGNORECASE | re.MULTILINE)
_OLE_OTHER = (("WordDocument", "Word"), ("PowerPoint Document", "PowerPoint"), ("__substg1.0_", "Outlook"))


def container_of(path: Path) -> str:
    """Return "xlsx", "xlsm", "xlsb", "ods", "xls", "html", "spreadsheetml", "vcard", "text", or one of `WRAPPERS`.

    Raises:
        FileMissing, FileIsFolder, FileEmpty, FileDamaged, FileNotATable: what else it may be.
    """
    file = str(path)
    head = first_bytes(path)
    for magic, kind in _OTHER_MAGIC:
        if head.startswith(magic) and not (magic.isalnum() and _is_plain_text(head)):
            raise FileNotATable(file, kind)
    for magic, kind in _COMPRESSED:
        if head.startswith(magic) and not (magic.isalnum() and _is_plain_text(head)):
            return kind
    if head.startswith(_ZIP):
        return _zip_container(path)
    if head.startswith(_OLE):
        return _ole_container(path)
    if head.startswith(_BARE_BIFF):
        return "xls"
    return _text_container(file, head)


def first_bytes(path: Path) -> bytes:
    """Return the beginning of a file.

    Raises:
        FileMissing, FileIsFolder, FileEmpty: there is none.
    """
    if path.is_dir():
        raise FileIsFolder(str(path))
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except FileNotFoundError:
        raise FileMissing(str(path)) from None
    except OSError as error:
        raise FileMissing(str(path), error.strerror or str(error)) from None
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise FileEmpty(str(path))
    return head


def is_workbook(head: bytes) -> bool:
    """Return whether a file that begins like this is a zipped or binary workbook, if anything."""
    return head.startswith((*_ZIP, _OLE, *_BARE_BIFF))


def is_streamed(head: bytes) -> bool:
    """Return whether a file that begins like this is read from front to back, never held as a whole."""
    return not is_workbook(head) and not head.startswith(tuple(magic for magic, _kind in _COMPRESSED))


def _is_plain_text(head: bytes) -> bool:
    return not any(byte < 9 or 13 < byte < 27 for byte in head[:512])  # noqa: PLR2004 - ASCII control characters


def _zip_container(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            if _MANIFEST in archive.namelist() and b"encryption-data" in archive.read(_MANIFEST):
                return "encrypted-ods"
            names = {name.replace("\\", "/").lstrip("/").lower() for name in archive.namelist()}
            mimetype = archive.read("mimetype")[:80] if "mimetype" in archive.namelist() else b""
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError) as error:
        raise FileDamaged(str(path), f"ZIP: {error}") from None
    if any(name.endswith("workbook.bin") for name in names):
        return "xlsb"
    if "xl/vbaproject.bin" in names:
        return "xlsm"
    if any(name.endswith(".xml") and "workbook" in name for name in names) or "[content_types].xml" in names:
        return _office_container(path, names)
    if b"opendocument" in mimetype or "content.xml" in names:
        return _open_document_container(path, mimetype)
    return "zip"


def _office_container(path: Path, names: set[str]) -> str:
    for folder, kind in (("word/", "Word"), ("ppt/", "PowerPoint"), ("visio/", "Visio")):
        if any(name.startswith(folder) for name in names):
            raise FileNotATable(str(path), kind)
    return "xlsx"


def _open_document_container(path: Path, mimetype: bytes) -> str:
    if b"opendocument" in mimetype and b"spreadsheet" not in mimetype:
        raise FileNotATable(str(path), mimetype.decode("ascii", "replace").strip())
    return "ods"


def _ole_container(path: Path) -> str:
    content = path.read_bytes()

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        return "encrypted"
    if has("Workbook") or has("WORKBOOK") or has("Book") or has("BOOK") or has("workbook"):
        return "encrypted" if is_encrypted(content) else "xls"
    for stream, kind in _OLE_OTHER:
        if has(stream):
            raise FileNotATable(str(path), kind)
    raise FileDamaged(str(path), "OLE: no Workbook stream")


def _text_container(file: str, head: bytes) -> str:
    if _VCARD.match(head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").replace(b"\x00", b"")[:100]):
        return "vcard"
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").replace(b"\x00", b"")[:2048]
    if start.startswith(b"<"):
        if _SPREADSHEETML in head.replace(b"\x00", b"")[:_DECLARED_WITHIN]:
            return "spreadsheetml"
        if _HTML.match(start) or re.search(rb"<(html|table)\b", start, re.IGNORECASE):
            return "html"
        if start.startswith((b"<?xml", b"<!DOCTYPE", b"<!ENTITY", b"<rss", b"<Workbook")):
            raise FileNotATable(file, "XML")
    if _WEB_ARCHIVE.search(start) and b"content-type:" in head[:_DECLARED_WITHIN].lower():
        return "mhtml"
    if start.startswith((b"{", b"[")) and _is_json_start(start):
        raise FileNotATable(file, "JSON")
    return "text"


def _is_json_start(start: bytes) -> bool:
    return re.match(rb'(\{\s*("[^"]*"\s*:|\})|\[\s*(\[|\{|"|-?\d|\]))', start) is not None

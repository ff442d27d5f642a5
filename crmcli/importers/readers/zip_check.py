"""A zipped workbook is looked through before any engine opens it.

Source: trust.md, S2 (zip and XML bombs, external entities).
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from crmcli.i18n import Message, msg
from crmcli.importers.readers.failures import (
    FileDamaged,
    FileEncrypted,
    FileHostile,
    UnknownEncryption,
    WrongPassword,
)

MAX_ENTRIES = 10_000
MAX_ENTRY_MB = 2_048
MAX_TOTAL_MB = 4_096
MIN_RATIO = 0.01
RATIO_FROM_BYTES = 100_000
_CHUNK = 1 << 20
_AES = 99  # the method that WinZip and 7-Zip write for AES encryption
_PROLOG_BYTES = 65_536
_MEGABYTE = 1 << 20
_ROOT = re.compile(r"<[A-Za-z_]")
_DECLARED = re.compile(r"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)", re.IGNORECASE)
_WIDE_STARTS = (
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
# the only document type that a real program writes: OpenOffice 1 and 2, in the manifest
_HARMLESS_DTD = re.compile(r'<!DOCTYPE\s+manifest:manifest\s+PUBLIC\s+"[^"]*"\s+"Manifest\.dtd"\s*>')


def check_zip(path: Path, look_for: tuple[bytes, ...], password: str | None = None) -> frozenset[str]:
    """Return the names of the parts that hold any of the bytes `look_for`, once every part has proved harmless.

    `password` opens encrypted parts.

    Raises:
        FileHostile: too many or too large parts, a part that inflates over 100 times or to another size than
            declared, a document type or entity in an XML part.
        FileEncrypted: the parts are encrypted. WrongPassword, UnknownEncryption: and stay closed.
        FileDamaged: the archive cannot be read.
    """
    file = str(path)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_sizes(file, entries, password)
            archive.setpassword((password or "").encode())
            return frozenset(e.filename for e in entries if _scan_entry(file, archive, e, look_for))
    except RuntimeError as error:
        if "password" not in str(error).lower():
            raise FileDamaged(file, f"ZIP: {error}") from None
        raise WrongPassword(file) from None
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise FileDamaged(file, f"ZIP: {error}") from None


def _check_sizes(file: str, entries: list[zipfile.ZipInfo], password: str | None) -> None:
    if len(entries) > MAX_ENTRIES:
        raise FileHostile(file, msg("it has {count} parts", count=len(entries)))
    total_mb = sum(entry.file_size for entry in entries) / _MEGABYTE
    if total_mb > MAX_TOTAL_MB:
        raise FileHostile(file, msg("it inflates to {mb} MB", mb=round(total_mb)))
    for entry in entries:
        if entry.flag_bits & 1 and not password:
            raise FileEncrypted(file)
        if entry.compress_type == _AES:
            raise UnknownEncryption(file, "ZIP AES")
        if reason := _size_reason(entry):
            raise FileHostile(file, reason)


def _size_reason(entry: zipfile.ZipInfo) -> Message | None:
    if entry.file_size > MAX_ENTRY_MB * _MEGABYTE:
        return msg("its part {part} inflates to {mb} MB", part=entry.filename, mb=entry.file_size // _MEGABYTE)
    if entry.file_size > RATIO_FROM_BYTES and entry.compress_size < MIN_RATIO * entry.file_size:
        times = entry.file_size // max(entry.compress_size, 1)
        return msg("its part {part} inflates {times} times (a zip bomb)", part=entry.filename, times=times)
    return None


def _scan_entry(file: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, look_for: tuple[bytes, ...]) -> bool:
    """Return whether an entry holds one of `look_for`; inflating it wholly compares its size and checksum."""
    found, tail, first = False, b"", True
    longest = max(map(len, look_for), default=0)
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            if first:
                _check_prolog(file, entry.filename, chunk[:_PROLOG_BYTES])
                first = False
            found = found or any(mark in chunk or mark in tail + chunk[:longest] for mark in look_for)
            tail = chunk[-longest:] if longest else b""
    return found


def _check_prolog(file: str, part: str, head: bytes) -> None:
    if not part.lower().endswith((".xml", ".rels", ".vml")) and not head.lstrip().startswith(b"<?xml"):
        return
    text = _decoded(head)
    if text is None:
        raise FileHostile(file, msg("its part {part} is in an encoding that hides its content", part=part))
    root = _ROOT.search(text)
    prolog = _HARMLESS_DTD.sub("", text[: root.start()] if root else text)
    if "<!DOCTYPE" in prolog.upper() or "<!ENTITY" in prolog.upper():
        raise FileHostile(file, msg("its part {part} declares a document type or entity", part=part))


def _decoded(head: bytes) -> str | None:
    """Return the beginning of an XML part as text; None where it is not what it declares."""
    for mark, encoding in _WIDE_STARTS:
        if head.startswith(mark):
            text = head.decode(encoding, "replace").lstrip("\ufeff")
            return text if _agrees(text, "utf-16") else None
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if text and not text.startswith("<"):
        return None
    return text if _agrees(text, "utf-8") else None


def _agrees(text: str, encoding: str) -> bool:
    declared = _DECLARED.search(text)
    if declared is None:
        return True
    name = declared.group(1).lower().replace("_", "-")
    return name.startswith(encoding[:6]) if encoding == "utf-16" else name in _ASCII_BASED


_ASCII_BASED = {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "windows-1252", "gb2312", "gbk", "gb18030"}

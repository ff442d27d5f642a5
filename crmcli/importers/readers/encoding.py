"""In which encoding a text file is: byte order mark, strict UTF-8, GB18030, and chardet for the rest.

Source: trust.md and import-formats.md 5.1: GB18030 before UTF-8 corrupts silently, so the order matters.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from crmcli.importers.readers.failures import FileEncoding, FileMixedEncoding

_SAMPLE_BYTES = 1 << 20
_CHARDET_BYTES = 200_000
_CHUNK = 1 << 22
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COMMON_SHARE = 0.7  # of the non-ASCII characters of real GBK text, how many are common hanzi or punctuation
_NUL_SHARE = 0.1  # UTF-16 text without a mark: at least every tenth of the high bytes is 0 (digits, commas, line ends)


# UTF-8 inside of GB18030: at least three hanzi that are common read as UTF-8, where a cell begins
# (the look behind stands after the first byte: only where that one fits is anything looked at)
_UTF8_RUN = re.compile(rb"[\xe4-\xe9](?<![\x80-\xff].)[\x80-\xbf]{2}(?:[\xe4-\xe9][\x80-\xbf]{2}){2,}", re.DOTALL)
_OUTSIDE_GB2312 = bytes(range(0x80, 0xA1))  # bytes that GB 2312 has nowhere and UTF-8 in most hanzi
_PIECE = 1 << 16
_WIDE_UTF8 = re.compile(rb"[\xe3-\xef][\x80-\xbf]{2}")
_MIXED_LINES = 5000  # of a sample


class Encoding(NamedTuple):
    """An encoding's Python name, whether it was guessed rather than certain, and whether some lines are in another."""

    name: str
    guessed: bool
    mixed: bool = False


def encoding_of(path: Path, override: str | None = None) -> Encoding:
    """Return the encoding of a text file.

    Raises:
        FileEncoding: it could not be recognised, or `override` is no encoding.
        FileMixedEncoding: some lines are in another encoding, and no `override` says which of them count.
    """
    if override:
        name = _known_name(str(path), override)
        return Encoding(name, guessed=False, mixed=_line_in_other(path, name) is not None)
    with path.open("rb") as stream:
        head = stream.read(_SAMPLE_BYTES)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return _unmixed(path, Encoding(name, guessed=False))
    if wide := _wide_without_mark(head):
        return Encoding(wide, guessed=True)
    bad = _bad_offset(path, "utf-8")
    if bad is None:
        return Encoding("utf-8", guessed=False)
    sample = _around(path, bad) if head.isascii() else head
    if _is_mostly_utf8(sample):
        return _unmixed(path, Encoding("utf-8", guessed=False))
    if guess := _guess(sample):
        return _unmixed(path, Encoding(guess, guessed=True))
    raise FileEncoding(str(path))


def first_bad_line(path: Path, name: str) -> int:
    """Return the number of the first line that is not in an encoding, 0 where lines of bytes mean nothing in it."""
    if name.startswith(("utf-16", "utf_16", "utf-32", "utf_32")):
        return 0
    offset = _bad_offset(path, name)
    return 0 if offset is None else _line_at(path, offset)


def in_other_encoding(line: str, name: str) -> str | None:
    """Return the text of a line (decoded with surrogateescape) that is not in the encoding `name`, else None."""
    content = line.encode("utf-8" if name == "utf-8-sig" else name, "surrogateescape")
    if name == "gb18030" and _utf8_run(content):
        return content.decode("utf-8", "replace")
    if not any("\udc80" <= char <= "\udcff" for char in line):
        return None
    return content.decode("gb18030" if name.startswith("utf-8") else "utf-8", "replace")


def _unmixed(path: Path, found: Encoding) -> Encoding:
    """Return the encoding that was found, once all lines are known to be in it."""
    if line := _line_in_other(path, found.name):
        raise FileMixedEncoding(str(path), found.name, line)
    return found


def _line_in_other(path: Path, name: str) -> int | None:
    """Return the number of the first line that is in another encoding than most, None where there is none."""
    if name == "gb18030":
        offset = _utf8_offset(path)
    elif name.startswith("utf-8"):
        offset = _bad_offset(path, "utf-8")
        if offset is not None and not _is_mostly_utf8(_around(path, offset)):
            return None
    else:
        return None
    return None if offset is None else _line_at(path, offset)


def _line_at(path: Path, offset: int) -> int:
    r"""Return the number of the line that holds a byte; lines end in \n, \r\n or bare \r."""
    line, last = 1, b""
    with path.open("rb") as stream:
        while offset > 0 and (chunk := stream.read(min(offset, _CHUNK))):
            offset -= len(chunk)
            line += chunk.count(b"\n") + chunk.count(b"\r") - (last + chunk).count(b"\r\n")
            last = chunk[-1:]
    return line


def _around(path: Path, offset: int) -> bytes:
    """Return whole lines around a byte, or what there is of them."""
    with path.open("rb") as stream:
        stream.seek(max(offset - _SAMPLE_BYTES // 2, 0))
        if stream.tell():
            stream.readline()
        return stream.read(_SAMPLE_BYTES)


def _is_mostly_utf8(sample: bytes) -> bool:
    """Whether most lines that are not ASCII are UTF-8 with hanzi or the like in it."""
    lines = [line for line in sample.splitlines()[:_MIXED_LINES] if not line.isascii()]
    fitting = sum(1 for line in lines if _WIDE_UTF8.search(line) and _if_decodes(line, "utf-8"))
    return fitting * 2 > len(lines)


def _utf8_run(content: bytes) -> re.Match[bytes] | None:
    """Return the first cell that is UTF-8 in text that is GB18030."""
    for found in _UTF8_RUN.finditer(content):
        if all(map(_is_common, found.group().decode("utf-8", "ignore"))):
            return found
    return None


def _utf8_offset(path: Path) -> int | None:
    """Return where UTF-8 begins in a file that is GB18030; most of such a file is passed over quickly."""
    with path.open("rb") as stream:
        offset = 0
        while piece := stream.read(_PIECE):
            piece += stream.readline()
            if len(piece.translate(None, _OUTSIDE_GB2312)) < len(piece) and (found := _utf8_run(piece)):
                return offset + found.start()
            offset += len(piece)
    return None


def _known_name(file: str, name: str) -> str:
    try:
        found = codecs.lookup(name)
        "".encode(found.name)  # refuses codecs that are no text encodings
    except LookupError:
        raise FileEncoding(file, name) from None
    wide = found.name in ("gb2312", "gbk")  # files that say so hold characters of the whole family
    return "gb18030" if wide else {"utf-8": "utf-8-sig"}.get(found.name, found.name)


def _wide_without_mark(head: bytes) -> str | None:
    """Return UTF-16 or UTF-32 in the byte order that the zero bytes of ASCII characters show, else None."""
    sample = head[: len(head) // 4 * 4][:8192]
    if not sample or b"\x00" not in sample:
        return None
    quarter = len(sample) // 4
    zeros = [sample[offset::4].count(0) for offset in range(4)]
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    fits = {
        "utf-32-le": zeros[3] == quarter and zeros[2] > _NUL_SHARE * quarter,
        "utf-32-be": zeros[0] == quarter and zeros[1] > _NUL_SHARE * quarter,
        "utf-16-le": odd > _NUL_SHARE * 2 * quarter and even * 10 < odd,
        "utf-16-be": even > _NUL_SHARE * 2 * quarter and odd * 10 < even,
    }
    likely = (name for name, fit in fits.items() if fit and _if_decodes(head, name))
    return next((name for name in likely if _has_line_end(sample, name)), None)


def _has_line_end(sample: bytes, name: str) -> bool:
    text = sample.decode(name, "ignore")
    return "\n" in text or "\r" in text


def _bad_offset(path: Path, name: str) -> int | None:
    """Return the offset of the first byte that is not in an encoding, None where all are."""
    decoder = codecs.getincrementaldecoder(name)()
    offset = 0
    with path.open("rb") as stream:
        while True:
            chunk = stream.read(_CHUNK)
            held = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return offset - held + error.start
            if not chunk:
                return None
            offset += len(chunk)


def _if_decodes(head: bytes, name: str) -> str | None:
    """Return `name` where the sample is in it; one cut from a longer file may end inside a character."""
    try:
        codecs.getincrementaldecoder(name)().decode(head, final=len(head) < _SAMPLE_BYTES)
    except UnicodeDecodeError:
        return None
    return name


def _guess(head: bytes) -> str | None:
    if _utf8_run(head):  # some lines are UTF-8 among others: what are those?
        head = b"".join(line for line in head.splitlines(keepends=True) if not _utf8_run(line))
    gb = _if_decodes(head, "gb18030")
    if gb and _common_share(head) >= _COMMON_SHARE:
        return gb
    import chardet

    name = chardet.detect(head[:_CHARDET_BYTES])["encoding"]
    if name is None:
        return gb
    name = codecs.lookup(name).name
    return "gb18030" if name.startswith("gb") and gb else _if_decodes(head, name) or gb


def _common_share(head: bytes) -> float:
    """Return which share of the non-ASCII characters are common in Chinese text, read as GB18030."""
    text = codecs.getincrementaldecoder("gb18030")().decode(head[:_CHARDET_BYTES], final=False)
    counts = Counter(char for char in text if char > "\x7f")
    total = counts.total()
    return sum(n for char, n in counts.items() if _is_common(char)) / total if total else 1.0


def _is_common(char: str) -> bool:
    """Whether GB 2312 has the character as punctuation or among its 3,755 most frequent hanzi (level 1)."""
    code = char.encode("gb2312", "ignore")
    return bool(code) and (code[0] in (0xA1, 0xA3) or 0xB0 <= code[0] <= 0xD7)  # noqa: PLR2004 - GB 2312 rows

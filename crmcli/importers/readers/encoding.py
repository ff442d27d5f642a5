"""In which encoding a text file is: byte order mark, strict UTF-8, GB18030, and chardet for the rest.

Source: trust.md and import-formats.md 5.1: GB18030 before UTF-8 corrupts silently, so the order matters.
"""

from __future__ import annotations

import codecs
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from crmcli.importers.readers.failures import FileEncoding

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


class Encoding(NamedTuple):
    """An encoding's Python name, and whether it was guessed rather than certain."""

    name: str
    guessed: bool


def encoding_of(path: Path, override: str | None = None) -> Encoding:
    """Return the encoding of a text file.

    Raises:
        FileEncoding: it could not be recognised, or `override` is no encoding.
    """
    if override:
        return Encoding(_known_name(str(path), override), guessed=False)
    with path.open("rb") as stream:
        head = stream.read(_SAMPLE_BYTES)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name, guessed=False)
    if wide := _wide_without_mark(head):
        return Encoding(wide, guessed=True)
    if _is_utf8(path):
        return Encoding("utf-8", guessed=False)
    if guess := _guess(head):
        return Encoding(guess, guessed=True)
    raise FileEncoding(str(path))


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


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _if_decodes(head: bytes, name: str) -> str | None:
    """Return `name` where the sample is in it; one cut from a longer file may end inside a character."""
    try:
        codecs.getincrementaldecoder(name)().decode(head, final=len(head) < _SAMPLE_BYTES)
    except UnicodeDecodeError:
        return None
    return name


def _guess(head: bytes) -> str | None:
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

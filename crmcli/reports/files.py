"""Workbooks on disk: cells that are data and never formulas; files that are whole and private."""

from __future__ import annotations

import csv
import os
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from crmcli.errors import CrmError
from crmcli.i18n import msg

if TYPE_CHECKING:
    from openpyxl import Workbook

# what XML 1.0 cannot hold
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST = 32767
_FIRST = slice(1)
_QUOTED_SIGNS = '",\r'
_QUOTED = re.compile(f"[{_QUOTED_SIGNS}\n]")
# what no spreadsheet takes for a formula although it begins with a sign: amounts, rates, phone numbers
_SIGNED = re.compile(r"^[+-]?[\d.,\s%-]*$")
_RISKY = re.compile("^[\\s\ufeff]*[=+\\-@\t\r＝＋－＠]")
# the signs that a text which matches `_RISKY` begins with: most texts need no closer look
_RISKY_STARTS = frozenset("=+-@＝＋－＠\ufeff") | {sign for sign in map(chr, range(0x3001)) if sign.isspace()}
_RISKY_LINE = re.compile(f"\n[{re.escape(''.join(_RISKY_STARTS - {chr(10)}))}]")


class FileNotWritten(CrmError):
    """A result file cannot be written."""

    code = "out.not_written"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            msg("the file cannot be written ({reason})", reason=reason),
            where=str(path),
            hint=msg("close it in Excel if it is open there, or name another file"),
        )


def looks_like_formula(text: str) -> bool:
    """Return whether a spreadsheet might run a text as a formula."""
    return text[:1] in _RISKY_STARTS and _RISKY.match(text) is not None


def cell_text(text: str) -> str:
    """Return what a workbook's cell holds of a text: not more than fits, and no sign that XML has no place for."""
    return _FORBIDDEN.sub("\ufffd", text)[:_LONGEST]


def write_text(cell: Any, text: str) -> None:
    """Put a text into a cell as data: what looks like a formula is marked as text, so that no program runs it."""
    clean = cell_text(text)
    cell.value = clean or None
    if clean:
        cell.data_type = "s"
    if _RISKY.match(clean):
        from openpyxl.styles import Alignment

        cell.quotePrefix = True
        cell.alignment = Alignment(vertical="top")


def save_workbook(book: Workbook, path: Path) -> None:
    """Write a workbook whole or not at all, readable by its owner only (0600).

    Raises:
        FileNotWritten: the folder or file cannot be written; what was there before is left as it was.
    """
    with whole_file(path) as file:
        book.save(file)


def save_csv(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write rows as csv that Excel opens (UTF-8 with BOM), whole or not at all, readable by its owner only (0600).

    A text that a spreadsheet would run as a formula gets an apostrophe in front, which an import takes off again;
    numbers with a sign are left as they are.

    Raises:
        FileNotWritten: the folder or file cannot be written; what was there before is left as it was.
    """
    with whole_file(path) as file:
        text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
        risky = _RISKY_STARTS
        csv.writer(text).writerows([_as_data(cell) if cell[:1] in risky else cell for cell in row] for row in rows)
        text.flush()
        text.detach()


def save_lines(path: Path, pieces: Iterable[bytes]) -> None:
    """Write csv lines that are made already, of cells of `csv_cell`, as `save_csv` writes rows.

    Raises:
        FileNotWritten: the folder or file cannot be written; what was there before is left as it was.
    """
    with whole_file(path) as file:
        file.write(BOM_UTF8)
        file.writelines(pieces)


def csv_cell(text: str) -> str:
    """Return a text as a cell of a csv line: no formula, in quotes where it would not be one cell otherwise.

    >>> csv_cell("=1+1"), csv_cell("a,b"), csv_cell("-5")
    ("'=1+1", '"a,b"', '-5')
    """
    safe = _as_data(text) if text[:1] in _RISKY_STARTS else text
    return '"' + safe.replace('"', '""') + '"' if _QUOTED.search(safe) else safe


def csv_cells(texts: list[str]) -> list[str]:
    """Return `csv_cell` of each text; most lists hold none that must be changed."""
    if _QUOTED.search("".join(texts)) or not _RISKY_STARTS.isdisjoint(map(itemgetter(_FIRST), texts)):
        return [csv_cell(text) for text in texts]
    return texts


def csv_column(texts: list[str]) -> list[bytes]:
    """Return `csv_cell` of each text as bytes; most lists hold none that must be changed.

    >>> csv_column(["a", "", "b"]), csv_column(["a,b", "=1"])
    ([b'a', b'', b'b'], [b'"a,b"', b"'=1"])

    Raises:
        TypeError: one is no text.
    """
    together = "\n".join(["", *texts])
    if (
        together.count("\n") > len(texts)
        or any(sign in together for sign in _QUOTED_SIGNS)
        or _RISKY_LINE.search(together)
    ):
        return [csv_cell(text).encode() for text in texts]
    return together.encode().split(b"\n")[1:]


def _as_data(text: str) -> str:
    return f"'{text}" if _RISKY.match(text) and not _SIGNED.match(text) else text


def make_folder(path: Path) -> None:
    """Make a folder for result files that only its owner can look into (0700), unless there is one.

    Raises:
        FileNotWritten: it cannot be made.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FileNotWritten(path, error.strerror or str(error)) from error


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Yield a file that takes the place of `path` when all is written, or leaves what was there before (0600).

    Only a file gives way: a device or a pipe of that name would be replaced, and gone.

    Raises:
        FileNotWritten: the folder or file cannot be written, or the path is of something else.
    """
    if path.exists() and not path.is_file():
        raise FileNotWritten(path, str(msg("this is a folder or a device, not a file")))
    part = path.with_name(f".{path.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise FileNotWritten(path, error.strerror or str(error)) from error
    finally:
        with suppress(OSError):
            part.unlink()

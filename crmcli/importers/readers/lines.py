"""The lines of a text file in chunks, freed of what is no text: NUL, byte order marks inside, Ctrl-Z at the end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from crmcli.i18n import Message, msg
from crmcli.importers.readers.encoding import Encoding, first_bad_line, in_other_encoding
from crmcli.importers.readers.failures import FileEncoding

_CHUNK_LINES = 128
_MARK = "\udcff"
_END = "\x1a"  # DOS wrote it behind the last line


class Lines:
    r"""Gives a file's lines with their ends (\n, \r\n or bare \r).

    Where the file mixes encodings, a line in another one carries a lone surrogate, for `Records` to reject it.
    """

    def __init__(self, path: Path, encoding: Encoding) -> None:
        self.mixed = encoding.mixed
        self._path = path
        self._encoding = encoding
        self._stream = self._opened()
        self._number = 0
        self._with_nul = 0
        self._first_nul = 0

    def take(self, count: int = _CHUNK_LINES) -> list[str]:
        """Return up to `count` further lines, none at the end.

        Raises:
            FileEncoding: a line is not in the encoding.
        """
        try:
            lines = list(islice(self._stream, count))
        except UnicodeError:
            raise FileEncoding(
                str(self._path), self._encoding.name, first_bad_line(self._path, self._encoding.name)
            ) from None
        if self.mixed:
            lines = [self._marked(line) for line in lines]
        text = "".join(lines)
        if "\x00" in text or "\ufeff" in text or _END in text:
            lines = [self._cleaned(line, number) for number, line in enumerate(lines, start=self._number + 1)]
        self._number += len(lines)
        return lines

    def notes(self) -> Iterator[Message]:
        """Yield what was left out, once all lines are taken."""
        if self._with_nul:
            yield msg(
                "NUL characters were left out in {count} lines, first in line {line}",
                count=self._with_nul,
                line=self._first_nul,
            )

    def _opened(self) -> Iterator[str]:
        errors = "surrogateescape" if self.mixed else "strict"
        with self._path.open(encoding=self._encoding.name, errors=errors, newline="") as stream:
            yield from stream

    def _cleaned(self, line: str, number: int) -> str:
        if "\x00" in line:
            self._with_nul += 1
            self._first_nul = self._first_nul or number
            line = line.replace("\x00", "")
        if line.rstrip("\r\n").endswith(_END):
            line = line.rstrip(_END + "\r\n")
        return line.lstrip("\ufeff" + _END) if line[:1] in {"\ufeff", _END} else line

    def _marked(self, line: str) -> str:
        if line.isascii() or (other := in_other_encoding(line, self._encoding.name)) is None:
            return line
        at = next((i for i, char in enumerate(other) if char > "\x7f"), 0)
        return other[:at] + _MARK + other[at:]

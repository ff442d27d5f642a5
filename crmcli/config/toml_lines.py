"""Where each key of a TOML text stands, so that a mistake can be shown by its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"""(?:"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[^\s=.#\[\]{},"'])(?:[^\s=.#\[\]{},"']*)(?:\s*\.\s*)?""")
_SCALAR = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|[^,\]}#\n]+",
    re.DOTALL,
)


def line_numbers(text: str) -> dict[Path, int]:
    r"""Return the line (from 1) of every table, key and array element of a text that `tomllib` reads.

    Paths hold keys and, for arrays, positions from 0.

    >>> line_numbers('[a]\nb = [\n  { c = 1 },\n]\n')[("a", "b", 0, "c")]
    3
    """
    return _Reader(text).document()


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """Return the line of a path, or of the nearest table around it; 1 where nothing of it is written."""
    return next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), 1)


class _Reader:
    """Walks over a valid text once; `lines` fills as keys are met."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {}
        self._sizes: dict[Path, int] = {}
        self._line, self._counted = 1, 0

    def document(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip_blank():
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
        return self.lines

    def _header(self) -> Path:
        array = self.text.startswith("[[", self.at)
        line = self._line_here()
        self.at += 2 if array else 1
        keys = self._keys()
        self.at = self.text.index("]", self.at) + (2 if array else 1)
        path: Path = ()
        for key in keys[:-1]:
            path = self._latest((*path, key))
        path = (*path, keys[-1])
        self.lines.setdefault(path, line)
        if not array:
            return path
        self._sizes[path] = self._sizes.get(path, 0) + 1
        path = (*path, self._sizes[path] - 1)
        self.lines[path] = line
        return path

    def _latest(self, path: Path) -> Path:
        """Return the path, its array's latest element where it is an array of tables."""
        return (*path, self._sizes[path] - 1) if path in self._sizes else path

    def _pair(self, table: Path) -> None:
        line = self._line_here()
        path = table
        for key in self._keys():
            path = (*path, key)
            self.lines.setdefault(path, line)
        self.at = self.text.index("=", self.at) + 1
        self._value(path)

    def _keys(self) -> list[str]:
        self._skip_blank()
        start = self.at
        while found := _KEY.match(self.text, self.at):
            self.at = found.end()
            if "." not in found[0][len(found[0].rstrip(". \t")) :]:
                break
        named: Any = tomllib.loads(f"{self.text[start : self.at].strip()} = 0")
        keys = []
        while isinstance(named, dict):
            key, named = next(iter(named.items()))
            keys.append(key)
        return keys

    def _value(self, path: Path) -> None:
        self._skip_blank()
        opening = self.text[self.at]
        if opening not in "[{":
            found = _SCALAR.match(self.text, self.at)
            self.at = found.end() if found else self.at + 1
            return
        self.at += 1
        closing, index = {"[": "]", "{": "}"}[opening], 0
        while self._skip_blank() and self.text[self.at] != closing:
            if self.text[self.at] == ",":
                self.at += 1
            elif opening == "{":
                self._pair(path)
            else:
                self.lines[(*path, index)] = self._line_here()
                self._value((*path, index))
                index += 1
        self.at += 1

    def _skip_blank(self) -> bool:
        """Pass over white space and comments; return whether anything is left."""
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at < len(self.text)

    def _line_here(self) -> int:
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

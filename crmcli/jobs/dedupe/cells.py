"""A sheet's cells as texts to compare."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from crmcli.domain.problem import Problem
from crmcli.domain.values.region import Region
from crmcli.domain.values.text import PLACEHOLDERS
from crmcli.importers.parsers import Person
from crmcli.importers.parsing import ColumnParser
from crmcli.importers.sheet import Block, Column, OddRow
from crmcli.jobs.importing.plan import PlannedSheet

# the fields, of whatever entity, that tell records apart
_COMPARED = frozenset(
    {"name", "first_name", "company", "credit_code", "phones", "emails", "address", "province", "city", "wechat"}
    | {"external_id"}
)
# a number that no country's plan knows, still one to compare
_DIGITS = re.compile(r"[\d\s()/.+-]{7,}")
_FEWEST_DIGITS = 7
# the signs that some title of a person (经理, 先生) ends with, and words that say that nobody is named
_TITLE_ENDS = "理助师长裁监总任管书板授士生计购姐傅工董哥处科局院"
_NOBODY = "|".join(sorted(word for word in PLACEHOLDERS if not word.isascii()))
_MORE_THAN_PLACEHOLDER = max(map(len, PLACEHOLDERS)) + 1
# what the parser of a type copies, whole or in groups, and what it puts in front: most cells, and much faster so
_PLAIN = MappingProxyType(
    {
        "name": (re.compile(rf"(?!(?:{_NOBODY})$)[\u4e00-\u9fff]{{2,4}}(?<![{_TITLE_ENDS}])"), ""),
        "text": (re.compile(rf"[0-9]{{1,15}}|[\u4e00-\u9fff][\u4e00-\u9fff0-9]{{{_MORE_THAN_PLACEHOLDER},60}}"), ""),
        "phones": (
            re.compile(
                r"(?:(?:\+|00)?86[- ]?)?(1[3-9][0-9])[- ]?([0-9]{4})[- ]?([0-9]{4})"
                r"|0(10|2[0-9]|[3-9][0-9]{2})-([1-9][0-9]{6,7})"
            ),
            "+86",
        ),
        "emails": (re.compile(r"[a-z0-9]{1,32}@[a-z0-9]{1,32}(?:\.[a-z0-9]{1,32}){0,2}\.[a-z]{2,24}"), ""),
        "company": (re.compile(r"[\u4e00-\u67cf\u67d1-\u9fa5（）()]{8,40}公司"), ""),
    }
)


class Cells:
    """A sheet's columns as texts to compare, by field.

    `rows` are the numbers of the rows in the file, `odd` those that are no records; `written` are the texts of the
    column that is asked for, as they stand.
    """

    def __init__(self, planned: PlannedSheet, written: int | None = None) -> None:
        self.rows = array("q")
        self.written: list[str] = []
        self.odd: list[OddRow] = []
        mapped = [parser for parser in planned.parsers if parser.map.path.partition(".")[2] in _COMPARED]
        each: list[list[str]] = [[] for _ in mapped]
        for block in planned.sheet.blocks():
            self._look_at(block, planned, written)
            for parser, texts in zip(mapped, each, strict=True):
                column = block.columns[parser.map.index]
                # what a parser knows of one block's texts is of little use in the next one
                said = said_in(replace(parser, _known={}), column.values)
                texts.extend(map(said.__getitem__, column.codes))
        self._columns: dict[str, list[list[str]]] = {}
        for parser, texts in zip(mapped, each, strict=True):
            self._columns.setdefault(parser.map.path, []).append(texts)

    def _look_at(self, block: Block, planned: PlannedSheet, written: int | None) -> None:
        self.rows.extend(array("q", block.rows))
        self.odd += odd_rows(planned, block)
        if written is not None:
            self.written += block.columns[written].texts()

    def has(self, path: str) -> bool:
        """Return whether some column holds this field."""
        return path in self._columns

    def texts(self, *paths: str) -> list[str] | None:
        """Return a text a row of the fields at `paths`, several parted by ";"; None where no column holds them."""
        columns = [column for path in paths for column in self._columns.get(path, [])]
        if len(columns) < 2:  # noqa: PLR2004 - nothing to join
            return columns[0] if columns else None
        return [_joined(row) for row in zip(*columns, strict=True)]


def odd_rows(planned: PlannedSheet, block: Block) -> list[OddRow]:
    """Return the rows of a block that are no records; what stands above the sheet's header is no part of it."""
    return [row for row in (*block.skipped, *block.rejected) if row.row > (planned.sheet.header_row or 0)]


def said_in(parser: ColumnParser, texts: list[str]) -> list[str]:
    """Return what each of a column's distinct texts says, "" where it says nothing that can be compared."""
    plain = None if parser.map.values else _PLAIN.get(parser.map.type)
    if plain is None:
        return _parsed(parser, texts)
    copied, before = plain
    match = copied.fullmatch
    if copied.groups:
        said = ["" if one is None else before + "".join(one.groups("")) for one in map(match, texts)]
    else:
        said = [before + text if match(text) else "" for text in texts]
    rest = [place for place, text in enumerate(said) if not text]
    for place, text in zip(rest, _parsed(parser, [texts[place] for place in rest]), strict=True):
        said[place] = text
    return said


def _parsed(parser: ColumnParser, texts: list[str]) -> list[str]:
    column = parser.parse(Column("", 0, texts, ()))
    key = parser.map.path.partition(".")[2]
    say = _SAY.get(parser.map.type, _plain)
    both = zip(column.values, column.texts, strict=True)
    return ["" if value is None else say(value, text, key) for value, text in both]


def _joined(row: Sequence[str]) -> str:
    filled = [text for text in row if text]
    return ";".join(dict.fromkeys(filled)) if len(filled) > 1 else filled[0] if filled else ""


def _plain(value: Any, text: str, key: str) -> str:
    if isinstance(value, Problem):
        return ""
    if isinstance(value, Region):
        return getattr(value, key, None) or text
    return str(value.name or "") if isinstance(value, Person) else str(value)


def _first(value: Any, _text: str, _key: str) -> str:
    return value[0] if isinstance(value, list) and value else ""


def _phone(value: Any, text: str, _key: str) -> str:
    if isinstance(value, list):
        return ";".join(value)
    digits = re.sub(r"\D", "", text)
    return digits if _DIGITS.fullmatch(text) and len(digits) >= _FEWEST_DIGITS else ""


_SAY: Mapping[str, Callable[[Any, str, str], str]] = MappingProxyType({"phones": _phone, "emails": _first})

"""Texts -> values: each column's parser is chosen once for the whole sheet, then blocks are parsed one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from crmcli.domain.values.date_style import order_evidence
from crmcli.domain.values.text import clean, is_blank
from crmcli.i18n import Message, msg
from crmcli.importers.mapping import LEFT_OUT, ColumnMap, SheetMapping
from crmcli.importers.meaning import EXTRA
from crmcli.importers.parsers import Person, parser_of, usual_form
from crmcli.importers.sheet import Block, Column, Sheet

# the types whose parser depends on all of a column's values, and what is looked at of each
_DECIDED_BY_ALL: dict[str, Callable[[str], str]] = {
    "date": order_evidence,
    "stage_date": order_evidence,
    "percent": str,
}
_KEPT = 1 << 17  # values of a column that are kept parsed from block to block
_UNKNOWN = object()


@dataclass(frozen=True, slots=True)
class ParsedColumn:
    """One column of a block after parsing: row i's value is `values[codes[i]]`; None is blank, a Problem a bad cell."""

    map: ColumnMap
    texts: list[str]
    values: list[Any]
    codes: Sequence[int]


@dataclass(slots=True)
class ColumnParser:
    """How one column of a sheet is read; `note` is what to tell about it."""

    map: ColumnMap
    parser: Callable[[str], Any]
    note: Message | None = None
    _known: dict[str, Any] = field(default_factory=dict)

    def parse(self, column: Column) -> ParsedColumn:
        """Return a block's column with its distinct texts parsed once."""
        if usual := usual_form(self.map):
            return self._parsed_by_form(column, *usual)
        texts = [self.map.meant(clean(text)) for text in column.values]
        values = [text or None for text in texts] if self.map.path == EXTRA else [self._value(text) for text in texts]
        return ParsedColumn(self.map, texts, values, column.codes)

    def _parsed_by_form(
        self, column: Column, is_usual: Callable[[str], Any], value_of: Callable[[str], Any] | None
    ) -> ParsedColumn:
        """Return a block's column in which most texts have the usual form: what they say is seen without a parser."""
        others = {text: clean(text) for text in column.values if not is_usual(text)}
        values: list[Any] = list(map(value_of, column.values)) if value_of and not others else column.values
        if not others:
            return ParsedColumn(self.map, column.values, values, column.codes)
        texts = [others.get(text, text) for text in column.values]
        values = [self._value(others[text]) if text in others else value_of(text) if value_of else text
                  for text in column.values]  # fmt: skip
        return ParsedColumn(self.map, texts, values, column.codes)

    def _value(self, text: str) -> Any:
        if not text:
            return None
        value = self._known.get(text, _UNKNOWN)
        if value is _UNKNOWN:
            value = None if is_blank(text) else self.parser(text)
            if len(self._known) < _KEPT:
                self._known[text] = value
        return value


def column_parsers(sheet: Sheet, mapping: SheetMapping, zone: ZoneInfo) -> list[ColumnParser]:
    """Return the parsers of a sheet's columns; where it matters, all of a column's values decide together."""
    wanted = [column for column in mapping.columns if column.type != LEFT_OUT]
    evidence = _evidence(sheet, wanted)
    return [ColumnParser(c, *parser_of(c, sorted(evidence.get(c.index, ())), zone)) for c in wanted]


def _evidence(sheet: Sheet, columns: Sequence[ColumnMap]) -> dict[int, set[str]]:
    """Return column index -> what its texts say, for the columns that are decided by all their values."""
    wanted = [column for column in columns if column.type in _DECIDED_BY_ALL or column.values]
    deciding = {column.index: (_DECIDED_BY_ALL.get(column.type, str), column.meant) for column in wanted}
    found: dict[int, set[str]] = {index: set() for index in deciding}
    for block in sheet.blocks() if deciding else ():
        for index, (look, meant) in deciding.items():
            texts = (meant(clean(text)) for text in block.columns[index].values)
            found[index].update(look(text) for text in texts if text and not is_blank(text))
    return {index: said - {""} for index, said in found.items()}


def parse_block(block: Block, parsers: Sequence[ColumnParser]) -> list[ParsedColumn]:
    """Return a block's columns parsed; those left out of the mapping are missing."""
    return [parser.parse(block.columns[parser.map.index]) for parser in parsers]


@dataclass(slots=True)
class TakenApart:
    """How many cells of people gave more than a name: what is taken out of them is told, never silent."""

    _counts: dict[str, Counter[str]] = field(default_factory=dict)

    def look_at(self, columns: Collection[ParsedColumn]) -> None:
        """Count a block's cells."""
        for column in columns:
            if Person in set(map(type, column.values)):
                self._count(column, self._counts.setdefault(column.map.header, Counter()))

    def _count(self, column: ParsedColumn, counts: Counter[str]) -> None:
        for code, number in Counter(column.codes).items():
            value = column.values[code]
            if isinstance(value, Person) and value.name != column.texts[code]:
                counts["cells"] += number
                counts["companies"] += number * bool(value.company)
                counts["phones"] += number * bool(value.phones)
                counts["people"] += number * len(value.others)

    def notes(self) -> list[Message]:
        """Return a note a column that was taken apart."""
        return [
            msg(
                "{header}: {cells} cells hold more than a name; taken out of them: {companies} companies, {phones}"
                " phones, {people} more people (the cells are kept as written)",
                header=header, cells=counts["cells"], companies=counts["companies"], phones=counts["phones"],
                people=counts["people"],
            )
            for header, counts in self._counts.items() if counts["cells"]
        ]  # fmt: skip

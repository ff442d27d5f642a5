"""The figures of a report as plain values by table, row and column: of one in memory, or of one that was written."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from crmcli.i18n import Message
from crmcli.reports.json import TEXT, document
from crmcli.reports.model import Report, Table
from crmcli.reports.wording import UNKNOWN

TOTAL = ("*",)
"""The row of a table's totals."""
_TEXTS = ("text", "date")
_SOURCES = ("where",)
"""Columns that tell where a row comes from, which is no name of it."""

Number = Decimal | None
Key = tuple[str, tuple[str, ...], str]
"""Table, the texts that name its row, and the column's key."""


@dataclass(frozen=True, slots=True)
class _Column:
    key: str
    type: str
    values: list[Any]
    total: Any


def naming_columns(report: Report) -> dict[str, tuple[str, ...]]:
    """Return table -> the columns whose texts name its rows; texts that depend on the language only where need be."""
    return {table.name: _naming(table) for table in report.tables}


def _naming(table: Table) -> tuple[str, ...]:
    texts = [(at, column.key) for at, column in enumerate(table.columns) if column.type in _TEXTS]
    data = [key for at, key in texts if not any(isinstance(row[at], Message) for row in table.rows)]
    found = tuple(data or [key for _at, key in texts])
    names = tuple(key for key in found if key not in _SOURCES)
    return names if len(set(row_names(table, names))) == len(table.rows) else found


def row_names(table: Table, naming: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the texts that name each row of a table."""
    places = [table.index(key) for key in naming]
    return [tuple(_text(row[at]) for at in places) for row in table.rows]


def row_words(report: Report, naming: Mapping[str, tuple[str, ...]]) -> dict[tuple[str, tuple[str, ...]], str]:
    """Return (table, texts that name a row) -> what readers see it called."""
    found = {}
    for table in report.tables:
        places = [at for at, column in enumerate(table.columns)
                  if column.type in _TEXTS and not column.minor and column.key not in _SOURCES]  # fmt: skip
        for name, row in zip(row_names(table, naming.get(table.name, ())), table.rows, strict=True):
            found[table.name, name] = " ".join(_text(row[at]) for at in places if row[at] is not None)
    return found


def figures_of(report: Report, naming: Mapping[str, tuple[str, ...]]) -> dict[Key, Number]:
    """Return the numbers of a report; None where one is not known, or a rate rests on too few cases."""
    return dict(_figures(_of_document(document(report)), naming))


def figures_of_file(path: Path, naming: Mapping[str, tuple[str, ...]]) -> dict[Key, Number]:
    """Return the numbers that a workbook or a JSON document shows."""
    if path.suffix.lower() == ".json":
        return dict(_figures(_of_document(json.loads(path.read_text(encoding="utf-8"))), naming))
    return dict(_figures(_of_workbook(path), naming))


def _figures(
    tables: Mapping[str, list[_Column]], naming: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[Key, Number]]:
    for name, columns in tables.items():
        names = [column.values for column in columns if column.key in naming.get(name, ())]
        rows = [tuple(_text(value) for value in row) for row in zip(*names, strict=True)] if names else []
        for column in columns:
            if column.type in _TEXTS:
                continue
            for row, value in zip(rows or [()] * len(column.values), column.values, strict=True):
                yield (name, row, column.key), _number(value, column.type)
            total = _number(column.total, column.type)
            if total is not None:
                yield (name, TOTAL, column.key), total


def _of_document(found: dict[str, Any]) -> dict[str, list[_Column]]:
    tables = {}
    for table in found["tables"]:
        places = {column["key"]: at for at, column in enumerate(table["columns"])}
        said = {key: places.get(f"{key}{TEXT}", at) for key, at in places.items()}  # in words, as workbooks show it
        tables[table["name"]] = [
            _Column(column["key"], column["type"], [row[said[column["key"]]] for row in table["rows"]],
                    table["total"][at] if table["total"] else None)
            for at, column in enumerate(table["columns"]) if not _is_part(column["key"], places)
        ]  # fmt: skip
    return tables


def _is_part(key: str, keys: Collection[str]) -> bool:
    """Return whether a column is a rate's numerator or denominator, which workbooks show as a text, or only words."""
    stem, _, part = key.rpartition("_")
    return part in ("numerator", "denominator", TEXT[1:]) and stem in keys


def _of_workbook(path: Path) -> dict[str, list[_Column]]:
    from openpyxl import load_workbook

    from crmcli.reports.excel.definitions import KEYS

    book = load_workbook(path, data_only=True, read_only=True)  # sheets of records, which are long, are not read
    tables: dict[str, list[_Column]] = {}
    pages: dict[str, list[tuple[Any, ...]]] = {}
    for sheet, table, key, kind, cells, total in book[KEYS].iter_rows(min_row=2, max_col=6, values_only=True):
        if table:
            name = str(sheet)
            if name not in pages:
                pages[name] = list(book[name].iter_rows(min_row=1, min_col=1, values_only=True))
            values = _cells(pages[name], str(cells)) if cells else []
            last = _cells(pages[name], str(total))[0] if total else None
            tables.setdefault(str(table), []).append(_Column(str(key), str(kind), values, last))
    book.close()
    return tables


def _cells(page: list[tuple[Any, ...]], area: str) -> list[Any]:
    """Return the values of cells below each other; None where a page ends before."""
    from openpyxl.utils import range_boundaries

    column, top, _right, bottom = (int(place or 0) for place in range_boundaries(area))
    rows = [page[row - 1] if row <= len(page) else () for row in range(top, bottom + 1)]
    return [row[column - 1] if column <= len(row) else None for row in rows]


def _text(value: object) -> str:
    match value:
        case None:
            return UNKNOWN
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _number(value: object, kind: str) -> Number:
    """Return a cell as a number: money with two places, other fractions with nine; None for a text (too few cases)."""
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    if not number.is_finite():
        return None
    return round(number, 2) if kind == "money" else round(number, 9) if kind in ("rate", "days") else number

"""A report as one JSON document: the shape of the command line's contract."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from crmcli.domain.metrics.rate import Rate
from crmcli.i18n import Message
from crmcli.reports.model import Cell, Column, Report, Table

TEXT = "_text"
"""What follows the key of a column in the key of the one that holds its words."""


def document(report: Report) -> dict[str, Any]:
    """Return the report as plain values: money decimal strings, counts integers, rates 0-1 or null, ISO times.

    A rate that shows its parts is followed by KEY_numerator and KEY_denominator. What the program words itself is a
    code, or English, in every language; such a column is followed by KEY_text, the words of the language.
    """
    return {
        "report": report.name,
        "title": str(report.title),
        "from": _day(report.period.start),
        "to": _day(report.period.end),
        "as_of": report.as_of.isoformat(),
        "known_at": report.known_at.isoformat() if report.known_at else None,
        "data_time": report.data_time.isoformat() if report.data_time else None,
        "arguments": dict(report.arguments),
        "config_hash": report.config_hash,
        "program": report.program,
        "settings": json.loads(report.settings or "{}"),
        "min_n": report.min_n,
        "headlines": [
            {"key": line.key, "label": str(line.label), "type": line.type,
             "value": _value(line.value, report.min_n), "previous": _value(line.previous, report.min_n)}
            for line in report.headlines
        ],
        "summary": [str(sentence) for sentence in report.summary],
        "tables": [_table(table, report.min_n) for table in report.tables],
        "checks": [
            {"name": check.name, "ok": check.ok, "detail": str(check.detail)} for check in report.section.checks
        ],
        "notes": [{"code": note.code, "table": note.table, "text": str(note.text)} for note in report.section.notes],
    }  # fmt: skip


def _table(table: Table, min_n: int) -> dict[str, Any]:
    worded = {column.key for at, column in enumerate(table.columns)
              if any(isinstance(row[at], Message) for row in table.rows)}  # fmt: skip
    return {
        "name": table.name,
        "title": str(table.title),
        "columns": [
            {"key": key, "label": str(column.label), "type": kind}
            for column in table.columns
            for key, kind in _keys(column, worded)
        ],
        "rows": [_row(table.columns, row, min_n, worded) for row in table.rows],
        "total": _row(table.columns, table.total, min_n, worded) if table.total else None,
    }


def _keys(column: Column, worded: Collection[str]) -> Iterator[tuple[str, str]]:
    yield column.key, column.type
    if column.key in worded:
        yield f"{column.key}{TEXT}", "text"
    if column.parts:
        yield f"{column.key}_numerator", "int"
        yield f"{column.key}_denominator", "int"


def _row(columns: tuple[Column, ...], row: tuple[Cell, ...], min_n: int, worded: Collection[str]) -> list[Any]:
    values: list[Any] = []
    for column, cell in zip(columns, row, strict=True):
        values.append(_value(cell, min_n))
        if column.key in worded:
            values.append(str(cell) if isinstance(cell, Message) else values[-1])
        if column.parts:
            values += [cell.numerator, cell.denominator] if isinstance(cell, Rate) else [None, None]
    return values


def _value(cell: Cell, min_n: int) -> Any:
    match cell:
        case Rate():
            return cell.value(min_n)
        case Decimal():
            return str(cell)
        case Message():
            return cell.plain
        case date():
            return cell.isoformat()
        case _:
            return cell


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None

"""A report as one JSON document: the shape of the command line's contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from crmcli.domain.metrics.rate import Rate
from crmcli.i18n import Message
from crmcli.reports.model import Cell, Column, Report, Table


def document(report: Report) -> dict[str, Any]:
    """Return the report as plain values: money decimal strings, counts integers, rates 0-1 or null, ISO times.

    A rate that shows its parts is followed by KEY_numerator and KEY_denominator.
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
    return {
        "name": table.name,
        "title": str(table.title),
        "columns": [
            {"key": key, "label": str(column.label), "type": kind}
            for column in table.columns
            for key, kind in _keys(column)
        ],
        "rows": [_row(table.columns, row, min_n) for row in table.rows],
        "total": _row(table.columns, table.total, min_n) if table.total else None,
    }


def _keys(column: Column) -> Iterator[tuple[str, str]]:
    yield column.key, column.type
    if column.parts:
        yield f"{column.key}_numerator", "int"
        yield f"{column.key}_denominator", "int"


def _row(columns: tuple[Column, ...], row: tuple[Cell, ...], min_n: int) -> list[Any]:
    values: list[Any] = []
    for column, cell in zip(columns, row, strict=True):
        values.append(_value(cell, min_n))
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
            return str(cell)
        case date():
            return cell.isoformat()
        case _:
            return cell


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None

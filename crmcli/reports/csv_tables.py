"""A report's tables and records as csv: plain values under the labels that people read."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from crmcli.i18n import Message
from crmcli.reports.files import save_csv
from crmcli.reports.json import document
from crmcli.reports.model import Records, Report


def main_table(report: Report) -> str:
    """Return the main table as csv text, without its total."""
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(_table(document(report)["tables"][0]))
    return text.getvalue()


def write_tables(report: Report, path: Path) -> list[Path]:
    """Return the files written: the main table in `path`, every other table and list of records beside it.

    They are called `NAME-TABLE.csv`. Totals are left out: a spreadsheet adds up by itself.

    Raises:
        FileNotWritten: one cannot be written.
    """
    first, *others = document(report)["tables"]
    written = [path]
    save_csv(path, _table(first))
    for table in others:
        written.append(_beside(path, table["name"]))
        save_csv(written[-1], _table(table))
    for records in report.section.records:
        written.append(_beside(path, records.name))
        save_csv(written[-1], _records(records))
    return written


def _beside(path: Path, name: str) -> Path:
    return path.with_name(f"{path.stem}-{name}{path.suffix}")


def _table(table: dict[str, Any]) -> Iterator[Sequence[str]]:
    labels = {column["key"]: column["label"] for column in table["columns"]}
    yield [_head(column, labels) for column in table["columns"]]
    yield from ([_text(value) for value in row] for row in table["rows"])


def _head(column: dict[str, str], labels: dict[str, str]) -> str:
    """Return a column's label; a rate's parts are told apart by their key's end."""
    stem, _, part = column["key"].rpartition("_")
    return f"{column['label']} {part}" if part in ("numerator", "denominator") and stem in labels else column["label"]


def _records(records: Records) -> Iterator[Sequence[str]]:
    yield [str(column.label) for column in records.columns]
    for row in records.rows:
        yield [_text(str(value) if isinstance(value, Message) else value) for value in row]


def _text(value: Any) -> str:
    return "" if value is None else str(value)

"""A report's tables and records as csv: plain values under the labels that people read."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import Any

from crmcli.i18n import Message, msg
from crmcli.reports.files import csv_cell, save_csv, save_lines
from crmcli.reports.json import TEXT, document
from crmcli.reports.model import Records, Report, Table


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


def write_whole_lists(report: Report, path: Path, only: Collection[str] | None = None) -> list[Path]:
    """Return the files written beside a workbook: each table and list that its sheet has only a part of, whole.

    Args:
        report: The report.
        path: The workbook.
        only: The lists that are in the workbook; None: all of them.

    Raises:
        FileNotWritten: one cannot be written.
    """
    told: dict[int, Any] = {}
    known = whole_lists(report, path)
    files = {name: file for name, file in known.items() if only is None or name in only}
    for one in _cut(report):
        if one.name in files and one.whole:
            head = ",".join(csv_cell(str(column.label)) for column in one.columns) + "\r\n"
            save_lines(files[one.name], chain((head.encode(),), one.whole(told)))
    return list(files.values())


def whole_lists(report: Report, path: Path) -> dict[str, Path]:
    """Return the name of each table and list that is cut -> the file beside a workbook that has all of it."""
    return {one.name: _beside(path, one.name).with_suffix(".csv") for one in _cut(report)}


def _cut(report: Report) -> Iterator[Table | Records]:
    every: tuple[Table | Records, ...] = (*report.tables, *report.section.records)
    for one in every:
        if one.whole and len(one.rows) < one.count:
            yield one


def naming_files(report: Report, whole: Mapping[str, Path]) -> Report:
    """Return the report with notes that say where all rows of a table are."""
    notes = tuple(
        replace(note, text=_where(report.table(note.table), whole[note.table].name))
        if note.code == "cut" and note.table in whole else note
        for note in report.section.notes
    )  # fmt: skip
    return replace(report, section=replace(report.section, notes=notes))


def _where(table: Table, name: str) -> Message:
    return msg(
        "The first {shown} of {n} are listed; all of them in the file {name} beside this one.",
        shown=len(table.rows), n=table.count, name=name,
    )  # fmt: skip


def _beside(path: Path, name: str) -> Path:
    return path.with_name(f"{path.stem}-{name}{path.suffix}")


def _table(table: dict[str, Any]) -> Iterator[Sequence[str]]:
    """Yield the labels, then the rows; of a code with words beside it the words only."""
    labels = {column["key"]: column["label"] for column in table["columns"]}
    shown = [at for at, key in enumerate(labels) if f"{key}{TEXT}" not in labels]
    yield [_head(table["columns"][at], labels) for at in shown]
    yield from ([_text(row[at]) for at in shown] for row in table["rows"])


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

"""A report as Markdown: for a wiki, a chat, a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crmcli.i18n import _
from crmcli.reports.model import Cell, Column, Report, Table
from crmcli.reports.warnings import warnings
from crmcli.reports.wording import parts, span, wording

_SIGNS = re.compile(r"([\\`*_\[\]<>|#~])")


def markdown(report: Report) -> str:
    """Return the report as Markdown: what it is of, what happened, warnings, tables, definitions, checks."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    as_of = report.as_of.isoformat(sep=" ", timespec="minutes")
    yield f"# {_plain(str(report.title))}"
    yield ""
    yield _plain(_("{span}; as of {as_of}").format(span=span(report), as_of=as_of))
    yield from (f"\n{_plain(str(sentence))}" for sentence in report.summary)
    for line in warnings(report):
        yield f"\n> {_plain(line)}"
    for table in report.tables:
        yield f"\n## {_plain(str(table.title))}\n"
        yield from _table(table, report.min_n)
    yield f"\n## {_plain(_('Definitions'))}\n"
    yield from (f"- **{_plain(str(one.term))}**: {_plain(str(one.sentence))}" for one in report.section.definitions)
    yield "\n" + _plain(_("{n} checks, all hold").format(n=len(report.section.checks)))


def _table(table: Table, min_n: int) -> Iterator[str]:
    columns = table.columns
    yield _row([_plain(str(column.label)) for column in columns])
    yield _row(["---" if column.type in ("text", "date") else "---:" for column in columns])
    for row in (*table.rows, *([table.total] if table.total else [])):
        yield _row([_cell(cell, column, min_n) for cell, column in zip(row, columns, strict=True)])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell, column: Column, min_n: int) -> str:
    text = wording(cell, column, min_n)
    beside = parts(cell) if column.parts else ""
    return _plain(f"{text} ({beside})" if beside else text)


def _plain(text: str) -> str:
    """Return a text as Markdown that shows just that text, on one line."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))

"""`explain`: where a figure of a workbook comes from, down to the cells of the source files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crmcli.commands.shell import Shell, command
from crmcli.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmcli.jobs.reporting.explain import Explained, Traced

_CELLS = 8


def add(app: typer.Typer) -> None:
    """Add `explain`."""

    @command(app, "explain", _("Trace a figure of a report's workbook to its records and their source cells."))
    def explain(
        shell: Shell,
        workbook: Annotated[Path, typer.Argument(help=_("a workbook that `report` wrote"))],
        cell: Annotated[str, typer.Argument(metavar=_("SHEET!CELL"), help=_("the figure: 漏斗!D7"))],
        limit: Annotated[int, typer.Option("--limit", min=1, help=_("look up so many records of each list"))] = 20,
    ) -> None:
        from crmcli.jobs.reporting.explain import explain_figure

        with shell.workspace() as workspace:
            found = explain_figure(workspace, workbook, cell, limit)
        shell.show(_document(workbook, found), *_lines(found))


def _document(workbook: Path, found: Explained) -> dict[str, Any]:
    figure = asdict(found.figure)
    behind = figure.pop("behind")
    lists = [
        {"label": label, "list": f"{one['sheet']}!{one['area']}", "count": len(one["rows"]),
         "records": [asdict(record) for record in records]}
        for (label, records), one in zip(found.records, behind, strict=True)
    ]  # fmt: skip
    return {"workbook": str(workbook), **figure, "lists": lists}


def _lines(found: Explained) -> Iterator[str]:
    figure = found.figure
    named = ", ".join(f"{label} {text}" for label, text in figure.row.items() if text)
    yield _("{sheet}!{cell}  {label} = {shown}   ({row})").format(
        sheet=figure.sheet, cell=figure.cell, label=figure.label, shown=figure.shown, row=named
    )
    yield from (f"  {sentence}" for sentence in figure.definitions)
    if figure.is_changed:
        yield _("! This is not the number of its records: the cell was changed since it was written.")
    if figure.is_computed and found.records:
        yield _("It is computed from the figures beside it; their records:")
    if not found.records:
        yield _("No records stand behind this figure in the workbook.")
    for (label, records), behind in zip(found.records, figure.behind, strict=True):
        count = len(behind.rows)
        yield f"{label}: " + _("{n} records").format(n=f"{count:,}")
        for record in records:
            yield from _record(record)
        if count > len(records):
            yield "  " + _("... and {n} more: --limit shows them").format(n=f"{count - len(records):,}")


def _record(record: Traced) -> Iterator[str]:
    place = record.source
    where = "  ".join(text for text in list(record.listed.values())[:6] if text and text != record.record)
    yield f"  {record.record or '·'}  {where}"
    if place:
        yield "      " + _("from {file} [{sheet}] row {row}").format(**place)
        yield "      " + "  ".join(f"{one['cell']} {one['header']}={one['text']}" for one in record.cells[:_CELLS])
    for change in record.changes:
        yield "      " + _("{at} {actor} ({run}): {field} {before} → {after}").format(
            **change | {"at": change["at"][:16].replace("T", " ")}
        )

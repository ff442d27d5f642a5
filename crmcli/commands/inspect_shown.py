"""How an inspection is shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmcli.domain.problem import Problem
from crmcli.domain.words import word
from crmcli.i18n import _, enumerated

if TYPE_CHECKING:
    from rich.console import RenderableType

    from crmcli.jobs.inspect_files import ColumnFacts, InspectedSheet


def inspect_document(sheets: list[InspectedSheet]) -> dict[str, Any]:
    """Return the JSON document of `inspect`."""
    return {"sheets": [_sheet(sheet) for sheet in sheets]}


def _sheet(found: InspectedSheet) -> dict[str, Any]:
    sheet, mapping = found.planned.sheet, found.planned.mapping
    return {
        "file": sheet.file,
        "sheet": sheet.name,
        "container": sheet.container,
        "encoding": sheet.encoding,
        "header_row": sheet.header_row,
        "kind": mapping.kind,
        "preset": mapping.preset.name if mapping.preset else None,
        "rows": len(sheet.rows),
        "skipped": [{"row": row.row, "code": row.code} for row in sheet.skipped],
        "rejected": [{"row": row.row, "code": row.code} for row in sheet.rejected],
        "columns": [_column(facts) for facts in found.columns],
        "notes": [str(note) for note in found.planned.notes()],
        "left_out": str(found.planned.left_out) if found.planned.left_out else None,
    }


def _column(facts: ColumnFacts) -> dict[str, Any]:
    target = facts.column.map
    return {
        "header": target.header,
        "field": target.path or None,
        "confidence": target.confidence,
        "why": str(target.why),
        "filled": facts.filled,
        "distinct": facts.distinct,
        "sum": None if facts.total is None else f"{facts.total:.2f}",
        "problems": dict(facts.problems),
    }


def inspect_tables(sheets: list[InspectedSheet]) -> list[RenderableType]:
    """Return what people read: one table a sheet, and what is left out."""
    shown: list[RenderableType] = []
    for found in sheets:
        sheet = found.planned.sheet
        name = f"{Path(sheet.file).name} [{sheet.name}]" if sheet.name else Path(sheet.file).name
        if found.planned.left_out is not None:
            shown.append(_("{name}: left out ({why})").format(name=name, why=found.planned.left_out))
            continue
        shown += [_head(name, found), _table(found)]
        shown += [f"  {note}" for note in found.planned.notes()]
    return shown


def _head(name: str, found: InspectedSheet) -> str:
    sheet, mapping = found.planned.sheet, found.planned.mapping
    words = _("{name}: {container} {encoding}, header in row {row}, {rows} rows of kind {kind}{preset}")
    preset = _(" (preset {name})").format(name=mapping.preset.name) if mapping.preset else ""
    return words.format(
        name=name,
        container=sheet.container,
        encoding=sheet.encoding or "",
        row=sheet.header_row,
        rows=len(sheet.rows),
        kind=word(mapping.kind or ""),
        preset=preset,
    )


def _table(found: InspectedSheet) -> RenderableType:
    from rich.table import Table

    table = Table()
    for title in (_("header"), _("field"), _("why"), _("filled"), _("distinct"), _("sum"), _("problems")):
        table.add_column(title, overflow="fold")
    for facts in found.columns:
        target = facts.column.map
        total = "" if facts.total is None else f"{facts.total:,.2f}"
        problems = enumerated(f"{number} × {_example(facts, code)}" for code, number in facts.problems.items())
        row = (target.header, target.path or _("extra"), str(target.why), str(facts.filled), str(facts.distinct))
        table.add_row(*row, total, problems)
    return table


def _example(facts: ColumnFacts, code: str) -> str:
    first = next(value for value in facts.column.values if isinstance(value, Problem) and value.code == code)
    return str(first.message)

"""How an inspection is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmcli.commands.import_shown import sheet_name
from crmcli.domain.words import word
from crmcli.i18n import _, enumerated

if TYPE_CHECKING:
    from rich.console import RenderableType

    from crmcli.importers.mapping import SheetMapping
    from crmcli.jobs.dedupe.forecast import Forecast
    from crmcli.jobs.inspect_files import ColumnFacts, InspectedSheet, Inspection


def inspect_document(found: Inspection) -> dict[str, Any]:
    """Return the JSON document of `inspect`: the sheets in the files' order, and the files that cannot be read."""
    unread = [{"file": str(path), "code": failure.code, "message": str(failure)} for path, failure in found.unread]
    return {"sheets": [_sheet(sheet) for sheet in found.sheets], "unread": unread}


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
        "preset_why": str(mapping.why) if mapping.why else None,
        "rows": sheet.count,
        "skipped": [{"row": row, "code": code} for row, code in found.skipped],
        "rejected": [{"row": row, "code": code} for row, code in found.rejected],
        "columns": [_column(facts) for facts in found.columns],
        "duplicates": _forecast(found.forecast),
        "notes": [str(note) for note in found.planned.notes()],
        "left_out": str(found.planned.left_out) if found.planned.left_out else None,
    }


def _forecast(forecast: Forecast | None) -> dict[str, int | None] | None:
    if forecast is None:
        return None
    return {"rows": forecast.rows, "again": forecast.again, "to_review": forecast.to_review, "known": forecast.known}


def _column(facts: ColumnFacts) -> dict[str, Any]:
    target = facts.map
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


def inspect_tables(found: Inspection) -> list[RenderableType]:
    """Return what people read: a heading and a table a sheet, and what cannot be imported as it is."""
    shown: list[RenderableType] = []
    for sheet in found.sheets:
        name = sheet_name(sheet.planned.sheet)
        if sheet.planned.left_out is not None:
            shown.append(_("{name}: left out ({why})").format(name=name, why=sheet.planned.left_out))
        if sheet.columns:
            shown += [_head(name, sheet), *_preset_lines(sheet.planned.mapping), _table(sheet)]
        shown += [f"  · {note}" for note in sheet.planned.notes()]
        if sheet.forecast is not None:
            words = _("of {rows} rows {again} say again what another row says, {review} should be looked at")
            told = sheet.forecast
            shown.append("  · " + words.format(rows=told.rows, again=told.again, review=told.to_review))
            if told.known is not None:
                shown.append("  · " + _("{rows} rows are customers that are there already").format(rows=told.known))
    shown += [_("not read: {error}").format(error=failure) for _path, failure in found.unread]
    return shown


def _head(name: str, found: InspectedSheet) -> str:
    sheet, mapping = found.planned.sheet, found.planned.mapping
    facts = [
        f"{sheet.container} {sheet.encoding or ''}".strip(),
        _("no header row") if sheet.header_row is None else _("header in row {row}").format(row=sheet.header_row),
        _("{rows} rows").format(rows=sheet.count),
        _("kind: {kind}").format(kind=word(mapping.kind or "?")),
    ]
    facts += [_("preset: {name}").format(name=mapping.preset.name)] if mapping.preset else []
    facts += [_("{rows} rows skipped").format(rows=sheet.skipped_count)] if sheet.skipped_count else []
    facts += [_("{rows} lines unsafe").format(rows=sheet.rejected_count)] if sheet.rejected_count else []
    return _("{name}: {note}").format(name=name, note=enumerated(facts))


def _preset_lines(mapping: SheetMapping) -> list[str]:
    if mapping.preset is None:
        return []
    lines = [_("{title}: {note}").format(title=mapping.preset.title, note=mapping.why)]
    return [f"  {line}" for line in (*lines, mapping.preset.note) if line]


def _table(found: InspectedSheet) -> RenderableType:
    from rich.table import Table

    table = Table()
    for title in (_("header"), _("field"), _("why"), _("filled"), _("distinct"), _("sum"), _("problems")):
        table.add_column(title, overflow="fold")
    for facts in found.columns:
        target = facts.map
        total = "" if facts.total is None else f"{facts.total:,.2f}"
        problems = enumerated(f"{number} × {facts.examples[code].message}" for code, number in facts.problems.items())
        row = (target.header, target.path or _("extra"), str(target.why), str(facts.filled), str(facts.distinct))
        table.add_row(*row, total, problems)
    return table

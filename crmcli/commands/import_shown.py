"""How an import's result is shown: JSON for scripts, tables for people."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmcli.domain.fields import catalogue
from crmcli.domain.words import word
from crmcli.i18n import _, current_language, enumerated
from crmcli.jobs.importing.context import OUTCOMES

if TYPE_CHECKING:
    from rich.console import RenderableType

    from crmcli.jobs.import_files import ImportResult, SheetResult

_SHOWN_NOTES = 12


def import_document(result: ImportResult) -> dict[str, Any]:
    """Return the JSON document of `import`."""
    return {
        "run": result.run,
        "dry_run": result.dry_run,
        "sheets": [_sheet_document(sheet) for sheet in result.sheets],
        "rejects": str(result.rejects) if result.rejects else None,
        "unread": [{"file": str(path), "code": error.code, "message": str(error)} for path, error in result.unread],
    }


def _sheet_document(result: SheetResult) -> dict[str, Any]:
    sheet, mapping = result.planned.sheet, result.planned.mapping
    columns = [{"header": c.header, "field": c.path or None, "confidence": c.confidence} for c in mapping.columns]
    sums = {
        path: {name: f"{getattr(s, name):.2f}" for name in ("source", "stored", "skipped", "rejected", "review")}
        for path, s in result.tally.sums.items()
    }
    return {
        "file": sheet.file,
        "sheet": sheet.name,
        "kind": mapping.kind if result.left_out is None else None,
        "preset": mapping.preset.name if mapping.preset else None,
        "source": result.planned.system,
        "encoding": sheet.encoding,
        "header_row": sheet.header_row,
        "columns": columns,
        "read": result.planned.read if result.left_out is None else 0,
        **{outcome: result.tally.counts[outcome] for outcome in OUTCOMES},
        "records": dict(result.tally.records),
        "sums": sums,
        "listed": len(result.tally.listed),
        "notes": [str(note) for note in (*result.planned.notes(), *result.tally.notes)],
        "left_out": str(result.left_out) if result.left_out else None,
    }


def import_tables(result: ImportResult) -> list[RenderableType]:
    """Return what people read: counts per sheet, sums, what was left out, what to look at."""
    from rich.table import Table

    table = Table(
        title=_("what became of every row") + (_(" (dry run: nothing was written)") if result.dry_run else "")
    )
    titles = [_("file"), _("kind"), _("read"), *(word(outcome) for outcome in OUTCOMES), _("listed")]
    for place, title in enumerate(titles):
        table.add_column(title, justify="left" if place < 2 else "right", overflow="fold")  # noqa: PLR2004
    for sheet in result.sheets:
        if sheet.left_out is None:
            counts = [str(sheet.tally.counts[outcome]) for outcome in OUTCOMES]
            table.add_row(_name(sheet), _kind(sheet), str(sheet.planned.read), *counts, str(len(sheet.tally.listed)))
    shown: list[RenderableType] = [table]
    shown += [line for sheet in result.sheets for line in _lines(sheet)]
    shown += [_("not read: {error}").format(error=error) for _path, error in result.unread]
    if result.rejects:
        shown.append(_("rows to fix and import again: {path}").format(path=result.rejects))
    if result.run:
        shown.append(_("run {run}; take it back with: crmcli undo {run}").format(run=result.run))
    return shown


def _name(sheet: SheetResult) -> str:
    source = sheet.planned.sheet
    return f"{Path(source.file).name} [{source.name}]" if source.name else Path(source.file).name


def _kind(sheet: SheetResult) -> str:
    made = enumerated(f"{word(kind)} {number}" for kind, number in sheet.tally.records.items())
    return made or word(str(sheet.planned.mapping.kind))


def _lines(sheet: SheetResult) -> list[str]:
    if sheet.left_out is not None:
        return [_("{name}: left out ({why})").format(name=_name(sheet), why=sheet.left_out)]
    lines = []
    for path, sums in sheet.tally.sums.items():
        label = catalogue()[path].label(current_language())
        words = _("{name}: sum of {label}: in the file {source:,.2f}, stored {stored:,.2f}")
        lines.append(words.format(name=_name(sheet), label=label, source=sums.source, stored=sums.stored))
    kept = [column.header for column in sheet.planned.mapping.columns if not column.path and column.header]
    if kept:
        lines.append(_("{name}: kept as extra columns: {headers}").format(name=_name(sheet), headers=enumerated(kept)))
    lines += [
        _("{name}: {note}").format(name=_name(sheet), note=note)
        for note in (*sheet.planned.notes(), *sheet.tally.notes)
    ]
    return lines + _listed(sheet)


def _listed(sheet: SheetResult) -> list[str]:
    seen = Counter((listed.code, listed.header) for listed in sheet.tally.listed)
    lines = []
    for (code, header), number in sorted(seen.items(), key=lambda item: (-item[1], item[0]))[:_SHOWN_NOTES]:
        first = next(listed for listed in sheet.tally.listed if (listed.code, listed.header) == (code, header))
        words = _("{name}: {number} × {message} (first: row {row}{column})")
        column = _(", column {header}").format(header=header) if header else ""
        lines.append(
            words.format(name=_name(sheet), number=number, message=first.message, row=first.row, column=column)
        )
    return lines

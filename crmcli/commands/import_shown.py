"""How an import's result is shown: JSON for scripts, tables for people."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmcli.commands.written import undo_lines
from crmcli.domain.fields import catalogue
from crmcli.domain.words import word
from crmcli.i18n import _, current_language, enumerated, msg
from crmcli.importers.mapping import LEFT_OUT
from crmcli.jobs.importing.context import OUTCOMES

if TYPE_CHECKING:
    from rich.console import RenderableType

    from crmcli.errors import CrmError
    from crmcli.importers.sheet import OddRow, Sheet
    from crmcli.jobs.import_files import ImportResult, SheetResult
    from crmcli.jobs.importing.context import Sums

_SHOWN_NOTES = 12
_SHOWN_ROWS = 5
_SHOWN_TEXT = 16
_SKIPPED = {
    "row.title": msg("titles"),
    "row.header": msg("repeated headers"),
    "row.total": msg("totals"),
    "row.note": msg("notes"),
}
_SUMS = ("source", "stored", "skipped", "rejected", "review")


def import_document(result: ImportResult) -> dict[str, Any]:
    """Return the JSON document of `import`; a file that could not be read stands among the sheets as left out."""
    return {
        "run": result.run,
        "dry_run": result.dry_run,
        "sheets": [_sheet_document(sheet) for sheet in result.sheets]
        + [_unread_document(path, failure) for path, failure in result.unread],
        "rejects": str(result.rejects) if result.rejects else None,
        "conflicts": str(result.conflicts) if result.conflicts else None,
        "words": str(result.words) if result.words else None,
    }


def _sheet_document(result: SheetResult) -> dict[str, Any]:
    sheet, mapping, tally = result.planned.sheet, result.planned.mapping, result.tally
    columns = [{"header": c.header, "field": c.path or None, "confidence": c.confidence} for c in mapping.columns]
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
        **{outcome: tally.counts[outcome] for outcome in OUTCOMES},
        "records": dict(tally.records),
        "sums": {path: {name: f"{getattr(sums, name):.2f}" for name in _SUMS} for path, sums in tally.sums.items()},
        "skipped_rows": [{"row": row.row, "code": row.code} for row in _skipped_rows(sheet)],
        "listed": len(tally.listed),
        "alternates": tally.alternates,
        "notes": [str(note) for note in (*result.planned.notes(), *tally.notes)],
        "left_out": str(result.left_out) if result.left_out else None,
    }


def _unread_document(path: Path, failure: CrmError) -> dict[str, Any]:
    unknown = dict.fromkeys(("kind", "preset", "source", "encoding", "header_row"))
    counts = dict.fromkeys(("read", *OUTCOMES, "listed", "alternates"), 0)
    nothing: dict[str, Any] = {"columns": [], "records": {}, "sums": {}, "notes": []}
    return {"file": str(path), "sheet": "", **unknown, **counts, **nothing, "left_out": str(failure.message)}


def import_tables(result: ImportResult) -> list[RenderableType]:
    """Return what people read: what became of every row, then sheet by sheet what is worth knowing."""
    shown: list[RenderableType] = [_table(result)]
    for sheet in result.sheets:
        lines = _lines(sheet)
        if lines:
            shown += [sheet_name(sheet.planned.sheet), *(f"  · {line}" for line in lines)]
    shown += [_("not read: {error}").format(error=failure) for _path, failure in result.unread]
    if result.rejects:
        shown.append(_("rows to fix and import again: {path}").format(path=result.rejects))
    shown += workbooks_shown(result.conflicts, result.words)
    shown += undo_lines(result.run)
    return shown


def workbooks_shown(conflicts: Path | None, words: Path | None) -> list[RenderableType]:
    """Return where the workbooks are that ask for decisions, and how they come back."""
    shown: list[RenderableType] = []
    if conflicts:
        shown.append(_("values that differ from ours, to decide: {path}").format(path=conflicts))
        shown.append(_("take the decisions back with: crmcli apply {path}").format(path=conflicts))
    if words:
        shown.append(_("stages, loss reasons or owners that nobody knows: {path}").format(path=words))
        shown.append(_("fill in what they mean and take it back with: crmcli apply {path}").format(path=words))
    return shown


def _table(result: ImportResult) -> RenderableType:
    from rich.table import Table

    about = _("what became of every row")
    balance = _("read = new + updated + same + skipped + rejected + for review, for every sheet")
    table = Table(title=about, caption=balance)
    titles = [_("file"), _("records made"), _("read"), *(word(outcome) for outcome in OUTCOMES), _("listed")]
    for place, title in enumerate(titles):
        table.add_column(title, justify="left" if place < 2 else "right", overflow="fold")  # noqa: PLR2004
    for sheet in result.sheets:
        if sheet.left_out is None:
            counts = [sheet.planned.read, *(sheet.tally.counts[o] for o in OUTCOMES), len(sheet.tally.listed)]
            table.add_row(sheet_name(sheet.planned.sheet), _made(sheet), *(str(count) for count in counts))
    return table


def sheet_name(sheet: Sheet) -> str:
    """Return a sheet's name for people: its file's, and its own where it has one."""
    return f"{Path(sheet.file).name} [{sheet.name}]" if sheet.name else Path(sheet.file).name


def _made(sheet: SheetResult) -> str:
    made = [f"{word(kind)} {number}" for kind, number in sheet.tally.records.items()]
    return enumerated(made) or word(str(sheet.planned.mapping.kind))


def _lines(sheet: SheetResult) -> list[str]:
    if sheet.left_out is not None:
        return [_("left out: {why}").format(why=sheet.left_out)]
    lines = [_sum_line(path, sums) for path, sums in sheet.tally.sums.items()]
    columns = sheet.planned.mapping.columns
    kept = [c.header for c in columns if not c.path and c.header and c.type != LEFT_OUT]
    if kept and sheet.planned.mapping.kind != "message":  # of chats nothing is kept but what is counted
        lines.append(_("kept as extra columns: {headers}").format(headers=enumerated(kept)))
    lines += _skipped(_skipped_rows(sheet.planned.sheet))
    lines += [str(note) for note in (*sheet.planned.notes(), *sheet.tally.notes)]
    return lines + _listed(sheet)


def _skipped_rows(sheet: Sheet) -> list[OddRow]:
    return [row for block in sheet.blocks() for row in block.skipped] if sheet.skipped_count else []


def _skipped(rows: list[OddRow]) -> list[str]:
    """Return which rows were skipped, and as what: a row that looks like a note may be somebody's record."""
    by_code: dict[str, list[OddRow]] = {}
    for row in rows:
        by_code.setdefault(row.code, []).append(row)
    lines = []
    for code, found in by_code.items():
        shown = [f"{row.row} ({' '.join(cell for cell in row.cells if cell)[:_SHOWN_TEXT]})" for row in found]
        more = [f"… +{len(shown) - _SHOWN_ROWS}"] if len(shown) > _SHOWN_ROWS else []
        words = _("skipped as {what}: rows {rows}")
        lines.append(words.format(what=_SKIPPED.get(code, code), rows=enumerated(shown[:_SHOWN_ROWS] + more)))
    return lines


def _sum_line(path: str, sums: Sums) -> str:
    words = _("sum of {label}: in the file {source:,.2f}, stored {stored:,.2f}")
    field, _space, currency = path.partition(" ")
    label = f"{catalogue()[field].label(current_language())} {currency}".strip()
    line = words.format(label=label, source=sums.source, stored=sums.stored)
    beside = {name: getattr(sums, name) for name in _SUMS[2:]}
    named = [f"{word(name)} {amount:,.2f}" for name, amount in beside.items() if amount]
    return _("{line} (beside it: {others})").format(line=line, others=enumerated(named)) if named else line


def _listed(sheet: SheetResult) -> list[str]:
    seen = Counter((listed.code, listed.header) for listed in sheet.tally.listed)
    lines = []
    for (code, header), number in sorted(seen.items(), key=lambda item: (-item[1], item[0]))[:_SHOWN_NOTES]:
        first = next(listed for listed in sheet.tally.listed if (listed.code, listed.header) == (code, header))
        words = _("{number} × {message} (first: row {row}{column})")
        column = _(", column {header}").format(header=header) if header else ""
        lines.append(words.format(number=number, message=first.message, row=first.row, column=column))
    return lines

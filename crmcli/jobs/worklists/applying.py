"""A worklist back in, three ways: what was written out, what stands in the sheet, what the deal holds now.

A cell that only the sheet changed is written as the person's word; one that both changed goes to a conflict sheet.
A row is written whole or not at all.

Source: definitions.md, G5: merged three ways, conflicts to a sheet, never last-writer-wins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from crmcli.domain.records import Record
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.jobs.conflicts.finding import Conflict
from crmcli.jobs.conflicts.writing import shown_rows
from crmcli.jobs.returned import LeftRow, Returned
from crmcli.jobs.worklists.deciding import CellRefused, decide
from crmcli.jobs.worklists.edits import Changed, DealEdits, Edit, cell_of, changes_of, filled
from crmcli.jobs.worklists.taking import conflicts_of, write_cells
from crmcli.jobs.workspace import Workspace
from crmcli.reports.conflicts import write_conflicts
from crmcli.reports.decisions import in_words
from crmcli.reports.worklist_words import ASKED, HEADINGS
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch

STATES = ("taken", "same", "conflict", "left_out")


@dataclass(slots=True)
class TakenBack:
    """What became of a workbook. `cells` counts every cell that was edited by what became of it (`STATES`).

    `added` rows have no hidden cell: they are listed in `left_out`, never guessed at. `conflicts` is the sheet of
    cells that both sides changed.
    """

    run: str | None
    rows: int
    cells: Counter[str] = field(default_factory=Counter)
    added: int = 0
    conflicts: Path | None = None
    left_out: list[LeftRow] = field(default_factory=list)

    @property
    def needs_attention(self) -> bool:
        """Return whether a cell or a row was left."""
        return bool(self.cells["conflict"] or self.left_out)


def apply_worklist(workspace: Workspace, returned: Returned, *, dry_run: bool = False) -> TakenBack:
    """Return what became of a worklist, or of a workbook of closed deals, that was filled in.

    Raises:
        ColumnGone: a heading is missing.
        CrmError: the database or the conflict sheet cannot be written.
    """
    changed = changes_of(returned)
    done = TakenBack(None, rows=len(returned.rows) + len(returned.strays))
    conflicts: list[Conflict] = []
    with open_run(workspace.db, workspace.start("apply", dry_run=dry_run)) as run:
        done.run = run.shown_id
        for edited in changed.deals:
            conflicts += _take(workspace, run, returned, edited, done)
        _list_others(returned.kind, changed, done)
        if conflicts and not dry_run:
            done.conflicts = workspace.db.path.parent / f"conflicts-R{run.id}.xlsx"
            write_conflicts(done.conflicts, shown_rows(run.db, conflicts))
        run.counts.update({state: done.cells[state] for state in STATES})
    return done


def _take(workspace: Workspace, run: Run, returned: Returned, edited: DealEdits, done: TakenBack) -> list[Conflict]:
    """Write what was changed of one deal, count every cell of it, and return its conflicts."""
    asked = [edit for edit in edited.edits if edit.column in ASKED[returned.kind]]
    told = [edit for edit in edited.edits if edit.column not in ASKED[returned.kind]]
    present = fetch(run.db, "opportunity", [edited.base.number]).get(edited.base.number)
    acting = replace(workspace, actor=edited.base.person or workspace.actor)
    try:
        _check_row(edited, present)
        cells = decide(acting, present or {}, edited.base, asked)
        with run.attempt():
            write_cells(acting, run, present or {}, edited.base, cells)
    except CrmError as error:
        _leave(done, edited.edits, error)
        return []
    for edit in told:
        done.left_out.append(_left(edit, msg("this column only tells: what is written in it is not taken back")))
    done.cells["left_out"] += len(told)
    done.cells.update(cell.state for cell in cells)
    return conflicts_of(run, returned.path, edited.base, cells)


def _check_row(edited: DealEdits, present: Record | None) -> None:
    """Check that a row is about the deal that its hidden cell names, and that there is one.

    Raises:
        CellRefused: it is not, or there is none.
    """
    record = edited.base.record
    if any(cell_of(row, "number") not in (record, None) for row in edited.rows):
        why = msg("its hidden cell belongs to {record}: was the sheet sorted without its hidden column?", record=record)
        raise CellRefused("number", why)
    if present is None:
        raise CellRefused("number", msg("there is no such record any more"))


def _leave(done: TakenBack, edits: Sequence[Edit], error: CrmError) -> None:
    """Leave rows out whole; what is to blame is told once a row."""
    done.cells["left_out"] += len(edits)
    column = error.column if isinstance(error, CellRefused) else "stage"
    for row in {(edit.row.sheet, edit.row.row) for edit in edits}:
        heading = in_words(HEADINGS[column])
        done.left_out.append(LeftRow(row[1], heading, error.message, row[0]))
    done.left_out.sort(key=lambda left: (left.sheet, left.row))


def _left(edit: Edit, why: Message) -> LeftRow:
    return LeftRow(edit.row.row, edit.heading, why, edit.row.sheet)


def _list_others(kind: str, changed: Changed, done: TakenBack) -> None:
    """List what is about no deal that was written out: rows and columns that somebody added, spoilt hidden cells."""
    for row in changed.added:
        why = msg("this row was added: a new deal is made with crmcli opp add")
        done.left_out.append(LeftRow(row.row, "", why, row.sheet))
        done.cells["left_out"] += filled(kind, row)
    for row in changed.tampered:
        done.left_out.append(LeftRow(row.row, "", msg("the hidden column of this row was changed"), row.sheet))
        done.cells["left_out"] += filled(kind, row, ASKED[kind])
    for sheet, header, count in changed.beside:
        why = msg("this column was added: {n} cells are not taken back", n=count)
        done.left_out.append(LeftRow(1, header, why, sheet))
        done.cells["left_out"] += count
    done.added = len(changed.added)

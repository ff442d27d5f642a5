"""The changed cells of a deal that are taken, written as the person's word; the others as conflicts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from crmcli.domain.records import ENTITIES, Record
from crmcli.jobs.conflicts.finding import Conflict, Place, Told
from crmcli.jobs.deals.moves import amend_closing, place_deal
from crmcli.jobs.records.editing import write_fields
from crmcli.jobs.worklists.base import RowBase
from crmcli.jobs.worklists.deciding import WORKLIST, Cell
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import Run
from crmcli.store.records import fetch

# what is not a field of its own: it follows from a deal's events, or is one
_BY_EVENT = ("stage", "loss_reason", "result")


def write_cells(workspace: Workspace, run: Run, present: Record, base: RowBase, cells: Sequence[Cell]) -> None:
    """Write the cells that are taken, as the word of the workspace's actor: fields first, for stages ask for them.

    Raises:
        MoveRefused: a stage's gate is closed.
        ReasonNeeded: a loss without a reason of the list.
    """
    taken = {cell.column: cell for cell in cells if cell.state == "taken" and not cell.again}
    fields: Record = {}
    for cell in taken.values():
        if cell.column not in _BY_EVENT:
            fields |= cell.columns
    if fields:
        write_fields(run, "opportunity", present, fields, workspace.actor)
    reason = taken.get("loss_reason")
    if stage := taken.get("stage"):
        place_deal(workspace, run, base.number, stage.value, reason=(reason.value if reason else "") or "")
    elif reason:
        amend_closing(workspace, run, base.number, "loss_reason", reason.value or "")
    notes = [cell for cell in cells if cell.column == "result" and cell.state == "taken" and not cell.again]
    run.insert("activity", [_follow_up(workspace, run, present, base, cell.value) for cell in notes])


def _follow_up(workspace: Workspace, run: Run, present: Record, base: RowBase, text: str) -> Record:
    return ENTITIES["activity"].blank() | {
        "customer_id": present["customer_id"],
        "opportunity_id": present["id"],
        "at": run.started,
        "by": workspace.actor,
        "text": text,
        "origin": "human",
        "extra": {WORKLIST: base.written},
    }


def conflicts_of(run: Run, path: Path, base: RowBase, cells: Sequence[Cell]) -> list[Conflict]:
    """Return the cells that both sides changed, each once; a stage that loses the deal has its reason along."""
    found = {cell.column: cell for cell in cells if cell.state == "conflict" and not cell.again}
    reason = found.get("loss_reason")
    if reason and "stage" in found:
        del found["loss_reason"]
    if not found:
        return []
    told = Told(run.db, "opportunity", base.number)
    present = fetch(run.db, "opportunity", [base.number])[base.number]
    return [
        Conflict(
            "opportunity",
            base.number,
            column,
            present[column],
            cell.value,
            _stored(column, base.said.get(column)),
            told.word(column),
            Place(base.person, path.name, cell.edit.row.sheet, cell.edit.row.row),
            along={"loss_reason": str(reason.value)} if reason and column == "stage" else {},
        )
        for column, cell in found.items()
    ]


def _stored(column: str, said: str | None) -> Any:
    """Return what the sheet held when it was written, as it is stored."""
    return int(Decimal(said) * 100) if said and column.endswith("_fen") else said

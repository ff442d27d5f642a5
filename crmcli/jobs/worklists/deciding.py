"""What becomes of each changed cell: taken, said so already, in conflict, or its row refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from crmcli.domain.pipeline import pipeline_of
from crmcli.domain.records import Record
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.importers.sheet import NO_RESULT
from crmcli.jobs.records.editing import typed_columns
from crmcli.jobs.vocabulary import loss_reasons, pipelines
from crmcli.jobs.worklists.base import RowBase, in_cell
from crmcli.jobs.worklists.edits import Edit
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch_where

State = Literal["taken", "same", "conflict"]
# where a follow-up keeps from which worklist it came
WORKLIST = "worklist"


class CellRefused(CrmError):
    """A cell cannot be taken; with it its whole row is left."""

    code = "apply.cell"

    def __init__(self, column: str, why: Message) -> None:
        super().__init__(why)
        self.column = column


@dataclass(frozen=True, slots=True)
class Cell:
    """A changed cell: the columns that it fills (its own first), and what becomes of it.

    `again` tells that another row of the workbook says the same of the same deal.
    """

    edit: Edit
    columns: Record
    state: State
    again: bool = False

    @property
    def column(self) -> str:
        """Return which column of the deal it is about."""
        return self.edit.column

    @property
    def value(self) -> Any:
        """Return what the cell says, as it is stored."""
        return self.columns[self.column]


def decide(workspace: Workspace, present: Record, base: RowBase, edits: Sequence[Edit]) -> list[Cell]:
    """Return the changed cells of one deal with what becomes of each; one that says what was there says nothing.

    Raises:
        CellRefused: a cell cannot be read, contradicts another one, or says what cannot be.
    """
    cells: dict[str, Cell] = {}
    decided: list[Cell] = []
    for edit in edits:
        if edit.text.startswith(NO_RESULT):
            raise CellRefused(edit.column, msg("it holds a formula without a result: {text}", text=edit.text))
        if edit.column == "result":
            decided.append(_follow_up(workspace, base, edit, decided))
            continue
        columns = _read(workspace, present, edit)
        theirs, ours = (in_cell(edit.column, one[edit.column]) for one in (columns, present))
        said = base.said.get(edit.column, "")
        first = cells.get(edit.column)
        if first and in_cell(edit.column, first.value) != theirs:
            why = msg("the workbook says two things of one deal: {a} and {b}", a=first.edit.text, b=edit.text)
            raise CellRefused(edit.column, why)
        state: State = "same" if theirs in (ours, said) else "taken" if ours == said else "conflict"
        cell = Cell(edit, columns, state, again=first is not None)
        cells.setdefault(edit.column, cell)
        decided.append(cell)
    return _with_reason(workspace, present, cells, decided)


def _read(workspace: Workspace, present: Record, edit: Edit) -> Record:
    column, text = edit.column, edit.text
    if column == "stage":
        if not text:
            raise CellRefused(column, msg("a stage cannot be emptied"))
        place = pipeline_of(pipelines(workspace), present).place(text)
        return {column: place.name}
    if column == "loss_reason":
        return {column: (loss_reasons(workspace).match(text) or text) if text else None}
    try:
        found = typed_columns(workspace, "opportunity", column.removesuffix("_fen"), text, present["id"])
    except CrmError as error:
        raise CellRefused(column, error.message) from error
    return {column: found[column]} | found


def _follow_up(workspace: Workspace, base: RowBase, edit: Edit, before: Sequence[Cell]) -> Cell:
    """Return the cell of a follow-up: noted already where this worklist brought the same text before."""
    where = "opportunity_id = ? AND text = ?"
    noted = fetch_where(workspace.db, "activity", where, (base.number, edit.text))
    is_known = any(one["extra"].get(WORKLIST) == base.written for one in noted)
    again = any(cell.column == "result" and cell.edit.text == edit.text for cell in before)
    return Cell(edit, {"result": edit.text}, "same" if is_known else "taken", again=again)


def _with_reason(workspace: Workspace, present: Record, cells: Mapping[str, Cell], decided: list[Cell]) -> list[Cell]:
    """Return the cells; the reason of a loss shares the fate of the stage that makes it one.

    Raises:
        CellRefused: there is a reason, but the deal is not lost, in the sheet or by now.
    """
    reason, stage = cells.get("loss_reason"), cells.get("stage")
    if reason is None or reason.state == "same":
        return decided
    if stage and stage.state != "same":
        kind = pipeline_of(pipelines(workspace), present).place(stage.value).kind
        if kind == "lost":
            return [Cell(c.edit, c.columns, stage.state, c.again) if c.column == "loss_reason" else c for c in decided]
    elif present["status"] == "lost":
        return decided
    shown = (stage.value if stage else present["stage"]) or "—"
    raise CellRefused("loss_reason", msg("it has a loss reason, but its stage is {stage}", stage=shown))

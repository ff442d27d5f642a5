"""The conflict sheet back in: what people decided is written as theirs, in one run; what changed since is asked again.

Source: definitions.md, G5: merged three ways, conflicts to a sheet, never last-writer-wins.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crmcli.domain.records import ENTITIES, Record
from crmcli.errors import CrmError
from crmcli.i18n import msg
from crmcli.jobs.conflicts.finding import Conflict, Told
from crmcli.jobs.conflicts.writing import Key, parse_key, shown_rows, state_of
from crmcli.jobs.deals.moves import amend_closing, place_deal
from crmcli.jobs.records.editing import consequences, typed_columns, write_fields
from crmcli.jobs.records.refs import find_record
from crmcli.jobs.returned import LeftRow, Returned, ReturnedRow
from crmcli.jobs.workspace import Workspace
from crmcli.reports.conflicts import ConflictRow, write_conflicts
from crmcli.reports.decisions import CHOICES, DECISION_HEADERS, TYPED_HEADERS, choice_of
from crmcli.reports.decisions import in_words as header_in_words
from crmcli.store.changes import set_by_person
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch, survivors

_OF_CLOSING = ("closed_at", "loss_reason")
# what is not a field of its own: it follows from a deal's events
_BY_EVENT = ("stage", *_OF_CLOSING)


@dataclass(slots=True)
class Decided:
    """What a workbook of decisions changed. `decided` counts them by kind; `undecided` rows were left open.

    `changed_since` rows stand in a new workbook, `conflicts`, for what they are about changed meanwhile.
    """

    run: str | None
    rows: int = 0
    decided: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    undecided: int = 0
    changed_since: int = 0
    conflicts: Path | None = None
    left_out: list[LeftRow] = field(default_factory=list)

    @property
    def needs_attention(self) -> bool:
        """Return whether a row was left: undecided, not to be applied, or about something that changed since."""
        return bool(self.undecided or self.changed_since or self.left_out)


def apply_conflicts(workspace: Workspace, returned: Returned, *, dry_run: bool = False) -> Decided:
    """Return what the decisions of a conflict sheet changed.

    Raises:
        CrmError: the database or the new workbook cannot be written.
    """
    done = Decided(None, rows=len(returned.rows))
    again: list[ConflictRow] = []
    with open_run(workspace.db, workspace.start("apply", dry_run=dry_run)) as run:
        done.run = run.shown_id
        for row in returned.rows:
            _apply_row(workspace, run, row, done, again)
        done.changed_since = len(again)
        if again and not dry_run:
            done.conflicts = workspace.db.path.parent / f"conflicts-R{run.id}.xlsx"
            write_conflicts(done.conflicts, again)
        run.counts.update({"decided": done.decided.total(), "left_out": len(done.left_out) + len(again)})
    return done


def _apply_row(workspace: Workspace, run: Run, row: ReturnedRow, done: Decided, again: list[ConflictRow]) -> None:
    text, typed = row.of(*DECISION_HEADERS), row.of(*TYPED_HEADERS)
    choice = choice_of(text) or ("typed" if typed and not text else None)
    if not text and not typed:
        done.undecided += 1
        return
    key = parse_key(row.key)
    if choice is None or key is None or (choice == "typed" and not typed):
        done.left_out.append(_not_understood(row, text, choice, known=key is not None))
        return
    number = survivors(run.db, key.entity, [key.number])[key.number]
    present = fetch(run.db, key.entity, [number]).get(number)
    if present is None:
        done.left_out.append(LeftRow(row.row, "", msg("there is no such record any more")))
        return
    _decide(_Decision(workspace, run, replace(key, number=number), choice, typed), present, row, done, again)


def _not_understood(row: ReturnedRow, text: str, choice: str | None, *, known: bool) -> LeftRow:
    if not known:
        return LeftRow(row.row, "", msg("the hidden column of this row was changed"))
    if choice is None:
        words = [header_in_words(pair) for pair in CHOICES.values()]
        why = msg("{text} is no decision: {known}", text=text, known=words)
        return LeftRow(row.row, header_in_words(DECISION_HEADERS), why)
    return LeftRow(row.row, header_in_words(TYPED_HEADERS), msg("the value is missing"))


@dataclass(frozen=True, slots=True)
class _Decision:
    """A row that can be understood, on its way into the record."""

    workspace: Workspace
    run: Run
    key: Key
    choice: str
    typed: str

    def columns(self) -> Record:
        """Return what the decision puts into the record's columns; of events' matters the value alone.

        Raises:
            CrmError: what was typed cannot be read, or names nothing that is known.
        """
        entity, column = self.key.entity, self.key.column
        if self.choice == "typed" and column not in _BY_EVENT:
            field = column.removesuffix("_id").removesuffix("_fen")
            return typed_columns(self.workspace, entity, field, self.typed, self.key.number)
        value: Any = {"ours": self.key.ours, "theirs": self.key.theirs, "typed": self.typed}[self.choice]
        if column.endswith("_id"):
            value = find_record(self.run.db, str(value), (column.removesuffix("_id"),))[1]
        elif value is not None and ENTITIES[entity].columns[column] in ("int", "real"):
            value = int(value) if ENTITIES[entity].columns[column] == "int" else float(value)
        return {column: value} if column in _BY_EVENT else {column: value} | consequences(entity, {column: value})

    def write(self, present: Record, columns: Record) -> None:
        """Write the decision as a person's word.

        Raises:
            CrmError: a stage's gate is closed, or a loss has no reason of the list.
        """
        number, column = self.key.number, self.key.column
        if column == "stage":
            end = self.key.along if self.choice == "theirs" else {}
            at, reason = end.get("closed_at", ""), end.get("loss_reason", "")
            place_deal(self.workspace, self.run, number, columns[column], at=at, reason=reason)
        elif column in _OF_CLOSING:
            amend_closing(self.workspace, self.run, number, column, columns[column])
        else:
            write_fields(self.run, self.key.entity, present, columns, self.workspace.actor)


def _decide(decision: _Decision, present: Record, row: ReturnedRow, done: Decided, again: list[ConflictRow]) -> None:
    """Write one decision, or say why not."""
    key, run = decision.key, decision.run
    try:
        columns = decision.columns()
        if columns.get(key.column) == present[key.column]:
            _stands(run, key, present, done, decision.choice)
        elif state_of(present, key.column) != key.state:
            again.append(_asked_again(run, key))
        else:
            decision.write(present, columns)
            done.decided[decision.choice] += 1
    except CrmError as error:
        header = TYPED_HEADERS if decision.choice == "typed" else DECISION_HEADERS
        done.left_out.append(LeftRow(row.row, header_in_words(header), error.message))


def _stands(run: Run, key: Key, present: Record, done: Decided, choice: str) -> None:
    """Note that a person chose the value that is there: no later import takes it away."""
    value = present[key.column]
    if set_by_person(run.db, key.entity, key.number, key.column, value):
        done.unchanged += 1
    else:
        run.confirm(key.entity, key.number, {key.column: value}, None)
        done.decided[choice] += 1


def _asked_again(run: Run, key: Key) -> ConflictRow:
    """Return the row as it is to be asked now: ours is what the record holds, "last time" what it held then."""
    told = Told(run.db, key.entity, key.number)
    conflict = Conflict(
        key.entity, key.number, key.column, told.present(key.column), key.theirs, key.ours, told.word(key.column),
        key.place, along=key.along,
    )  # fmt: skip
    note = msg("changed since the workbook was written: what was ours then stands under theirs last time")
    return replace(shown_rows(run.db, [conflict])[0], note=str(note))

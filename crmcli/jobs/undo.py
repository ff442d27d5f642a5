"""Taking a run back: field by field, never over what somebody did since.

Source: definitions.md, `undo RUN`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from crmcli.domain.changes import inverse, with_values
from crmcli.domain.records import ENTITIES, children, record_number, references
from crmcli.domain.runs import HUMAN, RULE
from crmcli.i18n import Message, msg
from crmcli.jobs.workspace import Workspace
from crmcli.store.changes import Change, changes_after, changes_of_run, changes_of_step, find_run
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch, fetch_where

_BOOKKEEPING = ("cursor", "pair", "alternate", "assignment")


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that was not taken back: the record, the field ("" for the whole record) and why."""

    record: str
    field: str
    why: Message


@dataclass(slots=True)
class UndoResult:
    """What an undo did. `reversed` counts changes taken back; `blocked` ones cannot be, by what was erased since."""

    run: str | None
    undoes: str
    reversed: int = 0
    kept: list[Kept] = field(default_factory=list)
    blocked: list[Kept] = field(default_factory=list)


def undo_run(workspace: Workspace, text: str, *, dry_run: bool = False) -> UndoResult:
    """Return what was taken back of a run and what was kept.

    Raises:
        UnknownRun: there is no such run.
        CrmError: the database cannot be written.
    """
    target = find_run(workspace.db, text)
    with open_run(workspace.db, workspace.start("undo", dry_run=dry_run, undoes=target["id"])) as run:
        undo = _Undo(run, target["id"])
        undo.all()
        run.counts.update({"reversed": undo.result.reversed, "kept": len(undo.result.kept)})
        run.write("UPDATE run SET status = ? WHERE id = ?", [("undone", target["id"])])
    return undo.result


class _Undo:
    """One undo on its way: which changes are reversed already, which records must stay and why."""

    def __init__(self, run: Run, target: int) -> None:
        self.run = run
        self.target = target
        self.result = UndoResult(run.shown_id, f"R{target}")
        self.done: set[int] = set()
        self.stays: dict[tuple[str, int], Message] = {}

    def all(self) -> None:
        """Reverse what rules made of the run's records, then the run itself, last change first."""
        changes = changes_of_run(self.run.db, self.target)
        later = changes_after(self.run.db, self.target)
        for change in later:
            if change.run_kind not in RULE:
                self.stays.setdefault((change.entity, change.record_id), _because(change))
        made = {(change.entity, change.record_id) for change in changes if change.op == "create"}
        rule_runs = {change.run_id for change in later if change.run_kind in RULE}
        for run_id in sorted(rule_runs, reverse=True):
            self._reverse_rule_run(run_id, made)
        for change in reversed(changes):
            self._reverse(change)
        self._reverse_bookkeeping(rule_runs)

    def _reverse_rule_run(self, run_id: int, made: set[tuple[str, int]]) -> None:
        """Take back what a rule run did to the records of `made` and what it hung on them, a step as a whole."""
        about = made - self.stays.keys()
        for change in reversed(changes_of_run(self.run.db, run_id)):
            if change.id in self.done or not self._concerns(change, about):
                continue
            group = [change] if change.step is None else changes_of_step(self.run.db, run_id, change.step)
            for member in reversed(group):
                self._reverse(member)

    def _concerns(self, change: Change, about: set[tuple[str, int]]) -> bool:
        if (change.entity, change.record_id) in about:
            return True
        if change.op != "create":
            return False
        record = fetch(self.run.db, change.entity, [change.record_id]).get(change.record_id, {})
        return any((parent, record.get(column)) in about for column, parent in references(change.entity).items())

    def _reverse_bookkeeping(self, run_ids: set[int]) -> None:
        """Take back a rule run's cursor when all else it did is taken back."""
        for run_id in sorted(run_ids, reverse=True):
            left = [change for change in changes_of_run(self.run.db, run_id) if change.id not in self.done]
            if all(change.entity in _BOOKKEEPING for change in left):
                for change in reversed(left):
                    self._reverse(change)

    def _reverse(self, change: Change) -> None:
        if change.id in self.done:
            return
        self.done.add(change.id)
        present = fetch(self.run.db, change.entity, [change.record_id]).get(change.record_id)
        if change.op == "create" and present is not None:
            self._remove(change, present)
        elif change.op == "remove" and present is None:
            self.run.restore(change.entity, change.record_id, change.before)
            self.result.reversed += 1
        elif change.op == "update" and present is not None:
            self._restore_fields(change, present)

    def _restore_fields(self, change: Change, present: dict[str, object]) -> None:
        back = inverse(change.before, change.after, present)
        if back.values:
            columns = {key.partition(".")[0] for key in back.values}
            after = with_values(present, back.values)
            self.run.update(change.entity, present, {column: after[column] for column in columns})
            self.result.reversed += 1
        for key in back.kept:
            why = msg("changed again since")
            self.result.kept.append(Kept(record_number(change.entity, change.record_id), key, why))

    def _remove(self, change: Change, present: dict[str, object]) -> None:
        place = (change.entity, change.record_id)
        why = self.stays.get(place) or self._held_by(change.entity, change.record_id)
        if why is not None:
            self.stays[place] = why
            if change.entity not in _BOOKKEEPING:
                self.result.kept.append(Kept(record_number(*place), "", why))
            return
        self._remove_bookkeeping(change.entity, change.record_id)
        self.run.remove(change.entity, present)
        self.result.reversed += 1

    def _held_by(self, entity: str, record_id: int) -> Message | None:
        for child, column in children(entity).items():
            if child in _BOOKKEEPING:
                continue
            ids = self.run.db.values(f"SELECT id FROM {child} WHERE {column} = ? LIMIT 1", (record_id,))  # noqa: S608
            if ids:
                return msg("{record} belongs to it", record=record_number(child, ids[0]))
        if "merged_into" in ENTITIES[entity].columns:
            ids = self.run.db.values(f"SELECT id FROM {entity} WHERE merged_into = ? LIMIT 1", (record_id,))  # noqa: S608
            if ids:
                return msg("{record} was merged into it", record=record_number(entity, ids[0]))
        return None

    def _remove_bookkeeping(self, entity: str, record_id: int) -> None:
        """Take out what only describes the record: alternates, pairs, decisions of assignment."""
        about: dict[str, list[dict[str, object]]] = defaultdict(list)
        values = (entity, record_id)
        about["alternate"] = fetch_where(self.run.db, "alternate", "entity = ? AND entity_id = ?", values)
        if entity == "customer":
            about["pair"] = fetch_where(self.run.db, "pair", "a_id = ? OR b_id = ?", (record_id, record_id))
        if entity == "opportunity":
            about["assignment"] = fetch_where(self.run.db, "assignment", "opportunity_id = ?", (record_id,))
        for kind, records in about.items():
            for record in records:
                self.run.remove(kind, record)


def _because(change: Change) -> Message:
    run = f"R{change.run_id}"
    if change.run_kind in HUMAN:
        return msg("a person changed it since ({run})", run=run)
    return msg("{kind} {run} changed it since", kind=change.run_kind, run=run)

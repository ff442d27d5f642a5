"""Taking a run back: field by field, never over what somebody did since.

Source: definitions.md, `undo RUN`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from crmcli.domain.records import ENTITIES, record_number, references
from crmcli.domain.runs import RULE
from crmcli.i18n import msg
from crmcli.jobs.journal.reversal import BOOKKEEPING, Kept, Place, Reversal, TakenBack, because
from crmcli.jobs.workspace import Workspace
from crmcli.store.changes import (
    Change,
    changes_after,
    changes_of_run,
    changes_of_step,
    children_of_made,
    find_run,
)
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch

_GO_ON = ("cursor",)  # made by the first of many runs, and no part of it: the rounds of assignment


@dataclass(slots=True)
class UndoResult:
    """What an undo did: `back` the changes taken back, last made first, `kept` what was not.

    `blocked` ones cannot be, by what was erased since.
    """

    run: str | None
    undoes: str
    back: list[TakenBack] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    blocked: list[Kept] = field(default_factory=list)

    @property
    def reversed(self) -> int:
        """Return how many changes were taken back."""
        return len(self.back)


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
        back = undo.reversal
        run.counts.update({"reversed": back.reversed, "kept": len(back.kept)})
        run.write("UPDATE run SET status = ? WHERE id = ?", [("undone", target["id"]), ("done", target["undoes"])])
        return UndoResult(run.shown_id, f"R{target['id']}", back.back, back.kept)


class _Undo:
    """One undo on its way: what the target run did, and what rules did since to the records that it made."""

    def __init__(self, run: Run, target: int) -> None:
        self.run = run
        self.target = target
        self.reversal = Reversal(run)

    def all(self) -> None:
        """Reverse what rules made of the run's records, then the run itself, last change first."""
        changes = changes_of_run(self.run.db, self.target)
        later = changes_after(self.run.db, self.target)
        by_rule = {change.id for change in later if change.run_kind in RULE and change.entity not in _GO_ON}
        for change in later:
            if change.id not in by_rule:
                self.reversal.stays.setdefault((change.entity, change.record_id), because(change))
        made = {(change.entity, change.record_id) for change in changes if change.op == "create"}
        rule_runs = {change.run_id for change in later if change.id in by_rule}
        self._keep_parents(made, rule_runs)
        for run_id in sorted(rule_runs, reverse=True):
            self._reverse_rule_run(run_id, made)
        self.reversal.reverse_all(reversed(changes))
        self._reverse_bookkeeping(rule_runs)
        self.reversal.finish()

    def _keep_parents(self, made: set[Place], rule_runs: set[int]) -> None:
        """Note which records stay because something that stays belongs to them, before anything is taken out."""
        going = made | {
            (change.entity, change.record_id)
            for run_id in rule_runs
            for change in changes_of_run(self.run.db, run_id)
            if change.op == "create"
        }
        stays = self.reversal.stays
        moved = self._moved_back(made)
        for child in reversed(ENTITIES):
            for column, parent in references(child).items():
                if child in BOOKKEEPING:
                    continue
                for number, held in children_of_made(self.run.db, self.target, parent, child, column):
                    if (child, number, column, held) in moved:
                        continue
                    if (child, number) not in going or (child, number) in stays:
                        why = msg("{record} belongs to it", record=record_number(child, number))
                        stays.setdefault((parent, held), why)

    def _moved_back(self, made: set[Place]) -> set[tuple[str, int, str, int]]:
        """Return (kind, record, column, parent) of what the run put under its own records and is taken from there."""
        found = set()
        for change in changes_of_run(self.run.db, self.target):
            parents = references(change.entity) if change.op == "update" else {}
            columns = [column for column, parent in parents.items() if (parent, change.after.get(column)) in made]
            present = fetch(self.run.db, change.entity, [change.record_id]).get(change.record_id) if columns else None
            if present is not None:
                back = self.reversal.way_back(change, present).values
                found |= {(change.entity, change.record_id, c, change.after[c]) for c in columns if c in back}
        return found

    def _reverse_rule_run(self, run_id: int, made: set[Place]) -> None:
        """Take back what a rule run did to the records of `made` and what it hung on them, a step as a whole."""
        about = made - self.reversal.stays.keys()
        for change in reversed(changes_of_run(self.run.db, run_id)):
            if change.id in self.reversal.done or not self._concerns(change, about):
                continue
            group = [change] if change.step is None else changes_of_step(self.run.db, run_id, change.step)
            self.reversal.reverse_all(reversed(group))

    def _concerns(self, change: Change, about: set[Place]) -> bool:
        if (change.entity, change.record_id) in about:
            return True
        if change.op != "create":
            return False
        record = fetch(self.run.db, change.entity, [change.record_id]).get(change.record_id, {})
        return any((parent, record.get(column)) in about for column, parent in references(change.entity).items())

    def _reverse_bookkeeping(self, run_ids: set[int]) -> None:
        """Take back a rule run's cursor when all else it did is taken back."""
        for run_id in sorted(run_ids, reverse=True):
            left = [change for change in changes_of_run(self.run.db, run_id) if change.id not in self.reversal.done]
            if all(change.entity in BOOKKEEPING for change in left):
                self.reversal.reverse_all(reversed(left))

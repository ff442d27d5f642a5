"""`reconcile`: what the sheets of imports said beside what the database holds now, every difference to the row.

Source: definitions.md, "reconcile" and G6; trust.md, R7.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crmcli.domain.said import TABLES, decode
from crmcli.domain.statement import IN, KindStatement, RunStatement, SheetStatement, Statement
from crmcli.domain.tallies import SourceTally
from crmcli.domain.values.money import yuan_to_fen
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.jobs.reconciling.following import FirstRows, Follower, Kept, SheetFacts
from crmcli.jobs.workspace import Workspace
from crmcli.store.changes import find_run
from crmcli.store.database import Database
from crmcli.store.statements import (
    StoredRow,
    StoredSheet,
    import_runs,
    living,
    made_by,
    rows_of,
    sheets_of,
    sums_of,
    twin_rows,
)


class NothingImported(CrmError):
    """There is nothing to reconcile."""

    code = "reconcile.nothing"

    def __init__(self) -> None:
        super().__init__(
            msg("no import stands in this database: there is nothing to reconcile"),
            hint=msg("`crmcli runs` lists what was done; name a run that was taken back to see what is left of it"),
        )


class NotAnImport(CrmError):
    """The run read no files."""

    code = "reconcile.no_import"

    def __init__(self, run: str, imports: list[int]) -> None:
        super().__init__(
            msg("{run} read no files, so it has no sheets to reconcile", run=run),
            hint=msg("the imports are: {runs}", runs=[f"R{number}" for number in imports]),
        )


def make_statement(workspace: Workspace, run: str = "", progress: Callable[[str], None] = lambda _: None) -> Statement:
    """Return the statement of one import, or of all that stand.

    `run` is a number such as "R7"; one that was taken back is stated too, by itself. `progress` is told the sheets.

    Raises:
        UnknownRun: there is no such run.
        NotAnImport: it read no files.
        NothingImported: no import stands.
    """
    chosen, left = chosen_imports(workspace.db, run)
    statement = Statement([_run(one) for one in chosen], left_aside=[_run(one) for one in left])
    _Stating(workspace, statement).state([one["id"] for one in chosen], progress)
    return statement


def chosen_imports(db: Database, run: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the runs of the import that is named, else of all that stand; and those that were taken back.

    Raises:
        UnknownRun: there is no such run.
        NotAnImport: it read no files.
        NothingImported: no import stands.
    """
    imports = import_runs(db)
    if run:
        number = find_run(db, run)["id"]
        chosen = [one for one in imports if one["id"] == number]
        if not chosen:
            raise NotAnImport(f"R{number}", [one["id"] for one in imports])
        return chosen, []
    standing = [one for one in imports if one["status"] == "done"]
    if not standing:
        raise NothingImported
    return standing, [one for one in imports if one["status"] != "done"]


def _run(row: dict[str, Any]) -> RunStatement:
    return RunStatement(
        row["id"], row["command"], row["actor"], row["started"], row["config_hash"] or "", row["undone_by"]
    )


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet as an import left it, with what it reported, and its statement in the making."""

    stored: StoredSheet
    report: dict[str, Any]
    statement: SheetStatement

    @classmethod
    def of(cls, stored: StoredSheet) -> _Sheet:
        """Return a sheet of which nothing is stated yet."""
        report = json.loads(stored.report or "{}")
        sheet = SheetStatement(stored.run_id, stored.path, stored.sha256, stored.name, stored.kind)
        sheet.version = report.get("day") or ""
        return cls(stored, report, sheet)


def _newest_first(sheet: _Sheet) -> tuple[int, int]:
    """Return the place of a sheet in the order of stating: newer versions come before those that they supersede."""
    day = sheet.statement.version.replace("-", "")
    return -int(day or 0), -sheet.stored.id


class _Stating:
    """A statement in the making: `seen` are the records that sheets brought, by kind of record."""

    def __init__(self, workspace: Workspace, statement: Statement) -> None:
        self.db: Database = workspace.db
        self.home = workspace.settings.workspace.currency
        self.statement = statement
        self.seen: dict[str, set[int]] = {}
        self.listed: dict[str, int] = {}

    def state(self, runs: list[int], progress: Callable[[str], None]) -> None:
        """State the sheets of runs, then the kinds of record that they brought."""
        sheets = [_Sheet.of(stored) for run in runs for stored in sheets_of(self.db, run)]
        self.statement.sheets += [one.statement for one in sheets]
        versions: dict[str, FirstRows] = {}
        for number, one in sorted(enumerate(sheets), key=lambda pair: _newest_first(pair[1])):
            progress(f"{one.stored.path} {one.stored.name}")
            first: FirstRows = versions.setdefault(one.stored.system, {}) if one.statement.version else {}
            self._state_sheet(number, one, first)
        self.statement.differences.sort(key=lambda one: (one.sheet, one.row))
        for entity, seen in self.seen.items():
            made, alive = made_by(self.db, entity, runs), living(self.db, entity)
            self.statement.kinds.append(
                KindStatement(
                    {table: name for name, table in TABLES.items()}.get(entity, entity),
                    listed=self.listed[entity],
                    shared=self.listed[entity] - len(seen),
                    beside=len(made & alive - seen),
                    other=len(alive - made - seen),
                    present=len(alive),
                )
            )

    def _state_sheet(self, number: int, one: _Sheet, first: FirstRows) -> None:
        stored, sheet, report = one.stored, one.statement, one.report
        if "left_out" in report:
            sheet.left_out = Message(*report["left_out"])
            return
        sheet.read, sheet.counts = report.get("read", 0), report.get("counts", {})
        sheet.facts, sheet.day, columns = _facts(stored, report)
        sheet.printed, sheet.is_witnessed = _printed(report), "same" in report
        facts = SheetFacts(report.get("facts", {}), columns, self.home, sheet.version)
        follower = Follower(self.db, number, stored, facts, first)
        for page in rows_of(self.db, stored.id):
            sheet.kept.update(row.outcome for row in page)
            self._state_rows(sheet, follower, page)
        self._state_same(sheet, follower, stored, report.get("same"))
        self._note_records(sheet, follower)

    def _state_rows(self, sheet: SheetStatement, follower: Follower, page: list[StoredRow]) -> None:
        rows = [Kept(row, *decode(row.said)) for row in page]
        for said, held in follower.follow([row for row in rows if row.stored.outcome in IN]):
            sheet.add(said, held)
        for kept in rows:
            if kept.stored.outcome not in IN:
                sheet.add_beside(kept.stored.outcome, kept.said)
                follower.note_stopped(kept)
        self.statement.differences += follower.differences
        follower.differences = []

    def _state_same(
        self, sheet: SheetStatement, follower: Follower, stored: StoredSheet, kept: dict[str, Any] | None
    ) -> None:
        """State the rows that were only counted: by the rows of an earlier import of the same bytes, else in sum."""
        same = SourceTally.from_json(kept) if kept else SourceTally()
        if not kept:
            same.rows = sheet.rows - sum(sheet.kept[outcome] for outcome in IN)
            same.cells = {cut: {(None, None): [same.rows, 0]} for cut in same.cells} if same.rows else same.cells
        if not same.rows:
            return
        if self._has_twins(stored, same):
            for page in twin_rows(self.db, stored):
                self._state_rows(sheet, follower, page)
            return
        sheet.same = same
        sheet.add_same()

    def _has_twins(self, stored: StoredSheet, same: SourceTally) -> bool:
        rows, sums = 0, dict.fromkeys(same.sums(), 0)
        for page in twin_rows(self.db, stored):
            rows += len(page)
            for row in page:
                said = decode(row.said)[0]
                if said.currency is not None:
                    sums[said.currency] = sums.get(said.currency, 0) + (said.amount_fen or 0)
        return (rows, sums) == (same.rows, same.sums())

    def _note_records(self, sheet: SheetStatement, follower: Follower) -> None:
        for entity, own in follower.brought().items():
            self.seen.setdefault(entity, set()).update(own)
            self.listed[entity] = self.listed.get(entity, 0) + len(own)
            column = follower.amount_column(entity)
            if column:
                sheet.stored = sums_of(self.db, entity, column, own, self.home)


def _facts(stored: StoredSheet, report: dict[str, Any]) -> tuple[dict[str, str], str, dict[str, list[int]]]:
    """Return the facts that a sheet states with their headers, the field that gives its months, and the columns."""
    headers = json.loads(stored.headers or "[]")
    facts, columns = report.get("facts", {}), report.get("columns", {})
    named = {fact: " / ".join(headers[index] for index in columns[fact]) for fact in facts}
    return named, facts.get("day", ""), columns


def _printed(report: dict[str, Any]) -> int | None:
    """Return the sum of amounts that the import itself printed, in fen; None where the sheet has none."""
    sums = report.get("sums", {})
    if not sums:
        return None
    return sum(yuan_to_fen(Decimal(one["source"])) for one in sums.values())

"""Why the database does not say what a row said: read off the journal, never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import NamedTuple

from crmcli.domain.records import Record, record_number
from crmcli.domain.runs import BACK, HUMAN, IMPORT, MERGES
from crmcli.domain.said import Said, columns_of
from crmcli.domain.words import word
from crmcli.i18n import Message, msg
from crmcli.store.changes import Change, changes_of_records
from crmcli.store.database import Database
from crmcli.store.statements import StoredRow, StoredSheet, places_of

Place = tuple[str, int]  # kind and id of a record


class Counted(NamedTuple):
    """The row that a record is counted with: its stored row and sheet; of a series the version's day, and the run."""

    row: int
    sheet: int
    run: int = 0
    day: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A difference to be explained.

    `own` is the record that the row meant, `record` the one that it lives on in (None: it is gone), `first` the row
    that it is counted with.
    """

    row: StoredRow
    fact: str
    said: Said
    held: Said
    own: Place | None
    record: Record | None
    first: Counted | None


class Reasons:
    """Tells the reasons for the rows of one sheet; `fields` are the facts it states, `day` which version it is."""

    def __init__(self, db: Database, sheet: StoredSheet, fields: dict[str, str], day: str = "") -> None:
        self._db, self._sheet, self._fields, self._day = db, sheet, fields, day
        self._history: dict[Place, list[Change]] = {}
        self._places: dict[int, tuple[str, str, int]] = {}
        self._actors: dict[int, str] = {}

    def of(self, cases: Sequence[Case]) -> Iterator[tuple[Case, Message | None]]:
        """Yield each case with its reason, None where the journal has none."""
        self._load(cases)
        for case in cases:
            yield case, self._why_no_record(case) if case.fact == "row" else self._why(case)

    def _load(self, cases: Sequence[Case]) -> None:
        wanted = {case.own for case in cases if case.own}
        wanted |= {(case.own[0], case.record["id"]) for case in cases if case.own and case.record}
        self._history = {}
        for entity in sorted({entity for entity, _ in wanted}):
            found = changes_of_records(self._db, entity, {number for kind, number in wanted if kind == entity})
            self._history.update({(entity, number): changes for number, changes in found.items()})
        rows = {c.source_row for changes in self._history.values() for c in changes if c.source_row is not None}
        self._places = places_of(self._db, rows | {case.first.row for case in cases if case.first})
        runs = {change.run_id for changes in self._history.values() for change in changes} - self._actors.keys()
        for run in sorted(runs):
            self._actors[run] = self._db.value("SELECT actor FROM run WHERE id = ?", (run,)) or ""

    def _why_no_record(self, case: Case) -> Message | None:
        if case.own is None:
            return None
        if case.record is None:
            last = self._history[case.own][-1]
            run = f"R{last.run_id}"
            return msg("taken back by {run}", run=run) if last.undoes else msg("removed by {run}", run=run)
        if case.first and case.first.sheet != self._sheet.id:
            return self._superseded(case.first)
        row = self._places[case.first.row][2] if case.first else 0
        if case.record["id"] == case.own[1]:
            return msg("the same record as row {row} of this sheet, counted there", row=row)
        merge = self._merge(case)
        return msg(
            "{record} was merged into {other} ({run}), which is counted with row {row}",
            record=record_number(*case.own), other=record_number(case.own[0], case.record["id"]), run=merge, row=row,
        )  # fmt: skip

    def _superseded(self, newer: Counted) -> Message:
        """Return which version of the sheet speaks later of the record that a row is about."""
        if newer.day == self._day:
            return msg("superseded: {run} read this version again", run=f"R{newer.run}")
        place = self._place(newer.row) or ""
        return msg("superseded: the version of {day} speaks of it last ({place})", day=newer.day, place=place)

    def _merge(self, case: Case) -> str:
        """Return the run that merged the row's record into another."""
        merges = [c for c in self._history[case.own or ("", 0)] if c.after.get("merged_into")]
        return f"R{merges[-1].run_id}" if merges else ""

    def _why(self, case: Case) -> Message | None:
        entity, number = case.own[0] if case.own else "", case.record["id"] if case.record else 0
        history = self._history.get((entity, number), [])
        columns = set(columns_of(entity, {case.fact: self._fields[case.fact]}).values())
        columns |= {"amount": {"currency"}, "day": {"expected_close", "closed_at"}}.get(case.fact, set())
        last = next((c for c in reversed(history) if c.op == "update" and columns & c.after.keys()), None)
        if last is not None:
            return self._by_change(case, last)
        if case.own and case.own[1] != number:
            return msg("merged into {other} ({run}): its value counts", other=record_number(entity, number),
                        run=self._merge(case))  # fmt: skip
        made = next((change for change in history if change.op == "create"), None)
        return self._by_creation(case, made) if made else None

    def _by_change(self, case: Case, last: Change) -> Message | None:
        kind, run = last.run_kind, f"R{last.run_id}"
        if last.undoes or kind in BACK:
            return msg("{run} took back what had set it", run=run)
        if kind in HUMAN - MERGES:
            return msg("{actor} changed it ({kind}, {run})", actor=self._actors[last.run_id], kind=word(kind), run=run)
        if kind in MERGES:
            return msg("records were merged ({run}): the value of another one counts", run=run)
        if kind not in IMPORT:
            return msg("{kind} {run} set it", kind=word(kind), run=run)
        if last.source_row == case.row.id:
            return self._by_row(case)
        place = self._place(last.source_row)
        if last.run_id > self._sheet.run_id:
            return msg("the later import {run} says so: {place}", run=run, place=place or msg("its stage history"))
        if place is None:
            return msg("the stage history decides ({run})", run=run)
        return self._by_other_row(case, place)

    def _by_creation(self, case: Case, made: Change) -> Message | None:
        if made.source_row is None:
            return msg("{actor} said so before ({run})", actor=self._actors[made.run_id], run=f"R{made.run_id}")
        if made.source_row == case.row.id:
            return self._by_row(case)
        return self._by_other_row(case, self._place(made.source_row) or msg("another row"))

    def _by_row(self, case: Case) -> Message | None:
        """Return why the very row that wrote a value says another: it is not known to differ without a reason."""
        said = getattr(case.said, "amount_fen" if case.fact == "amount" else case.fact)
        if said is None:
            return msg("read off other cells of this row")
        planned = self._planned(case) if case.fact == "stage" else None
        return msg("it takes effect on {day}", day=planned) if planned else None

    def _planned(self, case: Case) -> str | None:
        """Return when a stage that the row says will be entered, None where it is not planned."""
        sql = "SELECT max(at) FROM event WHERE opportunity_id = ? AND field = 'stage' AND value = ? AND at > recorded"
        number = case.record["id"] if case.record else 0
        return self._db.value(sql, (number, case.said.stage)) or None

    def _by_other_row(self, case: Case, place: Message) -> Message:
        said = getattr(case.said, "amount_fen" if case.fact == "amount" else case.fact)
        if said is None:
            return msg("{place} says it; the cell here is empty", place=place)
        return msg("{place} says otherwise and counts; this is kept beside it", place=place)

    def _place(self, source_row: int | None) -> Message | None:
        found = self._places.get(source_row or 0)
        if found is None:
            return None
        path, sheet, row = found
        if (path, sheet) == (self._sheet.path, self._sheet.name):
            return msg("row {row} of this sheet", row=row)
        name = f"{PurePath(path).name} [{sheet}]" if sheet else PurePath(path).name
        return msg("{sheet} row {row}", sheet=name, row=row)

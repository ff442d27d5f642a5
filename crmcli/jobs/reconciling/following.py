"""From the rows of a sheet to their records as they are now: what each holds, and where it differs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crmcli.domain.records import Record, record_number
from crmcli.domain.said import NOTHING, TABLES, Said, Stopped, columns_of, differing, held_by
from crmcli.domain.statement import Difference
from crmcli.i18n import Message, msg
from crmcli.jobs.reconciling.reasons import Case, Counted, Place, Reasons
from crmcli.store.database import Database
from crmcli.store.records import survivors
from crmcli.store.statements import StoredRow, StoredSheet, columns_now, touched_by

_NO_RECORD = {
    "row.title": msg("a title, no record"),
    "row.header": msg("a repeated header, no record"),
    "row.total": msg("a total, no record"),
    "row.note": msg("a note, no record"),
    "row.junk": msg("the preset leaves such rows out"),
}
_UNTOLD = {
    "skipped": msg("no record"),
    "rejected": msg("rejected: the rejects workbook says why"),
    "review": msg("for review: the rejects workbook says why"),
}
# what a fact is called where only its month is compared
_SHOWN = {"day": "month"}


FirstRows = dict[str, dict[int, Counted]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept row with what it said."""

    stored: StoredRow
    said: Said
    stopped: Stopped | None = None


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What a sheet states: fact -> the field, fact -> the columns that do; `home` is the workspace's currency.

    `day` is which version of a series it is, "" for any other sheet.
    """

    fields: dict[str, str]
    columns: dict[str, list[int]]
    home: str
    day: str = ""


class Follower:
    """Follows the rows of one sheet, the statement's `number`; `differences` are those found so far.

    `first` is kind -> record -> the row that it is counted with; the versions of one sheet share it, newest first.
    """

    def __init__(self, db: Database, number: int, sheet: StoredSheet, facts: SheetFacts, first: FirstRows) -> None:
        self.differences: list[Difference] = []
        self._db, self._number, self._sheet, self._facts = db, number, sheet, facts
        self._kept_in: dict[str, dict[str, str]] = {}  # kind -> fact -> column
        self._touched = touched_by(db, sheet)
        self._first = first
        self._reasons = Reasons(db, sheet, facts.fields, facts.day)

    def brought(self) -> dict[str, set[int]]:
        """Return kind -> the ids of the records that the sheet's rows are."""
        sheet = self._sheet.id
        return {
            entity: {number for number, counted in first.items() if counted.sheet == sheet}
            for entity, first in sorted(self._first.items())
        }

    def follow(self, rows: Sequence[Kept]) -> Iterator[tuple[Said, Said | None]]:
        """Yield what the rows said and what their records hold.

        None stands for a record that is gone, or counted with another row already.
        """
        own = [self._own(row.stored) for row in rows]
        alive = self._alive({place for place in own if place is not None})
        cases: list[Case] = []
        for row, place in zip(rows, own, strict=True):
            record = alive.get(place) if place else None
            first = self._counted_with(place[0], record["id"], row.stored) if place and record else None
            if place is None or record is None or first is None or first.row != row.stored.id:
                cases.append(Case(row.stored, "row", row.said, NOTHING, place, record, first))
                yield row.said, None
                continue
            held = held_by(self._columns(place[0]), record, self._facts.home)
            cases += [Case(row.stored, f, row.said, held, place, record, first) for f in differing(row.said, held)]
            yield row.said, held
        self.differences += [self._difference(case, why) for case, why in self._reasons.of(cases)]

    def note_stopped(self, row: Kept) -> None:
        """Note a row that did not come in, and why."""
        stored, stopped = row.stored, row.stopped
        why = (stopped.message or _NO_RECORD.get(stopped.code)) if stopped else None
        text = _text(json.loads(stored.cells))
        told = why or _UNTOLD[stored.outcome]
        self.differences.append(
            Difference(self._number, stored.row, stored.outcome, "row", text, row.said, NOTHING, "", told)
        )

    def amount_column(self, entity: str) -> str | None:
        """Return the column of a table that holds the sheet's amounts, None where it states none."""
        return self._columns(entity).get("amount")

    def _counted_with(self, entity: str, number: int, row: StoredRow) -> Counted:
        own = Counted(row.id, self._sheet.id, self._sheet.run_id, self._facts.day)
        return self._first.setdefault(entity, {}).setdefault(number, own)

    def _own(self, row: StoredRow) -> Place | None:
        if row.record_id is not None:
            return TABLES.get(row.entity, row.entity), row.record_id
        return self._touched.get(row.id)

    def _alive(self, places: set[Place]) -> dict[Place, Record]:
        """Return record -> the one that it lives on in, for those that do."""
        found: dict[Place, Record] = {}
        for entity in sorted({entity for entity, _ in places}):
            into = survivors(self._db, entity, {number for kind, number in places if kind == entity})
            wanted = {*self._columns(entity).values(), "currency", "expected_close"}
            records = columns_now(self._db, entity, wanted, into.values())
            found.update({(entity, number): records[last] for number, last in into.items() if last in records})
        return found

    def _columns(self, entity: str) -> dict[str, str]:
        if entity not in self._kept_in:
            self._kept_in[entity] = columns_of(entity, self._facts.fields)
        return self._kept_in[entity]

    def _difference(self, case: Case, why: Message | None) -> Difference:
        cells, columns = json.loads(case.row.cells), self._facts.columns.get(case.fact, [])
        text = " / ".join(cells[index] for index in columns if index < len(cells)) if columns else _text(cells)
        record = record_number(case.own[0], case.record["id"]) if case.own and case.record else ""
        fact = _SHOWN.get(case.fact, case.fact)
        return Difference(self._number, case.row.row, case.row.outcome, fact, text, case.said, case.held, record, why)


def _text(cells: Sequence[str]) -> str:
    """Return a row's cells in one line, for rows that are looked at as a whole."""
    return " | ".join(cell for cell in cells if cell)

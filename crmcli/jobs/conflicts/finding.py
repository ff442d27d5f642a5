"""What an import said otherwise than a record holds: ours, theirs, and what the same source said last time.

Source: definitions.md, "Two systems side by side".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from crmcli.domain.pipeline import Pipeline, place_among
from crmcli.domain.records import Record
from crmcli.domain.runs import IMPORT
from crmcli.store.changes import Change, changes_of_record, set_by_person
from crmcli.store.database import Database
from crmcli.store.journal import Numbers, Run
from crmcli.store.records import fetch, fetch_where

# the kinds of record that a person can set fields of
_KINDS = ("customer", "contact", "lead", "opportunity", "product", "owner", "contract", "payment")
# what goes with an end that another system says
_OF_AN_END = ("closed_at", "loss_reason")
_RELATIONS = {"customer": "customer_id"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in a file."""

    system: str = ""
    file: str = ""
    sheet: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """Who gave a record the value that it has, when, in which run; `system` is "" where it was no file."""

    run: int
    kind: str
    actor: str
    at: str
    system: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field of a record on which a source differs from what the record holds, or held until this import.

    Values are as stored (fen, ISO dates); of a customer its name. `base` is what the source said last time, None
    where it never spoke. `taken` tells that theirs is in effect: it moved the deal over what a person had set.
    `along` holds the date and reason of an end.
    """

    entity: str
    number: int
    column: str
    ours: Any
    theirs: Any
    base: Any
    word: Word | None
    place: Place
    taken: bool = False
    along: dict[str, str] = field(default_factory=dict)


def conflicts_since(run: Run, first: Numbers, pipelines: Sequence[Pipeline]) -> list[Conflict]:
    """Return what a run's rows said otherwise than the records hold, by record and field.

    `first` are the numbers of records that the run began at. What a source repeats is no conflict: it is known.
    Values that contradict each other within one source's rows of one run are no conflict: nobody held either.
    """
    found: dict[tuple[str, int, str, str], Conflict] = {}
    for conflict in (*_untaken(run, first), *_moved_over(run, first)):
        base = conflict.base
        if conflict.column == "stage" and base is not None:
            base = place_among(pipelines, base)[1].name  # what a source says of a stage is kept as written
        if base is not None and str(base) == str(conflict.theirs):
            continue
        found.setdefault((conflict.entity, conflict.number, conflict.column, str(conflict.theirs)), conflict)
    return [found[key] for key in sorted(found)]


def _untaken(run: Run, first: Numbers) -> Iterator[Conflict]:
    for (entity, number), values in _kept_beside(run, first).items():
        told = Told(run.db, entity, number)
        along = {one["field"]: one["value"] for one in values if one["field"] in _OF_AN_END}
        for one in values:
            column = _RELATIONS.get(one["field"]) or str(one["field"])
            ours = told.present(column)
            word = told.word(column)
            said_now = word and word.run == run.id and word.system == one["system"]
            if ours is None or str(ours) == one["value"] or said_now or told.replaced(column, one["value"], run.id):
                continue
            place, base = told.place(one["source_row"]), told.base(column, one["system"], run.id)
            if one["system"] == place.system:
                end = along if column == "stage" else {}
                yield Conflict(entity, number, column, ours, one["value"], base, word, place, along=end)


def _kept_beside(run: Run, first: Numbers) -> dict[tuple[str, int], list[Record]]:
    """Return (kind, number) -> the values that a run kept beside a record's, where they may be a conflict."""
    systems = "SELECT count(DISTINCT s.system) FROM source_sheet s JOIN source_file f ON f.id = s.source_file_id"
    one_voice = run.db.value(f"{systems} WHERE f.run_id = ?", (run.id,)) == 1
    found: dict[tuple[str, int], list[Record]] = {}
    for entity in _KINDS:
        known = "entity = ? AND id >= ? AND field NOT LIKE 'extra.%'"
        # what one source alone made in this run it can only contradict itself on
        where, values = (f"{known} AND entity_id < ?", [first[entity]]) if one_voice else (known, [])
        for one in fetch_where(run.db, "alternate", where, (entity, first["alternate"], *values)):
            found.setdefault((entity, one["entity_id"]), []).append(one)
    return found


def _moved_over(run: Run, first: Numbers) -> Iterator[Conflict]:
    """Yield what a source's new word moved over what a person had set."""
    moved = "id >= ? AND system IS NOT NULL AND from_value IS NOT NULL AND inferred = 0"
    for event in fetch_where(run.db, "event", moved, (first["event"],)):
        number, column, was = event["opportunity_id"], event["field"], event["from_value"]
        ours: Any = int(was) if column == "amount_fen" else was
        told = Told(run.db, "opportunity", number)
        if str(told.present(column)) != event["value"] or not _a_persons(run.db, number, column, ours):
            continue
        row = told.row_of(run.id, column)
        word = told.word(column, ours)
        base = told.base(column, event["system"], run.id)
        yield Conflict(
            "opportunity", number, column, ours, told.present(column), base, word, told.place(row), taken=True
        )


def _a_persons(db: Database, number: int, column: str, value: Any) -> bool:
    return set_by_person(db, "opportunity", number, column, value)


class Told:
    """What the journal tells of one record."""

    def __init__(self, db: Database, entity: str, number: int) -> None:
        self.db = db
        self.entity = entity
        self.record = fetch(db, entity, [number])[number]
        self.changes: Sequence[Change] = changes_of_record(db, entity, number)

    def present(self, column: str, value: Any = None) -> Any:
        """Return the value in a column (or the one given), of a relation the name of what it points at."""
        value = self.record[column] if value is None else value
        if column != "customer_id" or value is None:
            return value
        return fetch(self.db, "customer", [value]).get(value, {}).get("name")

    def word(self, column: str, value: Any = None) -> Word | None:
        """Return who gave the record the value that it has in a column (or the one given), the last time."""
        value = self.record[column] if value is None else value
        for change in reversed(self.changes):
            if change.op == "create" or (column in change.after and change.after[column] == value):
                return self._word(change)
        return None

    def _word(self, change: Change) -> Word:
        run = self.db.rows("SELECT kind, actor, started FROM run WHERE id = ?", (change.run_id,))[0]
        system = self.place(change.source_row).system
        if not system and run["kind"] in IMPORT:
            system = self._system_of_events(change)
        return Word(change.run_id, run["kind"], run["actor"], run["started"], system)

    def _system_of_events(self, change: Change) -> str:
        """Return the source whose events led to a deal's state; the state itself follows from them."""
        stage = change.after.get("stage", self.record.get("stage"))
        sql = "SELECT system FROM event WHERE opportunity_id = ? AND field = 'stage' AND value = ? ORDER BY id DESC"
        return next((one for one in self.db.values(sql, (self.record["id"], stage)) if one), "")

    def replaced(self, column: str, value: str, run_id: int) -> bool:
        """Return whether a value is what the record held until a run put another one in its place."""
        mine = (change for change in self.changes if change.run_id == run_id and change.op == "update")
        return any(column in c.before and str(self.present(column, c.before[column])) == value for c in mine)

    def row_of(self, run_id: int, column: str) -> int | None:
        """Return the source row by which a run changed a column."""
        changes = [change for change in self.changes if change.run_id == run_id and change.source_row]
        own = [change for change in changes if column in change.after] or changes
        return own[-1].source_row if own else None

    def base(self, column: str, system: str, run_id: int) -> Any:
        """Return what a source said of a column before a run, the last time; None where it said nothing."""
        said = self._said_before(system, run_id)
        if column in said:
            return said[column]
        words: list[tuple[int, int, Any]] = []
        earlier = [change for change in self.changes if change.run_id < run_id]
        for change in earlier:
            if self.place(change.source_row).system == system:
                if change.op == "create":
                    words.append((change.run_id, change.id, self._made_with(column)))
                elif column in change.after:
                    words.append((change.run_id, change.id, change.after[column]))
        words += [(run, 0, value) for run, value in self._beside(column, system) if run < run_id]
        known = [word for word in words if word[2] is not None]
        return self.present(column, max(known, key=lambda word: word[:2])[2]) if known else None

    def _said_before(self, system: str, run_id: int) -> Record:
        """Return what a source had said of a deal's moving fields before a run."""
        if "said" not in self.record:
            return {}
        key = f"said.{system}"
        first = next((c for c in self.changes if c.run_id == run_id and c.op == "update" and key in c.after), None)
        if first is not None:
            return first.before.get(key) or {}
        made_now = any(change.op == "create" and change.run_id == run_id for change in self.changes)
        return {} if made_now else self.record["said"].get(system, {})

    def _made_with(self, column: str) -> Any:
        """Return what a record held in a column when it was made."""
        first = next((c for c in self.changes if c.op == "update" and column in c.before), None)
        return self.record[column] if first is None else first.before[column]

    def _beside(self, column: str, system: str) -> list[tuple[int, Any]]:
        """Return (run, value) of what a source said of a column and that was kept beside."""
        name = next((key for key, stored in _RELATIONS.items() if stored == column), column)
        return [
            (one["run_id"], one["value"]) for one in self._alternates if (one["field"], one["system"]) == (name, system)
        ]

    @cached_property
    def _alternates(self) -> list[dict[str, Any]]:
        return self.db.rows(
            "SELECT a.field, a.value, a.system, f.run_id FROM alternate a"
            " CROSS JOIN source_row r ON r.id = a.source_row"
            " CROSS JOIN source_sheet s ON s.id = r.source_sheet_id CROSS JOIN source_file f ON f.id = s.source_file_id"
            " WHERE a.entity = ? AND a.entity_id = ? ORDER BY a.id",
            (self.entity, self.record["id"]),
        )

    def place(self, source_row: int | None) -> Place:
        """Return where a source row stands; nowhere for None."""
        if source_row is None:
            return Place()
        if source_row not in self._places:
            rows = self.db.rows(_PLACE, (source_row,))
            self._places[source_row] = Place(**rows[0]) if rows else Place()
        return self._places[source_row]

    @cached_property
    def _places(self) -> dict[int, Place]:
        return {}


_PLACE = (
    "SELECT s.system, f.path AS file, s.name AS sheet, r.row FROM source_row r"
    " JOIN source_sheet s ON s.id = r.source_sheet_id JOIN source_file f ON f.id = s.source_file_id WHERE r.id = ?"
)

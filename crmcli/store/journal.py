"""The journal: every write happens inside one run, is one transaction, and can be taken back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from crmcli import __version__
from crmcli.domain.changes import Flat, difference
from crmcli.domain.identity import Key, keys_of, rests_on
from crmcli.domain.records import ENTITIES, Record
from crmcli.store.collector import collector_paused
from crmcli.store.database import Database, named_failures, statement
from crmcli.store.locks import writer_lock
from crmcli.store.records import encode, encode_value, fetch_where

Numbers = Mapping[str, int]  # kind of record -> a number
_NEXT_CHANGE = (
    "SELECT max(coalesce((SELECT next FROM counter WHERE name = 'change'), 1), coalesce(max(id), 0) + 1) FROM entry"
)


@dataclass(frozen=True, slots=True)
class RunStart:
    """Who starts what, when. `clock` gives the present instant as ISO text with an offset.

    `part_of` names the larger run and the step of it that this is: "daily 2026-03-05/assign".
    """

    kind: str
    command: str
    actor: str
    clock: Callable[[], str]
    config_hash: str = ""
    dry_run: bool = False
    undoes: int | None = None
    part_of: str = ""


@dataclass(slots=True)
class Run:
    """An open run. `counts` becomes part of its record; `started` is the recorded time of all it writes.

    `numbers` gives its changes their numbers, which rise from run to run.

    Changes made under one `step` (one merge, say) are taken back together.
    """

    db: Database
    id: int
    kind: str
    started: str
    dry_run: bool
    numbers: Iterator[int]
    counts: dict[str, int] = field(default_factory=dict)
    step: int | None = None

    @property
    def shown_id(self) -> str | None:
        """Return `R7`, or None for a dry run, which leaves no run."""
        return None if self.dry_run else f"R{self.id}"

    def insert(
        self, entity: str, records: Sequence[Record], source_rows: Sequence[int | None] | None = None
    ) -> list[int]:
        """Return the ids of new records, in order; each is journalled with the source row it came from."""
        first = self.reserve(entity, len(records))
        ids = list(range(first, first + len(records)))
        origins = source_rows or [None] * len(records)
        self.insert_numbered(entity, list(zip(ids, records, origins, strict=True)))
        return ids

    def insert_numbered(
        self,
        entity: str,
        created: Sequence[tuple[int, Record, int | None]],
        keys: Sequence[Sequence[Key]] | None = None,
    ) -> None:
        """Write new records under numbers that `reserve` gave: (id, record, source row).

        `keys` are their search keys where the caller has them already.
        """
        names = ", ".join(f'"{column}"' for column in ENTITIES[entity].columns)
        marks = ", ".join("?" * (len(ENTITIES[entity].columns) + 1))
        sql = f"INSERT INTO {entity} (id, {names}) VALUES ({marks})"  # noqa: S608 (names of our own tables)
        self.write(sql, ((i, *encode(entity, record)) for i, record, _ in created))
        read = {} if self.step else {i: row for i, _, row in created if row}
        self._log_read(entity, read, read.values())
        others = ((i, record, row) for i, record, row in created if i not in read)
        self._log((entity, i, "create", None, None if row else _as_json(record), row) for i, record, row in others)
        if keys is None:
            keys = [keys_of(entity, record) for _, record, _ in created]
        self._add_keys(entity, sorted((*key, i) for (i, _, _), own in zip(created, keys, strict=True) for key in own))

    def insert_columns(
        self,
        entity: str,
        ids: Sequence[int],
        columns: Mapping[str, Sequence[Any]],
        source_rows: Sequence[int],
    ) -> None:
        """Write new records column by column under numbers that `reserve` gave; `add_keys` is left to the caller.

        `columns` are as SQLite keeps them, those that are missing are unknown of all.
        """
        names = ", ".join(["id", *(f'"{column}"' for column in columns)])
        marks = ", ".join("?" * (len(columns) + 1))
        self.write(f"INSERT INTO {entity} ({names}) VALUES ({marks})", zip(ids, *columns.values(), strict=True))  # noqa: S608
        self._log_read(entity, ids, source_rows)

    def add_keys(self, entity: str, kind: str, keys: Iterable[tuple[str, int]]) -> None:
        """Write search keys of one kind: (value, record). Sorted ones are written fastest."""
        sql = f"INSERT OR IGNORE INTO record_key (entity, kind, value, record_id) VALUES ('{entity}', '{kind}', ?, ?)"  # noqa: S608
        self.write(sql, keys)

    def update(self, entity: str, present: Record, changes: Flat, source_row: int | None = None) -> Record:
        """Return the record as it is after the changes; what does not differ writes nothing."""
        after = {**present, **changes}
        old, new = difference(present, after)
        if not new:
            return present
        columns = [key for key in changes if present.get(key) != changes[key]]
        sets = ", ".join(f'"{column}" = ?' for column in columns)
        values = dict(zip(ENTITIES[entity].columns, encode(entity, after), strict=True))
        sql = f"UPDATE {entity} SET {sets} WHERE id = ?"  # noqa: S608 (names of our own columns)
        self._execute(sql, (*(values[column] for column in columns), present["id"]))
        before, now = (json.dumps(part, ensure_ascii=False) for part in (old, new))
        self._log([(entity, present["id"], "update", before, now, source_row)])
        self._move_keys(entity, present, after)
        return after

    def update_all(self, entity: str, changing: Iterable[tuple[Record, Flat]]) -> None:
        """Write the changes of many records as `update` writes one's, much faster; a record comes once."""
        rows: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
        log = []
        for present, changes in changing:
            columns = tuple(key for key in changes if present.get(key) != changes[key])
            if not columns:
                continue
            old, new = difference(present, {column: changes[column] for column in columns})
            rows.setdefault(columns, []).append((*(encode_value(changes[key]) for key in columns), present["id"]))
            before, now = (json.dumps(part, ensure_ascii=False) for part in (old, new))
            log.append((entity, present["id"], "update", before, now, None))
            if rests_on(entity, columns):
                self._move_keys(entity, present, {**present, **changes})
        for columns, values in rows.items():
            sets = ", ".join(f'"{column}" = ?' for column in columns)
            self.write(f"UPDATE {entity} SET {sets} WHERE id = ?", values)  # noqa: S608 (names of our own columns)
        self._log(log)

    def confirm(self, entity: str, record_id: int, said: Flat, source_row: int | None) -> None:
        """Note that a source row says what a record holds already: its word counts as if it had written it."""
        values = json.dumps(said, ensure_ascii=False)
        self._log([(entity, record_id, "update", values, values, source_row)])

    def remove(self, entity: str, present: Record) -> None:
        """Take a record out; the journal keeps all it held."""
        self._execute(f"DELETE FROM {entity} WHERE id = ?", (present["id"],))  # noqa: S608
        self._log([(entity, present["id"], "remove", _as_json(present), None, None)])
        self._drop_keys(entity, present["id"], keys_of(entity, present))

    def restore(self, entity: str, record_id: int, values: Record) -> None:
        """Put a removed record back under its own id."""
        self.insert_numbered(entity, [(record_id, ENTITIES[entity].blank() | values, None)])

    def reserve(self, name: str, number: int) -> int:
        """Return the first of `number` fresh numbers; numbers are never used twice."""
        self._execute("INSERT OR IGNORE INTO counter (name, next) VALUES (?, 1)", (name,))
        first = int(self.db.value("SELECT next FROM counter WHERE name = ?", (name,)))
        self._execute("UPDATE counter SET next = next + ? WHERE name = ?", (number, name))
        return first

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Keep all that is written inside or, where it raises, nothing of it; the run itself goes on."""
        self._execute("SAVEPOINT attempt", ())
        kept = False
        try:
            yield
            kept = True
        finally:
            if not kept:
                self._execute("ROLLBACK TO attempt", ())
            self._execute("RELEASE attempt", ())

    def next_numbers(self) -> Numbers:
        """Return the first number that each kind of record will be given from now on."""
        rows = self.db.rows("SELECT name, next FROM counter")
        return dict.fromkeys(ENTITIES, 1) | {row["name"]: row["next"] for row in rows}

    def _log_read(self, entity: str, ids: Iterable[int], source_rows: Iterable[int]) -> None:
        """Log creations whose values are those of a source row."""
        values = f"'{entity}', {self.id}, ?, ?, ?"
        sql = f"INSERT INTO creation (entity, run_id, record_id, id, source_row) VALUES ({values})"  # noqa: S608
        self.write(sql, zip(ids, self.numbers, source_rows, strict=False))

    def _log(self, changes: Any) -> None:
        sql = "INSERT INTO entry (id, run_id, entity, record_id, op, before, after, source_row, step)"
        rows = ((next(self.numbers), self.id, *change, self.step) for change in changes)
        self.write(f"{sql} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def _add_keys(self, entity: str, keys: Iterable[tuple[str, str, int]]) -> None:
        """Write keys: (kind, value, record)."""
        sql = "INSERT OR IGNORE INTO record_key (entity, kind, value, record_id) VALUES (?, ?, ?, ?)"
        self.write(sql, ((entity, *key) for key in keys))

    def _drop_keys(self, entity: str, record_id: int, keys: Any) -> None:
        sql = "DELETE FROM record_key WHERE entity = ? AND kind = ? AND value = ? AND record_id = ?"
        self.write(sql, ((entity, *key, record_id) for key in keys))

    def _move_keys(self, entity: str, before: Record, after: Record) -> None:
        old, new = keys_of(entity, before), keys_of(entity, after)
        if old != new:
            self._drop_keys(entity, before["id"], [key for key in old if key not in new])
            self._add_keys(entity, [(*key, before["id"]) for key in new])

    def _execute(self, sql: str, values: Sequence[Any]) -> None:
        with statement(self.db.path):
            self.db.connection.execute(sql, values)

    def write(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement of this package for each of `rows`, inside the run's transaction."""
        with statement(self.db.path):
            self.db.connection.executemany(sql, rows)


def _as_json(record: Record) -> str:
    known = {key: value for key, value in record.items() if key != "id" and value not in (None, [], {})}
    return json.dumps(known, ensure_ascii=False)


@contextmanager
def open_run(db: Database, start: RunStart) -> Iterator[Run]:
    """Yield a run; all it wrote is committed at the end, or nothing is (an error, a dry run).

    Raises:
        CrmError: another command is writing, the file cannot be written, the disk is full.
    """
    with writer_lock(db.path, start.command), named_failures(db.path), collector_paused():
        db.connection.execute("BEGIN IMMEDIATE")
        try:
            run = _begin(db, start)
            yield run
            counts = json.dumps(run.counts, ensure_ascii=False)
            sql = "UPDATE run SET finished = ?, status = 'done', counts = ? WHERE id = ?"
            db.connection.execute(sql, (start.clock(), counts, run.id))
            db.connection.execute("INSERT OR REPLACE INTO counter VALUES ('change', ?)", (next(run.numbers),))
            db.connection.execute("ROLLBACK" if start.dry_run else "COMMIT")
        finally:
            if db.connection.in_transaction:
                db.connection.execute("ROLLBACK")


def _begin(db: Database, start: RunStart) -> Run:
    started = start.clock()
    run_id = int(db.value("SELECT coalesce(max(id), 0) + 1 FROM run"))
    numbers = count(int(db.value(_NEXT_CHANGE)))
    run = Run(db, run_id, start.kind, started, start.dry_run, numbers)
    db.connection.execute(
        "INSERT INTO run (id, kind, command, actor, started, status, config_hash, version, undoes, part_of)"
        " VALUES (?, ?, ?, ?, ?, 'running', ?, ?, ?, ?)",
        (
            run_id,
            start.kind,
            start.command,
            start.actor,
            started,
            start.config_hash,
            __version__,
            start.undoes,
            start.part_of or None,
        ),
    )
    return run


def keys_out_of_step(db: Database, entity: str) -> list[int]:
    """Return the records whose kept search keys are not those of their fields; a sound file has none."""
    kept: dict[int, set[tuple[str, str]]] = {}
    for row in db.rows("SELECT record_id, kind, value FROM record_key WHERE entity = ?", (entity,)):
        kept.setdefault(row["record_id"], set()).add((row["kind"], row["value"]))
    wanted = {record["id"]: set(keys_of(entity, record)) for record in fetch_where(db, entity)}
    return sorted(i for i in kept.keys() | wanted.keys() if kept.get(i, set()) != wanted.get(i, set()))

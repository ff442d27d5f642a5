"""The journal: every write happens inside one run, is one transaction, and can be taken back."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from crmcli import __version__
from crmcli.domain.changes import Flat, difference
from crmcli.domain.identity import Key, keys_of, rests_on
from crmcli.domain.records import ENTITIES, Record
from crmcli.store.beside import Beside
from crmcli.store.collector import collector_paused
from crmcli.store.creations import creation
from crmcli.store.database import Database, named_failures, statement
from crmcli.store.locks import writer_lock
from crmcli.store.records import encode, encode_value

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

    `next_change` is the number of its next change; they rise from run to run. `beside` takes large writes.

    Changes made under one `step` (one merge, say) are taken back together.
    """

    db: Database
    id: int
    kind: str
    started: str
    dry_run: bool
    next_change: int
    beside: Beside
    counts: dict[str, int] = field(default_factory=dict)
    step: int | None = None
    _next: dict[str, int] = field(default_factory=dict)

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
        self._execute(*self._creation(entity, list(read), list(read.values())))
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

        What is not in `columns` is unknown of all. Nothing may look for these records until `beside` has settled.
        """
        self.beside.insert(entity, ["id", *columns], list(zip(ids, *columns.values(), strict=True)))
        self.beside.execute(*self._creation(entity, ids, source_rows))

    def add_keys(self, entity: str, kind: str, keys: Collection[tuple[str, int]]) -> None:
        """Write search keys of one kind, (value, record), with `beside`."""
        self.beside.insert_keys(entity, kind, keys)

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
        if name not in self._next:
            self._next[name] = int(self.db.value("SELECT next FROM counter WHERE name = ?", (name,)) or 1)
        first = self._next[name]
        self._next[name] += number
        return first

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Keep all that is written inside or, where it raises, nothing of it; the run itself goes on."""
        self.beside.settle()
        self._execute("SAVEPOINT attempt", ())
        kept, numbers = False, dict(self._next)
        try:
            yield
            self.beside.settle()
            kept = True
        finally:
            if not kept:
                self.beside.close()
                self._next = numbers
                self._execute("ROLLBACK TO attempt", ())
            self._execute("RELEASE attempt", ())

    def keep_numbers(self) -> None:
        """Write which numbers come next, at the run's end."""
        self.write("INSERT OR REPLACE INTO counter VALUES (?, ?)", ({**self._next, "change": self.next_change}).items())

    def next_numbers(self) -> Numbers:
        """Return the first number that each kind of record will be given from now on."""
        rows = self.db.rows("SELECT name, next FROM counter")
        return dict.fromkeys(ENTITIES, 1) | {row["name"]: row["next"] for row in rows} | self._next

    def _creation(self, entity: str, ids: Sequence[int], source_rows: Sequence[int]) -> tuple[str, tuple[str]]:
        return creation(entity, self.id, self._changes(len(ids)), ids, source_rows)

    def _log(self, changes: Iterable[tuple[Any, ...]]) -> None:
        sql = "INSERT INTO entry (id, run_id, entity, record_id, op, before, after, source_row, step)"
        listed = list(changes)
        first = self._changes(len(listed))
        rows = ((number, self.id, *change, self.step) for number, change in enumerate(listed, first))
        self.write(f"{sql} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def _changes(self, number: int) -> int:
        """Return the first of the numbers of so many changes."""
        first = self.next_change
        self.next_change += number
        return first

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
    beside = Beside(db)
    with writer_lock(db.path, start.command), named_failures(db.path), collector_paused():
        db.connection.execute("BEGIN IMMEDIATE")
        try:
            run = _begin(db, start, beside)
            yield run
            run.beside.settle()
            counts = json.dumps(run.counts, ensure_ascii=False)
            sql = "UPDATE run SET finished = ?, status = 'done', counts = ? WHERE id = ?"
            db.connection.execute(sql, (start.clock(), counts, run.id))
            run.keep_numbers()
            db.connection.execute("ROLLBACK" if start.dry_run else "COMMIT")
        finally:
            beside.close()
            if db.connection.in_transaction:
                db.connection.execute("ROLLBACK")


def _begin(db: Database, start: RunStart, beside: Beside) -> Run:
    started = start.clock()
    run_id = int(db.value("SELECT coalesce(max(id), 0) + 1 FROM run"))
    run = Run(db, run_id, start.kind, started, start.dry_run, int(db.value(_NEXT_CHANGE)), beside)
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

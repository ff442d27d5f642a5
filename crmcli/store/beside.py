"""Large writes in a thread of their own: SQLite takes rows out of one JSON text while Python prepares the next ones.

A statement for each row would need Python for every row; taking a text apart needs it not at all.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from crmcli.store.database import Database, statement
from crmcli.store.records import encode_value

_WAITING = 8  # writes that may wait: who prepares them faster than they are written waits too
_SERIALIZED = 3  # a SQLite that lets threads share a connection, as it is built nearly everywhere
_NUL = b"\\u0000"  # where a text has it, SQLite's JSON ends


class Beside:
    """Writes of one run, one after another in the order they were given; `settle` before anything rests on them."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._thread: ThreadPoolExecutor | None = None
        self._waiting: deque[Future[None]] = deque()

    def insert(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], same: Mapping[str, str] | None = None
    ) -> None:
        """Insert rows; lists and mappings in them are kept as JSON. `same` are columns that are the same SQL in all."""
        said = same or {}
        names = ", ".join([f'"{column}"' for column in columns] + list(said))
        content = _json(rows)
        if content is None:
            marks = ", ".join(["?"] * len(columns) + list(said.values()))
            sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 (names of our own tables)
            self._one_by_one(sql, [[encode_value(value) for value in row] for row in rows])
            return
        values = ", ".join([f"json_extract(value, '$[{i}]')" for i in range(len(columns))] + list(said.values()))
        sql = f"INSERT INTO {table} ({names}) SELECT {values} FROM json_each(CAST(? AS TEXT))"  # noqa: S608
        self.execute(sql, (content,))

    def insert_keys(self, entity: str, kind: str, keys: Collection[tuple[str, int]]) -> None:
        """Insert search keys of one kind: (value, record)."""
        into = "INSERT OR IGNORE INTO record_key (entity, kind, value, record_id)"
        by_value = dict(keys)
        # in their order they are written much faster
        content = _json(by_value, in_order=True) if len(by_value) == len(keys) else None
        if content is None:
            self._one_by_one(f"{into} VALUES ('{entity}', '{kind}', ?, ?)", sorted(keys))
            return
        sql = f"{into} SELECT '{entity}', '{kind}', key, value FROM json_each(CAST(? AS TEXT))"  # noqa: S608 (ours)
        self.execute(sql, (content,))

    def execute(self, sql: str, values: Sequence[Any]) -> None:
        """Run a statement behind those before it."""

        def job() -> None:
            with statement(self._db.path):
                self._db.connection.execute(sql, values)

        self._submit(job)

    def _one_by_one(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        def job() -> None:
            with statement(self._db.path):
                self._db.connection.executemany(sql, rows)

        self._submit(job)

    def _submit(self, job: Callable[[], None]) -> None:
        if sqlite3.threadsafety < _SERIALIZED:
            job()
            return
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "beside")
        while len(self._waiting) >= _WAITING:
            self._waiting.popleft().result()
        self._waiting.append(self._thread.submit(job))

    def settle(self) -> None:
        """Wait until all is written.

        Raises:
            CrmError: a statement failed.
        """
        while self._waiting:
            self._waiting.popleft().result()

    def close(self) -> None:
        """Drop what still waits, and end the thread."""
        if self._thread is not None:
            self._thread.shutdown(cancel_futures=True)
            self._thread = None
        self._waiting.clear()


def _json(value: Any, *, in_order: bool = False) -> bytes | None:
    """Return a value as JSON that SQLite reads back just so, keys `in_order` if wanted; None where there is none."""
    import orjson

    try:
        content = orjson.dumps(value, option=orjson.OPT_STRICT_INTEGER | (orjson.OPT_SORT_KEYS if in_order else 0))
    except orjson.JSONEncodeError:  # a number that is too large, half a character: each row says its own error
        return None
    return None if _NUL in content else content

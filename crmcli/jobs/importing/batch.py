"""One kind of record, one chunk of rows: what is found, made and changed, written at the end in order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crmcli.domain.identity import Key, keys_of
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.settle import Mode, Settled, settle
from crmcli.store.changes import set_by_person
from crmcli.store.journal import Run
from crmcli.store.records import chunks, fetch, fetch_where, find_by_keys


class Batch:
    """The records of one kind that a chunk of rows touches, as they stand after the rows so far."""

    def __init__(self, run: Run, entity: str, mode: Mode) -> None:
        self.run = run
        self.entity = entity
        self.mode = mode
        self.present: dict[int, Record] = {}
        self._found: dict[Key, list[int]] = {}
        self._created: list[tuple[int, Record, int | None]] = []
        self._updates: list[tuple[Record, Record, int | None]] = []
        self._known_alternates: set[tuple[int, str, Any]] = set()
        self._alternates: list[tuple[Record, int | None]] = []

    def load(self, keys: Iterable[Key]) -> None:
        """Fetch the records that these keys find, with their alternates."""
        for key, ids in find_by_keys(self.run.db, self.entity, keys).items():
            self._found[key] = list(dict.fromkeys([*self._found.get(key, []), *ids]))
        wanted = {i for ids in self._found.values() for i in ids} - self.present.keys()
        self.present.update(fetch(self.run.db, self.entity, wanted))
        for part in chunks(sorted(wanted)):
            marks = ",".join("?" * len(part))
            for row in fetch_where(
                self.run.db, "alternate", f"entity = ? AND entity_id IN ({marks})", (self.entity, *part)
            ):
                self._known_alternates.add((row["entity_id"], row["field"], row["value"]))

    def find(self, key: Key) -> list[int]:
        """Return the ids under a key, those made in this chunk too."""
        return self._found.get(key, [])

    def create(self, record: Record, source_row: int | None) -> int:
        """Return the number of a new record."""
        number = self.run.reserve(self.entity, 1)
        record = {"id": number} | ENTITIES[self.entity].blank() | record
        self._created.append((number, record, source_row))
        self.present[number] = record
        self._index(record)
        return number

    def change(self, number: int, changes: Record, source_row: int | None) -> bool:
        """Return whether anything differed; the change is written at the end."""
        before = self.present[number]
        if all(before.get(key) == value for key, value in changes.items()):
            return False
        self.present[number] = before | changes
        self._updates.append((before, changes, source_row))
        self._index(self.present[number])
        return True

    def merge(self, number: int, incoming: Record, system: str, source_row: int | None) -> tuple[bool, dict[str, Any]]:
        """Return (whether anything changed, the values not taken) of putting a row into a record."""
        settled = settle(
            self.entity, self.present[number], incoming, self.mode, lambda key: self._is_persons(number, key)
        )
        changed = self.change(number, settled.changes, source_row)
        kept = self._keep_alternates(number, settled, system, source_row)
        return changed or kept, settled.untaken

    def _keep_alternates(self, number: int, settled: Settled, system: str, source_row: int | None) -> bool:
        fresh = False
        for field, value in [*settled.untaken.items(), *settled.retired.items()]:
            if (number, field, str(value)) not in self._known_alternates:
                self._known_alternates.add((number, field, str(value)))
                alternate = {"entity": self.entity, "entity_id": number, "field": field, "value": str(value)}
                self._alternates.append((alternate | {"system": system, "source_row": source_row}, source_row))
                fresh = True
        return fresh

    def holds(self, number: int, field: str, value: Any) -> bool:
        """Return whether a record has this value, as its own or as an alternate; of a list, all its items."""
        if isinstance(value, list):
            return set(value) <= set(self.present[number][field])
        return bool(self.present[number].get(field) == value or (number, field, str(value)) in self._known_alternates)

    def _is_persons(self, number: int, column: str) -> bool:
        return set_by_person(self.run.db, self.entity, number, column, self.present[number][column])

    def _index(self, record: Record) -> None:
        for key in keys_of(self.entity, record):
            ids = self._found.setdefault(key, [])
            if record["id"] not in ids:
                ids.append(record["id"])

    def flush(self) -> None:
        """Write what was made and changed, in order."""
        self.run.insert_numbered(self.entity, self._created)
        for before, changes, source_row in self._updates:
            self.run.update(self.entity, before, changes, source_row)
        records = [record for record, _ in self._alternates]
        self.run.insert("alternate", records, [row for _, row in self._alternates])
        self._created, self._updates, self._alternates = [], [], []

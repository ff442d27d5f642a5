"""One kind of record, one chunk of rows: what is found, made and changed, written at the end in order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmcli.domain.area import PLACE
from crmcli.domain.identity import Key, keys_of, lives_within
from crmcli.domain.intake import in_key_order
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.settle import Mode, settle, wins_over
from crmcli.jobs.importing.authors import Authors
from crmcli.jobs.importing.context import ImportContext
from crmcli.store.records import chunks, fetch, fetch_where, find_by_keys

_NEVER_CLEARED = {"name", "external_ids", "extra", "said", "customer_id"}


@dataclass(slots=True)
class Merged:
    """What putting a row into a record did.

    `kept` are the values, by column, that are newly kept as alternates: the row's own, or those that the row's
    replaced.
    """

    changed: bool = False
    kept: list[tuple[str, str]] = field(default_factory=list)


class Batch:
    """The records of one kind that a chunk of rows touches, as they stand after the rows so far.

    Records are numbered in the order of the rows, those of fresh rows (`crmcli.jobs.importing.fresh`) too: numbers are
    left for them. `made_by` are the source rows that made the records written here.
    """

    def __init__(self, context: ImportContext, entity: str) -> None:
        self.run = context.run
        self.entity = entity
        self.modes = context.modes
        self.ownership = context.ownership
        self.present: dict[int, Record] = {}
        self._other_names = context.other_names(entity)
        self._found: dict[Key, list[int]] = {}
        self._created: list[tuple[int, Record, int | None]] = []
        self._created_keys: list[Sequence[Key]] = []
        self._next = 0
        self._fresh = context.fresh.get(entity, ())
        self.made_by: list[int] = []
        self._updates: list[tuple[Record, Record, int | None]] = []
        self._known_alternates: set[tuple[int, str, str]] = set()
        self._alternates: list[tuple[Record, int | None]] = []
        self._confirmed: list[tuple[int, str, Any, int | None]] = []
        self.authors = Authors(context.run.db, entity, self.present)

    def load(self, keys: Iterable[Key]) -> None:
        """Fetch the records that these keys find, with their alternates."""
        wanted_keys = list(dict.fromkeys(keys))
        for key, ids in find_by_keys(self.run.db, self.entity, wanted_keys).items():
            self._found[key] = list(dict.fromkeys([*self._found.get(key, []), *ids]))
        wanted = {i for ids in self._found.values() for i in ids}
        wanted |= {i for key in wanted_keys for i in self._other_names.find(key)}
        self.fetch(wanted)

    def fetch(self, ids: Collection[int]) -> None:
        """Fetch records by number, with their alternates."""
        wanted = set(ids) - self.present.keys()
        self.present.update(fetch(self.run.db, self.entity, wanted))
        for part in chunks(sorted(wanted)):
            marks = ",".join("?" * len(part))
            where = f"entity = ? AND entity_id IN ({marks})"
            for row in fetch_where(self.run.db, "alternate", where, (self.entity, *part)):
                self._known_alternates.add((row["entity_id"], row["field"], row["value"]))

    def finds_none(self, keys: Sequence[Key]) -> bool:
        """Return whether no record can be under any of these keys."""
        return self._found.keys().isdisjoint(keys) and self._other_names.finds_none(keys)

    def find(self, key: Key) -> list[int]:
        """Return the ids under a key, those made in this chunk and those that had the name too."""
        ids = self._found.get(key, [])
        more = (i for i in sorted(self._other_names.find(key)) if i not in ids and self._is_there(i))
        return [*ids, *more]

    def _is_there(self, number: int) -> bool:
        record = self.present.get(number)
        return record is not None and not record.get("merged_into")

    def create(self, record: Record, source_row: int | None, keys: Sequence[Key] | None = None) -> int:
        """Return the number of a new record; `keys` are its search keys where they are known."""
        if not self._created:
            self._next = self.run.reserve(self.entity, 0)
        number = self._next + len(self._created) + bisect_left(self._fresh, source_row or 0)
        record = {"id": number, **ENTITIES[self.entity].blank(), **record}
        record["extra"] = in_key_order(record.get("extra") or {})
        self._created.append((number, record, source_row))
        self.present[number] = record
        self._created_keys.append(keys_of(self.entity, record) if keys is None else keys)
        self._index(number, self._created_keys[-1])
        return number

    def change(self, number: int, changes: Record, source_row: int | None) -> bool:
        """Return whether anything differed; the change is written at the end. An owner takes it out of a pool."""
        before = self.present[number]
        if changes.get("owner") and before.get("pool"):
            changes = changes | {"pool": None}
        if all(before.get(key) == value for key, value in changes.items()):
            return False
        self.present[number] = before | changes
        self._updates.append((before, changes, source_row))
        self._index(number, keys_of(self.entity, self.present[number]))
        if not changes.keys().isdisjoint(lives_within(self.entity)):
            self._other_names.moved(self.present[number])
        return True

    def merge(self, number: int, incoming: Record, system: str, source_row: int | None) -> Merged:
        """Return what it did to put a row's filled columns into a record."""
        present = self.present[number]
        confirmed = self._confirm(number, incoming, system, source_row)
        news = {key for key, value in incoming.items() if present[key] != value}
        if not news:
            return Merged(confirmed)
        together = PLACE if self.entity == "customer" and not news.isdisjoint(PLACE) else ()
        incoming = {key: value for key, value in incoming.items() if key in news or key in together}
        weak = [key for key, value in incoming.items() if self._is_rules(number, key, value)]
        self.change(number, {key: incoming[key] for key in weak}, source_row)
        present = self.present[number]
        settled = settle(
            self.entity,
            present,
            incoming,
            self.modes,
            lambda key: self.authors.is_persons(number, key),
            lambda key: self.standing(number, key, system),
        )
        changes = {key: _in_fixed_order(value) for key, value in settled.changes.items()}
        untaken = list(settled.untaken.items())
        if self.modes.general is Mode.SKIP and "extra" in changes:
            fresh: Any = changes.pop("extra")
            untaken += [(f"extra.{name}", text) for name, text in fresh.items() if present["extra"].get(name) != text]
        retired = [(self.authors.source_of(number, key, system), key, value) for key, value in settled.retired.items()]
        changed = self.change(number, changes, source_row) or bool(weak) or confirmed
        kept = self.keep(number, untaken, system, source_row)
        for source, key, value in retired:
            gone = self.keep(number, [(key, value)], source, source_row)
            changed, kept = True, kept + (gone if self.modes.of(self.entity, key) is not Mode.OVERWRITE else [])
        return Merged(changed or bool(kept), [pair for pair in kept if not pair[0].startswith("extra.")])

    def standing(self, number: int, column: str, system: str) -> int:
        """Return whether a source outranks (1) or yields to (-1) those that say the value a record has."""
        if not self.ownership.deciding(self.entity, column):
            return 0
        return self.ownership.standing(self.entity, column, system, self.authors.sayers(number, column, system))

    def _confirm(self, number: int, incoming: Record, system: str, source_row: int | None) -> bool:
        """Return whether a source said for the first time what is there of columns on which it decides.

        That is noted: from now on it is the word of the source that decides.
        """
        present = self.present[number]
        first = {
            key: value
            for key, value in incoming.items()
            if present[key] == value
            and self.ownership.decides(self.entity, key, system)
            and system not in self.authors.sayers(number, key, system)
        }
        self._confirmed += [(number, key, value, source_row) for key, value in first.items()]
        return bool(first)

    def keep(
        self, number: int, values: Iterable[tuple[str, Any]], system: str, source_row: int | None
    ) -> list[tuple[str, str]]:
        """Return those of the (column, value) pairs that are newly kept as alternates of a record."""
        fresh = []
        for column, value in values:
            known = (number, column, str(value))
            if known in self._known_alternates:
                continue
            self._known_alternates.add(known)
            alternate = {"entity": self.entity, "entity_id": number, "field": column, "value": str(value)}
            self._alternates.append((alternate | {"system": system, "source_row": source_row}, source_row))
            if column == "name":
                self._other_names.add(self.present[number], str(value))
            fresh.append((column, str(value)))
        return fresh

    def settle_customer(
        self, number: int, customer_id: int | None, system: str, source_row: int | None, *, wins: bool = False
    ) -> Merged:
        """Return what it did to say whose a record is; of two customers the fixed order of names decides.

        `wins` puts it under the new customer whatever the names.
        """
        present = self.present[number]["customer_id"]
        mode = self.modes.of(self.entity, "customer_id")
        if customer_id is None or customer_id == present or (present is None and mode is Mode.SKIP):
            return Merged()
        if present is None:
            return Merged(self.change(number, {"customer_id": customer_id}, source_row))
        names = {
            i: record["name"] or "" for i, record in fetch(self.run.db, "customer", [present, customer_id]).items()
        }
        standing = self.standing(number, "customer_id", system)
        persons = self.authors.is_persons(number, "customer_id")
        taken = wins_over(names[customer_id], names[present], mode, standing, lambda: persons)
        if (wins or taken) and not persons:
            changed = self.change(number, {"customer_id": customer_id}, source_row)
            return Merged(changed, self.keep(number, [("customer", names[present])], system, source_row))
        kept = self.keep(number, [("customer", names[customer_id])], system, source_row)
        return Merged(bool(kept), kept)

    def clear(self, number: int, columns: Collection[str], system: str, source_row: int | None) -> bool:
        """Return whether columns were emptied.

        What a person set stays, unless the import overwrites; what a source said that decides stays in any case.
        """
        present = self.present[number]
        filled = [c for c in columns if present.get(c) not in (None, [], {}) and c not in _NEVER_CLEARED]
        kept = [c for c in filled if not self._may_clear(number, c, system)]
        kinds = ENTITIES[self.entity].columns
        return self.change(number, {c: [] if kinds[c] == "list" else None for c in filled if c not in kept}, source_row)

    def _may_clear(self, number: int, column: str, system: str) -> bool:
        mode = self.modes.of(self.entity, column)
        if mode is Mode.SKIP or self.standing(number, column, system) < 0:
            return False
        return mode is Mode.OVERWRITE or not self.authors.is_persons(number, column)

    def holds(self, number: int, column: str, value: Any) -> bool:
        """Return whether a record has this value, as its own or as an alternate; of a list, all its items."""
        now = self.present[number].get(column)
        if isinstance(value, list):
            return set(value) <= set(now or [])
        if isinstance(value, dict):
            return all((now or {}).get(k) == v or self.holds(number, f"{column}.{k}", v) for k, v in value.items())
        return now == value or (number, column, str(value)) in self._known_alternates

    def _is_rules(self, number: int, column: str, value: Any) -> bool:
        """Return whether a rule wrote a value that a row contradicts: a file's word counts more."""
        present = self.present[number].get(column)
        plain = ENTITIES[self.entity].columns.get(column) not in ("list", "dict")
        return (
            plain
            and present not in (None, value)
            and self.modes.of(self.entity, column) is not Mode.SKIP
            and self.authors.is_rules(number, column)
        )

    def _index(self, number: int, keys: Sequence[Key]) -> None:
        for key in keys:
            ids = self._found.setdefault(key, [])
            if number not in ids:
                ids.append(number)

    def flush(self) -> None:
        """Write what was made and changed, in order."""
        self.run.reserve(self.entity, len(self._created))
        self.made_by += [source_row for _, _, source_row in self._created if source_row is not None]
        self.run.insert_numbered(self.entity, self._created, self._created_keys)
        for before, changes, source_row in self._updates:
            self.run.update(self.entity, before, changes, source_row)
        records = [record for record, _ in self._alternates]
        self.run.insert("alternate", records, [row for _, row in self._alternates])
        for number, column, value, source_row in self._confirmed:
            self.run.confirm(self.entity, number, {column: value}, source_row)
        self._created, self._created_keys, self._updates, self._alternates, self._confirmed = [], [], [], [], []


def _in_fixed_order(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(value)
    return in_key_order(value) if isinstance(value, dict) else value

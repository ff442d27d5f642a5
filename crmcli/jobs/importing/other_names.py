"""What records were called besides their names: alternates by which they are found too."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from crmcli.domain.identity import Key, keys_of, lives_within
from crmcli.domain.records import ENTITIES, Record
from crmcli.store.database import Database

_NONE: frozenset[int] = frozenset()


@dataclass(slots=True)
class OtherNames:
    """The alternates of one kind of record, each under the key that its record would have if it were called so."""

    entity: str
    _found: dict[str, set[int]] = field(default_factory=dict)
    _names: dict[int, dict[str, str]] = field(default_factory=dict)  # record -> name -> its key

    @classmethod
    def stored(cls, db: Database, entity: str) -> OtherNames:
        """Return the alternate names that a database holds of a kind."""
        names = cls(entity)
        homes = ", ".join(f"r.{column}" for column in ("id", *lives_within(entity)))
        sql = (
            f"SELECT {homes}, a.value FROM alternate a JOIN {entity} r ON r.id = a.entity_id"  # noqa: S608 (our own words)
            " WHERE a.entity = ? AND a.field = 'name'"
        )
        for row in db.rows(sql, (entity,)):
            names.add(row, row["value"])
        return names

    def __contains__(self, key: Key) -> bool:
        return key[0] == "name" and key[1] in self._found

    def find(self, key: Key) -> Collection[int]:
        """Return the records that were called what a key says, within whom it says."""
        return self._found.get(key[1], _NONE) if key[0] == "name" else _NONE

    def finds_none(self, keys: Iterable[Key]) -> bool:
        """Return whether none of the keys is such a name."""
        return not self._found or not any(key in self for key in keys)

    def add(self, record: Record, name: str) -> None:
        """Note that a record was called so; of it only what it lives within need be known."""
        self._put(record, name)

    def moved(self, record: Record) -> None:
        """Note that a record may live elsewhere now."""
        for name, key in list(self._names.get(record["id"], {}).items()):
            self._found[key].discard(record["id"])
            self._put(record, name)

    def _put(self, record: Record, name: str) -> None:
        called = ENTITIES[self.entity].blank() | record | {"name": name, "external_ids": []}
        for kind, key in keys_of(self.entity, called):
            if kind == "name":
                self._names.setdefault(record["id"], {})[name] = key
                self._found.setdefault(key, set()).add(record["id"])

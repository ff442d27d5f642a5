"""Who wrote the values that the records of a batch have: persons, rules, the sources that files come from."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from crmcli.domain.records import Record
from crmcli.domain.runs import MERGES, RULE
from crmcli.store.changes import said_by, set_by_person, writers_of
from crmcli.store.database import Database


@dataclass(slots=True)
class Authors:
    """Asks the journal about values of `present`, the records of one kind as they stand; what it said is kept."""

    db: Database
    entity: str
    present: Mapping[int, Record]
    _written: dict[tuple[int, str, Any], list[tuple[str, str | None]]] = field(default_factory=dict)

    def is_persons(self, number: int, column: str) -> bool:
        """Return whether a person wrote the value that a record has in a column."""
        return set_by_person(self.db, self.entity, number, column, self._stored(number, column))

    def is_rules(self, number: int, column: str) -> bool:
        """Return whether a rule wrote the value that a record has in a column."""
        return any(kind in RULE - MERGES for kind, _ in self._writers(number, column))

    def sayers(self, number: int, column: str, system: str) -> Collection[str]:
        """Return the sources that say the value a record has; what came in this chunk came from `system`."""
        return said_by(self.db, self.entity, number, column, self._stored(number, column)) or {system}

    def said_before(self, number: int, column: str, value: Any, system: str) -> bool:
        """Return whether rows of a source once gave a record a value, whatever it has now."""
        return system in said_by(self.db, self.entity, number, column, value)

    def source_of(self, number: int, column: str, system: str) -> str:
        """Return the source that said the value a record has; `system` where it came in this chunk."""
        return next((said for _, said in self._writers(number, column) if said), system)

    def _writers(self, number: int, column: str) -> list[tuple[str, str | None]]:
        """Return (kind of run, source system) of all that wrote the value a record has in a column, latest first."""
        value = self._stored(number, column)
        if (number, column, value) not in self._written:
            self._written[number, column, value] = writers_of(self.db, self.entity, number, column, value)
        return self._written[number, column, value]

    def _stored(self, number: int, column: str) -> Any:
        """Return a record's value as the journal's JSON shows it."""
        value = self.present[number].get(column)
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if isinstance(value, list) else value

"""Two systems side by side: which source has the last word on which field.

Source: definitions.md, "Two systems side by side".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from crmcli.domain.intake import stored_as


@dataclass(frozen=True, slots=True)
class Ownership:
    """The sources that decide on fields: `sources` is "kind.column" -> their names."""

    sources: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def deciding(self, entity: str, column: str) -> frozenset[str]:
        """Return the sources that decide on a column; none where all are equal."""
        return self.sources.get(f"{entity}.{column}", frozenset())

    def decides(self, entity: str, column: str, system: str) -> bool:
        """Return whether a source is one of those that decide on a column."""
        return system in self.deciding(entity, column)

    def standing(self, entity: str, column: str, system: str, said_by: Collection[str]) -> int:
        """Return 1 where a source decides on a column and none of `said_by` does, -1 the other way round, else 0.

        `said_by` are the sources that say the value which is there.

        >>> owned = ownership({"旧CRM": ["amount"]})
        >>> [owned.standing("opportunity", "amount_fen", *who) for who in (("旧CRM", ["表格"]), ("表格", ["旧CRM"]))]
        [1, -1]
        >>> owned.standing("opportunity", "amount_fen", "表格", ["新CRM"])
        0
        """
        deciding = self.deciding(entity, column)
        return (system in deciding) - any(one in deciding for one in said_by)


def ownership(owns: Mapping[str, Collection[str]]) -> Ownership:
    """Return who decides, of source -> field keys ("stage") or paths ("customer.owner"); a key is of every kind."""
    sources: dict[str, set[str]] = {}
    for system, keys in owns.items():
        for key in keys:
            for column in stored_as(key):
                sources.setdefault(column, set()).add(system)
    return Ownership({column: frozenset(names) for column, names in sources.items()})

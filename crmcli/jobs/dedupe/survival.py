"""Which of differing values stays when records are merged: people's words, crm.toml's rules, a choice made.

Source: definitions.md, "Merge".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crmcli.config import Settings
from crmcli.config.parts import owning_sources
from crmcli.config.settings import Merge
from crmcli.domain.changes import Flat
from crmcli.domain.ownership import Ownership
from crmcli.domain.records import ENTITIES, Record
from crmcli.matching.merge import MergePlan, Preference, Survival, plan_merge
from crmcli.store.changes import changes_of_record, said_by, set_by_person
from crmcli.store.database import Database

# what one record was given by nobody's word is not a matter of dispute
_NO_MATTER = ("created_at", "lifecycle")


@dataclass(frozen=True, slots=True)
class Survivorship:
    """A company's rules about what stays in a merge; without settings the shipped ones."""

    merge: Merge = field(default_factory=Merge)
    owned: Ownership = field(default_factory=Ownership)

    def plan(self, db: Database, entity: str, records: Sequence[Record], chosen: Flat | None = None) -> MergePlan:
        """Return the plan to merge records of a kind, dict columns taken apart under `column.key`."""
        flat = {str(record["id"]): flat_record(entity, record) for record in records}
        asked = _Asked(self, db, entity, flat)
        survival = Survival(asked.is_persons, asked.preference, chosen or {})
        return plan_merge(list(flat.values()), survival=survival)

    def by_hand(self, entity: str, plan: MergePlan, chosen: Mapping[str, object] | None = None) -> list[str]:
        """Return the fields in which records differ and only a person may choose; not those chosen already."""
        fields = plan.alternates.keys() - set(chosen or ()) - set(_NO_MATTER)
        return sorted(key for key in fields if self.rule(entity, key) == "by_hand")

    def rule(self, entity: str, column: str) -> str:
        """Return the rule that holds for a column of a kind of record."""
        key = column.removesuffix("_fen").removesuffix("_id")
        rules = self.merge.fields
        return rules.get(f"{entity}.{key}") or rules.get(key) or self.merge.default


def survivorship(settings: Settings) -> Survivorship:
    """Return the rules that crm.toml says."""
    return Survivorship(settings.merge, owning_sources(settings))


def flat_record(entity: str, record: Record) -> Flat:
    """Return a record with each entry of a dict column under `column.key`, without what it is or points at."""
    kinds = ENTITIES[entity].columns
    plain = {key: value for key, value in record.items() if kinds.get(key) != "dict" and not key.endswith("_id")}
    plain.pop("merged_into")
    inner = {
        f"{column}.{key}": value
        for column, kind in kinds.items()
        if kind == "dict"
        for key, value in record[column].items()
    }
    return plain | inner


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the journal and the rules answer about the values of certain records, flat, by id."""

    rules: Survivorship
    db: Database
    entity: str
    flat: Mapping[str, Flat]

    def is_persons(self, record_id: str, key: str) -> bool:
        return set_by_person(self.db, self.entity, int(record_id), key, self.flat[record_id][key])

    def preference(self, record_id: str, key: str) -> Preference:
        """Return the rank of a value: whether a source that decides on the field says it, then by the field's rule."""
        deciding = self.rules.owned.deciding(self.entity, key)
        rule = self.rules.rule(self.entity, key)
        said = self._said_by(record_id, key) if deciding or rule == "source" else set()
        return (int(not deciding.isdisjoint(said)), self._by_rule(rule, record_id, key, said))

    def _by_rule(self, rule: str, record_id: str, key: str, said: set[str]) -> int:
        if rule == "newest":
            return self._written(int(record_id), key)
        if rule == "complete":
            return sum(value not in (None, "", [], {}) for value in self.flat[record_id].values())
        if rule == "source":
            order = self.rules.merge.sources
            return max((len(order) - order.index(one) for one in said if one in order), default=0)
        return 0

    def _said_by(self, record_id: str, key: str) -> set[str]:
        return said_by(self.db, self.entity, int(record_id), key, self.flat[record_id][key])

    def _written(self, record_id: int, key: str) -> int:
        """Return the number of the run that wrote a value last, the record's creation where none did since."""
        changes = changes_of_record(self.db, self.entity, record_id)
        return max((c.run_id for c in changes if c.op == "create" or key in c.after), default=0)

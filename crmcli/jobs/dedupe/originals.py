"""Records as they would be had nothing been merged: what they were made with and what was said of them since.

Matching rests on them, so that what one merge gathers never speaks for the next, and a merge that later records speak
against can be seen to be wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from crmcli.domain.changes import Flat, value_at, with_values
from crmcli.domain.records import Record
from crmcli.domain.runs import BACK, IMPORT, MERGES
from crmcli.store.changes import Change, changes_of_records
from crmcli.store.database import Database

Histories = Mapping[int, Sequence[Change]]  # record -> all that was done to it, in order
_MERGING = ("dedupe", "decide")
_MERGED = (
    "SELECT DISTINCT record_id FROM run JOIN change ON change.run_id = run.id WHERE run.kind IN (?, ?)"
    " AND change.entity = ? AND change.op = 'update' AND change.step IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Originals:
    """What was done to the customers and contacts that merges touched.

    `_again` are the runs that took back the taking back of merges: they gather anew.
    """

    customers: Histories
    contacts: Histories
    _again: frozenset[int]

    def customer(self, present: Record) -> Record:
        """Return a customer, or some columns of it, without what merges gave it."""
        return self._without(present, self.customers.get(present["id"], ()))

    def contact(self, present: Record) -> Record:
        """Return a contact, or some columns of it, without what merges gave it: with the customer that it came with."""
        return self._without(present, self.contacts.get(present["id"], ()))

    def _without(self, present: Record, history: Sequence[Change]) -> Record:
        made = max((place for place, change in enumerate(history) if change.op == "create"), default=-1)
        updates = [change for change in history[made + 1 :] if change.op == "update"]
        first = next((place for place, change in enumerate(updates) if self._gathers(change)), len(updates))
        record = present
        for change in reversed(updates[first:]):
            record = with_values(record, _about(record, change.before))
        for change in updates[first:]:
            if not self._gathers(change):
                record = with_values(record, _said(record, change))
        return record

    def _gathers(self, change: Change) -> bool:
        """Return whether a change only carries values from one record to another."""
        if change.run_kind in _MERGING:
            return change.step is not None
        if change.run_kind == "unmerge":  # it may give contacts that were born since another customer
            return change.entity == "customer"
        return change.run_id in self._again


def load_originals(db: Database) -> Originals:
    """Return what was done to all customers and contacts that merges touched."""
    return originals_of(db, *(db.values(_MERGED, (*_MERGING, entity)) for entity in ("customer", "contact")))


def originals_of(db: Database, customers: Collection[int], contacts: Collection[int] = ()) -> Originals:
    """Return what was done to certain customers and contacts."""
    again: set[int] = set()
    roots: dict[int, str] = {}
    kinds: dict[int, str] = {}
    for row in db.rows("SELECT id, kind, undoes FROM run ORDER BY id"):
        kinds[row["id"]] = row["kind"]
        roots[row["id"]] = roots.get(row["undoes"], row["kind"])
        if kinds.get(row["undoes"]) in BACK and roots[row["id"]] in MERGES:
            again.add(row["id"])
    of_customers = changes_of_records(db, "customer", customers)
    return Originals(of_customers, changes_of_records(db, "contact", contacts), frozenset(again))


def _about(record: Record, values: Flat) -> Flat:
    """Return those of the values that are of columns which a record has."""
    return {key: value for key, value in values.items() if key.partition(".")[0] in record}


def _said(record: Record, change: Change) -> Flat:
    """Return what a change makes of a record that is not as it was when it was made.

    What takes something back takes back only what is there.
    """
    values: Flat = {}
    for key, new in _about(record, change.after).items():
        now, old = value_at(record, key), change.before.get(key)
        if isinstance(new, list) or isinstance(old, list):
            gone, added = set(old or ()) - set(new or ()), [one for one in new or () if one not in (old or ())]
            united = list(dict.fromkeys([one for one in now if one not in gone] + added))
            values[key] = sorted(united) if change.run_kind in IMPORT else united
        elif change.run_kind not in BACK or now == old:
            values[key] = new
    return values

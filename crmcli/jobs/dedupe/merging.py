"""Records of one customer become one: values field by field, children moved, the others kept as tombstones.

Source: definitions.md, "Merge".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from crmcli.domain.changes import Flat, with_values
from crmcli.domain.records import ENTITIES, Record, children
from crmcli.domain.values.phone import is_mobile
from crmcli.domain.values.text import fold
from crmcli.jobs.dedupe.pairs import Finding, keep_finding
from crmcli.matching.merge import MergePlan, plan_merge
from crmcli.store.changes import set_by_person
from crmcli.store.journal import Run
from crmcli.store.records import fetch, fetch_where

# says of an alternate that it is what a merged record said
SYSTEM = "merge"


def choose_survivor(run: Run, ids: Iterable[int]) -> tuple[int, list[int]]:
    """Return (the customer that stays, those that are merged into it), of customers that are one."""
    plan = _plan(run, "customer", list(fetch(run.db, "customer", ids).values()))
    return int(plan.survivor), [int(number) for number in plan.merged]


def merge_customer(run: Run, survivor: int, loser: int, why: Finding | None = None) -> None:
    """Merge one customer into another, a step of its own; `why` is kept as the pair's reasons."""
    run.step = run.reserve("step", 1)
    _absorb(run, "customer", survivor, loser)
    _merge_contacts(run, survivor)
    if why is not None:
        keep_finding(run, (survivor, loser), why)
    run.step = None


def refill(run: Run, survivor: int) -> None:
    """Give a customer what those still merged into it say, after one of them was taken out."""
    records = fetch_where(run.db, "customer", "id = ? OR merged_into = ?", (survivor, survivor))
    if len(records) > 1:
        present = next(record for record in records if record["id"] == survivor)
        _take_values(run, "customer", present, _plan(run, "customer", records))


def _absorb(run: Run, entity: str, survivor: int, loser: int) -> None:
    records = fetch(run.db, entity, [survivor, loser])
    plan = _plan(run, entity, [records[survivor], records[loser]])
    _take_values(run, entity, records[survivor], plan)
    for alternate in fetch_where(run.db, "alternate", "entity = ? AND entity_id = ?", (entity, loser)):
        run.update("alternate", alternate, {"entity_id": survivor})
    _keep_alternates(run, entity, survivor, plan)
    for child, column in children(entity).items():
        for record in fetch_where(run.db, child, f"{column} = ?", (loser,)):
            run.update(child, record, {column: survivor})
    run.update(entity, records[loser], {"merged_into": survivor})


def _take_values(run: Run, entity: str, present: Record, plan: MergePlan) -> None:
    after = with_values(present, plan.values)
    columns = {key.partition(".")[0] for key in plan.values}
    run.update(entity, present, {column: after[column] for column in columns})


def _keep_alternates(run: Run, entity: str, survivor: int, plan: MergePlan) -> None:
    kept = fetch_where(run.db, "alternate", "entity = ? AND entity_id = ?", (entity, survivor))
    known = {(alternate["field"], alternate["value"]) for alternate in kept}
    lost = [(field, str(value)) for field, others in plan.alternates.items() for _, value in others]
    about = ENTITIES["alternate"].blank() | {"entity": entity, "entity_id": survivor, "system": SYSTEM}
    fresh = [pair for pair in dict.fromkeys(lost) if pair not in known]
    run.insert("alternate", [about | {"field": field, "value": value} for field, value in fresh])


def _plan(run: Run, entity: str, records: Sequence[Record]) -> MergePlan:
    flat = {str(record["id"]): _flat(entity, record) for record in records}

    def is_persons(record_id: str, field: str) -> bool:
        return set_by_person(run.db, entity, int(record_id), field, flat[record_id][field])

    return plan_merge(list(flat.values()), is_persons=is_persons)


def _flat(entity: str, record: Record) -> Flat:
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


def _merge_contacts(run: Run, customer: int) -> None:
    """Merge the contacts of a customer that are one person: a mobile in common, or the same name."""
    contacts = fetch_where(run.db, "contact", "customer_id = ? AND merged_into IS NULL", (customer,))
    alive = {contact["id"]: contact for contact in contacts}
    for first, second in combinations([contact["id"] for contact in contacts], 2):
        if first in alive and second in alive and _one_person(alive[first], alive[second]):
            plan = _plan(run, "contact", [alive[first], alive[second]])
            survivor, loser = int(plan.survivor), int(plan.merged[0])
            _absorb(run, "contact", survivor, loser)
            del alive[loser]
            alive[survivor] = fetch(run.db, "contact", [survivor])[survivor]


def _one_person(a: Record, b: Record) -> bool:
    if (a["wechat"] and b["wechat"] and a["wechat"] != b["wechat"]) or _numbered_apart(a, b):
        return False
    mobiles = {phone for phone in a["phones"] if is_mobile(phone)}
    same_name = bool(a["name"]) and bool(b["name"]) and fold(a["name"]) == fold(b["name"])
    return same_name or not mobiles.isdisjoint(b["phones"])


def _numbered_apart(a: Record, b: Record) -> bool:
    """Return whether one system knows the two under different numbers and under none in common."""
    theirs = {key.split(":", 1)[0]: key for key in b["external_ids"]}
    shared = [key for key in a["external_ids"] if key.split(":", 1)[0] in theirs]
    return bool(shared) and not set(a["external_ids"]) & set(b["external_ids"])

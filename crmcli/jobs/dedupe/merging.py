"""Records of one customer become one: values field by field, children moved, the others kept as tombstones.

Source: definitions.md, "Merge".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from crmcli.domain.changes import Flat, value_at, with_values
from crmcli.domain.records import ENTITIES, Record, children
from crmcli.domain.runs import HUMAN
from crmcli.domain.settle import fixed_order
from crmcli.domain.values.phone import is_mobile
from crmcli.domain.values.text import fold
from crmcli.jobs.dedupe.aliases import learn_alias
from crmcli.jobs.dedupe.pairs import Finding, keep_finding
from crmcli.jobs.dedupe.survival import Survivorship
from crmcli.matching.merge import MergePlan
from crmcli.store.journal import Run
from crmcli.store.records import fetch, fetch_where

# says of an alternate that it is what a merged record said
SYSTEM = "merge"
_SHIPPED = Survivorship()


@dataclass(frozen=True, slots=True)
class Merging:
    """How values are chosen in a merge: by the company's rules, and by a person where `chosen` has the column."""

    rules: Survivorship = _SHIPPED
    chosen: Flat = field(default_factory=dict)


_BY_RULES = Merging()


def choose_survivor(
    run: Run, ids: Iterable[int], rules: Survivorship = _SHIPPED, chosen: Flat | None = None
) -> tuple[int, list[int]]:
    """Return (the customer that stays, those that are merged into it), of customers that are one."""
    plan = rules.plan(run.db, "customer", list(fetch(run.db, "customer", ids).values()), chosen)
    return int(plan.survivor), [int(number) for number in plan.merged]


def merge_customer(
    run: Run, survivor: int, loser: int, why: Finding | None = None, merging: Merging = _BY_RULES
) -> None:
    """Merge one customer into another, a step of its own; `why` is kept as the pair's reasons."""
    run.step = run.reserve("step", 1)
    names = [one["name"] or "" for one in fetch(run.db, "customer", [survivor, loser]).values()]
    _absorb(run, "customer", survivor, loser, merging)
    _merge_contacts(run, survivor, Merging(merging.rules))
    if why is not None:
        keep_finding(run, (survivor, loser), why)
    if run.kind in HUMAN:
        learn_alias(run, names)
    run.step = None


def choose_values(run: Run, customer: int, chosen: Flat) -> None:
    """Write the values that a person chose for a customer after its merge; what they replace becomes an alternate."""
    present = fetch(run.db, "customer", [customer])[customer]
    now = {key: value_at(present, key) for key in chosen}
    lost = {key: [("", value)] for key, value in now.items() if value and value != chosen[key]}
    run.confirm("customer", customer, dict(chosen), None)
    _take_values(run, "customer", present, chosen)
    _keep_alternates(run, "customer", customer, lost)


def refill(run: Run, survivor: int, rules: Survivorship = _SHIPPED) -> None:
    """Give a customer what those still merged into it say, after one of them was taken out."""
    records = fetch_where(run.db, "customer", "id = ? OR merged_into = ?", (survivor, survivor))
    if len(records) > 1:
        present = next(record for record in records if record["id"] == survivor)
        _take_values(run, "customer", present, rules.plan(run.db, "customer", records).values)


def _absorb(run: Run, entity: str, survivor: int, loser: int, merging: Merging) -> None:
    records = fetch(run.db, entity, [survivor, loser])
    plan = merging.rules.plan(run.db, entity, [records[survivor], records[loser]], merging.chosen)
    if settled := _settled(entity, plan, merging):
        run.confirm(entity, survivor, settled, None)  # first: to take the merge back is to take back a value, then this
    _take_values(run, entity, records[survivor], plan.values)
    for alternate in fetch_where(run.db, "alternate", "entity = ? AND entity_id = ?", (entity, loser)):
        run.update("alternate", alternate, {"entity_id": survivor})
    _keep_alternates(run, entity, survivor, plan.alternates)
    for child, column in children(entity).items():
        for record in fetch_where(run.db, child, f"{column} = ?", (loser,)):
            run.update(child, record, {column: survivor})
    run.update(entity, records[loser], {"merged_into": survivor})


def _settled(entity: str, plan: MergePlan, merging: Merging) -> Flat:
    """Return the values that a choice or a rule kept, and that the fixed order of later imports must not replace."""
    settled = dict(merging.chosen)
    for key, others in plan.alternates.items():
        value = plan.values[key]
        if value is None:  # what others say of a place is not where this one is
            continue
        is_fullest = all(fixed_order(value) > fixed_order(other) for _, other in others)
        if not is_fullest and merging.rules.rule(entity, key) != "longest":
            settled.setdefault(key, value)
    return settled


def _take_values(run: Run, entity: str, present: Record, values: Flat) -> None:
    after = with_values(present, values)
    columns = {key.partition(".")[0] for key in values}
    in_no_pool = {"pool": None} if after["owner"] and after.get("pool") else {}
    run.update(entity, present, {column: after[column] for column in columns} | in_no_pool)


def _keep_alternates(run: Run, entity: str, survivor: int, alternates: Mapping[str, list[tuple[str, Any]]]) -> None:
    kept = fetch_where(run.db, "alternate", "entity = ? AND entity_id = ?", (entity, survivor))
    known = {(alternate["field"], alternate["value"]) for alternate in kept}
    lost = [(key, str(value)) for key, others in alternates.items() for _, value in others]
    about = ENTITIES["alternate"].blank() | {"entity": entity, "entity_id": survivor, "system": SYSTEM}
    fresh = [pair for pair in dict.fromkeys(lost) if pair not in known]
    run.insert("alternate", [about | {"field": key, "value": value} for key, value in fresh])


def _merge_contacts(run: Run, customer: int, merging: Merging) -> None:
    """Merge the contacts of a customer that are one person: a mobile in common, or the same name."""
    contacts = fetch_where(run.db, "contact", "customer_id = ? AND merged_into IS NULL", (customer,))
    alive = {contact["id"]: contact for contact in contacts}
    for first, second in combinations([contact["id"] for contact in contacts], 2):
        if first in alive and second in alive and _one_person(alive[first], alive[second]):
            plan = merging.rules.plan(run.db, "contact", [alive[first], alive[second]])
            survivor, loser = int(plan.survivor), int(plan.merged[0])
            _absorb(run, "contact", survivor, loser, merging)
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

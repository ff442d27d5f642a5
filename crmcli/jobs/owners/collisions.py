"""撞单 in the database, and what a manager decided on them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crmcli.domain.assignment.model import PUBLIC_POOL
from crmcli.domain.collisions import (
    Collision,
    Contacted,
    Evidence,
    OpenDeal,
    Related,
    Shared,
    as_decided,
    contacted_by_several,
    of_one_group,
    same_product,
    same_values,
    with_evidence,
)
from crmcli.domain.identity import keys_of_column
from crmcli.domain.metrics.collision_counts import CollisionLine
from crmcli.domain.metrics.timeline import OPEN, standing, timeline
from crmcli.domain.records import Record, record_number
from crmcli.domain.values.text import fold
from crmcli.jobs.pool.standings import standings, today_of
from crmcli.jobs.reporting.population import load_population
from crmcli.jobs.vocabulary import owner_names
from crmcli.jobs.workspace import Workspace
from crmcli.store import contested
from crmcli.store.database import Database
from crmcli.store.records import fetch_columns, fetch_where, find_by_keys, survivors

_DAY = len("2026-03-05")


@dataclass(frozen=True, slots=True)
class Found:
    """A collision with its customers' names and the last verdict on it, None where nobody decided.

    `is_open`: nobody decided, or something has come up since.
    """

    collision: Collision
    names: dict[int, str]
    verdict: Record | None = None

    @property
    def is_open(self) -> bool:
        """Return whether a manager is to look at it."""
        if self.verdict is None:
            return True
        decided = [(fact[0], fact[1]) for fact in self.verdict["evidence"].get("facts", [])]
        return self.collision.is_news(decided, self.verdict["owner"])

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        found, verdict = self.collision, self.verdict
        keys = ("owner", "decided_at", "decided_by", "note")
        return {
            "key": found.subject,
            "kind": found.kind,
            "hint_only": found.hint_only,
            "customers": [
                {"id": record_number("customer", number), "name": self.names.get(number, "")}
                for number in found.customers
            ],
            "reason": str(found.reason),
            "sides": [
                {
                    "owner": side.owner,
                    "records": list(side.records),
                    "reported": side.reported,
                    "last_activity": side.last,
                    "protected_until": side.protected_until,
                }
                for side in found.sides
            ],
            "suggestion": found.suggestion,
            "verdict": {key: verdict[key] for key in keys} if verdict else None,
            "open": self.is_open,
        }


def collisions(workspace: Workspace, kinds: Sequence[str] = (), *, decided: bool = False) -> list[Found]:
    """Return the collisions that wait for a manager, of some kinds or all; `decided` gives those with a verdict too.

    A decided one stays, after those that collide, when nothing of it collides any more: the verdict was carried out.
    """
    contacts = _contacts(workspace)
    found = [one for one in _all(workspace, contacts) if not kinds or one.kind in kinds]
    decisions = fetch_where(workspace.db, "verdict", "kind = 'collision'")
    verdicts = {row["subject"]: row for row in decisions if row["decided_at"] <= workspace.now()}
    gone = _gone(workspace, verdicts, {one.subject for one in found}, kinds) if decided else []
    numbers = {number for one in (*found, *gone) for number in one.customers}
    named = fetch_columns(workspace.db, "customer", ["name"]) if numbers else []
    names = {row["id"]: row["name"] or "" for row in named if row["id"] in numbers}
    evidence = _evidence(workspace, contacts) if found else Evidence({}, {}, {})
    listed = [
        Found(with_evidence(one, evidence), {n: names.get(n, "") for n in one.customers}, verdicts.get(one.subject))
        for one in found
    ]
    listed += [Found(one, {n: names.get(n, "") for n in one.customers}, verdicts[one.subject]) for one in gone]
    return [one for one in listed if decided or one.is_open]


def _gone(
    workspace: Workspace, verdicts: Mapping[str, Record], present: Collection[str], kinds: Sequence[str]
) -> list[Collision]:
    """Return the collisions that were decided by now and are none any more, in the order of their verdicts."""
    past = [row for row in verdicts.values() if row["subject"] not in present and row["decided_at"] <= workspace.now()]
    told = [as_decided(row) for row in sorted(past, key=lambda row: row["id"])]
    return [one for one in told if one and (not kinds or one.kind in kinds)]


def _all(workspace: Workspace, contacts: Sequence[Contacted]) -> Iterator[Collision]:
    db, now = workspace.db, workspace.now()
    since = (today_of(workspace) - timedelta(days=workspace.settings.collision.days)).isoformat()
    pools = {fold(name) for name in (PUBLIC_POOL, *(pool.name for pool in workspace.settings.pools))}
    yield from contacted_by_several(contacts, since)
    deals = (
        _open_then(workspace)
        if contested.is_past(db, now)
        else [OpenDeal(**row) for row in contested.open_with_product(db)]
    )
    yield from same_product([deal for deal in deals if fold(deal.owner) not in pools])
    values = [Shared(**row) for row in contested.shared_values(db, now)]
    yield from same_values([value for value in values if fold(value.owner) not in pools])
    yield from of_one_group(_related(db, now))


def _contacts(workspace: Workspace) -> list[Contacted]:
    """Return who of those that sell contacted whom: an author of messages who is a customer's is none of them."""
    staff = owner_names(workspace)
    for entity in ("customer", "opportunity"):
        sql = f"SELECT DISTINCT owner FROM {entity} WHERE coalesce(owner, '') <> ''"  # noqa: S608 (our own names)
        staff |= {fold(name): name for name in workspace.db.values(sql) if fold(name) not in staff}
    found: dict[tuple[int, str], Contacted] = {}
    for row in contested.contacts_by_owner(workspace.db, workspace.now()):
        owner = fold(row["owner"])
        if owner in staff:
            known = found.get((row["customer"], owner))
            first, last = row["first"], row["last"]
            if known:
                first, last = min(first, known.first), max(last, known.last)
            found[row["customer"], owner] = Contacted(row["customer"], staff[owner], first, last)
    return list(found.values())


def _open_then(workspace: Workspace) -> list[OpenDeal]:
    """Return the opportunities that were open at the workspace's time with owner, customer and product of then."""
    line = timeline(load_population(workspace, workspace.now()))
    opened = standing(line, line.moment(datetime.fromisoformat(workspace.now()))).status == OPEN
    keys = ["opportunity_id", "customer_id", "owner", "product", "created_at"]
    rows = line.deals.loc[opened & line.deals["customer_id"].notna(), keys].astype(object)
    return [
        OpenDeal(int(number), int(customer), owner, product, begun if isinstance(begun, str) else None)
        for number, customer, owner, product, begun in rows.itertuples(index=False)
        if isinstance(owner, str) and owner and isinstance(product, str) and product
    ]


def _related(db: Database, now: str) -> list[Related]:
    pairs = [(row["a"], row["b"]) for row in contested.relations(db)] + _parents(db)
    alive = survivors(db, "customer", {number for pair in pairs for number in pair})
    owners = contested.owners_at(db, now)
    united = dict.fromkeys(tuple(sorted((alive[a], alive[b]))) for a, b in pairs)
    return [Related(a, b, owners[a], owners[b]) for a, b in united if a != b and a in owners and b in owners]


def _parents(db: Database) -> list[tuple[int, int]]:
    """Return the customers whose parent company is a customer itself, with it."""
    rows = fetch_columns(db, "customer", ["parent"], "coalesce(parent, '') <> '' AND merged_into IS NULL")
    keys = {row["id"]: keys_of_column("customer", "name", row["parent"]) for row in rows}
    known = find_by_keys(db, "customer", [key for own in keys.values() for key in own])
    return [(number, other) for number, own in keys.items() for key in own for other in known.get(key, ())]


def _evidence(workspace: Workspace, contacts: Sequence[Contacted]) -> Evidence:
    reported: dict[tuple[int, str], str] = {}
    last: dict[tuple[int, str], str] = {}
    now = workspace.now()
    days = [(one.customer, one.owner, one.first) for one in contacts]
    days += [(row["customer"], row["owner"], row["first"]) for row in contested.first_days(workspace.db, now)]
    for customer, owner, day in days:
        place = (customer, fold(owner))
        if day and day <= now:
            reported[place] = min(day, reported.get(place, day))
    for one in contacts:
        last[one.customer, fold(one.owner)] = one.last
    return Evidence(reported, last, _protected_until(workspace))


def _protected_until(workspace: Workspace) -> dict[int, str]:
    """Return the last day on which customers are their owner's by the rules of the pools, or by a lock."""
    locked = fetch_columns(workspace.db, "customer", ["locked_until"], "locked_until IS NOT NULL")
    until = {row["id"]: row["locked_until"][:_DAY] for row in locked}
    for one in standings(workspace):
        if one.falls_on:
            day = (one.falls_on - timedelta(days=1)).isoformat()
            until[one.customer] = max(day, until.get(one.customer, day))
    return until


def load_collisions(workspace: Workspace) -> tuple[CollisionLine, ...]:
    """Return all collisions by kind, those that are decided too, as the report on them counts them."""
    found = sorted(collisions(workspace, decided=True), key=lambda one: one.collision.kind)
    return tuple(_line(one) for one in found)


def _line(one: Found) -> CollisionLine:
    found, verdict = one.collision, one.verdict or {}
    return CollisionLine(
        kind=found.kind,
        key=found.subject,
        customers=", ".join(f"{record_number('customer', number)} {one.names[number]}" for number in found.customers),
        owners=tuple(side.owner for side in found.sides),
        reason=found.reason,
        suggestion=found.suggestion,
        winner=verdict.get("owner"),
        decided_on=verdict["decided_at"][:_DAY] if verdict else None,
        waits=one.is_open,
    )

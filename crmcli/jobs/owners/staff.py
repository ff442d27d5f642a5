"""Everybody who sells, what each has to do, and who has which customer: what assignment is decided from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from crmcli.config.parts import owners
from crmcli.domain.assignment.model import Loads, Owner
from crmcli.domain.records import Record
from crmcli.domain.values.text import fold
from crmcli.jobs.deals.owner import STANDS_IN
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import Database
from crmcli.store.records import fetch_where

# what is read of an open deal whose owner is not in question
OPEN = ("owner", "owner_by", "customer_id", "created_at")


class Staff:
    """Everybody who sells, found by name however it is written."""

    def __init__(self, people: Sequence[Owner], pools: Iterable[str] = ()) -> None:
        self.owners = tuple(people)
        self._by_name = {fold(owner.name): owner for owner in reversed(self.owners)}
        self._pools = {fold(pool) for pool in pools}

    def knows(self, name: str) -> bool:
        """Return whether the list of owners has somebody of that name."""
        return fold(name) in self._by_name

    def is_active(self, name: str) -> bool:
        """Return whether somebody of that name is there and has not left."""
        return self.knows(name) and self._by_name[fold(name)].active

    def person(self, name: str | None) -> str | None:
        """Return a name as the list of owners has it; None for none, or where a sheet wrote a pool's name."""
        return None if not name or (fold(name) in self._pools and not self.knows(name)) else self.named(name)

    def called(self, name: str) -> Owner:
        """Return the owner of that name; of an unknown one, somebody of whom nothing is said."""
        return self._by_name.get(fold(name)) or Owner(name)

    def named(self, name: str) -> str:
        """Return a name as the list of owners has it."""
        return self.called(name).name


def everybody(workspace: Workspace) -> Staff:
    """Return all who sell, of crm.toml and the owner table."""
    people = owners(workspace.settings, fetch_where(workspace.db, "owner"))
    return Staff(people, (pool.name for pool in workspace.settings.pools))


def customer_owners(
    deals: Iterable[Record], owned: Mapping[int, str | None], staff: Staff, stood_in: Mapping[int, str]
) -> dict[int, str]:
    """Return customer -> the owner it has: its own (`owned`) or its newest deal's, one who is active before others.

    A deal whose owner only stands in (`stood_in`: deal -> for whom) is the absent owner's.
    """
    oldest_first = sorted(
        (deal for deal in deals if deal["owner"] and deal["customer_id"] is not None),
        key=lambda deal: (deal["created_at"] or "", deal["id"]),
    )
    held = [(deal["customer_id"], stood_in.get(deal["id"], deal["owner"])) for deal in oldest_first]
    held += [(number, owner) for number, owner in owned.items() if owner]
    held.sort(key=lambda pair: staff.is_active(pair[1]))
    return dict(held)


def stand_ins(db: Database) -> dict[int, str]:
    """Return deal -> the absent owner whom its owner stands in for."""
    path = f'$."{STANDS_IN}"'
    sql = "SELECT id, json_extract(extra, ?) AS absent FROM opportunity WHERE extra LIKE ?"
    found = db.rows(sql, (path, f'%"{STANDS_IN}"%'))
    return {row["id"]: str(row["absent"]) for row in found if row["absent"]}


def present_loads(db: Database, opened: Iterable[Record], today: str, staff: Staff) -> Loads:
    """Return what everybody has open, and was given by rule today and this month."""
    given = db.rows(
        "SELECT owner, substr(decided_at, 1, 10) AS day, count(*) AS n FROM assignment"
        " WHERE owner IS NOT NULL AND decided_at >= ? GROUP BY 1, 2",
        (f"{today[:7]}-01",),
    )
    this_month, on_day = Counter[str](), Counter[str]()
    for row in given:
        name = staff.named(row["owner"])
        this_month[name] += row["n"] if row["day"][:7] == today[:7] else 0
        on_day[name] += row["n"] if row["day"] == today else 0
    held = Counter(deal["owner"] for deal in opened if deal["owner"])
    opened_by = Counter[str]()
    for name, number in held.items():
        opened_by[staff.named(name)] += number
    return Loads(open=opened_by, today=on_day, this_month=this_month)

"""Who has been in which public pool, for the report on that."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

from crmcli.domain.metrics.pool_stays import Stay
from crmcli.domain.pool import clock_of
from crmcli.domain.records import Record
from crmcli.domain.values.text import fold
from crmcli.jobs.holding import reason_of
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import Database
from crmcli.store.records import fetch_columns, fetch_where

_WON = "SELECT customer_id, owner, closed_at FROM opportunity WHERE status = 'won' AND closed_at <= ?"
_DAY = len("2026-03-05")
Wins = dict[tuple[int, str], list[str]]  # (customer, folded owner) -> days of wins


def load_stays(workspace: Workspace) -> tuple[Stay, ...]:
    """Return every stay of a customer in a pool up to the workspace's present instant."""
    now = workspace.now()
    rows = fetch_where(workspace.db, "holding", "at <= ?", (now,))
    rows.sort(key=lambda row: (row["customer_id"], row["at"], row["id"]))
    names = {row["id"]: row["name"] or "" for row in fetch_columns(workspace.db, "customer", ["name"])} if rows else {}
    wins = _wins(workspace.db, now) if rows else {}
    found: list[Stay] = []
    for number, group in groupby(rows, key=lambda row: int(row["customer_id"])):
        found += _stays(list(group), names.get(number, ""), wins)
    return tuple(found)


def _stays(holdings: Sequence[Record], name: str, wins: Wins) -> list[Stay]:
    following = [*pairwise(holdings), (holdings[-1], None)]
    return [_stay(row, after, name, wins) for row, after in following if row["pool"] and not row["owner"]]


def _stay(row: Record, after: Record | None, name: str, wins: Wins) -> Stay:
    reason = reason_of(row)
    left = after["at"] if after else None
    since = wins.get((row["customer_id"], fold((after or {}).get("owner") or "")), [])
    return Stay(
        customer=row["customer_id"],
        name=name,
        pool=row["pool"],
        entered=row["at"],
        from_owner=row["from_owner"],
        why=(clock_of(reason) if reason else None) or row["kind"] or "",
        reason=str(reason or ""),
        left=left,
        how=after["kind"] if after else None,
        to_owner=after["owner"] if after else None,
        won=sum(day[:_DAY] >= left[:_DAY] for day in since) if left else 0,
    )


def _wins(db: Database, now: str) -> Wins:
    found: Wins = {}
    for row in db.rows(_WON, (now,)):
        found.setdefault((row["customer_id"], fold(row["owner"] or "")), []).append(row["closed_at"])
    return found

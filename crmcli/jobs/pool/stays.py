"""Who has been in which public pool, for the report on that."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

from crmcli.domain.metrics.pool_stays import Stay
from crmcli.domain.pool import clock_of
from crmcli.domain.records import Record
from crmcli.jobs.owners.holding import reason_of
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch_columns, fetch_where


def load_stays(workspace: Workspace) -> tuple[Stay, ...]:
    """Return every stay of a customer in a pool up to the workspace's present instant, without what was won since."""
    now = workspace.now()
    rows = fetch_where(workspace.db, "holding", "at <= ?", (now,))
    rows.sort(key=lambda row: (row["customer_id"], row["at"], row["id"]))
    known = {row["id"]: row for row in fetch_columns(workspace.db, "customer", ["name", "source"])} if rows else {}
    found: list[Stay] = []
    for number, group in groupby(rows, key=lambda row: int(row["customer_id"])):
        found += _stays(list(group), known.get(number, {}))
    return tuple(found)


def _stays(holdings: Sequence[Record], customer: Record) -> list[Stay]:
    following = [*pairwise(holdings), (holdings[-1], None)]
    return [_stay(row, after, customer) for row, after in following if row["pool"] and not row["owner"]]


def _stay(row: Record, after: Record | None, customer: Record) -> Stay:
    reason = reason_of(row)
    return Stay(
        customer=row["customer_id"],
        name=customer.get("name") or "",
        pool=row["pool"],
        entered=row["at"],
        from_owner=row["from_owner"],
        why=(clock_of(reason) if reason else None) or row["kind"] or "",
        reason=str(reason or ""),
        left=after["at"] if after else None,
        how=after["kind"] if after else None,
        to_owner=after["owner"] if after else None,
        source=customer.get("source"),
    )

"""A night's figures, kept as they were: a check of every later account of that day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crmcli.domain.records import ENTITIES, record_number
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import open_run
from crmcli.store.records import fetch_where

_DEALS = (
    "SELECT status, stage, currency, count(*) AS n, sum(amount_fen) AS amount_fen,"
    " sum(amount_fen IS NULL) AS without_amount FROM opportunity GROUP BY status, stage, currency"
    " ORDER BY status, stage, currency"
)
_OWNED = (
    "SELECT coalesce(owner, '') AS owner, coalesce(pool, '') AS pool, count(*) AS n FROM opportunity"
    " WHERE status = 'open' GROUP BY 1, 2 ORDER BY 1, 2"
)
_CUSTOMERS = (
    "SELECT coalesce(owner, '') AS owner, coalesce(pool, '') AS pool, count(*) AS n FROM customer"
    " WHERE merged_into IS NULL GROUP BY 1, 2 ORDER BY 1, 2"
)
_LEADS = "SELECT coalesce(status, '') AS status, count(*) AS n FROM lead GROUP BY 1 ORDER BY 1"
_COUNTED = {
    "deals": ("opportunity", "amount_fen", ("status", "stage", "currency"), "1"),
    "open_by_owner": ("opportunity", "NULL", ("owner", "pool"), "status = 'open'"),
    "customers": ("customer", "NULL", ("owner", "pool"), "merged_into IS NULL"),
    "leads": ("lead", "NULL", ("status",), "1"),
}
"""Table of figures -> the kind of records that it counts, their amount, what tells its rows apart, which count."""


def take_snapshot(workspace: Workspace) -> str | None:
    """Return the run that kept the day's figures; the day's second snapshot takes the place of its first.

    Raises:
        CrmError: the database cannot be written.
    """
    with open_run(workspace.db, workspace.start("snapshot")) as run:
        day = workspace.now()[:10]
        figures = figures_now(workspace)
        kept = next(iter(fetch_where(workspace.db, "snapshot", "day = ?", (day,))), None)
        if kept is None:
            made = {"day": day, "taken_at": run.started, "figures": figures}
            run.insert("snapshot", [ENTITIES["snapshot"].blank() | made])
        elif kept["figures"] != figures:
            run.update("snapshot", kept, {"figures": figures, "taken_at": run.started})
        return run.shown_id


def figures_now(workspace: Workspace) -> dict[str, Any]:
    """Return the figures of this instant: deals by state and stage, open ones and customers by owner, leads by state.

    Amounts are in fen, one row a currency; a stage, owner or pool that is unknown is "".
    """
    db = workspace.db
    return {
        "deals": db.rows(_DEALS),
        "open_by_owner": db.rows(_OWNED),
        "customers": db.rows(_CUSTOMERS),
        "leads": db.rows(_LEADS),
    }


def records_now(workspace: Workspace, figure: str, parts: Sequence[str]) -> list[tuple[str, int | None]]:
    """Return number and amount in fen of the records that a row of figures counts at this instant."""
    entity, amount, keys, counted = _COUNTED[figure]
    same = " AND ".join(f"coalesce({key}, '') = ?" for key in keys)
    sql = f"SELECT id, {amount} AS fen FROM {entity} WHERE {counted} AND {same} ORDER BY id"  # noqa: S608 (own tables)
    return [(record_number(entity, row["id"]), row["fen"]) for row in workspace.db.rows(sql, tuple(parts))]

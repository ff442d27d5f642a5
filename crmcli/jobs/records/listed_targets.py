"""Targets as they are listed: those of the database and those of crm.toml, each with where it comes from."""

from __future__ import annotations

from typing import Any

from crmcli.domain.values.money import fen_to_text
from crmcli.jobs.records.typed_targets import TARGET, overruled
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch_where
from crmcli.store.targets import targets


def with_sources(workspace: Workspace, shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the database's targets as shown, each with its `source`, then those of crm.toml, which have no number.

    A source is a file with sheet and row, "crm.db" where somebody typed it, or "crm.toml". `overruled`: crm.toml sets
    the same target, which holds in reports.
    """
    kept = zip(shown, targets(workspace.db), fetch_where(workspace.db, TARGET), strict=True)
    typed = [
        one | {"source": _place(row), "overruled": overruled(workspace, record) is not None}
        for one, row, record in kept
    ]  # fmt: skip
    written = [
        dict.fromkeys(("id", "note")) | {
            "owner": table.owner or None, "team": table.team or None, "period": table.period,
            "amount": None if table.amount is None else fen_to_text(int((table.amount * 100).to_integral_value())),
            "count": table.count, "extra": {}, "source": "crm.toml", "overruled": False,
        }
        for table in workspace.settings.target
    ]  # fmt: skip
    return typed + written


def _place(row: dict[str, Any]) -> str:
    place = (row["source_file"], row["source_sheet"], row["source_row"])
    return " ".join(str(part) for part in place if part) or "crm.db"

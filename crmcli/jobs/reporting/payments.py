"""What is due and what was received, for the report on that."""

from __future__ import annotations

import json
from typing import Any

from crmcli.config.parts import owners
from crmcli.domain.contracts import is_void
from crmcli.domain.identity import external_id
from crmcli.domain.metrics.receivables import Payment
from crmcli.domain.values.text import fold
from crmcli.jobs.workspace import Workspace
from crmcli.store.contracts import payments
from crmcli.store.records import fetch_where


def load_payments(workspace: Workspace, as_of: str) -> tuple[Payment, ...]:
    """Return every plan and receipt, by number, with whose it was at `as_of` (ISO)."""
    people = owners(workspace.settings, fetch_where(workspace.db, "owner"))
    teams = {fold(person.name): person.team for person in people}
    return tuple(_payment(row, teams) for row in payments(workspace.db, workspace.settings.workspace.currency, as_of))


def _payment(row: dict[str, Any], teams: dict[str, str]) -> Payment:
    numbers = json.loads(row["numbers"] or "[]")
    return Payment(
        row["id"],
        row["currency"],
        row["contract"],
        external_id(numbers[0]) if numbers else row["contract_name"] or "",
        is_void(row["status"]),
        row["customer"],
        row["owner"],
        teams.get(fold(row["owner"] or "")) or None,
        **{key: row[key] for key in _AS_THEY_ARE},
    )


_AS_THEY_ARE = ("installment", "due_on", "due_fen", "received_on", "received_fen", "source_file", "source_sheet",
                "source_row")  # fmt: skip

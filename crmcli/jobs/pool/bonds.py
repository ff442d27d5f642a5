"""What binds a customer to its owner: contracts in force, and money that is still to be received."""

from __future__ import annotations

from collections import Counter
from typing import Any

from crmcli.domain.contracts import is_in_force, is_void
from crmcli.domain.values.money import fen_to_text
from crmcli.i18n import enumerated
from crmcli.jobs.workspace import Workspace
from crmcli.store.contracts import balances_of_customers, contracts_of_customers

_DAY = len("2026-03-05")


def bonds_of_customers(workspace: Workspace) -> dict[int, dict[str, Any]]:
    """Return customer -> `contracts`, `contract_until` and `receivable`, as `Held` has them, of those that have any.

    What is due for one contract is not made good by what was received for another. A void contract owes nothing.
    """
    today = workspace.now()[:_DAY]
    ends: dict[int, list[str | None]] = {}
    for row in contracts_of_customers(workspace.db):
        if is_in_force(row["status"], row["ends_on"], today):
            ends.setdefault(row["customer"], []).append(row["ends_on"])
    found: dict[int, dict[str, Any]] = {
        customer: {"contracts": len(days), "contract_until": None if None in days else max(filter(None, days))}
        for customer, days in ends.items()
    }
    for customer, owed in _owed(workspace, today).items():
        amounts = enumerated(f"{fen_to_text(fen)} {currency}" for currency, fen in sorted(owed.items()))
        found.setdefault(customer, {})["receivable"] = amounts
    return found


def _owed(workspace: Workspace, today: str) -> dict[int, Counter[str]]:
    """Return customer -> currency -> fen that are due, some day, and were not received."""
    home, found = workspace.settings.workspace.currency, dict[int, Counter[str]]()
    for row in balances_of_customers(workspace.db, today, home):
        owed = row["due_fen"] - row["received_fen"]
        if owed > 0 and not is_void(row["status"]):
            found.setdefault(row["customer"], Counter())[row["currency"]] += owed
    return found

"""Reading what was signed, what is due and what was received: whole columns at once."""

from __future__ import annotations

from typing import Any

from crmcli.store.database import Database

_CONTRACTS = """
SELECT coalesce(j.customer_id, o.customer_id) AS customer, j.status, j.ends_on FROM contract j
LEFT JOIN opportunity o ON o.id = j.opportunity_id
WHERE coalesce(j.customer_id, o.customer_id) IS NOT NULL
"""
_OF_CUSTOMER = "coalesce(i.customer_id, j.customer_id, o.customer_id, jo.customer_id)"
_CURRENCY = "coalesce(i.currency, j.currency, :home)"
_WHOSE = """
FROM payment i LEFT JOIN contract j ON j.id = i.contract_id
LEFT JOIN opportunity o ON o.id = i.opportunity_id LEFT JOIN opportunity jo ON jo.id = j.opportunity_id
"""
_BALANCES = f"""
SELECT {_OF_CUSTOMER} AS customer, j.status, {_CURRENCY} AS currency, coalesce(sum(i.due_amount_fen), 0) AS due_fen,
       coalesce(sum(CASE WHEN i.received_on IS NULL OR substr(i.received_on, 1, 10) <= :today
                         THEN i.received_amount_fen END), 0) AS received_fen
{_WHOSE} WHERE {_OF_CUSTOMER} IS NOT NULL GROUP BY 1, i.contract_id, {_CURRENCY}
"""
_PAYMENTS = f"""
SELECT i.id, i.contract_id AS contract, j.external_ids AS numbers, j.name AS contract_name, j.status,
       {_OF_CUSTOMER} AS customer_id, c.name AS customer,
       coalesce(i.owner, j.owner, o.owner, jo.owner, c.owner) AS owner, i.installment, i.due_on,
       i.due_amount_fen AS due_fen, i.received_on, i.received_amount_fen AS received_fen,
       {_CURRENCY} AS currency, f.path AS source_file, s.name AS source_sheet, r.row AS source_row
{_WHOSE} LEFT JOIN customer c ON c.id = {_OF_CUSTOMER}
LEFT JOIN change made ON made.entity = 'payment' AND made.record_id = i.id AND made.op = 'create'
     AND made.source_row IS NOT NULL
LEFT JOIN source_row r ON r.id = made.source_row
LEFT JOIN source_sheet s ON s.id = r.source_sheet_id
LEFT JOIN source_file f ON f.id = s.source_file_id
GROUP BY i.id ORDER BY i.id
"""


def contracts_of_customers(db: Database) -> list[dict[str, Any]]:
    """Return the contracts of which the customer is known: customer, status, ends_on."""
    return db.rows(_CONTRACTS)


def balances_of_customers(db: Database, today: str, home: str) -> list[dict[str, Any]]:
    """Return what is due and what was received up to a day (fen), by customer, contract and currency.

    `status` is the contract's. Receipts without a day count. What names no currency is in `home`.
    """
    return db.rows(_BALANCES, {"today": today, "home": home})


def payments(db: Database, home: str) -> list[dict[str, Any]]:
    """Return every payment with its contract, customer, owner and the source row that made it, by number.

    What names no currency is in `home`.
    """
    return db.rows(_PAYMENTS, {"home": home})

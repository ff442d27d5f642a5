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
# whose customers and deals were before what happened later: the first later change tells from whom it took them
_PAYMENTS = f"""
WITH had AS (SELECT customer_id, from_owner AS owner, min(at) FROM holding WHERE at > :as_of GROUP BY customer_id),
sold AS (SELECT opportunity_id, from_value AS owner, min(at) FROM event WHERE field = 'owner' AND at > :as_of
         AND opportunity_id IN (SELECT opportunity_id FROM payment UNION SELECT opportunity_id FROM contract)
         GROUP BY opportunity_id)
SELECT i.id, i.contract_id AS contract, j.external_ids AS numbers, j.name AS contract_name, j.status,
       {_OF_CUSTOMER} AS customer_id, c.name AS customer,
       coalesce(i.owner, j.owner, iif(os.opportunity_id IS NULL, o.owner, os.owner),
                iif(js.opportunity_id IS NULL, jo.owner, js.owner),
                iif(had.customer_id IS NULL, c.owner, had.owner)) AS owner, i.installment, i.due_on,
       i.due_amount_fen AS due_fen, i.received_on, i.received_amount_fen AS received_fen,
       {_CURRENCY} AS currency, f.path AS source_file, s.name AS source_sheet, r.row AS source_row
{_WHOSE} LEFT JOIN customer c ON c.id = {_OF_CUSTOMER}
LEFT JOIN had ON had.customer_id = c.id LEFT JOIN sold os ON os.opportunity_id = o.id
LEFT JOIN sold js ON js.opportunity_id = jo.id
LEFT JOIN change made ON made.entity = 'payment' AND made.record_id = i.id AND made.op = 'create'
     AND made.source_row IS NOT NULL
LEFT JOIN source_row r ON r.id = made.source_row
LEFT JOIN source_sheet s ON s.id = r.source_sheet_id
LEFT JOIN source_file f ON f.id = s.source_file_id
GROUP BY i.id ORDER BY i.id
"""  # noqa: S608 (our own texts)


def contracts_of_customers(db: Database) -> list[dict[str, Any]]:
    """Return the contracts of which the customer is known: customer, status, ends_on."""
    return db.rows(_CONTRACTS)


def balances_of_customers(db: Database, today: str, home: str) -> list[dict[str, Any]]:
    """Return what is due and what was received up to a day (fen), by customer, contract and currency.

    `status` is the contract's. Receipts without a day count. What names no currency is in `home`.
    """
    return db.rows(_BALANCES, {"today": today, "home": home})


def payments(db: Database, home: str, as_of: str) -> list[dict[str, Any]]:
    """Return every payment with its contract, customer, owner and the source row that made it, by number.

    What names no currency is in `home`. Where neither it nor its contract names an owner, it is whose its deal or
    customer was at `as_of` (ISO).
    """
    return db.rows(_PAYMENTS, {"home": home, "as_of": as_of})

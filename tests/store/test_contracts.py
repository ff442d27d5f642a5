from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crmcli.store.contracts import balances_of_customers, contracts_of_customers, payments
from crmcli.store.database import Database, create_database, open_database


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    create_database(tmp_path / "crm.db")
    with open_database(tmp_path / "crm.db") as found:
        run = found.connection.execute
        run("INSERT INTO customer (id, name, owner) VALUES (1, '鼎信', '王芳'), (2, '云图', '李强')")
        run("INSERT INTO opportunity (id, name, customer_id) VALUES (1, '仓储', 1)")
        run("INSERT INTO contract (id, name, opportunity_id, status, currency) VALUES (1, '采购', 1, '履行中', 'USD')")
        run("INSERT INTO contract (id, name) VALUES (2, '谁的')")
        yield found


def test_a_contract_and_its_payments_are_of_its_deals_customer(db: Database) -> None:
    assert contracts_of_customers(db) == [{"customer": 1, "status": "履行中", "ends_on": None}]
    db.connection.executemany(
        "INSERT INTO payment (contract_id, customer_id, due_amount_fen, received_amount_fen, received_on)"
        " VALUES (?, ?, ?, ?, ?)",
        [
            (1, None, 100, None, None),
            (1, None, None, 30, "2026-06-30T23:00:00+08:00"),
            (1, None, None, 5, None),
            (1, None, None, 9, "2026-07-01"),
            (None, 2, 40, None, None),
            (2, None, 7, None, None),
        ],
    )
    assert balances_of_customers(db, "2026-06-30", "CNY") == [
        {"customer": 1, "status": "履行中", "currency": "USD", "due_fen": 100, "received_fen": 35},
        {"customer": 2, "status": None, "currency": "CNY", "due_fen": 40, "received_fen": 0},
    ]
    found = payments(db, "CNY", "2026-12-31")
    assert [row["customer"] for row in found] == ["鼎信"] * 4 + ["云图", None]
    assert [row["owner"] for row in found] == ["王芳"] * 4 + ["李强", None]
    assert [row["currency"] for row in found] == ["USD"] * 4 + ["CNY", "CNY"]

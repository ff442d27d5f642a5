from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crmcli.store.compared import COLUMNS, load_compared, store_compared
from crmcli.store.database import Database, create_database, open_database
from crmcli.store.journal import RunStart, open_run


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    create_database(tmp_path / "crm.db")
    with open_database(tmp_path / "crm.db") as opened:
        yield opened


def _start(*, dry_run: bool = False) -> RunStart:
    return RunStart("dedupe", "crmcli dedupe run", "tester", lambda: "2026-06-30T09:00:00+08:00", dry_run=dry_run)


def test_the_last_comparison_under_a_model_is_kept(db: Database) -> None:
    assert load_compared(db, "customer", "m1") is None
    for text in (b"old", b"new"):
        with open_run(db, _start()) as run:
            store_compared(run, "customer", "m1", dict.fromkeys(COLUMNS, text))
    assert load_compared(db, "customer", "m1") == dict.fromkeys(COLUMNS, b"new")
    assert load_compared(db, "customer", "m2") is None
    assert db.value("SELECT count(*) FROM change") == 0


def test_a_dry_run_leaves_nothing(db: Database) -> None:
    with open_run(db, _start(dry_run=True)) as run:
        store_compared(run, "customer", "m1", dict.fromkeys(COLUMNS, b""))
    assert load_compared(db, "customer", "m1") is None

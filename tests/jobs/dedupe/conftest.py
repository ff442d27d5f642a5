"""A workspace whose customers are written down by the tests, and its tables as they stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crmcli.config import load_settings
from crmcli.domain.records import ENTITIES, Record
from crmcli.jobs.setup import make_workspace
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import Database, open_database
from crmcli.store.journal import open_run
from crmcli.store.records import fetch, fetch_where

NOW = datetime(2026, 6, 30, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class Office:
    """A workspace with the few things that these tests do with it."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.db: Database = workspace.db

    def add(self, entity: str, *records: Record, kind: str = "import") -> list[int]:
        """Return the ids of new records, made by a run of its own."""
        with open_run(self.db, self.workspace.start(kind)) as run:
            return run.insert(entity, [ENTITIES[entity].blank() | record for record in records])

    def set(self, entity: str, number: int, **changes: Any) -> None:
        """Change a record as a person does."""
        with open_run(self.db, self.workspace.start("set")) as run:
            run.update(entity, self.get(entity, number), changes)

    def get(self, entity: str, number: int) -> Record:
        """Return one record."""
        return fetch(self.db, entity, [number])[number]

    def all(self, entity: str) -> list[Record]:
        """Return all records of a kind, by number."""
        return fetch_where(self.db, entity)

    def tables(self) -> dict[str, list[Record]]:
        """Return every table of records as it stands, numbers included, and the keys that find them."""
        keys = self.db.rows("SELECT * FROM record_key ORDER BY entity, kind, value, record_id")
        return {entity: self.all(entity) for entity in ENTITIES} | {"record_key": keys}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Return an office without customers."""
    made = make_workspace(tmp_path / "office", "zh")
    with open_database(made.db) as db:
        yield Office(Workspace(db, load_settings(made.config), lambda: NOW, "tester", "crmcli", made.config))


@pytest.fixture
def three(office: Office) -> Office:
    """Return an office with one customer under two names (1, 2) and another one (3), each with what belongs to it."""
    office.add(
        "customer",
        {"name": "鼎信贸易", "phones": ["+8613800138000"], "city": "上海", "note": "老客户", "external_ids": ["old:1"]},
        {"name": "上海鼎信贸易有限公司", "phones": ["+8613800138000"], "owner": "王芳", "external_ids": ["new:7"]},
        {"name": "北京恒远物流有限公司", "extra": {"网址": "hengyuan.cn"}},
    )
    office.add(
        "contact",
        {"name": "李雷", "customer_id": 1, "phones": ["+8613900139000"]},
        {"name": "李雷", "customer_id": 2, "title": "经理"},
        {"name": "韩梅梅", "customer_id": 1},
    )
    office.add("opportunity", {"name": "年框", "customer_id": 1, "status": "open", "amount_fen": 500000})
    office.add("activity", {"customer_id": 1, "contact_id": 1, "text": "电话", "at": "2026-05-01"})
    return office

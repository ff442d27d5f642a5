from __future__ import annotations

from pathlib import Path

from crmcli.domain.records import ENTITIES
from crmcli.store.database import create_database, open_database
from crmcli.store.journal import RunStart, open_run
from crmcli.store.records import find_by_keys, survivors


def test_keys_of_merged_records_find_the_last_of_the_chain(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    create_database(path)
    blank = ENTITIES["customer"].blank()
    names = [("甲", 2), ("乙", 3), ("丙", None), ("丁", None)]
    with open_database(path) as db, open_run(db, RunStart("import", "", "", lambda: "2026-06-30")) as run:
        run.insert("customer", [blank | {"name": name, "merged_into": into} for name, into in names])
        assert survivors(db, "customer", [1, 2, 4]) == {1: 3, 2: 3, 4: 4}
        assert find_by_keys(db, "customer", [("name", "甲"), ("name", "丁")]) == {
            ("name", "甲"): [3],
            ("name", "丁"): [4],
        }
        assert survivors(db, "lead", [1]) == {1: 1}

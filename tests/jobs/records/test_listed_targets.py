from __future__ import annotations

from typing import Any

from crmcli.jobs.records.editing import add_record
from crmcli.jobs.records.listing import list_records


def test_targets_of_crm_toml_are_listed_with_those_of_the_database(desk: Any, settle: Any) -> None:
    settle(
        desk, '[[target]]\nperiod = "2026"\namount = 5000000\n[[target]]\nteam = "华东"\nperiod = "2026Q4"\ncount = 3\n'
    )
    add_record(desk.workspace, "target", ["period=2026", "amount=3"])
    desk.load(desk.write("目标.csv", ("目标负责人", "目标周期", "目标金额"), ("张伟", "2026Q4", "1000")))
    listed = list_records(desk.workspace, "target")
    assert [(one["id"], one["owner"], one["team"], one["period"], one["amount"], one["count"]) for one in listed] == [
        ("TG1", None, None, "2026", "3.00", None),
        ("TG2", "张伟", None, "2026Q4", "1000.00", None),
        (None, None, None, "2026", "5000000.00", None),
        (None, None, "华东", "2026Q4", None, 3),
    ]
    assert [(one["source"].rpartition("/")[2], one["overruled"]) for one in listed] == [
        ("crm.db", True), ("目标.csv 2", False), ("crm.toml", False), ("crm.toml", False),
    ]  # fmt: skip
    (own,) = list_records(desk.workspace, "target", ["team = 华东"])
    assert own["source"] == "crm.toml"

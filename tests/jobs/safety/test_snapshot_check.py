from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from crmcli.jobs.import_files import ImportOptions, import_files
from crmcli.jobs.reporting.write_report import make_report
from crmcli.jobs.safety.doctor import examine
from crmcli.jobs.safety.snapshot_check import check_snapshots
from crmcli.jobs.safety.snapshots import take_snapshot
from crmcli.reports.json import document

HEAD = ("商机编号", "商机名称", "阶段", "金额")


def test_the_rebuilt_night_agrees_after_later_imports(desk: Any) -> None:
    desk.load(desk.write("a.csv", HEAD, ("S1", "年框", "方案报价", "100")))
    take_snapshot(desk.workspace)
    tomorrow = desk.workspace.clock() + timedelta(days=1)
    later = replace(desk.workspace, clock=lambda: tomorrow)
    rows = (("S1", "年框", "赢单", "900"), ("S2", "新", "", "1"))
    import_files(later, [desk.write("b.csv", HEAD, *rows)], ImportOptions())
    found = check_snapshots(desk.workspace)
    assert (len(found.days), found.differences) == (1, ())
    assert "snapshot.agrees" in {one.code for one in examine(desk.workspace)}


def test_a_night_that_differs_is_told_by_doctor_and_in_the_report(desk: Any) -> None:
    desk.load(desk.write("a.csv", ("商机编号", "商机名称", "金额"), ("S1", "年框", "0")))
    take_snapshot(desk.workspace)
    desk.workspace.db.connection.execute("UPDATE opportunity SET amount_fen = 500")  # behind the journal's back
    found = check_snapshots(desk.workspace)
    assert [(one.counted, one.kept, one.rebuilt) for one in found.differences] == [("amount_fen", 0, 500)]
    assert "snapshot.differs" in {one.code for one in examine(desk.workspace)}
    tables = {table["name"]: table for table in document(make_report(desk.workspace, "quality"))["tables"]}
    (row,) = tables["snapshots"]["rows"]
    assert row[-3:] == ["0.00", "5.00", "5.00"]
    place = [column["key"] for column in tables["quality"]["columns"]].index("rule")
    assert {row[place] for row in tables["quality"]["rows"]} >= {"deal.no_customer", "deal.no_stage"}
    key = [column["key"] for column in tables["filled"]["columns"]].index("key")
    filled = {(row[0], row[key]): row[key + 1 :] for row in tables["filled"]["rows"]}
    assert filled["opportunity", "amount"][1:] == [1, 1, 0]
    assert filled["opportunity", "customer"][1:] == [0, 1, 1]

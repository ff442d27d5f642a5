"""What was known at an earlier time, rebuilt from the journal, is what the file held then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from crmcli.domain.records import ENTITIES
from crmcli.jobs.deals.moves import move_deal
from crmcli.jobs.dedupe.run import dedupe_customers
from crmcli.jobs.import_files import ImportOptions, import_files
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.records.editing import set_fields
from crmcli.jobs.reporting.write_report import Asking, make_report
from crmcli.jobs.workspace import Workspace
from crmcli.reports.json import document
from crmcli.store.past import as_known_at

_HEAD = ("商机编号", "商机名称", "客户名称", "电话", "阶段", "商机金额", "负责人", "创建时间", "楼层")
_FIRST = (
    ("S1", "产线", "华东精密机械有限公司", "021-55550001", "需求确认", "120000", "张伟", "2026-01-05", "3"),
    ("S2", "备件", "苏州华新电子有限公司", "0512-66660002", "方案报价", "80000", "王芳", "2026-01-20", ""),
    ("S3", "改造", "华东精密机械", "021-55550001", "初步接触", "30000", "张伟", "2026-02-02", "5"),
)
_SECOND = (
    ("S1", "产线", "华东精密机械有限公司", "021-55550001", "商务谈判", "150000", "张伟", "2026-01-05", "4"),
    ("S4", "新线", "常州凌云科技有限公司", "0519-77770003", "初步接触", "60000", "王芳", "2026-03-01", ""),
)


def _state(workspace: Workspace) -> dict[str, list[dict[str, Any]]]:
    return {name: workspace.db.rows(f"SELECT * FROM {name} ORDER BY id") for name in ENTITIES}  # noqa: S608


def test_every_earlier_state_is_rebuilt(desk: Any) -> None:
    written = (desk.write("a.csv", _HEAD, *_FIRST), desk.write("b.csv", _HEAD, *_SECOND))

    def load(path: str) -> Callable[[Workspace], object]:
        return lambda workspace: import_files(workspace, [path], ImportOptions())

    steps: tuple[Callable[[Workspace], object], ...] = (
        load(written[0]),
        lambda workspace: set_fields(workspace, "opportunity", "O2", ["amount=95000"]),
        lambda workspace: move_deal(workspace, "O3", "需求确认"),
        dedupe_customers,
        load(written[1]),
        lambda workspace: undo_run(workspace, "R2"),
        lambda workspace: undo_run(workspace, "R5"),
        lambda workspace: undo_run(workspace, "R4"),
    )
    kept = []
    for day, step in enumerate(steps, 1):
        now = datetime.fromisoformat(f"2026-04-{day:02d}T10:00:00+08:00")
        workspace = replace(desk.workspace, clock=lambda now=now: now)
        step(workspace)
        kept.append((now, _state(workspace), document(make_report(workspace, "pipeline"))))
    assert len({str(state) for _now, state, _report in kept}) > len(steps) - 2, "the steps did something"
    for now, state, report in kept:
        with as_known_at(desk.workspace.db, now):
            assert _state(desk.workspace) == state
        workspace = replace(desk.workspace, clock=lambda now=now: now)
        assert document(make_report(workspace, "pipeline", Asking(known_at=now)))["tables"] == report["tables"]
    assert _state(desk.workspace) == kept[-1][1], "the file itself is as it was"


def test_before_the_first_run_nothing_is_known(desk: Any) -> None:
    desk.load(desk.write("a.csv", _HEAD, *_FIRST))
    with as_known_at(desk.workspace.db, datetime.fromisoformat("2020-01-01T00:00:00+08:00")):
        assert not any(_state(desk.workspace).values())
        assert desk.workspace.db.value("SELECT count(*) FROM run") == 0

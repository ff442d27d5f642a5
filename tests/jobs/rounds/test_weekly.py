from __future__ import annotations

from typing import Any


def test_a_week_s_round_writes_the_report_the_worklists_and_the_closed_deals_once(crm: Any) -> None:
    crm.write(
        "deals.csv",
        "商机编号,客户名称,商机名称,商机金额,阶段,负责人,成交日期,创建时间",
        "SJ1,上海鼎信物流有限公司,仓储改造,100000,需求确认,王芳,,2026-06-01",
        "SJ2,苏州华东精密有限公司,质检系统,200000,方案报价,李强,,2026-06-02",
        "SJ3,昆山五金有限公司,立体库,50000,赢单,李强,2026-06-24,2026-06-02",
    )
    crm("import", "deals.csv")
    told = crm("run", "weekly")
    folder = crm.folder / "daily"
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.xlsx")) == [
        "review-2026-W26.xlsx",
        "weekly-2026-W26.xlsx",
        "worklists-2026-W27/李强.xlsx",
        "worklists-2026-W27/王芳.xlsx",
    ]
    assert "<html" in (folder / "weekly-2026-W26.html").read_text("utf-8")
    assert all(
        name in told.stdout
        for name in ("weekly-2026-W26.xlsx", "weekly-2026-W26.html", "review-2026-W26.xlsx", "worklists-2026-W27")
    )
    steps = {step["step"]: step for step in crm("run", "weekly", "--json").json["steps"]}
    assert {name: step["state"] for name, step in steps.items()} == dict.fromkeys(
        ("report", "worklists", "conclusions"), "earlier"
    )
    again = crm("run", "weekly", "--again", "--json").json
    assert [step["counts"] for step in again["steps"]] == [{}, {"opportunity": 2}, {"opportunity": 1}]
    next_week = crm("run", "weekly", "--json", now="2026-07-06T07:00:00+08:00").json
    assert next_week["of"] == "2026-W28"
    assert {path.name for path in folder.glob("weekly-2026-W27.*")} == {"weekly-2026-W27.xlsx", "weekly-2026-W27.html"}
    assert {step["state"] for step in next_week["steps"]} == {"done"}


def test_files_have_the_name_of_the_week_they_tell_of(crm: Any) -> None:
    config = crm.folder / "crm.toml"
    config.write_text(config.read_text("utf-8").replace('week_starts = "monday"', 'week_starts = "sunday"'), "utf-8")
    crm("run", "weekly", now="2026-01-04T07:00:00+08:00")
    names = sorted(path.name for path in (crm.folder / "daily").glob("*.xlsx"))
    assert names == ["review-2025-W52.xlsx", "weekly-2026-W01.xlsx"]

from __future__ import annotations

from typing import Any


def test_a_company_adds_a_preset_without_code(crm: Any) -> None:
    settings = crm.folder / "crm.toml"
    preset = """
[[preset]]
name = "老系统"
headers = ["工单流水", "甲方"]
map = { "工单流水" = "opportunity.external_id", "甲方" = "customer.name", "经办" = "opportunity.owner" }
stage_dates = '^进入(.+)时间$'
skip = { "工单流水" = "^测试" }
[preset.values."状态"]
"3" = "赢单"
[preset.constant]
"opportunity.source" = "老系统"
"""
    settings.write_text(settings.read_text(encoding="utf-8") + preset, encoding="utf-8")
    file = crm.write("工单.csv", "工单流水,甲方,经办,状态", "G1,甲公司,王芳,3", "测试2,乙公司,王芳,3")
    assert crm("config", "check").exit_code == 0
    (sheet,) = crm("import", file, "--json").json["sheets"]
    assert (sheet["preset"], sheet["new"], sheet["skipped"]) == ("老系统", 1, 1)
    (deal,) = crm("opp", "list", "--json").json
    assert (deal["external_id"], deal["status"], deal["source"]) == ("G1", "won", "老系统")

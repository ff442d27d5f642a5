from __future__ import annotations

from typing import Any


def test_a_dry_undo_says_so_and_what_is_kept_has_no_gap(crm: Any) -> None:
    crm("import", crm.write("a.csv", "客户名称,行业", "甲公司,机械"))
    crm("customer", "set", "C1", "industry=化工")
    tried = crm("undo", "R1", "--dry-run", "--lang", "zh", code=3).stdout.splitlines()
    assert tried[0] == "试运行：什么都没有写入"
    assert any(line.startswith("保留：C1：") for line in tried)
    assert len(crm("runs", "--json").json) == 2


def test_runs_count_in_words(crm: Any) -> None:
    crm("customer", "add", "name=甲公司")
    crm("undo", "R1")
    assert "撤销 1" in crm("runs", "--lang", "zh").stdout

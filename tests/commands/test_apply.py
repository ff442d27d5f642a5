from __future__ import annotations

from typing import Any

from openpyxl import load_workbook

HEADS = "客户编号,客户名称,行业"


def test_the_kind_of_workbook_is_told_by_what_it_holds(crm: Any) -> None:
    crm.write("a.csv", HEADS, "1,甲公司,电子制造")
    crm.write("b.csv", HEADS, "7,甲公司,化工")
    crm("import", "a.csv", "--source", "甲")
    imported = crm("import", "b.csv", "--source", "乙", code=3).stdout
    assert "crmcli apply" in imported
    book = load_workbook("conflicts-R2.xlsx")
    book.worksheets[0]["A2"].value = "采用对方"
    book.save("决定好了.xlsx")
    told = crm("apply", "决定好了.xlsx").stdout
    assert told.splitlines()[0].startswith("1 rows: 0 keep ours, 1 take theirs")
    assert "crmcli undo R3" in told
    assert crm("customer", "list", "--json").json[0]["industry"] == "化工"
    assert crm("apply", "决定好了.xlsx", "--json").json["kind"] == "conflicts"


def test_a_review_comes_back_by_either_command(crm: Any) -> None:
    crm.write(
        "a.csv",
        "客户名称,公司电话",
        "昆山沐钰自动化设备有限公司,0512-57000001",
        "昆山沐钰自动化设备集团有限公司,0512-57000001",
    )
    crm("import", "a.csv")
    crm("dedupe", "run", "--review-only")
    pairs = crm("dedupe", "review", "--out", "review.xlsx", "--json").json["pairs"]
    left = crm("apply", "review.xlsx", "--json", code=3 if pairs else 0).json
    assert (left["kind"], left["undecided"]) == ("pairs", pairs)
    assert crm("dedupe", "apply", "review.xlsx", "--json").json["undecided"] == pairs


def test_words_are_told_and_taken_in(crm: Any) -> None:
    crm.write("a.csv", "商机编号,客户名称,商机名称,阶段", "1,甲公司,年框,走流程")
    assert "words-R1.xlsx" in crm("import", "a.csv", code=3).stdout
    assert crm("words", "--out", "w.xlsx").stdout.startswith("1 texts to place in w.xlsx")
    book = load_workbook("w.xlsx")
    book.worksheets[0]["F2"].value = "商务谈判"
    book.save("w.xlsx")
    assert crm("apply", "w.xlsx").stdout.startswith("1 texts: 1 placed (1 records with them)")
    assert crm("apply", "a.csv", code=1).stderr

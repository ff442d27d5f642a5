from __future__ import annotations

from typing import Any

DEALS = "商机编号,客户名称,商机名称,阶段,商机金额,备注"


def _values(office: Any, document: dict[str, Any]) -> list[list[Any]]:
    if document["conflicts"] is None:
        return []
    wanted = ("record", "field", "ours", "theirs", "theirs last time", "counts now", "source", "row")
    return [[row[key] for key in wanted] for row in office.rows(document["conflicts"])]


def test_a_first_import_and_the_same_again_contest_nothing(office: Any) -> None:
    assert office.load("旧CRM", "1,甲公司,电子,A")["conflicts"] is None
    assert office.load("旧CRM", "1,甲公司,电子,A")["conflicts"] is None
    assert office.load("旧CRM", "1,甲公司,电子,A", "1,甲公司,化工,A")["conflicts"] is not None


def test_what_rows_of_one_source_say_against_each_other_is_no_conflict(office: Any) -> None:
    assert office.load("旧CRM", "1,甲公司,电子制造,A", "1,甲公司,电子,A")["conflicts"] is None


def test_another_systems_word_stands_against_ours_once(office: Any) -> None:
    office.load("旧CRM", "1,甲公司,电子制造,A")
    told = office.load("新CRM", "9,甲公司,化工,A", days=1)
    assert told["conflicts"].endswith("conflicts-R2.xlsx")
    assert _values(office, told) == [["C1", "Industry", "电子制造", "化工", None, "ours", "新CRM", "2"]]
    assert office.load("新CRM", "9,甲公司,化工,A", days=2)["conflicts"] is None


def test_the_next_word_of_the_same_source_tells_what_it_said_before(office: Any) -> None:
    office.load("旧CRM", "1,甲公司,电子制造业,A")
    office.load("新CRM", "9,甲公司,化工,A", days=1)
    told = office.load("新CRM", "9,甲公司,石化,A", days=2)
    assert _values(office, told) == [["C1", "Industry", "电子制造业", "石化", "化工", "ours", "新CRM", "2"]]
    office.crm("customer", "set", "C1", "industry=食品")
    told = office.load("旧CRM", "1,甲公司,电子,A", days=3)
    (row,) = office.rows(told["conflicts"])
    assert (row["ours"], row["theirs"], row["theirs last time"]) == ("食品", "电子", "电子制造业")
    assert row["ours: who and when"] == "tester, 2026-06-30 09:00, edit R4"


def test_a_deciding_systems_fields_contest_what_others_say(office: Any) -> None:
    office.own("旧CRM", "stage", "amount")
    office.load("旧CRM", "1,甲公司,年框,需求确认,100,", heads=DEALS)
    told = office.load("新CRM", "1,甲公司,年框,赢单,200,", heads=DEALS, days=1)
    assert _values(office, told) == [
        ["O1", "Amount", "100.00", "200.00", None, "ours", "新CRM", "2"],
        ["O1", "Stage", "需求确认", "赢单", None, "ours", "新CRM", "2"],
    ]
    told = office.load("新CRM", "1,甲公司,年框,赢单,300,", heads=DEALS, days=2)
    assert _values(office, told) == [["O1", "Amount", "100.00", "300.00", "200.00", "ours", "新CRM", "2"]]


def test_a_move_over_what_a_person_set_is_told(office: Any) -> None:
    office.load("旧CRM", "1,甲公司,年框,需求确认,100,", heads=DEALS)
    office.crm("opp", "set", "O1", "amount=150")
    assert office.load("旧CRM", "1,甲公司,年框,需求确认,100,", heads=DEALS, days=1)["conflicts"] is None
    told = office.load("旧CRM", "1,甲公司,年框,需求确认,200,", heads=DEALS, days=2)
    assert office.one("opp")["amount"] == "200.00"
    assert _values(office, told) == [["O1", "Amount", "150.00", "200.00", "100.00", "theirs", "旧CRM", "2"]]


def test_a_move_of_the_same_source_alone_is_no_conflict(office: Any) -> None:
    office.load("旧CRM", "1,甲公司,年框,需求确认,100,", heads=DEALS)
    assert office.load("旧CRM", "1,甲公司,年框,方案报价,200,", heads=DEALS, days=7)["conflicts"] is None


def test_two_systems_in_one_command_contest_each_other(office: Any) -> None:
    office.crm.write("甲.csv", "客户编号,客户名称,行业", "1,甲公司,电子制造")
    office.crm.write("乙.csv", "销售易编号,客户名称,行业", "7,甲公司,化工")
    office.crm("import", "甲.csv", "--source", "甲")
    told = office.crm("import", "乙.csv", "--json", code=None).json
    assert [row[1:4] for row in _values(office, told)] == [["Industry", "电子制造", "化工"]]


def test_a_dry_run_leaves_no_workbook(office: Any) -> None:
    office.load("旧CRM", "1,甲公司,电子制造,A")
    office.crm.write("新.csv", "客户编号,客户名称,行业,客户级别", "9,甲公司,化工,A")
    assert office.crm("import", "新.csv", "--source", "新CRM", "--dry-run", "--json", code=3).json["conflicts"] is None
    assert not list(office.crm.folder.glob("conflicts*"))


def test_what_a_source_repeats_while_ours_moved_is_no_conflict(office: Any) -> None:
    office.own("旧CRM", "stage")
    office.load("旧CRM", "1,甲公司,年框,方案报价,100,", heads=DEALS)
    assert office.load("新CRM", "1,甲公司,年框,已报价,100,", heads=DEALS, days=1)["conflicts"] is None
    office.load("旧CRM", "1,甲公司,年框,商务谈判,100,", heads=DEALS, days=7)
    assert office.load("新CRM", "1,甲公司,年框,已报价,100,", heads=DEALS, days=8)["conflicts"] is None
    told = office.load("新CRM", "1,甲公司,年框,赢单,100,", heads=DEALS, days=9)
    (row,) = office.rows(told["conflicts"])
    assert (row["theirs"], row["ours: who and when"]) == ("赢单", "旧CRM, 2026-06-08 09:00, import R3")

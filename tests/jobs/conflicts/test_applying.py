from __future__ import annotations

from typing import Any

import pytest

DEALS = "商机编号,客户名称,商机名称,阶段,商机金额,备注"


@pytest.fixture
def sheet(office: Any) -> str:
    """Return a conflict sheet of industry and level."""
    office.load("旧CRM", "1,甲公司,电子制造,A级")
    return str(office.load("新CRM", "9,甲公司,化工,B", days=1)["conflicts"])


def _of(office: Any) -> tuple[str, str]:
    customer = office.one("customer")
    return customer["industry"], customer["level"]


def test_decisions_are_written_as_a_persons_word_and_undone(office: Any, sheet: str) -> None:
    done = office.apply(office.fill(sheet, ("采用对方", ""), ("手工填写", "重点")))
    assert (done["run"], done["theirs"], done["typed"], done["undecided"]) == ("R3", 1, 1, 0)
    assert _of(office) == ("化工", "重点")
    assert office.load("旧CRM", "1,甲公司,电子制造产业,A级", days=5)["conflicts"] is not None
    assert _of(office) == ("化工", "重点")
    undone = office.crm("undo", "R3", "--json").json
    assert (undone["reversed"], undone["kept"]) == (2, [])
    assert _of(office) == ("电子制造", "A级")


def test_the_same_workbook_again_changes_nothing(office: Any, sheet: str) -> None:
    office.apply(office.fill(sheet, ("keep ours", ""), ("take theirs", "")))
    again = office.apply(sheet)
    assert (again["unchanged"], again["ours"], again["theirs"]) == (2, 0, 0)


def test_ours_once_chosen_stays_against_a_better_word(office: Any, sheet: str) -> None:
    office.apply(office.fill(sheet, ("保留我方", "")), 3)
    office.load("新CRM", "9,甲公司,精密电子制造业,B", days=5)
    assert _of(office) == ("电子制造", "A级")


def test_what_changed_since_is_asked_again_and_not_overwritten(office: Any, sheet: str) -> None:
    office.crm("customer", "set", "C1", "industry=食品")
    done = office.apply(office.fill(sheet, ("采用对方", ""), ("采用对方", "")), 3)
    assert (done["theirs"], done["changed_since"]) == (1, 1)
    assert done["conflicts"].endswith("conflicts-R4.xlsx")
    assert _of(office) == ("食品", "B")
    (row,) = office.rows(done["conflicts"])
    wanted = ("record", "field", "ours", "theirs", "theirs last time", "source", "file", "row")
    assert [row[key] for key in wanted] == ["C1", "Industry", "食品", "化工", "电子制造", "新CRM", "新CRM.csv", "2"]
    office.apply(office.fill(done["conflicts"], ("采用对方", "")))
    assert _of(office) == ("化工", "B")


def test_rows_without_decision_are_left(office: Any, sheet: str) -> None:
    done = office.apply(sheet, 3)
    assert (done["undecided"], done["left_out"]) == (2, [])
    assert _of(office) == ("电子制造", "A级")


@pytest.mark.parametrize(
    ("decision", "column", "why"),
    [
        (("也许", ""), "decision", "也许 is no decision: keep ours, take theirs, as typed"),
        (("手工填写", ""), "typed value", "the value is missing"),
    ],
)
def test_a_bad_decision_is_named_by_row_and_column(
    office: Any, sheet: str, decision: tuple[str, str], column: str, why: str
) -> None:
    done = office.apply(office.fill(sheet, decision, ("采用对方", "")), 3)
    assert done["left_out"] == [{"row": 2, "column": column, "why": why}]
    assert _of(office) == ("电子制造", "B")


def test_a_typed_value_alone_is_a_decision(office: Any, sheet: str) -> None:
    office.apply(office.fill(sheet, ("", "食品"), ("保留我方", "")))
    assert _of(office) == ("食品", "A级")


def test_a_dry_run_writes_nothing(office: Any, sheet: str) -> None:
    done = office.apply(office.fill(sheet, ("采用对方", ""), ("采用对方", "")), 0, "--dry-run")
    assert (done["run"], done["theirs"]) == (None, 2)
    assert _of(office) == ("电子制造", "A级")


def test_a_hidden_cell_that_was_changed_is_no_key(office: Any, sheet: str) -> None:
    from openpyxl import load_workbook

    book = load_workbook(sheet)
    book.worksheets[0].cell(2, 16).value = "C1"
    book.save(sheet)
    done = office.apply(office.fill(sheet, ("采用对方", ""), ("采用对方", "")), 3)
    assert [left["row"] for left in done["left_out"]] == [2]


def _deals(office: Any, theirs: str) -> str:
    office.own("旧CRM", "stage", "amount")
    office.load("旧CRM", "1,甲公司,年框,初步接触,100,", heads=DEALS)
    return str(office.load("新CRM", theirs, heads=DEALS, days=1)["conflicts"])


def test_an_amount_and_a_stage_become_events_of_a_person(office: Any) -> None:
    sheet = _deals(office, "1,甲公司,年框,需求确认,200,")
    office.apply(office.fill(sheet, ("采用对方", ""), ("采用对方", "")))
    deal = office.one("opp")
    assert (deal["amount"], deal["stage"], deal["status"]) == ("200.00", "需求确认", "open")
    office.load("旧CRM", "1,甲公司,年框,初步接触,100,", heads=DEALS, days=9)
    assert office.one("opp")["stage"] == "需求确认"
    office.crm("undo", "R3")
    assert (office.one("opp")["amount"], office.one("opp")["stage"]) == ("100.00", "初步接触")


def test_a_stages_gate_binds_who_decides(office: Any) -> None:
    sheet = _deals(office, "1,甲公司,年框,商务谈判,,")
    done = office.apply(office.fill(sheet, ("采用对方", "")), 3)
    assert "not moved" in done["left_out"][0]["why"]
    assert office.one("opp")["stage"] == "初步接触"


def test_an_end_that_is_taken_brings_its_date_and_reason(office: Any) -> None:
    office.own("旧CRM", "stage")
    heads = "商机编号,客户名称,商机名称,阶段,关闭时间,丢单原因"
    office.load("旧CRM", "1,甲公司,年框,初步接触,,", heads=heads)
    sheet = office.load("新CRM", "1,甲公司,年框,输单,2026-06-01,价格", heads=heads, days=2)["conflicts"]
    (row,) = office.rows(sheet)
    assert (row["field"], row["theirs"]) == ("Stage", "输单 · 2026-06-01 · 价格")
    office.apply(office.fill(sheet, ("采用对方", "")))
    deal = office.one("opp")
    assert (deal["status"], deal["closed_at"], deal["loss_reason"]) == ("lost", "2026-06-01", "价格")


def test_a_closings_date_that_is_taken_changes_the_closing(office: Any) -> None:
    heads = "商机编号,客户名称,商机名称,阶段,关闭时间"
    office.load("旧CRM", "1,甲公司,年框,赢单,2026-05-02", heads=heads)
    sheet = office.load("新CRM", "1,甲公司,年框,赢单,2026-05-01", heads=heads, days=2)["conflicts"]
    office.apply(office.fill(sheet, ("采用对方", "")))
    assert office.one("opp")["closed_at"] == "2026-05-01"


def test_a_move_over_a_persons_word_can_be_taken_back(office: Any) -> None:
    office.load("旧CRM", "1,甲公司,年框,初步接触,100,", heads=DEALS)
    office.crm("opp", "set", "O1", "amount=150")
    sheet = office.load("旧CRM", "1,甲公司,年框,初步接触,200,", heads=DEALS, days=2)["conflicts"]
    office.apply(office.fill(sheet, ("保留我方", "")))
    assert office.one("opp")["amount"] == "150.00"


def test_a_file_that_asked_nothing_is_refused(office: Any) -> None:
    office.crm.write("a.csv", "客户编号,客户名称", "1,甲公司")
    refused = office.crm("apply", "a.csv", "--json", code=1).json
    assert refused["error"]["code"] == "apply.no_workbook"

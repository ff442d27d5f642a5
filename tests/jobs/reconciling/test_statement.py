from __future__ import annotations

from typing import Any

import pytest

from crmcli.domain.statement import Difference, SheetStatement, Statement
from crmcli.jobs.dedupe.run import dedupe_customers
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.reconciling.statement import NotAnImport, NothingImported, make_statement
from crmcli.jobs.records.editing import set_fields
from crmcli.reports.reconciling.checks import checks_of
from crmcli.store.changes import UnknownRun

DEALS = ("商机编号", "商机名称", "客户名称", "商机金额", "阶段", "负责人", "创建时间")
ONE = ("1", "一期", "甲公司", "100", "已报价", "张伟", "2026-05-03")
TWO = ("2", "二期", "乙公司", "200.50", "赢单", "王芳", "2026-06-01")


def _state(desk: Any, run: str = "") -> Statement:
    """Return a statement that stands."""
    statement = make_statement(desk.workspace, run)
    assert [(check.name, str(check.detail)) for check in checks_of(statement) if not check.ok] == []
    return statement


def _told(statement: Statement) -> list[tuple[Any, ...]]:
    return [(one.row, one.fact, _values(one), str(one.why)) for one in statement.differences]


def _values(one: Difference) -> tuple[Any, Any]:
    key = {"amount": "amount_fen", "row": "amount_fen"}.get(one.fact, one.fact)
    return getattr(one.said, key), getattr(one.held, key)


def _only(statement: Statement) -> SheetStatement:
    (sheet,) = statement.sheets
    return sheet


def test_what_came_in_as_it_was_has_no_differences(desk: Any) -> None:
    desk.load(desk.write("商机.csv", DEALS, ONE, TWO))
    statement = _state(desk)
    sheet = _only(statement)
    assert (sheet.read, sheet.rows, sheet.records) == (2, 2, 2)
    assert sheet.sums() == {"CNY": (30_050, 30_050)}
    assert sheet.stored == {"CNY": 30_050}
    assert sheet.printed == 30_050
    assert sheet.cells["owner"] == {("张伟", "CNY"): [1, 10_000, 1, 10_000], ("王芳", "CNY"): [1, 20_050, 1, 20_050]}
    assert set(sheet.cells["stage"]) == {("方案报价", "CNY"), ("赢单", "CNY")}
    assert set(sheet.cells["month"]) == {("2026-05", "CNY"), ("2026-06", "CNY")}
    assert statement.differences == []
    assert {one.kind: (one.listed, one.present) for one in statement.kinds} == {"opportunity": (2, 2)}


def test_rows_of_one_record_are_counted_once_and_listed(desk: Any) -> None:
    desk.load(desk.write("商机.csv", DEALS, ONE, TWO, ONE))
    statement = _state(desk)
    assert _only(statement).sums() == {"CNY": (40_050, 30_050)}
    assert _told(statement) == [(4, "row", (10_000, None), "the same record as row 2 of this sheet, counted there")]
    assert statement.moved() == [{"CNY": -10_000}]


def test_rows_that_did_not_come_in_are_listed_with_why(desk: Any) -> None:
    rows = (("", "", "", "70", "", "张伟", ""), ("合计", "", "", "370.5", "", "", ""))
    desk.load(desk.write("商机.csv", DEALS, ONE, *rows))
    statement = _state(desk)
    sheet = _only(statement)
    assert [(one.row, one.outcome, str(one.why)) for one in statement.differences] == [
        (3, "rejected", "nothing in this row says which record it is"),
        (4, "skipped", "a total, no record"),
    ]
    assert sheet.sums() == {"CNY": (10_000, 10_000)}
    assert sheet.beside == {"CNY": {"rejected": 7_000, "skipped": 37_050}}


def test_what_a_person_changed_is_told_with_who_and_when(desk: Any) -> None:
    desk.load(desk.write("商机.csv", DEALS, ONE, TWO))
    set_fields(desk.workspace, "opportunity", "O1", ["amount=150", "owner=王芳"])
    statement = _state(desk)
    assert _told(statement) == [
        (2, "owner", ("张伟", "王芳"), "tester changed it (edit, R2)"),
        (2, "amount", (10_000, 15_000), "tester changed it (edit, R2)"),
    ]
    assert statement.differences[1].cell == "100"
    assert _only(statement).cells["owner"][("王芳", "CNY")] == [1, 20_050, 2, 35_050]


def test_what_a_later_import_says_is_told_with_its_row(desk: Any) -> None:
    desk.load(desk.write("0301.csv", DEALS, ONE, TWO))
    desk.load(desk.write("0308.csv", DEALS, (*ONE[:3], "120", *ONE[4:]), TWO))
    statement = _state(desk)
    assert _told(statement) == [(2, "amount", (10_000, 12_000), "the later import R2 says so: 0308.csv row 2")]
    first, later = statement.sheets
    assert first.sums() == {"CNY": (30_050, 32_050)}
    assert (later.same.rows, later.records) == (1, 1)
    assert later.sums() == {"CNY": (32_050, 32_050)}
    assert [(one.kind, one.listed, one.shared, one.present) for one in statement.kinds] == [("opportunity", 3, 1, 2)]


def test_what_competes_is_told_with_the_row_that_counts(desk: Any) -> None:
    headers = ("客户编号", "客户名称", "负责人", "创建时间")
    desk.load(
        desk.write(
            "客户.csv", headers, ("1", "甲公司", "张伟", "2026-05-01"), ("1", "甲公司", "欧阳小芳", "2026-05-02")
        )
    )
    statement = _state(desk)
    assert _told(statement) == [
        (2, "owner", ("张伟", "欧阳小芳"), "row 3 of this sheet says otherwise and counts; this is kept beside it"),
        (3, "row", (None, None), "the same record as row 2 of this sheet, counted there"),
    ]


def test_a_merged_record_is_followed_to_where_it_lives_on(desk: Any) -> None:
    headers = ("客户名称", "手机", "地址", "负责人")
    phone, address = "13800138000", "江苏省苏州市新城路1号"
    desk.load(desk.write("一.csv", headers, ("苏州华东精密机械有限公司", phone, address, "张伟")))
    desk.load(
        desk.write(
            "二.csv", headers, ("华东精密机械(苏州)有限公司", phone, address, "王芳"), ("丙公司", "", "", "李娜")
        )
    )
    done = dedupe_customers(desk.workspace, review_only=False, dry_run=False)
    assert done.merged == 1
    statement = _state(desk)
    assert [sheet.records for sheet in statement.sheets] == [1, 2]
    assert [(one.listed, one.shared, one.present) for one in statement.kinds] == [(3, 1, 2)]
    assert [one.fact for one in statement.differences] == ["owner"]
    assert "R3" in str(statement.differences[0].why)


def test_an_import_that_was_taken_back_is_stated_by_itself_only(desk: Any) -> None:
    desk.load(desk.write("一.csv", DEALS, ONE))
    desk.load(desk.write("二.csv", DEALS, TWO))
    undo_run(desk.workspace, "R2")
    statement = _state(desk)
    assert [sheet.file.rpartition("/")[2] for sheet in statement.sheets] == ["一.csv"]
    assert [(one.run, one.undone_by) for one in statement.left_aside] == [(2, 3)]
    undone = _state(desk, "R2")
    assert [(one.run, one.undone_by) for one in undone.runs] == [(2, 3)]
    assert _told(undone) == [(2, "row", (20_050, None), "taken back by R3")]
    assert _only(undone).sums() == {"CNY": (20_050, 0)}


def test_the_same_file_again_is_followed_by_the_rows_of_the_first_time(desk: Any) -> None:
    path = desk.write("商机.csv", DEALS, ONE, TWO)
    desk.load(path)
    desk.load(path)
    set_fields(desk.workspace, "opportunity", "O1", ["amount=150"])
    again = _state(desk, "R2")
    assert _only(again).same.rows == 0
    assert _only(again).sums() == {"CNY": (30_050, 35_050)}
    assert _told(again) == [(2, "amount", (10_000, 15_000), "tester changed it (edit, R3)")]


def test_stages_are_compared_as_they_are_meant(desk: Any) -> None:
    desk.load(desk.write("商机.csv", DEALS, ONE, (*TWO[:4], "Closed Won", *TWO[5:])))
    history = ("商机编号", "阶段", "变更时间")
    desk.load(desk.write("阶段.csv", history, ("1", "商务谈判", "2026-05-20"), ("9", "商务谈判", "2026-05-20")))
    statement = _state(desk)
    assert _told(statement) == [
        (2, "stage", ("方案报价", "商务谈判"), "the later import R2 says so: its stage history"),
        (3, "row", (None, None), "no opportunity 9 is known"),
    ]
    events = statement.sheets[1]
    assert (events.rows, events.records) == (1, 1)
    assert {one.kind: one.balance for one in statement.kinds} == {"opportunity": 0, "stage_history": 0}


def test_currencies_are_summed_apart(desk: Any) -> None:
    desk.load(desk.write("商机.csv", DEALS, ONE, (*TWO[:3], "$200", *TWO[4:])))
    assert _only(_state(desk)).sums() == {"CNY": (10_000, 10_000), "USD": (20_000, 20_000)}


def test_a_sheet_that_was_left_out_is_named(desk: Any) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in (("客户名称", "负责人"), ("甲公司", "张伟")):
        book.worksheets[0].append(row)
    book.create_sheet("空")
    book.save(desk.folder / "b.xlsx")
    desk.load(str(desk.folder / "b.xlsx"))
    left = [(sheet.sheet, str(sheet.left_out)) for sheet in _state(desk).sheets if sheet.left_out]
    assert [name for name, why in left if why] == ["空"]


def test_what_cannot_be_stated_is_named(desk: Any) -> None:
    with pytest.raises(NothingImported):
        make_statement(desk.workspace)
    desk.load(desk.write("商机.csv", DEALS, ONE))
    set_fields(desk.workspace, "opportunity", "O1", ["amount=150"])
    with pytest.raises(NotAnImport, match="R2 read no files"):
        make_statement(desk.workspace, "R2")
    with pytest.raises(UnknownRun):
        make_statement(desk.workspace, "R9")


def test_a_record_that_was_changed_behind_the_journal_makes_it_fail(desk: Any) -> None:
    desk.load(desk.write("商机.csv", DEALS, ONE))
    desk.workspace.db.connection.execute("UPDATE opportunity SET amount_fen = 1")
    statement = make_statement(desk.workspace)
    assert [check.name for check in checks_of(statement) if not check.ok] == ["reasons"]


def test_a_row_that_is_lost_makes_it_fail(desk: Any) -> None:
    desk.load(desk.write("商机.csv", DEALS, ONE, TWO))
    desk.workspace.db.connection.execute("DELETE FROM source_row WHERE row = 3")
    statement = make_statement(desk.workspace)
    assert [check.name for check in checks_of(statement) if not check.ok] == ["kept", "records", "source"]

from __future__ import annotations

from typing import Any

import pytest

from crmcli.domain.settle import Mode
from crmcli.jobs.deals.moves import lose_deal, move_deal
from crmcli.jobs.records.editing import set_fields

HEADERS = ("商机编号", "客户名称", "商机名称", "金额", "阶段", "负责人", "预计成交日期", "成交日期", "丢单原因")


def _row(
    amount: str = "", stage: str = "", owner: str = "", expected: str = "", closed: str = "", reason: str = ""
) -> tuple[str, ...]:
    return ("1", "甲公司", "年框", amount, stage, owner, expected, closed, reason)


def _counts(result: Any) -> dict[str, int]:
    return {key: number for key, number in result.tally.counts.items() if number}


def _events(desk: Any, *, real: bool = True) -> list[tuple[Any, ...]]:
    return [(e["field"], e["from_value"], e["value"]) for e in desk.records("event") if not real or not e["inferred"]]


def _deal(desk: Any, *keys: str) -> list[Any]:
    deal = desk.one("opportunity")
    return [deal[key] for key in keys]


def test_a_present_stage_is_one_inferred_event_at_the_creation(desk: Any) -> None:
    desk.rows((*HEADERS, "创建时间"), (*_row("100", "已报价"), "2026-01-05"))
    (event,) = desk.records("event")
    assert (event["value"], event["at"], event["inferred"], event["rank"]) == ("方案报价", "2026-01-05", 1, 3)
    assert _deal(desk, "stage", "stage_text", "status") == ["方案报价", "已报价", "open"]


def test_a_deal_without_stage_has_no_event(desk: Any) -> None:
    desk.rows(HEADERS, _row("100"))
    assert desk.records("event") == []
    assert _deal(desk, "stage", "status") == [None, "open"]


def test_a_weekly_sheet_moves_the_deal(desk: Any) -> None:
    desk.rows(HEADERS, _row("100", "初步接触", "张伟", "2026-07-01"))
    outcome = desk.rows(HEADERS, _row("90", "商务谈判", "王芳", "2026-08-01"), days=7)
    assert _counts(outcome) == {"updated": 1}
    assert outcome.tally.listed == []
    assert _deal(desk, "amount_fen", "stage", "owner", "expected_close", "owner_by") == [
        9000, "商务谈判", "王芳", "2026-08-01", "import"
    ]  # fmt: skip
    assert sorted(_events(desk)) == [
        ("amount_fen", "10000", "9000"), ("expected_close", "2026-07-01", "2026-08-01"), ("owner", "张伟", "王芳"),
        ("stage", "初步接触", "商务谈判"),
    ]  # fmt: skip
    assert {e["at"] for e in desk.records("event") if not e["inferred"]} == {"2026-07-07T09:00:00+08:00"}
    assert _counts(desk.rows(HEADERS, _row("90", "商务谈判", "王芳", "2026-08-01"), days=14)) == {"same": 1}


def test_a_deal_without_number_and_name_is_its_customers(desk: Any) -> None:
    headers, second = ("客户名称", "金额", "阶段"), ("乙公司", "200", "方案报价")
    assert _counts(desk.rows(headers, ("甲公司", "100", "初步接触"), second)) == {"new": 2}
    assert _counts(desk.rows(headers, ("甲公司", "150", "方案报价"), second, days=7)) == {"updated": 1, "same": 1}


def test_a_weekly_sheet_may_move_it_back(desk: Any) -> None:
    desk.rows(HEADERS, _row("100", "商务谈判"))
    desk.rows(HEADERS, _row("100", "需求确认"), days=7)
    assert _deal(desk, "stage") == ["需求确认"]


def test_a_persons_later_word_stays_while_the_sheet_says_what_it_said(desk: Any) -> None:
    desk.rows(HEADERS, _row("100", "初步接触", "张伟"))
    set_fields(desk.at(1), "opportunity", "O1", ["amount=250", "owner=王芳"])
    assert _counts(desk.rows(HEADERS, _row("100", "初步接触", "张伟"), days=7)) == {"same": 1}
    assert _deal(desk, "amount_fen", "owner") == [25000, "王芳"]
    desk.rows(HEADERS, _row("120", "初步接触", "张伟"), days=14)
    assert _deal(desk, "amount_fen", "owner") == [12000, "王芳"]


def test_a_persons_move_stays_while_the_sheet_says_what_it_said(desk: Any) -> None:
    desk.rows(HEADERS, _row("100", "初步接触", "张伟"))
    move_deal(desk.at(1), "O1", "需求确认")
    assert _counts(desk.rows(HEADERS, _row("100", "初步接触", "张伟"), days=7)) == {"same": 1}
    assert _deal(desk, "stage") == ["需求确认"]
    desk.rows(HEADERS, _row("100", "商务谈判", "张伟"), days=14)
    assert _deal(desk, "stage") == ["商务谈判"]


def test_another_sources_first_word_competes_and_does_not_move(desk: Any, new_desk: Any) -> None:
    mine, theirs = _row("100", "方案报价", "张伟"), _row("2000", "初步接触", "王芳芳")
    desk.rows(HEADERS, mine)
    outcome = desk.rows(HEADERS[1:], theirs[1:], source="旧CRM")
    assert _deal(desk, "amount_fen", "stage", "owner") == [200000, "方案报价", "王芳芳"]
    assert desk.alternates() == [("amount_fen", "10000"), ("owner", "张伟"), ("stage", "初步接触")]
    assert outcome.tally.alternates == 3
    assert {listed.header for listed in outcome.tally.listed} == {"金额", "负责人", "阶段"}
    other = new_desk()
    other.rows(HEADERS[1:], theirs[1:], source="旧CRM")
    other.rows(HEADERS, mine)
    assert other.dump() == desk.dump()


def test_rows_of_one_file_that_differ_are_settled_by_value_not_by_order(desk: Any, new_desk: Any) -> None:
    rows = [_row("100", "方案报价"), _row("2000", "初步接触"), _row("300", "需求确认")]
    desk.rows(HEADERS, *rows)
    assert _deal(desk, "amount_fen", "stage") == [200000, "方案报价"]
    other = new_desk()
    other.rows(HEADERS, *rows[::-1])
    assert other.dump() == desk.dump()
    assert _counts(desk.rows(HEADERS, *rows[::-1])) == {"same": 3}
    assert other.dump() == desk.dump()


def test_won_lost_and_void_close_the_deal_with_its_date(desk: Any) -> None:
    blank = ("", "")
    rows = [
        ("1", "甲", "a", "1", "已签单", *blank, "2026-03-01", ""),
        ("2", "甲", "b", "1", "黄了", *blank, "2026-03-02", "太贵"),
        ("3", "甲", "c", "1", "无效", *blank, "", ""),
        ("4", "甲", "d", "1", "已报价", *blank, "2026-09-01", ""),
    ]
    desk.rows(HEADERS, *rows)
    keys = ("status", "stage", "closed_at", "loss_reason", "expected_close")
    assert [tuple(deal[key] for key in keys) for deal in desk.records("opportunity")] == [
        ("won", "赢单", "2026-03-01", None, None),
        ("lost", "输单", "2026-03-02", "太贵", None),
        ("void", "无效", None, None, None),
        ("open", "方案报价", None, None, "2026-09-01"),
    ]
    assert desk.records("opportunity")[1]["loss_note"] is None


@pytest.mark.parametrize(("written", "reason", "note"), [("价格", "价格", None), ("价格太高了", "价格太高了", None)])
def test_a_loss_reason_is_kept_as_written_unless_it_is_known(
    desk: Any, written: str, reason: str, note: str | None
) -> None:
    desk.rows(HEADERS, _row("1", "输单", closed="2026-03-01", reason=written))
    assert _deal(desk, "loss_reason", "loss_note") == [reason, note]


def test_an_end_column_beside_a_stage(desk: Any) -> None:
    headers = ("商机编号", "客户名称", "阶段", "结束状态", "结束时的备注", "成交日期")
    desk.rows(
        headers, ("1", "甲公司", "方案报价", "输单", "竞品", "2026-03-01"), ("2", "甲公司", "方案报价", "", "", "")
    )
    lost, still_open = desk.records("opportunity")
    assert (lost["status"], lost["loss_reason"], lost["closed_at"]) == ("lost", "竞品", "2026-03-01")
    assert still_open["status"] == "open"
    events = [(e["opportunity_id"], e["value"], e["inferred"]) for e in desk.records("event")]
    assert events == [(1, "方案报价", 1), (1, "输单", 1), (2, "方案报价", 1)]


def test_a_stage_that_no_pipeline_knows_is_kept_and_listed(desk: Any) -> None:
    outcome = desk.rows(HEADERS, _row("1", "等老板点头"))
    assert _deal(desk, "stage", "status") == ["等老板点头", "open"]
    assert [(listed.code, listed.value) for listed in outcome.tally.listed] == [("stage.unknown", "等老板点头")]


def test_a_closing_date_and_reason_that_come_later_fill_the_closing(desk: Any) -> None:
    desk.rows(HEADERS, _row("1", "输单"))
    assert _counts(desk.rows(HEADERS, _row("1", "输单", closed="2026-03-01", reason="价格"), days=7)) == {"updated": 1}
    assert _deal(desk, "closed_at", "loss_reason") == ["2026-03-01", "价格"]
    assert len(desk.records("event")) == 1
    assert _counts(desk.rows(HEADERS, _row("1", "输单", closed="2026-03-01", reason="价格"), days=14)) == {"same": 1}


def test_a_move_to_an_end_takes_its_date_and_a_later_one_replaces_the_day_of_reading(desk: Any) -> None:
    desk.rows(HEADERS, _row("1", "方案报价"))
    desk.rows(HEADERS, _row("1", "赢单"), days=7)
    assert _deal(desk, "closed_at") == ["2026-07-07T09:00:00+08:00"]
    desk.rows(HEADERS, _row("1", "赢单", closed="2026-07-03"), days=14)
    assert _deal(desk, "closed_at", "status") == ["2026-07-03", "won"]


def test_a_persons_closing_is_not_contested(desk: Any) -> None:
    desk.rows(HEADERS, _row("1", "方案报价"))
    lose_deal(desk.at(1), "O1", "价格", at="2026-06-25")
    outcome = desk.rows(HEADERS, _row("1", "输单", closed="2026-06-20", reason="竞品"), days=7)
    assert _deal(desk, "closed_at", "loss_reason") == ["2026-06-25", "价格"]
    assert {listed.code for listed in outcome.tally.listed} == {"value.not_taken"}
    assert ("loss_reason", "竞品") in desk.alternates()


def test_skip_moves_nothing_and_keeps_what_was_said(desk: Any) -> None:
    desk.rows(HEADERS, _row("100", "初步接触"))
    desk.rows(HEADERS, _row("90", "商务谈判"), on_match=Mode.SKIP, days=7)
    assert _deal(desk, "amount_fen", "stage") == [10000, "初步接触"]
    assert desk.alternates() == [("amount_fen", "9000"), ("stage", "商务谈判")]
    desk.rows(HEADERS, _row("90", "商务谈判"), days=14)
    assert _deal(desk, "amount_fen", "stage") == [9000, "商务谈判"]


def test_overwrite_wins_over_a_persons_word(desk: Any) -> None:
    desk.rows(HEADERS, _row("100", "初步接触", "张伟"))
    set_fields(desk.at(1), "opportunity", "O1", ["amount=250"])
    desk.rows(HEADERS, _row("100", "初步接触", "张伟"), on_match=Mode.OVERWRITE, days=7)
    assert _deal(desk, "amount_fen") == [10000]


def test_blank_clears_an_amount_and_the_next_one_counts_again(desk: Any) -> None:
    desk.rows(HEADERS, _row("100", "初步接触"))
    desk.rows(HEADERS, _row("", "初步接触"), blank_clears=True, days=7)
    assert _deal(desk, "amount_fen", "stage") == [None, "初步接触"]
    desk.rows(HEADERS, _row("100", "初步接触"), days=14)
    assert _deal(desk, "amount_fen") == [10000]


def test_a_currency_goes_with_its_amount(desk: Any) -> None:
    desk.rows(HEADERS, _row("$100"))
    assert _deal(desk, "amount_fen", "currency") == [10000, "USD"]
    desk.rows(HEADERS, _row("￥700"), days=7)
    assert _deal(desk, "amount_fen", "currency") == [70000, "CNY"]
    desk.rows(HEADERS[1:], _row("€9")[1:], source="B")
    assert _deal(desk, "amount_fen", "currency") == [70000, "CNY"]
    assert ("currency", "EUR") in desk.alternates()


def test_probability_of_a_sheet_counts_as_said_by_hand(desk: Any) -> None:
    desk.rows((*HEADERS, "赢率"), (*_row("100", "方案报价"), "75%"))
    assert _deal(desk, "probability", "probability_source") == [75, "manual"]


def test_mixed_columns_make_customer_contact_and_deal(desk: Any) -> None:
    outcome = desk.rows(
        ("客户名称", "行业", "联系人", "手机", "商机名称", "金额(万元)", "阶段", "负责人"),
        ("甲公司", "电子", "张三", "13800000000", "年框", "3.5", "谈判中", "王芳"),
    )
    assert outcome.tally.records == {"customer": 1, "contact": 1, "opportunity": 1}
    assert (outcome.planned.mapping.kind, desk.one("contact")["customer_id"]) == ("opportunity", 1)
    assert _deal(desk, "customer_id", "amount_fen", "stage") == [1, 3500000, "商务谈判"]
    assert desk.one("customer")["industry"] == "电子"


def test_a_rules_owner_gives_way_to_a_files(desk: Any) -> None:
    desk.rows(HEADERS, _row("100", "初步接触"))
    from crmcli.store.journal import open_run

    with open_run(desk.db, desk.workspace.start("assign")) as run:
        run.update("opportunity", desk.one("opportunity"), {"owner": "一个很长很长的名字", "owner_by": "rule"})
    desk.rows(HEADERS, _row("100", "初步接触", "张伟"), days=7)
    assert _deal(desk, "owner", "owner_by") == ["张伟", "import"]

from __future__ import annotations

from typing import Any

from crmcli.jobs.deals.moves import move_deal

DEAL = ("商机编号", "客户名称", "商机名称", "阶段", "创建时间")
HISTORY = ("商机编号", "原阶段", "阶段", "变更时间", "变更人", "丢单原因", "变更说明")
FOLLOW = ("客户名称", "联系人", "商机编号", "跟进时间", "跟进人", "跟进内容", "跟进方式", "下次联系时间")


def _counts(result: Any) -> dict[str, int]:
    return {key: number for key, number in result.tally.counts.items() if number}


def _deal(desk: Any, *keys: str) -> list[Any]:
    deal = desk.one("opportunity")
    return [deal[key] for key in keys]


def test_real_events_outdo_the_inferred_one(desk: Any) -> None:
    desk.rows(DEAL, ("1", "甲公司", "年框", "商务谈判", "2026-01-01"))
    outcome = desk.rows(
        HISTORY,
        ("1", "", "初步接触", "2026-01-02 10:00:00", "王芳", "", ""),
        ("1", "初步接触", "已报价", "2026-02-01", "王芳", "", "跳过"),
    )
    assert _counts(outcome) == {"new": 2}
    assert outcome.tally.records == {"stage_history": 2}
    assert _deal(desk, "stage") == ["方案报价"]
    event = desk.records("event")[2]
    assert [event[key] for key in ("from_value", "value", "at", "by", "note", "rank", "inferred")] == [
        "初步接触", "方案报价", "2026-02-01", "王芳", "跳过", 3, 0
    ]  # fmt: skip
    assert event["extra"] == {"stage_text": "已报价"}


def test_the_same_event_twice_is_one_and_fills(desk: Any) -> None:
    desk.rows(DEAL, ("1", "甲公司", "年框", "", ""))
    desk.rows(HISTORY, ("1", "", "初步接触", "2026-01-02", "", "", ""))
    outcome = desk.rows(
        HISTORY,
        ("1", "", "初步接触", "2026-01-02", "王芳", "", ""),
        ("1", "", "初步接触", "2026-01-02", "李雷雷", "", ""),
    )
    assert _counts(outcome) == {"updated": 2}
    assert len(desk.records("event")) == 1
    assert (desk.one("event")["by"], desk.alternates()) == ("李雷雷", [("by", "王芳")])


def test_two_rows_of_one_event_in_one_file_keep_both_words(desk: Any) -> None:
    desk.rows(DEAL, ("1", "甲公司", "年框", "", ""))
    row = ("1", "", "初步接触", "2026-01-02")
    outcome = desk.rows(HISTORY, (*row, "王芳", "", "一"), (*row, "王芳", "", "二"))
    assert _counts(outcome) == {"new": 1, "updated": 1}
    assert (desk.one("event")["note"], desk.alternates()) == ("二", [("note", "一")])


def test_the_deals_loss_reason_is_that_of_its_last_loss(desk: Any) -> None:
    desk.rows(DEAL, ("1", "甲公司", "年框", "", ""))
    desk.rows(
        HISTORY,
        ("1", "", "输单", "2026-01-02", "", "价格", ""),
        ("1", "", "方案报价", "2026-02-02", "", "", ""),
        ("1", "", "输单", "2026-03-02", "", "竞品", ""),
    )
    assert _deal(desk, "status", "closed_at", "loss_reason") == ["lost", "2026-03-02", "竞品"]
    assert [e["reason"] for e in desk.records("event")] == ["价格", None, "竞品"]


def test_a_change_of_unknown_time_and_a_row_without_stage(desk: Any) -> None:
    desk.rows(DEAL, ("1", "甲公司", "年框", "", ""))
    result = desk.load(
        desk.csv("h.csv", HISTORY, ("1", "", "初步接触", "某天", "", "", ""), ("1", "", "", "2026-01-01", "", "", ""))
    )
    assert _counts(result.sheets[0]) == {"new": 1, "rejected": 1}
    assert [(r.code, r.header) for r in result.rejections] == [("event.no_stage", "阶段")]
    assert (desk.one("event")["at"], desk.one("event")["extra"]) == (None, {"变更时间": "某天"})


def test_a_future_change_is_kept_and_counts_when_its_day_comes(desk: Any) -> None:
    desk.rows(DEAL, ("1", "甲公司", "年框", "初步接触", "2026-01-01"))
    desk.rows(HISTORY, ("1", "", "需求确认", "2026-01-02", "", "", ""), ("1", "", "商务谈判", "2027-01-01", "", "", ""))
    assert _deal(desk, "stage") == ["需求确认"]


def test_an_unknown_opportunity_is_rejected_and_enters_after_it_came(desk: Any) -> None:
    history = desk.csv("h.csv", HISTORY, ("7", "", "初步接触", "2026-01-02", "", "", ""))
    result = desk.load(history)
    (rejection,) = result.rejections
    assert (rejection.code, rejection.header, rejection.value) == ("reference.unknown_opportunity", "商机编号", "7")
    assert "import the opportunities first" in str(rejection.suggestion)
    desk.rows(DEAL, ("7", "甲公司", "年框", "", ""))
    assert _counts(desk.load(history).sheets[0]) == {"new": 1}
    assert _counts(desk.load(history).sheets[0]) == {"same": 1}


def test_a_deal_is_found_by_customer_and_name_and_by_a_lone_name(desk: Any) -> None:
    desk.rows(DEAL, ("1", "甲公司", "年框", "", ""), ("2", "乙公司", "年框", "", ""), ("3", "乙公司", "试点", "", ""))
    named = ("客户名称", "商机名称", "阶段", "变更时间")
    result = desk.load(
        desk.csv("h.csv", named, ("乙 公司", "年框", "初步接触", "2026-01-01"), ("", "试点", "初步接触", "2026-01-01"),
                 ("", "年框", "初步接触", "2026-01-01"), ("丙公司", "年框", "初步接触", "2026-01-01"))
    )  # fmt: skip
    assert _counts(result.sheets[0]) == {"new": 2, "review": 1, "rejected": 1}
    assert [event["opportunity_id"] for event in desk.records("event")] == [2, 3]
    assert [r.code for r in result.rejections] == ["reference.ambiguous", "reference.unknown_opportunity"]


def test_a_change_time_makes_history_of_whatever_else_is_there(desk: Any) -> None:
    desk.rows(DEAL, ("1", "甲公司", "年框", "", ""))
    outcome = desk.rows(("商机编号", "客户名称", "商机名称", "金额", "阶段", "变更时间", "负责人"),
                        ("1", "甲公司", "年框", "100", "需求确认", "2026-03-01", "王芳"))  # fmt: skip
    assert outcome.tally.records == {"stage_history": 1}
    assert desk.records("event")[0]["by"] == "王芳"
    assert _deal(desk, "amount_fen") == [None]
    assert desk.records("event")[0]["extra"] == {"金额": "100"}


def test_a_follow_up_keeps_its_own_author_and_date(desk: Any) -> None:
    outcome = desk.rows(FOLLOW, ("甲公司", "张三", "", "2026-03-05 10:00", "王芳", "寄样品", "电话", "2026-03-12"))
    assert outcome.tally.records == {"customer": 1, "contact": 1, "activity": 1}
    activity = desk.one("activity")
    assert [activity[key] for key in ("at", "by", "text", "type", "next_at", "origin")] == [
        "2026-03-05T10:00:00+08:00", "王芳", "寄样品", "电话", "2026-03-12", "import"
    ]  # fmt: skip


def test_a_follow_up_is_its_record_time_author_and_text(desk: Any) -> None:
    row = ("甲公司", "张三", "", "2026-03-05", "王芳", "寄样品", "", "")
    day, who, text = "2026-03-05", "王芳", "寄样品"
    other = [
        ("甲公司", "张三", "", "2026-03-06", who, text, "", ""),
        ("甲公司", "张三", "", day, "李雷", text, "", ""),
        ("甲公司", "张三", "", day, who, "回访", "", ""),
        ("乙公司", "张三", "", day, who, text, "", ""),
    ]
    assert _counts(desk.rows(FOLLOW, row, *other)) == {"new": 5}
    assert _counts(desk.rows(FOLLOW, row, *other)) == {"same": 5}
    assert _counts(desk.rows(FOLLOW, (*row[:6], "电话", ""))) == {"updated": 1}
    assert len(desk.records("activity")) == 5


def test_a_follow_up_of_an_unknown_deal_is_kept_listed_and_finds_it_later(desk: Any, new_desk: Any) -> None:
    row = ("甲公司", "", "7", "2026-03-05", "王芳", "寄样品", "", "")
    outcome = desk.rows(FOLLOW, row)
    assert _counts(outcome) == {"new": 1}
    assert [(listed.code, listed.value) for listed in outcome.tally.listed] == [("reference.unknown_opportunity", "7")]
    deal = (DEAL, ("7", "甲公司", "年框", "", ""))
    desk.rows(*deal)
    assert _counts(desk.rows(FOLLOW, row)) == {"updated": 1}
    assert (desk.one("activity")["opportunity_id"], desk.one("activity")["extra"]) == (1, {})
    other = new_desk()
    other.rows(*deal)
    other.rows(FOLLOW, row)
    assert other.dump() == desk.dump()


def test_a_follow_up_of_nothing_known_is_rejected(desk: Any) -> None:
    result = desk.load(desk.csv("f.csv", FOLLOW, ("", "", "7", "2026-03-05", "王芳", "寄样品", "", "")))
    (rejection,) = result.rejections
    assert (rejection.code, rejection.header, rejection.value) == ("activity.no_record", "商机编号", "7")
    assert rejection.suggestion is not None


def test_history_after_a_persons_move_is_put_in_its_place_in_time(desk: Any) -> None:
    desk.rows(DEAL, ("1", "甲公司", "年框", "", ""))
    move_deal(desk.workspace, "O1", "初步接触", at="2026-06-01")
    desk.rows(HISTORY, ("1", "", "需求确认", "2026-01-02", "", "", ""))
    assert _deal(desk, "stage") == ["初步接触"]

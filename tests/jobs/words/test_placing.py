from __future__ import annotations

from typing import Any


def test_an_open_stage_keeps_when_it_was_entered(desk: Any) -> None:
    path = desk.load("1,甲公司,年框,走流程,100,王芳,2026-09-01,,2026-01-05")["words"]
    desk.apply(path, 走流程="方案报价")
    (deal,) = desk.deals()
    assert (deal["stage"], deal["expected_close"], deal["probability"]) == ("方案报价", "2026-09-01", 50)


def test_an_end_without_a_day_has_none(desk: Any) -> None:
    path = desk.load("1,甲公司,年框,成啦,100,王芳,,,2026-01-05")["words"]
    desk.apply(path, 成啦="赢单")
    (deal,) = desk.deals()
    assert (deal["status"], deal["closed_at"]) == ("won", None)


def test_a_reasons_text_becomes_the_note_where_there_is_none(desk: Any) -> None:
    path = desk.load(
        "1,甲公司,年框,输单,100,王芳,2026-02-01,嫌贵啊,2026-01-05",
        "2,乙公司,年框,输单,100,王芳,2026-02-01,嫌贵啊,2026-01-05",
    )["words"]
    assert desk.apply(path, 嫌贵啊="价格")["records"] == 2
    assert {(deal["loss_reason"], deal["loss_note"]) for deal in desk.deals()} == {("价格", "嫌贵啊")}


def test_an_owner_is_renamed_wherever_the_text_stands(desk: Any) -> None:
    desk.load("1,甲公司,年框,需求确认,100,王芳,,,2026-01-05")
    path = desk.load("1,甲公司,年框,需求确认,100,老王,,,2026-01-05")["words"]
    desk.apply(path, 老王="张伟")
    assert desk.deals()[0]["owner"] == "张伟"
    again = desk.load("1,甲公司,年框,需求确认,100,老王,,,2026-01-05")
    assert again["sheets"][0]["same"] == 1

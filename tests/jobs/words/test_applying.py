from __future__ import annotations

from typing import Any

import pytest

ROWS = (
    "1,甲公司,年框,走流程,100,老王,,,2026-01-05",
    "2,乙公司,年框,客户跑了,200,王芳,2026-03-01,老板不喜欢,2026-01-05",
    "3,丙公司,年框,输单,300,老王,2026-03-02,老板不喜欢,2026-01-06",
)
MEANINGS = {"走流程": "商务谈判", "客户跑了": "输单", "老板不喜欢": "决策链复杂", "老王": "王芳"}


def _words(desk: Any) -> str:
    return str(desk.load(*ROWS)["words"])


def test_words_place_the_deals_and_undo_takes_it_back(desk: Any, dump: Any) -> None:
    path = _words(desk)
    before = dump(desk.crm.db)
    done = desk.apply(path, **MEANINGS)
    assert (done["run"], done["placed"], done["undecided"], done["left_out"]) == ("R2", 4, 0, [])
    first, second, third = desk.deals()
    assert (first["stage"], first["stage_text"], first["owner"]) == ("商务谈判", "走流程", "王芳")
    wanted = ("status", "stage", "closed_at", "expected_close", "loss_reason", "loss_note")
    assert [second[key] for key in wanted] == ["lost", "输单", "2026-03-01", None, "决策链复杂", "老板不喜欢"]
    assert [third[key] for key in wanted] == ["lost", "输单", "2026-03-02", None, "决策链复杂", "老板不喜欢"]
    undone = desk.crm("undo", "R2", "--json").json
    assert undone["kept"] == []
    assert dump(desk.crm.db) == before


def test_the_same_file_again_changes_nothing(desk: Any, dump: Any) -> None:
    desk.apply(_words(desk), **MEANINGS)
    before = dump(desk.crm.db)
    again = desk.load(*ROWS)
    assert [again["sheets"][0][key] for key in ("same", "listed")] == [3, 0]
    assert (dump(desk.crm.db), again["words"], again["conflicts"]) == (before, None, None)


def test_a_fresh_import_with_the_words_ends_the_same(desk: Any, dump: Any) -> None:
    path = _words(desk)
    desk.apply(path, **MEANINGS)
    placed = dump(desk.crm.db)
    desk.crm("undo", "R1")
    assert desk.deals() == []
    desk.load(*ROWS)
    assert dump(desk.crm.db) == placed


def test_words_of_a_stage_history(desk: Any, dump: Any) -> None:
    deals = "1,甲公司,年框,,100,王芳,,,2026-01-05"
    told = ("1,走流程,2026-02-01", "1,客户跑了,2026-03-01")
    heads = "商机编号,阶段,变更时间"
    desk.load(deals)
    path = desk.load(*told, heads=heads, name="history.csv")["words"]
    desk.apply(path, 0, **MEANINGS)
    assert (desk.deals()[0]["status"], desk.deals()[0]["closed_at"]) == ("lost", "2026-03-01")
    placed = dump(desk.crm.db)
    assert desk.load(*told, heads=heads, name="history.csv")["sheets"][0]["same"] == 2
    assert dump(desk.crm.db) == placed


def test_a_weekly_move_to_an_unknown_stage_is_placed(desk: Any) -> None:
    desk.load("1,甲公司,年框,需求确认,100,王芳,,,2026-01-05")
    path = desk.load("1,甲公司,年框,走流程,100,王芳,,,2026-01-05")["words"]
    desk.load("1,甲公司,年框,赢单,100,王芳,,,2026-01-05")
    desk.apply(path, **MEANINGS)
    changes = desk.crm("opp", "history", "O1", "--json").json
    assert changes[0]["record"] == "O1"
    assert desk.deals()[0]["stage"] == "赢单"


def test_what_is_to_stay_is_not_asked_again(desk: Any) -> None:
    path = _words(desk)
    done = desk.apply(path, 3, 走流程="保留原样", 老王="keep as it is")
    assert (done["kept"], done["placed"], done["undecided"]) == (2, 0, 2)
    assert (desk.deals()[0]["stage"], desk.deals()[0]["owner"]) == ("走流程", "老王")
    desk.crm("words", "--out", "rest.xlsx")
    assert [row["as written"] for row in desk.rows("rest.xlsx")] == ["客户跑了", "老板不喜欢"]


def test_the_same_workbook_again_changes_nothing(desk: Any) -> None:
    path = _words(desk)
    desk.apply(path, **MEANINGS)
    again = desk.apply(path)
    assert (again["unchanged"], again["placed"], again["left_out"]) == (4, 0, [])


@pytest.mark.parametrize(
    ("text", "meaning", "why"),
    [
        ("走流程", "谈着呢", "谈着呢 is no stage"),
        ("老王", "李四", "李四 is no owner"),
        ("老板不喜欢", "贵", "贵 is no loss reason"),
    ],
)
def test_an_unknown_meaning_is_named_by_row_and_column(desk: Any, text: str, meaning: str, why: str) -> None:
    (left,) = desk.apply(_words(desk), 3, **{text: meaning})["left_out"]
    assert left["column"] == "means"
    assert left["why"].startswith(why)


def test_a_text_has_one_meaning(desk: Any) -> None:
    path = _words(desk)
    desk.apply(path, **MEANINGS)
    (left,) = desk.apply(path, 3, 走流程="需求确认")["left_out"]
    assert "crmcli undo" in left["why"]
    assert desk.deals()[0]["stage"] == "商务谈判"


def test_a_later_file_uses_the_words(desk: Any) -> None:
    desk.apply(_words(desk), **MEANINGS)
    told = desk.load("9,己公司,年框,走流程,100,老王,,,2026-01-05")
    assert (told["words"], told["sheets"][0]["listed"]) == (None, 0)
    assert [desk.deals()[-1][key] for key in ("stage", "owner")] == ["商务谈判", "王芳"]
    desk.crm("opp", "move", "O4", "走流程", code=1)


def test_what_comes_to_light_by_placing_is_told(desk: Any) -> None:
    path = desk.load("1,甲公司,年框,客户跑了,200,王芳,2026-03-01,老板不喜欢,2026-01-05")["words"]
    assert desk.apply(path, 客户跑了="输单")["waiting"] == 1
    desk.crm("words", "--out", "rest.xlsx")
    assert [row["as written"] for row in desk.rows("rest.xlsx")] == ["老板不喜欢"]

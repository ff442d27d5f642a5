from __future__ import annotations

import json
from typing import Any


def test_texts_that_nobody_could_place_are_asked_with_a_suggestion(desk: Any) -> None:
    told = desk.load(
        "1,甲公司,年框,方案报价中,100,王方,,,2026-01-05",
        "2,乙公司,年框,方案报价中,100,王芳,,,2026-01-05",
        "3,丙公司,年框,输单,100,王芳,2026-03-01,嫌价格高,2026-01-05",
        "4,丁公司,年框,赢单,100,张伟,2026-03-01,,2026-01-05",
    )
    assert told["words"].endswith("words-R1.xlsx")
    wanted = ("what it is", "as written", "how often", "example", "suggestion", "means")
    assert [[row[key] for key in wanted] for row in desk.rows(told["words"])] == [
        ["stage", "方案报价中", 2, "O1 年框\ndeals.csv, row 2", "方案报价 (contains 方案报价)", None],
        ["loss reason", "嫌价格高", 1, "O3 年框\ndeals.csv, row 4", "价格 (contains 价格)", None],
        ["owner", "王方", 1, "O1 年框\ndeals.csv, row 2", "王芳 (sounds like 王芳)", None],
    ]


def test_what_is_known_asks_nothing_and_the_same_file_asks_once(desk: Any) -> None:
    assert desk.load("1,甲公司,年框,方案报价,100,王芳,,,2026-01-05")["words"] is None
    assert desk.load("2,甲公司,二期,走流程,100,王芳,,,2026-01-05")["words"] is not None
    assert desk.load("2,甲公司,二期,走流程,100,王芳,,,2026-01-05")["words"] is None


def test_the_answers_are_dropped_down_by_kind(desk: Any) -> None:
    from openpyxl import load_workbook

    told = desk.load("1,甲公司,年框,走流程,100,老王,,,2026-01-05")
    sheet = load_workbook(told["words"]).worksheets[0]
    choices = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert choices == {
        "F2": '"初步接触,需求确认,方案报价,商务谈判,赢单,输单,无效,keep as it is"',
        "F3": '"王芳,张伟,keep as it is"',
    }
    assert sheet.column_dimensions["G"].hidden


def test_all_that_waits_can_be_written_at_any_time(desk: Any) -> None:
    desk.load("1,甲公司,年框,走流程,100,王芳,,,2026-01-05")
    done = desk.crm("words", "--out", "all.xlsx", "--json").json
    assert (done["words"], [row["as written"] for row in desk.rows("all.xlsx")]) == (1, ["走流程"])


def test_where_no_owner_is_known_nobody_is_a_stranger(crm: Any) -> None:
    crm.write("a.csv", "商机编号,客户名称,商机名称,负责人", "1,甲公司,年框,老王")
    assert crm("import", "a.csv", "--json", code=None).json["words"] is None


def test_a_pool_as_the_owner_is_no_stranger(desk: Any) -> None:
    told = desk.load("1,甲公司,年框,方案报价,100,公海,,,2026-01-05")
    assert told["words"] is None
    assert "公海" not in json.dumps(told["sheets"], ensure_ascii=False)

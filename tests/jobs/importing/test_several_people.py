from __future__ import annotations

from typing import Any

import pytest

HEADER = ("客户名称", "联系人", "手机")
ZHANG, LI = "+8613800000000", "+8613900000000"


def people(desk: Any) -> list[tuple[str, list[str], int | None]]:
    return [(p["name"], p["phones"], p["customer_id"]) for p in desk.records("contact")]


@pytest.mark.parametrize(
    "row",
    [
        ("甲公司", "张三 13800000000/李四 13900000000", ""),
        ("甲公司", "张三、李四", "13800000000、13900000000"),
        ("甲公司", "联系人：张三(13800000000)\n李四(13900000000)", ""),
    ],
)
def test_several_people_in_a_cell_are_several_contacts(desk: Any, row: tuple[str, ...]) -> None:
    outcome = desk.rows(HEADER, row)
    assert people(desk) == [("张三", [ZHANG], 1), ("李四", [LI], 1)]
    assert (outcome.tally.counts["new"], outcome.tally.records["contact"]) == (1, 2)
    assert row[1] in [str(text) for record in (*desk.records("customer"), *desk.records("contact"))
                      for text in record["extra"].values()]  # fmt: skip


def test_the_same_file_again_changes_nothing(desk: Any) -> None:
    row = ("甲公司", "张三 13800000000/李四 13900000000", "")
    desk.rows(HEADER, row)
    before = desk.dump()
    assert desk.rows(HEADER, row).tally.counts["same"] == 1
    assert desk.dump() == before


def test_rows_that_name_the_same_people_meet(desk: Any) -> None:
    desk.rows(HEADER, ("甲公司", "张三 13800000000/李四", ""), ("甲公司", "李四", "13900000000"))
    assert people(desk) == [("张三", [ZHANG], 1), ("李四", [LI], 1)]


def test_phones_that_are_not_one_each_stay_with_the_first(desk: Any) -> None:
    desk.rows(HEADER, ("甲公司", "张三、李四", "13800000000"))
    assert people(desk) == [("张三", [ZHANG], 1), ("李四", [], 1)]


def test_what_is_no_list_of_people_stays_one(desk: Any) -> None:
    desk.rows(HEADER, ("甲公司", "张三、采购部", "13800000000"))
    assert people(desk) == [("张三、采购部", [ZHANG], 1)]


def test_a_column_of_people_and_their_phones_gives_both(desk: Any) -> None:
    desk.rows(
        ("单位", "联系人及电话"), ("甲公司", "王建国13812345678"), ("乙公司", "陈总/138 0000 1111；周会计 13900002222")
    )
    people = [(person["name"], person["phones"]) for person in desk.records("contact")]
    assert people == [
        ("王建国", ["+8613812345678"]), ("陈总", ["+8613800001111"]), ("周会计", ["+8613900002222"]),
    ]  # fmt: skip

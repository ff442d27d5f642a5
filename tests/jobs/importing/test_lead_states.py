from __future__ import annotations

from typing import Any

import pytest

HEAD = "线索名称,线索电话,线索状态"


def _status(crm: Any) -> Any:
    return crm("lead", "show", "L1", "--json").json["status"]


def _file(crm: Any, name: str, *states: str) -> None:
    crm.write(name, HEAD, *(f"张三,13900139000,{state}" for state in states))


def _counts(crm: Any, *arguments: str) -> tuple[int, int, int]:
    sheet = crm("import", *arguments, "--json", code=None).json["sheets"][0]
    return sheet["new"], sheet["updated"], sheet["same"]


@pytest.mark.parametrize(
    ("first", "then", "status"),
    [("已转化", "无效", "disqualified"), ("无效", "跟进中", "following"), ("无效", "已转化", "qualified")],
)
def test_a_later_word_of_the_same_source_counts(crm: Any, first: str, then: str, status: str) -> None:
    _file(crm, "一.csv", first)
    _file(crm, "二.csv", then)
    crm("import", "一.csv")
    crm("import", "二.csv", code=None)
    assert _status(crm) == status


def test_of_several_rows_of_a_file_the_last_counts_and_the_file_again_changes_nothing(crm: Any) -> None:
    _file(crm, "一.csv", "已转化", "无效", "跟进中")
    crm("import", "一.csv", code=None)
    assert _status(crm) == "following"
    assert _counts(crm, "一.csv") == (0, 0, 3)


def test_what_a_person_decided_stays_and_the_unchanged_file_is_the_same(crm: Any) -> None:
    _file(crm, "一.csv", "跟进中")
    _file(crm, "二.csv", "无效")
    crm("import", "一.csv")
    crm("lead", "qualify", "L1")
    assert _counts(crm, "一.csv") == (0, 0, 1)
    crm("lead", "reopen", "L1")
    assert _counts(crm, "一.csv") == (0, 0, 1)
    assert _counts(crm, "二.csv") == (0, 1, 0)
    assert _counts(crm, "二.csv") == (0, 0, 1)
    assert _status(crm) == "following"


@pytest.mark.parametrize("order", [("甲", "乙"), ("乙", "甲")])
def test_of_two_sources_the_state_that_is_further_along_counts(crm: Any, order: tuple[str, str]) -> None:
    _file(crm, "甲.csv", "无效")
    _file(crm, "乙.csv", "已转化")
    for source in order:
        crm("import", f"{source}.csv", "--source", source, code=None)
    assert _status(crm) == "qualified"

from __future__ import annotations

import pytest

from crmcli.importers.tables.pivot import PIVOT, pivot_reason

KNOWN = {"客户名称", "阶段", "金额", "合计", "负责人"}


def reason(rows: list[list[str]]) -> object:
    return pivot_reason(list(enumerate(rows, start=1)), KNOWN.__contains__)


@pytest.mark.parametrize(
    "rows",
    [
        [["求和项:金额", "列标签", ""], ["行标签", "赢单", "输单"], ["华东", "12", "3"]],
        [["Row Labels", "Count of ID"], ["East", "3"], ["Grand Total", "3"]],
        [["Region", "Sum of Amount"], ["East", "3"]],
        [["区域", "一月", "二月", "总计"], ["华东", "1", "2", "3"], ["总计", "1", "2", "3"]],
    ],
)
def test_a_pivot_table_is_named(rows: list[list[str]]) -> None:
    assert reason(rows) == PIVOT


@pytest.mark.parametrize(
    "rows",
    [
        [["客户名称", "阶段", "金额"], ["甲", "赢单", "3"], ["合计", "", "3"]],
        [["客户名称", "金额", "合计"], ["甲", "1", "3"], ["合计", "1", "3"]],
        [["a", "b"], ["1", "2"]],
        [],
    ],
)
def test_a_list_with_a_total_is_none(rows: list[list[str]]) -> None:
    assert reason(rows) is None

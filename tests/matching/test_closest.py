from __future__ import annotations

import pytest

from crmcli.matching.closest import closest

STAGES = {name: name for name in ("初步接触", "需求确认", "方案报价", "商务谈判", "赢单", "输单")} | {"已签单": "赢单"}


@pytest.mark.parametrize(
    ("text", "meaning", "why"),
    [
        ("方案报价中", "方案报价", "contains 方案报价"),
        ("需求明确", "需求确认", "is 75 % like 需求确认"),
        ("王方", "王芳", "sounds like 王芳"),
        ("签单了，已签单", "赢单", "contains 已签单"),
    ],
)
def test_the_nearest_word_is_suggested_with_its_reason(text: str, meaning: str, why: str) -> None:
    found = closest(text, STAGES | {"王芳": "王芳"})
    assert found is not None
    assert (found.meaning, str(found.why)) == (meaning, why)


@pytest.mark.parametrize("text", ["老板出国了", "老王", "", "？"])
def test_nothing_is_suggested_where_nothing_is_like_it(text: str) -> None:
    assert closest(text, STAGES) is None

from __future__ import annotations

import pytest

from crmcli.matching.find import find_duplicates
from crmcli.matching.records import MatchBatch


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("武汉凡谷电子技术股份有限公司", "武汉凡谷电子纪术股份有限公司"),
        ("广东三雄极光照明股份有限公司", "广东三雄极光照鸣股份有限公司"),
        ("丽江玉龙旅游股份有限公司", "丽江玉龙游股份有限公司"),
        ("湖南宇晶机器股份有限公司", "湖南宇晶器机股份有限公司"),
        ("北京青云科技股份有限公司", "北京云青科技股份有限公司"),
        ("青海盐湖蓝科锂业股份有限公司", "青海蓝科锂业股份有限公司"),
        ("江苏常宝钢管股份有限公司", "江苏常宝"),
    ],
)
def test_one_slip_is_reviewed_and_never_merged(first: str, second: str) -> None:
    assert find_duplicates(MatchBatch(["1", "2"], [first, second])).tiers == ["review", "review"]


def test_two_slips_are_two_firms() -> None:
    names = ["武汉凡谷电子技术股份有限公司", "武汉凡古电子纪术股份有限公司"]
    assert find_duplicates(MatchBatch(["1", "2"], names)).tiers == ["single", "single"]

from __future__ import annotations

import pytest

from crmcli.matching.explain import explain
from crmcli.matching.find import find_duplicates
from crmcli.matching.records import MatchBatch


def firms(first: str, second: str) -> MatchBatch:
    """Make two records with one mobile number and one contact."""
    return MatchBatch(["0", "1"], [first, second], phones=["+8613800138000"] * 2, contacts=["李颖峰"] * 2)


@pytest.mark.parametrize(
    ("right", "slipped"),
    [
        ("苏州沃峰机械设备有限公司", "苏州沃峰机械备有限公司"),  # a character of the trade is missing
        ("苏州沃峰机械设备有限公司", "苏州沃峰机械设设备有限公司"),  # twice
        ("广州福瑞捷自动化设备有限公司", "福瑞捷自董化设备"),  # sounds alike
        ("泉州航吉建筑工程有限公司", "航吉坚筑工程"),
        ("昆明亿安物业管理有限公司", "昆明亿安物管业理有限公司"),  # swapped
        ("重庆伟琳人力资源有限公司", "重庆伟琳人力资源有限公"),  # in the legal form
        ("济南锐祥实业有限公司", "济南锐祥实业有公司"),
        ("苏州沃峰机械设备有限公司", "苏州沃峰机械设备备有限公司"),
        ("苏州沃峰机械设备有限公司", "苏州沃机峰械设备有限公司"),  # swapped with the brand's last
        ("金华飞亿房地产开发有限公司", "飞亿房地"),  # cut off
        ("厦门翔东环保工程股份有限公司", "门翔东环保工程"),  # in the place
        ("珠海翔东环保工程有限公司", "朱海翔东环保工程有限公司"),
    ],
)
def test_a_slip_beside_the_brand_leaves_two_names_one_firm(right: str, slipped: str) -> None:
    for pair in ((right, slipped), (slipped, right)):
        assert find_duplicates(firms(*pair)).tiers == ["auto", "auto"]
        levels = {reason.field: reason.level for reason in explain(firms(*pair), "0", "1").reasons}
        assert levels["brand"] == "same, slip beside"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("苏州沃峰机械设备有限公司", "苏州沃锋机械设备有限公司"),  # in the brand: another firm may be called so
        ("苏州沃峰机械设备有限公司", "苏州峰沃机械设备有限公司"),
        ("苏州沃峰机械设备有限公司", "苏州沃峰天机械设备有限公司"),
        ("苏州沃峰机械设备有限公司", "苏州沃峰峰机械设备有限公司"),
        ("厦门翔东环保工程有限公司", "厦门门翔东环保工程有限公司"),
        ("珠海翔东环保工程有限公司", "威海翔东环保工程有限公司"),
        ("金华飞亿房地产开发有限公司", "金华飞亿房有限公司"),
        ("苏州沃峰新能源有限公司", "苏州沃峰能源有限公司"),  # another trade
    ],
)
def test_a_difference_in_the_brand_or_a_trade_of_its_own_is_for_a_person_to_judge(first: str, second: str) -> None:
    assert find_duplicates(firms(first, second)).tiers == ["review", "review"]


def test_a_slip_alone_is_for_a_person_to_judge() -> None:
    names = MatchBatch(["0", "1"], ["苏州沃峰机械设备有限公司", "苏州沃峰机械备有限公司"])
    assert find_duplicates(names).tiers == ["review", "review"]

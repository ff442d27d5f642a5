from __future__ import annotations

import pytest

from crmcli.matching.addresses import take_apart
from crmcli.matching.normalise import fold


@pytest.mark.parametrize(
    ("address", "road", "number"),
    [
        ("上海市浦东新区世纪大道100号", "世纪大道", "100"),
        ("广东省深圳市南山区科技中一路８号", "科技中1路", "8"),
        ("杭州市余杭区", "", ""),
        ("上海市南京西路5号", "南京西路", "5"),
        ("上海市黄浦区北京东路668号", "北京东路", "668"),
        ("中山北一路121号", "中山北1路", "121"),
        ("435 S. La Cienega Blvd.", "la cienega", "435"),
    ],
)
def test_road_and_number_are_found(address: str, road: str, number: str) -> None:
    parts = take_apart(fold(address))
    assert (parts.road, parts.number) == (road, number)

from __future__ import annotations

import pytest

from crmcli.matching.names import take_apart
from crmcli.matching.normalise import fold
from crmcli.matching.numerals import with_numbers_alike


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("中铁十二局工程有限公司", "中铁12局工程有限公司"),
        ("黄山壹号投资基金合伙企业", "黄山一号投资基金合伙企业"),
        ("黄山一号投资基金合伙企业", "黄山1号投资基金合伙企业"),
        ("北京第三机床厂", "北京第3机床厂"),
        ("上海鼎信贸易有限公司第二十分公司", "上海鼎信贸易有限公司第20分公司"),
        ("3全食品股份有限公司", "三全食品股份有限公司"),
        ("北京三六〇网络科技有限公司", "北京360网络科技有限公司"),
    ],
)
def test_a_number_is_the_same_in_digits_and_in_words(first: str, second: str) -> None:
    one, other = take_apart(fold(first)), take_apart(fold(second))
    assert (one.brand, one.trade, one.branch, one.digits) == (other.brand, other.trade, other.branch, other.digits)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("上海鼎信贸易有限公司第十分公司", "上海鼎信贸易有限公司第二十分公司"),
        ("黄山十一号投资基金合伙企业", "黄山一号投资基金合伙企业"),
        ("北京第一机床厂", "北京第二机床厂"),
    ],
)
def test_different_numbers_stay_different(first: str, second: str) -> None:
    one, other = take_apart(fold(first)), take_apart(fold(second))
    assert (one.digits, one.branch) != (other.digits, other.branch)


@pytest.mark.parametrize(
    "name", ["五金机械厂", "十堰汽车配件", "大陆公司", "玖富塑胶", "58同城", "a3b科技", "缘梦拾贸易"]
)
def test_what_is_no_number_stays(name: str) -> None:
    assert with_numbers_alike(name) == name

from __future__ import annotations

import pytest

from crmcli.matching.names import take_apart
from crmcli.matching.normalise import fold
from crmcli.matching.places import Place


@pytest.mark.parametrize(
    ("name", "brand", "trade", "form"),
    [
        ("上海市鼎信智能科技有限公司", "鼎信", "智能科技", "company"),
        ("鼎信（上海）智能科技有限责任公司", "鼎信", "智能科技", "company"),
        ("鼎信智能科技", "鼎信", "智能科技", ""),
        ("绍兴恒远股权投资基金合伙企业（有限合伙）", "恒远", "股权投资基金", "partnership"),
        ("ＡＢＣ　Trading (HK) Ltd.", "abc trading", "", "company"),
        ("嘉里物流（武漢）有限公司", "嘉里", "物流", "company"),
        ("昆山千灯镇南野智能科技店", "南野", "智能科技店", ""),
        ("东方证券股份有限公司", "东方", "证券", "company"),
    ],
)
def test_a_name_is_taken_apart(name: str, brand: str, trade: str, form: str) -> None:
    parts = take_apart(fold(name))
    assert (parts.brand, parts.trade, parts.form) == (brand, trade, form)


def test_places_before_within_and_in_brackets_are_the_same_place() -> None:
    shanghai = (Place("上海市"),)
    for name in ("上海鼎信贸易有限公司", "鼎信贸易（上海）有限公司", "鼎信贸易上海有限公司", "上海市鼎信贸易公司"):
        assert take_apart(fold(name)).places == shanghai, name


def test_the_most_exact_place_counts() -> None:
    assert take_apart("浙江台州黄岩联科小额贷款公司").places == take_apart("黄岩联科小额贷款公司").places


@pytest.mark.parametrize(
    ("name", "brand", "branch"),
    [
        ("中国工商银行股份有限公司武汉市洪山区支行", "工商", "支行"),
        ("工行武汉洪山支行", "工商", "支行"),
        ("上海鼎信贸易有限公司第二分公司", "鼎信", "第2分公司"),
        ("兴业银行深圳分行中心区支行", "兴业", "中心区支行"),
    ],
)
def test_a_branch_is_parted_from_its_head_office(name: str, brand: str, branch: str) -> None:
    parts = take_apart(fold(name))
    assert (parts.brand, parts.branch) == (brand, branch)


def test_group_and_digits_are_noted() -> None:
    parts = take_apart(fold("天津市第三（集团）机械有限公司"))
    assert parts.group
    assert parts.digits == "3"


@pytest.mark.parametrize(
    ("name", "brand", "trade"),
    [
        ("张家港保税区博美特电气国际贸易有限公司", "博美特", "电气国际贸易"),
        ("永安市燕南街扶晴梅百货商行", "扶晴梅", "百货商行"),
        ("利辛县双喜堂调味品坊", "双喜堂", "调味品坊"),
        ("长白山旅游股份有限公司", "长白山", "旅游"),
        ("安居宝数码科技(广东)股份有限公司", "安居宝", "数码科技"),
        ("兴业银锡矿业(内蒙古)股份有限公司", "兴业", "银锡矿业"),
        ("昆山佳合纸制品有限公司", "佳合", "纸制品"),
        ("东方智造(上海)有限公司", "东方", "智造"),
        ("航天科技控股集团股份有限公司", "航天", "科技控股"),
        ("医药(上海)集团有限公司", "上海", "医药"),
        ("朗姿股份", "朗姿", ""),
        ("环宇物流(亚洲)控股有限公司", "环宇", "物流控股"),
    ],
)
def test_brand_and_trade_are_told_apart(name: str, brand: str, trade: str) -> None:
    parts = take_apart(fold(name))
    assert (parts.brand, parts.trade) == (brand, trade)


def test_a_development_zone_is_a_district_of_its_city() -> None:
    inside, city = take_apart("大庆开发区竹田复合材料有限公司"), take_apart("大庆竹田复合材料有限公司")
    assert (inside.brand, city.brand) == ("竹田", "竹田")
    assert inside.places[0].within(city.places[0])
    assert inside.places != city.places

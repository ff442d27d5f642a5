import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.domain.problem import Problem
from crmcli.domain.values.region import Region, parse_region, region_of_phone


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("上海", Region("上海", "上海")),
        ("上海市浦东新区张江路1号", Region("上海", "上海", "浦东新区")),
        ("上海市上海市浦东新区", Region("上海", "上海", "浦东新区")),
        ("北京市市辖区朝阳区", Region("北京", "北京", "朝阳区")),
        ("江苏省苏州市昆山市", Region("江苏", "苏州", "昆山市")),
        ("江苏昆山", Region("江苏", "苏州", "昆山市")),
        ("昆山", Region("江苏", "苏州", "昆山市")),
        ("苏州", Region("江苏", "苏州")),
        ("苏州工业园区星湖街", Region("江苏", "苏州")),
        ("广东-深圳", Region("广东", "深圳")),
        ("广东/深圳/南山", Region("广东", "深圳", "南山区")),
        ("廣東省廣州市", Region("广东", "广州")),
        ("中国 江苏省 南京市", Region("江苏", "南京")),
        ("内蒙", Region("内蒙古")),
        ("广西壮族自治区南宁市", Region("广西", "南宁")),
        ("吉林", Region("吉林")),
        ("吉林市", Region("吉林", "吉林")),
        ("海南藏族自治州", Region("青海", "海南")),
        ("延边朝鲜族自治州延吉市", Region("吉林", "延边", "延吉市")),
        ("湖北省仙桃市", Region("湖北", "仙桃")),
        ("香港特别行政区", Region("香港")),
    ],
)
def test_regions_and_addresses(text: str, region: Region) -> None:
    assert parse_region(text) == region


@pytest.mark.parametrize("text", ["南京路100号", "河南中路5号", "朝阳区", "华东", "United States", "全国"])
def test_what_is_not_sure_stays_unknown(text: str) -> None:
    assert parse_region(text) == Problem("region.unknown", text)


@pytest.mark.parametrize(
    ("phone", "region"),
    [
        ("+862162345678;ext=8", Region("上海", "上海")),
        ("+8651262345678", Region("江苏", "苏州")),
        ("+863356234567", Region("河北", "秦皇岛")),
        ("+862462345678", Region("辽宁")),
        ("+8613800000000", None),
        ("+864001234567", None),
        ("+85291234567", None),
    ],
)
def test_area_codes(phone: str, region: Region | None) -> None:
    assert region_of_phone(phone) == region


@given(st.text() | st.text("江苏省南京市上海区县路昆山-朝阳", max_size=12))
def test_no_text_breaks_the_parser(text: str) -> None:
    assert isinstance(parse_region(text), Region | Problem)

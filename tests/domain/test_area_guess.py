import csv
from collections import defaultdict
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.domain.area_guess import guessed_area

COMPANIES = Path(__file__).parents[3] / "shared" / "gold" / "zh_companies.csv"
SUZHOU, SHANGHAI, SICHUAN, JIYUAN, MOBILE = (
    *("+8651262345678", "+862162345678;ext=801", "+862812345678", "+863916234567"),
    "+8613800000000",
)


def area(text: str) -> dict[str, str]:
    return dict(zip(("province", "city", "district"), text.split(), strict=False))


@pytest.mark.parametrize(
    ("address", "phones", "name", "found"),
    [
        ("江苏省苏州市昆山市新城路1号", [], "", "江苏 苏州 昆山市"),
        ("", [MOBILE, SUZHOU], "", "江苏 苏州"),
        ("", [SHANGHAI], "", "上海 上海"),
        ("", [], "昆山华东机械有限公司", "江苏 苏州 昆山市"),
        ("", [MOBILE], "华东机械有限公司", ""),
        ("新城路1号", [SUZHOU], "", "江苏 苏州"),
        ("", [], "", ""),
    ],
)
def test_the_first_source_that_says_something(address: str, phones: list[str], name: str, found: str) -> None:
    assert guessed_area(address, phones, name) == area(found)


@pytest.mark.parametrize(
    ("address", "phones", "name", "found"),
    [
        ("上海市浦东新区", [SUZHOU], "杭州华东机械有限公司", "上海 上海 浦东新区"),
        ("江苏省苏州市", [SHANGHAI], "昆山华东机械有限公司", "江苏 苏州 昆山市"),
        ("江苏省", [SUZHOU], "南京华东机械有限公司", "江苏"),
    ],
)
def test_nothing_contradicts_the_address(address: str, phones: list[str], name: str, found: str) -> None:
    assert guessed_area(address, phones, name) == area(found)


@pytest.mark.parametrize(
    ("phones", "name", "found"),
    [
        ([SICHUAN], "成都华东机械有限公司", "四川 成都"),
        ([JIYUAN], "", "河南"),
        ([SUZHOU], "江苏华东机械有限公司", "江苏 苏州"),
        ([SUZHOU], "南京华东机械有限公司", "江苏"),
        ([SUZHOU], "杭州华东机械有限公司", ""),
        ([SUZHOU, SHANGHAI], "", ""),
    ],
)
def test_sources_beside_no_address_say_what_they_agree_on(phones: list[str], name: str, found: str) -> None:
    assert guessed_area("", phones, name) == area(found)


@pytest.mark.parametrize("address", ["朝阳门外大街18号", "东方花园3栋", "东区5号", "中山公园旁"])
def test_an_address_that_begins_with_a_doubtful_word_says_nothing(address: str) -> None:
    assert guessed_area(address, [], "") == {}
    assert guessed_area(address, [SHANGHAI], "") == area("上海 上海")


def test_the_order_of_the_phones_does_not_matter() -> None:
    found = [guessed_area("", order, "") for order in permutations([MOBILE, SICHUAN, SUZHOU])]
    assert found == [{}] * 6


def test_a_guess_is_the_callers_own() -> None:
    guessed_area("", [SUZHOU], "")["city"] = "changed"
    assert guessed_area("", [SUZHOU], "") == area("江苏 苏州")


@given(
    st.text(max_size=20), st.lists(st.sampled_from([SUZHOU, SHANGHAI, MOBILE, ""]), max_size=3), st.text(max_size=20)
)
def test_a_lower_place_is_never_without_its_higher_one(address: str, phones: list[str], name: str) -> None:
    found = guessed_area(address, phones, name)
    assert list(found) == ["province", "city", "district"][: len(found)]


@pytest.mark.skipif(not COMPANIES.exists(), reason="the labelled company names are not beside the project")
def test_names_of_one_company_are_guessed_in_one_place() -> None:
    clusters = defaultdict(list)
    with COMPANIES.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if found := guessed_area("", [], row["客户名称"]):
                clusters[row["cluster"]].append(found)
    several = [found for found in clusters.values() if len(found) > 1]
    torn = [found for found in several if len({place["province"] for place in found}) > 1]
    assert len(several) > 80
    assert len(torn) <= 1  # two firms of one fund, of Shanghai and Nanjing, count as one there

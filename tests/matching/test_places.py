from __future__ import annotations

import pytest

from crmcli.matching.places import Place, leading_place, most_exact, place_named, stem


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("上海市", "上海"),
        ("内蒙古自治区", "内蒙古"),
        ("延边朝鲜族自治州", "延边"),
        ("新疆维吾尔自治区", "新疆"),
        ("赵县", "赵县"),
    ],
)
def test_the_stem_is_what_people_write(name: str, short: str) -> None:
    assert stem(name) == short


def test_a_name_shared_by_many_districts_needs_its_city() -> None:
    assert place_named("和平区") is None
    found = leading_place("和平区", (Place("天津市"),))
    assert found is not None
    assert found[0] == Place("天津市", "", "和平区")


def test_a_district_that_became_one_is_known_by_its_old_name() -> None:
    assert place_named("上虞市") == Place("浙江省", "绍兴市", "上虞区")


def test_the_suffix_is_not_taken_from_the_next_word() -> None:
    found = leading_place("大连市政设计")
    assert found is not None
    assert found[1] == "大连"


def test_the_most_exact_place_implies_those_around_it() -> None:
    district = Place("浙江省", "台州市", "黄岩区")
    assert most_exact((Place("浙江省"), Place("浙江省", "台州市"), district)) == (district,)

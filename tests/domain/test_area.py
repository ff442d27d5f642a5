from __future__ import annotations

from crmcli.domain.area import area_text, differing_levels, one_area

SUZHOU = {"province": "江苏", "city": "苏州"}


def test_an_area_that_says_more_of_the_same_is_the_same() -> None:
    assert one_area(SUZHOU, {**SUZHOU, "district": "昆山市"})
    assert one_area({"province": "江苏"}, SUZHOU)
    assert one_area({}, SUZHOU)


def test_areas_that_differ_or_have_nothing_in_common_are_two() -> None:
    assert not one_area(SUZHOU, {"province": "江苏", "city": "南京"})
    assert not one_area({"province": "浙江"}, {"city": "苏州"})


def test_levels_that_differ_are_named() -> None:
    assert differing_levels(SUZHOU, {"province": "江苏", "city": "南京", "district": "玄武区"}) == ["city"]
    assert area_text(SUZHOU) == "江苏苏州"

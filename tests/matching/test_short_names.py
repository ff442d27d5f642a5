from __future__ import annotations

import csv
from pathlib import Path

import pytest

from crmcli.matching.short_names import characters_of, equally_good, rank_names

GOLD = Path(__file__).parents[3] / "shared/gold/zh_short_full.csv"
NAMES = [
    "北京东方园林环境股份有限公司",
    "东莞宏远工业区股份有限公司",
    "上海华东精密机械有限公司",
    "华东重机股份有限公司",
    "中国交通建设股份有限公司",
    "广东宏远集团有限公司",
    "ATLINKS GROUP LIMITED",
]


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("*ST东园", "北京东方园林环境股份有限公司"),
        ("粤宏远A", "广东宏远集团有限公司"),
        ("华东精密", "上海华东精密机械有限公司"),
        ("華東精密機械", "上海华东精密机械有限公司"),
        ("中国交建", "中国交通建设股份有限公司"),
        ("Atlinks", "ATLINKS GROUP LIMITED"),
        ("上海市华东精密机械(集团)有限公司", "上海华东精密机械有限公司"),
    ],
)
def test_a_short_name_finds_its_full_one_first(short: str, full: str) -> None:
    assert NAMES[rank_names(short, NAMES)[0].position] == full


@pytest.mark.parametrize("short", ["甲骨文", "", "*", "有限公司"])
def test_nothing_is_found_where_nothing_is_like_it(short: str) -> None:
    assert rank_names(short, NAMES) == []


def test_a_full_name_finds_the_short_one_that_is_known() -> None:
    found = rank_names("上海华东精密机械有限公司", ["华东精密", "华东重机"])
    assert [one.position for one in found][:1] == [0]


def test_names_that_fit_equally_are_equally_good() -> None:
    found = rank_names("高新发展", ["济南高新发展股份有限公司", "成都高新发展股份有限公司", "高新张铜股份有限公司"])
    assert equally_good(one.score for one in found) == 2


def test_a_text_is_searched_by_its_brand_and_its_trade() -> None:
    assert characters_of("上海鼎信智能科技有限公司") == ("鼎信", "鼎信智能")
    assert characters_of("华东精密") == ("华东精密", "华东精密")


@pytest.mark.skipif(not GOLD.is_file(), reason="the labelled names are not on this machine")
def test_listed_firms_are_found_by_their_short_names() -> None:
    with GOLD.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [row["全称"] for row in rows]
    right = 0
    asked = range(7, len(rows), 60)
    for number in asked:
        characters = set(characters_of(rows[number]["简称"])[1])
        near = sorted(range(len(rows)), key=lambda i: (-len(characters & set(names[i].lower())), i))[:200]
        found = rank_names(rows[number]["简称"], [names[i] for i in near])
        right += bool(found) and near[found[0].position] == number
    assert right / len(asked) >= 0.96

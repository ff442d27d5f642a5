from __future__ import annotations

import pytest

from crmcli.matching.find import find_duplicates
from crmcli.matching.records import MatchBatch

FULL = "苏州沃峰机械设备有限公司"


def firms(*names: str, contacts: tuple[str, ...] = ("李颖峰", "李颖峰", "李颖峰")) -> MatchBatch:
    """Make records with one mobile number at one address."""
    ids = [str(i) for i in range(len(names))]
    shared = {"phones": ["+8613800138000"] * len(ids), "addresses": ["人民路100号"] * len(ids)}
    return MatchBatch(ids, [*names], contacts=[*contacts[: len(ids)]], **shared)


@pytest.mark.parametrize(
    "written",
    [
        "沃锋机械设备",  # by ear
        "苏州峰沃",
        "沃峰峰机械",
        "苏州峰机械设备有限公司",  # a brand has two characters at least: one is lost
    ],
)
def test_a_slip_in_a_short_form_is_forgiven_where_phone_and_contact_are_the_same(written: str) -> None:
    assert find_duplicates(firms(FULL, written)).tiers == ["auto", "auto"]
    assert find_duplicates(firms(written, FULL)).tiers == ["auto", "auto"]
    strangers = firms(FULL, written, contacts=("李颖峰", "王建国"))
    assert find_duplicates(strangers).tiers == ["review", "review"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (FULL, "苏州沃锋机械设备有限公司"),  # two full names: another firm may be called so
        ("苏州王家面馆", "苏州王记面馆"),  # two shops
        ("苏州沃峰机械厂", "苏州沃锋机械厂"),
        (FULL, "苏州沃锋贸易"),  # another trade
        (FULL, "无锡沃锋机械设备"),  # elsewhere
        ("苏州华星新能源有限公司", "苏州华新能源有限公司"),  # a brand of its own, not one that lost a character
    ],
)
def test_names_of_two_firms_are_for_a_person_to_judge(first: str, second: str) -> None:
    assert find_duplicates(firms(first, second)).tiers == ["review", "review"]


def test_a_short_form_does_not_part_the_records_of_one_firm() -> None:
    batch = firms(FULL, "沃锋机械", "苏州沃峰", contacts=("李颖峰", "李颖峰", ""))
    assert find_duplicates(batch).cluster_ids == ["0", "0", "0"]


def test_a_short_form_does_not_join_two_firms() -> None:
    found = find_duplicates(firms(FULL, "沃峰机械", "苏州沃锋机械设备有限公司"))
    assert found.cluster_ids[0] != found.cluster_ids[2]

from __future__ import annotations

import pytest

from crmcli.matching.merge import MergePlan, Survival, plan_merge

FULL = {"id": "10", "name": "上海鼎信贸易有限公司", "phone": "1", "city": "上海", "tags": ["a", "b"]}
OLD = {"id": "9", "name": "鼎信贸易", "phone": "2", "city": "", "wechat": "dx", "tags": ["b", "c"]}


def test_the_fullest_survives_and_losing_values_are_kept() -> None:
    plan = plan_merge([OLD, {**FULL, "email": "a@b.cn"}], list_fields=["tags"])
    assert (plan.survivor, plan.merged) == ("10", ("9",))
    assert plan.values["wechat"] == "dx"
    assert plan.taken_from["wechat"] == "9"
    assert plan.values["tags"] == ["a", "b", "c"]
    assert plan.alternates == {"name": [("9", "鼎信贸易")], "phone": [("10", "1")]}


def test_what_a_person_set_wins_over_what_is_fuller() -> None:
    plan = plan_merge(
        [FULL, OLD], survival=Survival(is_persons=lambda record_id, field: (record_id, field) == ("9", "name"))
    )
    assert (plan.survivor, plan.values["name"]) == ("9", "鼎信贸易")
    assert plan.alternates["name"] == [("10", "上海鼎信贸易有限公司")]


def test_among_namesakes_the_fullest_then_the_oldest_survives_in_any_order() -> None:
    namesake = {**OLD, "name": FULL["name"]}
    assert plan_merge([FULL, {**namesake, "wechat": ""}]).survivor == "10"
    assert plan_merge([{**FULL, "wechat": "dx2"}, {**namesake, "city": "上海"}]).survivor == "9"
    assert plan_merge([FULL, namesake]) == plan_merge([namesake, FULL])


def test_the_survivor_bears_the_winning_name() -> None:
    assert plan_merge([FULL, {**OLD, "email": "a@b.cn", "note": "x"}]).survivor == "10"


def test_zero_is_a_value() -> None:
    plan = plan_merge([{"id": "1", "amount_fen": 0}, {"id": "2", "amount_fen": None}])
    assert plan.values == {"amount_fen": 0}


def test_one_record_is_no_merge() -> None:
    with pytest.raises(ValueError, match="two different"):
        plan_merge([FULL, FULL])


def test_what_is_preferred_stays_unless_a_person_set_the_other() -> None:
    newest = Survival(preference=lambda record_id, _field: (int(record_id),))
    short, full = {"id": "10", "name": "乙", "city": "沪"}, {"id": "9", "name": "乙", "city": "上海市"}
    assert plan_merge([short, full], survival=newest).values["city"] == "沪"
    persons = Survival(lambda record_id, _field: record_id == "9", newest.preference)
    assert plan_merge([short, full], survival=persons).values["city"] == "上海市"


def test_what_a_person_chose_stays_whoever_said_it() -> None:
    plan = plan_merge([FULL, OLD], survival=Survival(chosen={"name": OLD["name"], "city": "苏州", "level": "A"}))
    assert plan.survivor == str(OLD["id"])
    assert (plan.values["city"], plan.values["level"], plan.taken_from["city"]) == ("苏州", "A", "")
    assert FULL["name"] in [value for _, value in plan.alternates["name"]]


SUZHOU = {"id": "1", "name": "甲", "province": "江苏", "city": "苏州", "address": "星湖街1号"}


def _place(plan: MergePlan) -> tuple[str | None, ...]:
    return tuple(plan.values.get(key) for key in ("province", "city", "district", "address"))


def test_province_city_and_address_are_of_one_record() -> None:
    pudong = {"id": "2", "name": "甲", "province": "上海", "city": "上海", "district": "浦东新区"}
    for records in ([SUZHOU, pudong], [pudong, SUZHOU]):
        plan = plan_merge(records)
        assert _place(plan) == ("上海", "上海", "浦东新区", None)
        assert plan.alternates["address"] == [("1", "星湖街1号")]


def test_a_city_of_the_same_province_completes_an_empty_one() -> None:
    plan = plan_merge(
        [{"id": "2", "name": "甲", "province": "江苏", "district": None, "address": "人民路100号"}, SUZHOU]
    )
    assert _place(plan) == ("江苏", "苏州", None, "人民路100号")


def test_where_a_person_said_the_city_only_that_place_counts() -> None:
    nanjing = {"id": "2", "name": "甲", "province": "江苏", "city": "南京", "district": "玄武区"}
    persons = Survival(is_persons=lambda number, field: (number, field) == ("1", "city"))
    assert _place(plan_merge([SUZHOU, nanjing], survival=persons)) == ("江苏", "苏州", None, "星湖街1号")
    chosen = Survival(chosen={"city": "苏州"})
    assert _place(plan_merge([SUZHOU, nanjing], survival=chosen)) == ("江苏", "苏州", None, "星湖街1号")

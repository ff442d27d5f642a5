from __future__ import annotations

from typing import Any

import pytest

from crmcli.domain.identity import external_id, external_key, keys_by_kind, keys_of, keys_of_column
from crmcli.domain.records import ENTITIES

MOBILE, LANDLINE = "+8613800138000", "+862112345678"


def _keys(entity: str, **columns: Any) -> list[tuple[str, str]]:
    return keys_of(entity, ENTITIES[entity].blank() | columns)


def test_a_customer_is_found_by_id_code_name_and_phones() -> None:
    keys = _keys(
        "customer",
        external_ids=["crm:7"],
        credit_code="91310000MA1FL0000X",
        name="甲公司",
        phones=[MOBILE, LANDLINE],
    )
    assert [kind for kind, _ in keys] == ["external", "credit", "name", "mobile", "landline"]
    assert dict(keys)["external"] == "crm:7"


@pytest.mark.parametrize("written", ["ＡＢＣ 公司", "abc公司", "ABC公司。", " ABC  公司 "])
def test_names_are_the_same_but_for_width_case_space_and_punctuation(written: str) -> None:
    assert _keys("customer", name=written) == _keys("customer", name="ABC公司")


@pytest.mark.parametrize("other", ["北京鼎信物流", "上海鼎信", "上海鼎信物流有限公司"])
def test_place_and_legal_form_stay_in_a_name(other: str) -> None:
    assert _keys("customer", name=other) != _keys("customer", name="上海鼎信物流")


def test_a_masked_name_is_no_other_name() -> None:
    keys = [_keys("contact", name=name) for name in ("王**", "王*", "王")]
    assert len({tuple(found) for found in keys}) == len(keys)


def test_a_name_of_traditional_characters_is_the_simplified_one() -> None:
    assert _keys("customer", name="廣東鋼鐵") == _keys("customer", name="广东钢铁")


def test_a_contact_s_name_counts_within_its_customer() -> None:
    here, there = (_keys("contact", name="张三", customer_id=number) for number in (1, 2))
    assert here != there
    assert _keys("contact", name="张三", customer_id=1, phones=[MOBILE])[1] == ("mobile", MOBILE)


def test_an_opportunity_s_name_counts_within_its_customer() -> None:
    assert _keys("opportunity", name="一号", customer_id=1) != _keys("opportunity", name="一号", customer_id=2)


def test_an_event_is_its_deal_time_and_stage() -> None:
    known = {"opportunity_id": 1, "field": "stage", "at": "2026-01-05", "value": "需求确认"}
    assert _keys("event", **known, note="x") == _keys("event", **known)
    for key, other in {"opportunity_id": 2, "at": "2026-01-06", "value": "方案报价", "field": "owner"}.items():
        assert _keys("event", **known | {key: other}) != _keys("event", **known)


def test_an_activity_is_its_record_time_author_and_text() -> None:
    known = {"customer_id": 1, "at": "2026-01-05", "by": "张伟", "text": "打过电话"}
    assert _keys("activity", **known, next_action="再打") == _keys("activity", **known)
    for key, other in {"customer_id": 2, "at": "2026-01-06", "by": "王芳", "text": "见过面"}.items():
        assert _keys("activity", **known | {key: other}) != _keys("activity", **known)


def test_a_merged_record_keeps_its_keys() -> None:
    assert _keys("customer", name="甲公司", merged_into=3) == _keys("customer", name="甲公司")


def test_kinds_that_nothing_looks_up_have_no_keys() -> None:
    assert _keys("alternate", field="name", value="甲") == []


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_blank_record_of_any_kind_has_keys_without_failing(entity: str) -> None:
    assert all(isinstance(value, str) for _, value in _keys(entity))


def test_an_id_comes_back_as_its_system_wrote_it() -> None:
    for text in ("7", "a:b", ""):
        assert external_id(external_key("crm:old", text)) == text
    assert external_key("crm:old", "7") != external_key("crm", "old:7")


def test_a_deal_without_number_and_name_is_its_customer_s() -> None:
    assert _keys("opportunity", customer_id=7) == [("name", "7|")]
    assert _keys("opportunity", customer_id=7, external_ids=["crm:1"]) == [("external", "crm:1")]
    assert _keys("opportunity") == []


@pytest.mark.parametrize(
    ("entity", "column", "values"),
    [
        ("customer", "name", ["华东精密", None, "王**", "ABC 公司", "——"]),
        ("contact", "phones", [[MOBILE, LANDLINE], [], None, [LANDLINE]]),
        ("lead", "external_ids", [["a:1", "b:2"], ["a:3"]]),
        ("contact", "wechat", ["wx1", None]),
        ("customer", "wechat", ["wx1"]),
    ],
)
def test_the_keys_of_many_values_are_those_of_each(entity: str, column: str, values: list[Any]) -> None:
    found = {
        (kind, key, place)
        for kind, (keys, places) in keys_by_kind(entity, column, values).items()
        for key, place in zip(keys, places, strict=True)
    }
    single = {
        (place, key) for place, value in enumerate(values) if value for key in keys_of_column(entity, column, value)
    }
    assert found == {(kind, key, place) for place, (kind, key) in single}

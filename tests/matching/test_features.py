from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcli.matching import apart
from crmcli.matching.features import Features, Field, features_of
from crmcli.matching.records import MatchBatch

NAMES = ("上海鼎信科技有限公司", "鼎信贸易", "工行武汉洪山支行", "Bright Star Ltd", "王伟", "中國第三（上海）廠", "")
PHONES = ("", "+8613800138000", "+8613900139000;+862161234567", "+862161234567;ext=801", " +8613800138000 ")
PEOPLE = ("", "王伟", "李娜经理", "王总")
PLACES = ("", "上海市浦东新区世纪大道100号", "杭州市文三路", "12 Main St")
MAILS = ("", "A@acme.com", "b@qq.com", "nobody")
rows = st.lists(st.tuples(*map(st.sampled_from, (NAMES, PHONES, PEOPLE, PLACES, MAILS))), min_size=1, max_size=12)


def batch_of(found: list[tuple[str, ...]]) -> MatchBatch:
    names, phones, contacts, addresses, emails = (list(column) for column in zip(*found, strict=True))
    ids = [str(i) for i in range(len(found))]
    return MatchBatch(ids, names, phones=phones, contacts=contacts, addresses=addresses, emails=emails)


def said(features: Features, row: int) -> dict[str, Any]:
    """Put the features of one record into values."""
    values = {}
    for field in fields(features):
        part = getattr(features, field.name)
        if isinstance(part, Field) and part.codes.ndim == 1:
            values[field.name] = part.values[part.codes[row]] if part.codes[row] >= 0 else None
    for flag in ("has_form", "partnership", "group", "latin", "company_like"):
        values[flag] = bool(getattr(features, flag)[row])
    phones = [code for code in features.phones[row].tolist() if code >= 0]
    values["phones"] = [(features.phone_numbers[code], bool(features.mobile[code])) for code in phones]
    values["places"] = features.place_sets[features.places[row]] if features.places[row] >= 0 else ()
    values["branch"] = features.branches[features.branch[row]] if features.branch[row] >= 0 else None
    return values


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows, st.integers(1, 5))
def test_a_record_says_the_same_alone_and_in_lists_of_any_length(
    monkeypatch: pytest.MonkeyPatch, found: list[tuple[str, ...]], together: int
) -> None:
    monkeypatch.setattr(apart, "_TOGETHER", together)
    whole = features_of(batch_of(found))
    assert [said(whole, i) for i in range(len(found))] == [said(features_of(batch_of([row])), 0) for row in found]


def test_equal_values_have_one_code_whatever_list_they_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_TOGETHER", 1)
    brand = features_of(MatchBatch(["1", "2", "3"], ["上海鼎信贸易", "北京恒远", "鼎信科技有限公司"])).brand
    assert brand.codes.tolist() == [0, 1, 0]
    assert brand.values == ["鼎信", "恒远"]


def test_an_extension_is_no_number_of_its_own() -> None:
    phones = ["+862161234567;ext=801", "+862187654321;ext=801"]
    features = features_of(MatchBatch(["1", "2"], ["", ""], phones=phones))
    assert features.phone_numbers == ["+862161234567", "+862187654321"]

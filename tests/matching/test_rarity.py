from __future__ import annotations

from dataclasses import replace

from crmcli.matching.explain import explain
from crmcli.matching.features import features_of
from crmcli.matching.find import find_duplicates
from crmcli.matching.frequency import Frequency
from crmcli.matching.model import DEFAULT, Model, score_of
from crmcli.matching.rarity import frequencies_of
from crmcli.matching.records import MatchBatch

BATCH = MatchBatch(
    ["1", "2", "3", "4"],
    ["上海鼎信贸易有限公司", "鼎信贸易", "上海宏达贸易有限公司", "宏达贸易"],
    phones=["+8613800138000;+862112345678", "+862112345678", "", ""],
)


def counted(**terms: Frequency) -> Model:
    return replace(DEFAULT, version="counted", frequencies={**DEFAULT.frequencies, **terms})


def test_values_are_counted_record_by_record() -> None:
    found = frequencies_of(features_of(BATCH))
    assert (found["brand"].records, found["brand"].typical) == (4, 2.0)
    assert (found["phone"].records, found["contact"].records) == (3, 0)


def test_a_rare_brand_brings_two_records_nearer_and_says_why() -> None:
    model = counted(brand=Frequency(10_000, 200.0, 1.2, {"宏达": 900}))
    rare, common = explain(BATCH, "1", "2", model), explain(BATCH, "3", "4", model)
    (reason,) = [r for r in rare.reasons if r.level == "rare"]
    assert str(reason.message) == "鼎信 is rare: about 1 of 10,000"
    (reason,) = [r for r in common.reasons if r.level == "common"]
    assert str(reason.message) == "宏达 is common: about 900 of 10,000"
    assert rare.score == score_of(sum(r.weight for r in rare.reasons))
    assert common.score < explain(BATCH, "3", "4").score


def test_a_run_scores_as_the_explanation_does() -> None:
    model = counted(brand=Frequency(10_000, 200.0, 1.2, {"宏达": 900}))
    found = find_duplicates(BATCH, model).pairs
    for a, b, score in zip(found.a, found.b, found.score, strict=True):
        assert explain(BATCH, a, b, model).score == score


def test_of_several_shared_phones_the_rarest_speaks() -> None:
    both = replace(BATCH, phones=[BATCH.column("phones")[0]] * 2 + ["", ""])
    model = counted(phone=Frequency(10_000, 1.2, 1.1, {"+862112345678": 4_000}))
    assert not [r for r in explain(both, "1", "2", model).reasons if r.level == "common"]
    (reason,) = [r for r in explain(BATCH, "1", "2", model).reasons if r.level == "common"]
    assert (reason.field, reason.weight) == ("phone", -2.0)

from __future__ import annotations

import pytest

from crmcli.matching.explain import explain, explain_all
from crmcli.matching.find import find_duplicates
from crmcli.matching.model import score_of
from crmcli.matching.records import MatchBatch

BATCH = MatchBatch(
    ["1", "2", "3"],
    ["上海鼎信贸易有限公司", "鼎信贸易", "北京恒远物流有限公司"],
    phones=["+8613800138000", "+8613800138000", ""],
)


def test_the_reasons_add_up_to_the_score_of_the_run() -> None:
    found = find_duplicates(BATCH)
    told = explain(BATCH, "1", "2")
    assert told.score == found.pairs.score[0] == score_of(sum(r.weight for r in told.reasons))
    assert told.tier == found.pairs.tier[0] == "auto"
    assert [abs(r.weight) for r in told.reasons] == sorted((abs(r.weight) for r in told.reasons), reverse=True)


def test_reasons_read_as_sentences_with_their_evidence() -> None:
    reasons = {reason.field: reason for reason in explain(BATCH, "1", "2").reasons}
    assert str(reasons["brand"].message) == "the brand is the same: 鼎信"
    assert reasons["phone"].level == "mobile same"
    assert (reasons["place"].a, reasons["place"].b) == ("上海市", "鼎信贸易")
    assert "email" not in reasons


def test_a_reason_tells_what_it_rests_on() -> None:
    """The city that an address states, the place alone of a name, the one number that is shared."""
    batch = MatchBatch(
        ["1", "2"],
        ["珠海琳固房地产开发有限公司", "珠海麟固房地产开发有限公司"],
        phones=["+8613154921842;+862988139730", "+8613154921842"],
        addresses=["广东省珠海市西浦区宾西路12号", "福建省泉州市北阳区高三路1号"],
    )
    told = {reason.field: str(reason.message) for reason in explain(batch, "1", "2").reasons}
    assert told["phone"] == "a mobile number is shared: +8613154921842"
    assert told["place"] == "the place in the name is the same: 广东省珠海市"
    assert told["city"] == "the cities differ: 珠海市 and 泉州市"


def test_both_sides_tell_the_same_story() -> None:
    ahead, back = explain(BATCH, "1", "3"), explain(BATCH, "3", "1")
    assert ahead.score == back.score
    assert ahead.tier == back.tier == "different"


def test_many_pairs_are_told_like_one() -> None:
    assert explain_all(BATCH, [("1", "3"), ("1", "2")]) == [explain(BATCH, "1", "3"), explain(BATCH, "1", "2")]


def test_an_unknown_id_is_refused() -> None:
    with pytest.raises(ValueError, match="not in"):
        explain(BATCH, "1", "9")

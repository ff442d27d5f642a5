from __future__ import annotations

import pytest

from crmcli.matching.frequency import LEAST, MOST, Frequency, frequency_of
from crmcli.matching.shares import share_at_large

CROWDED = frequency_of({"宏达": 3_000, "鼎信": 2} | {f"牌{i}": 1 for i in range(7_000)})


def test_the_order_of_the_values_does_not_matter() -> None:
    counts = {"宏达": 30, "鼎信": 2, "华泰": 30, "远大": 1}
    assert frequency_of(counts) == frequency_of(dict(reversed(counts.items())))


def test_a_rare_brand_says_more_and_a_frequent_one_less() -> None:
    assert CROWDED.adjustment("brand", "鼎信") > 0 > CROWDED.adjustment("brand", "宏达")


def test_what_frequency_says_is_bounded() -> None:
    crowd = frequency_of({"一": 10**9} | {str(i): 1 for i in range(1_000)})
    assert crowd.adjustment("brand", "5") == MOST
    assert Frequency(10**9, 1.0, 1.0, {"一": 10**9}).adjustment("brand", "一") == LEAST


def test_a_few_rows_fool_nobody() -> None:
    few = frequency_of({"科技": 2, "鼎信": 2, **{f"牌{i}": 1 for i in range(6)}})
    assert few.adjustment("brand", "鼎信") == 0
    assert few.adjustment("brand", "科技") < 0


def test_without_data_what_is_known_at_large_speaks() -> None:
    nothing = Frequency()
    assert nothing.adjustment("brand", "鼎信") == 0
    assert nothing.adjustment("surname", "王") <= 0 < nothing.adjustment("surname", "鄢")


def test_duplicates_of_one_customer_do_not_make_its_phone_common() -> None:
    phones = frequency_of({f"+86138{i:08}": 1 + (i % 5 == 0) for i in range(10_000)} | {"+8613900000000": 4})
    assert phones.adjustment("phone", "+8613900000000") == 0


def test_nothing_counted_says_nothing() -> None:
    assert frequency_of({}) == Frequency()


@pytest.mark.parametrize("term", ["brand", "contact", "road", "phone", "domain"])
def test_a_value_that_nothing_is_known_of_is_typical(term: str) -> None:
    assert share_at_large(term, "xyz") == share_at_large(term, "abc")

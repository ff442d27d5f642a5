from __future__ import annotations

from typing import Any

import pytest

from crmcli.jobs.dedupe.explaining import OneCustomer, explain_pair
from crmcli.jobs.dedupe.run import dedupe_customers


def test_two_customers_are_told_apart_or_together_in_any_order(three: Any) -> None:
    told = explain_pair(three.workspace, "C1", "C2")
    assert (told.finding.tier, told.decision, told.merged) == ("auto", None, None)
    assert told == explain_pair(three.workspace, "上海鼎信贸易有限公司", "鼎信贸易")
    assert explain_pair(three.workspace, "C1", "C3").finding.tier == "different"


def test_a_merge_keeps_the_reasons_that_it_was_made_for(three: Any) -> None:
    before = explain_pair(three.workspace, "C1", "C2").finding
    dedupe_customers(three.workspace)
    told = explain_pair(three.workspace, "C1", "C2")
    assert (told.finding, told.merged) == (before, "C2")


def test_the_best_of_all_former_records_speaks(three: Any) -> None:
    alone = explain_pair(three.workspace, "C2", "C3").finding.score
    three.set("customer", 1, phones=["+8613800138000", "+8613700137000"])
    three.set("customer", 3, phones=["+8613700137000"])
    dedupe_customers(three.workspace)
    assert explain_pair(three.workspace, "C2", "C3").finding.score > alone


def test_one_customer_is_no_pair(three: Any) -> None:
    with pytest.raises(OneCustomer):
        explain_pair(three.workspace, "C1", "鼎信贸易")

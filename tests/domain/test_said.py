from __future__ import annotations

from decimal import Decimal

import pytest

from crmcli.domain.said import (
    NOTHING,
    Said,
    Stopped,
    agree,
    columns_of,
    decode,
    differing,
    encode,
    facts_of,
    held_by,
    said_by,
)
from crmcli.domain.values.money import Amount
from crmcli.i18n import msg

FACTS = {"owner": "owner", "stage": "stage", "day": "created_at", "amount": "amount"}


def test_a_sheet_states_the_first_day_it_has() -> None:
    paths = {"opportunity.closed_at", "opportunity.expected_close", "opportunity.status", "customer.owner"}
    assert facts_of("opportunity", paths) == {"stage": "status", "day": "expected_close"}
    assert facts_of("opportunity", {"customer.name"}) == facts_of("something", {"something.owner"}) == {}


def test_a_row_and_its_record_say_the_same_facts() -> None:
    part = {"owner": "张伟", "created_at": "2026-06-01", "amount": Amount(Decimal("12.5"))}
    said = said_by(FACTS, part, "方案报价", "CNY")
    assert said == Said("张伟", "方案报价", "2026-06-01", "CNY", 1250)
    record = {"owner": "张伟", "stage": "方案报价", "created_at": "2026-06-01", "amount_fen": 1250, "currency": None}
    assert held_by(columns_of("opportunity", FACTS), record, "CNY") == said


def test_what_a_sheet_does_not_state_is_not_looked_at() -> None:
    record = {"owner": "张伟", "stage": "方案报价", "created_at": "2026-06-01", "amount_fen": 1250, "currency": "USD"}
    assert held_by({"owner": "owner"}, record, "CNY") == Said("张伟")
    assert said_by({}, {"owner": "张伟"}, "方案报价", "CNY") == NOTHING
    assert said_by(FACTS, {"amount": "面议"}, None, "CNY") == NOTHING


def test_an_event_keeps_its_stage_as_a_value() -> None:
    facts = facts_of("stage_history", {"stage_history.stage", "stage_history.at"})
    assert held_by(columns_of("event", facts), {"value": "赢单", "at": "2026-06-01"}, "CNY") == Said(
        None, "赢单", "2026-06-01"
    )


def test_a_closing_day_of_an_open_deal_is_its_expected_close() -> None:
    record = {"closed_at": None, "expected_close": "2026-07-01"}
    assert held_by({"day": "closed_at"}, record, "CNY").day == "2026-07-01"


@pytest.mark.parametrize(
    ("said", "held", "facts"),
    [
        (Said("张 伟"), Said("张伟"), []),
        (Said(day="2026-06-01"), Said(day="2026-06-30"), []),
        (Said(day="2026-06-01"), Said(day="2026-07-01"), ["day"]),
        (Said(owner=None), Said(owner="张伟"), ["owner"]),
        (Said(stage="赢单"), Said(stage="输单"), ["stage"]),
        (Said(currency="CNY", amount_fen=1), Said(currency="USD", amount_fen=1), ["amount"]),
        (Said(currency="CNY", amount_fen=0), Said(), []),
        (Said(), Said(currency="CNY", amount_fen=1), ["amount"]),
    ],
)
def test_a_statement_compares_what_a_manager_reads(said: Said, held: Said, facts: list[str]) -> None:
    assert differing(said, held) == facts
    assert agree(said, held) == (not facts)


def test_what_is_kept_comes_back() -> None:
    said = Said("张伟", None, "2026-06-01", "CNY", -5)
    why = Stopped("row.two_records", "编号", msg("this row points at several records: {names}", names="甲, 乙"))
    assert decode(encode(said)) == (said, None)
    assert decode(encode(said, why)) == (said, why)
    assert decode(encode(NOTHING, Stopped("row.total"))) == (NOTHING, Stopped("row.total"))
    assert decode(None) == (NOTHING, None)

from __future__ import annotations

from dataclasses import replace
from datetime import date

from crmcli.domain.reminders.deals import deal_findings
from crmcli.domain.reminders.model import Deal, Plan, Rules, StageClock

TODAY = date(2026, 6, 30)
RULES = Rules(roles=("决策人",), stages={("", "初步接触"): StageClock(1, 7), ("", "需求确认"): StageClock(2, 14)})
FINE = Deal(
    1, "年框", "甲公司", "张伟", stage="需求确认", created_at="2026-06-01", entered="2026-06-20",
    last_contact="2026-06-25T10:00:00+08:00", plan=Plan(date(2026, 7, 2), "签约"), expected_close=date(2026, 9, 1),
)  # fmt: skip


def told(deal: Deal, rules: Rules = RULES) -> list[tuple[str, str, str]]:
    return [(found.kind, found.due.isoformat(), str(found.why)) for found in deal_findings(deal, TODAY, rules)]


def test_of_a_deal_in_order_nothing_is_told() -> None:
    assert told(FINE) == []


def test_a_plan_that_is_due_or_overdue() -> None:
    assert told(replace(FINE, plan=Plan(TODAY, "签约"))) == [("action", "2026-06-30", "next step: 签约")]
    assert told(replace(FINE, plan=Plan(date(2026, 6, 27)))) == [("action", "2026-06-27", "a next step without words")]


def test_a_plan_that_was_carried_out_leaves_no_next_step() -> None:
    done = replace(FINE, plan=Plan(date(2026, 6, 24)))
    assert told(done) == [("no_next_step", "2026-06-25", "the step of 2026-06-24 is done, no other is planned")]


def test_without_a_plan_the_gap_counts_from_the_last_that_is_known() -> None:
    assert told(replace(FINE, plan=None)) == [("no_next_step", "2026-06-25", "no next step is planned")]
    bare = replace(FINE, plan=None, last_contact=None, entered=None, created_at=None)
    assert told(bare) == [("no_next_step", "2026-06-30", "no next step is planned")]


def test_the_close_is_told_so_many_days_ahead_and_when_it_has_passed() -> None:
    assert told(replace(FINE, expected_close=date(2026, 7, 4))) == []
    ahead = replace(FINE, expected_close=date(2026, 7, 3))
    assert told(ahead) == [("key_date", "2026-07-03", "expected to close on 2026-07-03")]
    assert [kind for kind, *_ in told(replace(FINE, expected_close=TODAY))] == ["key_date"]
    passed = replace(FINE, expected_close=date(2026, 6, 29))
    assert told(passed) == [("overdue_close", "2026-06-29", "was expected to close on 2026-06-29, is in 需求确认")]


def test_a_stalled_deal_says_why() -> None:
    silent = replace(FINE, last_contact="2026-06-10T10:00:00+08:00", plan=Plan(date(2026, 6, 29)))
    words = "stalled: no contact for 20 days, 14 allowed, 10 days in 需求确认"
    assert ("stalled", "2026-06-24", words) in told(silent)


def test_beyond_the_first_stage_somebody_must_decide() -> None:
    alone = replace(FINE, has_role=False)
    assert told(alone) == [("no_decision_maker", "2026-06-20", "in 需求确认 without a contact who is 决策人")]
    assert told(replace(alone, stage="初步接触")) == []
    assert told(alone, replace(RULES, roles=())) == []

from __future__ import annotations

from dataclasses import replace
from datetime import date

from crmcli.domain.reminders.model import Deal, Plan, Rules, StageClock
from crmcli.domain.reminders.stalled import stall_of

TODAY = date(2026, 6, 30)
RULES = Rules(stages={("", "需求确认"): StageClock(2, 14), ("", "商务谈判"): StageClock(4, 10, 60)})
DEAL = Deal(1, "年框", "甲公司", "张伟", stage="需求确认", created_at="2026-01-05", entered="2026-06-01")


def contacted(day: str) -> Deal:
    return replace(DEAL, last_contact=f"{day}T10:00:00+08:00")


def test_silence_reaches_the_stages_days() -> None:
    assert stall_of(contacted("2026-06-17"), TODAY, RULES) is None  # 13 days
    stall = stall_of(contacted("2026-06-16"), TODAY, RULES)
    assert stall is not None
    assert (stall.since, stall.silent_days, stall.stage_days) == (TODAY, 14, 29)
    assert [str(reason) for reason in stall.reasons] == ["no contact for 14 days, 14 allowed", "29 days in 需求确认"]


def test_before_any_contact_silence_counts_from_the_deals_beginning() -> None:
    stall = stall_of(DEAL, TODAY, RULES)
    assert stall is not None
    assert stall.silent_days == 176
    assert str(stall.reasons[0]) == "nobody was in contact in 176 days, 14 allowed"


def test_a_deal_without_any_date_is_not_called_stalled() -> None:
    assert stall_of(replace(DEAL, created_at=None, entered=None), TODAY, RULES) is None


def test_a_plan_ahead_protects_and_one_that_has_passed_does_not() -> None:
    silent = contacted("2026-06-01")
    ahead = replace(silent, plan=Plan(date(2026, 7, 5), made="2026-06-20"))
    passed = replace(silent, plan=Plan(date(2026, 6, 29), made="2026-06-20"))
    assert stall_of(ahead, TODAY, RULES) is None
    assert stall_of(passed, TODAY, RULES) is not None


def test_a_plan_far_ahead_excuses_only_so_long_and_the_reason_says_so() -> None:
    far = replace(contacted("2026-05-01"), plan=Plan(date(2026, 12, 31), made="2026-05-01"))
    stall = stall_of(far, TODAY, RULES)
    assert stall is not None
    assert str(stall.reasons[1]) == "the plan for 2026-12-31 is too far ahead to excuse it"


def test_too_long_in_a_stage_stalls_whatever_is_planned() -> None:
    deal = replace(contacted("2026-06-29"), stage="商务谈判", entered="2026-05-01", plan=Plan(date(2026, 7, 1)))
    assert stall_of(replace(deal, entered="2026-05-02"), TODAY, RULES) is None
    stall = stall_of(deal, TODAY, RULES)
    assert stall is not None
    assert (stall.since, [str(reason) for reason in stall.reasons]) == (TODAY, ["60 days in 商务谈判, 60 allowed"])


def test_both_clocks_give_both_reasons_and_the_earlier_day() -> None:
    deal = replace(contacted("2026-06-10"), stage="商务谈判", entered="2026-04-01")
    stall = stall_of(deal, TODAY, RULES)
    assert stall is not None
    assert (stall.since, len(stall.reasons)) == (date(2026, 5, 31), 2)


def test_a_stage_that_no_pipeline_knows_has_no_clock() -> None:
    assert stall_of(replace(DEAL, stage="样品测试"), TODAY, RULES) is None

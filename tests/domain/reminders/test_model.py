from __future__ import annotations

from crmcli.domain.reminders.model import Rules, StageClock


def test_a_stage_is_found_in_its_pipeline_first() -> None:
    rules = Rules(stages={("new", "报价"): StageClock(2, 5), ("", "报价"): StageClock(3, 14)})
    assert rules.clock("new", "报价") == StageClock(2, 5)
    assert rules.clock("gone", "报价") == rules.clock(None, "报价") == StageClock(3, 14)
    assert rules.clock("new", None) is None

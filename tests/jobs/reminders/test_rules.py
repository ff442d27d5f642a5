from __future__ import annotations

from crmcli.config import Settings
from crmcli.domain.reminders.model import StageClock
from crmcli.jobs.reminders.rules import rules_of


def test_rules_are_what_crm_toml_says() -> None:
    stages = [{"name": "报价", "rot_days": 5, "max_days": 20}, {"name": "谈判"}]
    pipelines = [{"key": "a", "stages": stages}, {"key": "b", "stages": [{"name": "谈判", "rot_days": 3}]}]
    settings = Settings.model_validate({"pipeline": pipelines, "remind": {"levels": [1, 2, 4], "roles": ["决策人"]}})
    rules = rules_of(settings)
    assert (rules.levels, rules.roles, rules.max_plan_days, rules.silent_days) == ((1, 2, 4), ("决策人",), 30, None)
    assert rules.clock("a", "报价") == StageClock(1, 5, 20)
    assert rules.clock("b", "谈判") == StageClock(1, 3)
    assert rules.clock(None, "谈判") == StageClock(2)

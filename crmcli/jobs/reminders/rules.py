"""What crm.toml asks to be reminded of."""

from __future__ import annotations

from crmcli.config import Settings
from crmcli.domain.reminders.model import Rules, StageClock


def rules_of(settings: Settings) -> Rules:
    """Return the rules of `[remind]` with every stage's clocks; a stage name of two pipelines is the first one's."""
    remind = settings.remind
    stages: dict[tuple[str, str], StageClock] = {}
    for pipeline in settings.pipeline:
        for rank, stage in enumerate(pipeline.stages, 1):
            clock = StageClock(rank, stage.rot_days, stage.max_days)
            stages[pipeline.key, stage.name] = clock
            stages.setdefault(("", stage.name), clock)
    return Rules(
        max_plan_days=remind.max_plan_days,
        levels=remind.levels,
        ahead_days=remind.ahead_days,
        silent_days=remind.silent_days,
        roles=remind.roles,
        stages=stages,
    )

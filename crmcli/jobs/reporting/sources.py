"""Where the parts of a population come from that only some reports need: each part has one loader."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import time
from typing import Any

from crmcli.config.parts import owners, switches
from crmcli.domain.metrics.population import (
    ACTIVITY_COLUMNS,
    BY_HAND,
    MOVE_COLUMNS,
    TASK_COLUMNS,
    Working,
    frame_of,
)
from crmcli.jobs.owners.collisions import load_collisions
from crmcli.jobs.pool.stays import load_stays
from crmcli.jobs.reporting.givings import load_givings
from crmcli.jobs.reporting.lead_population import load_leads
from crmcli.jobs.reporting.payments import load_payments
from crmcli.jobs.reporting.plans import load_plans
from crmcli.jobs.reporting.quality import load_quality
from crmcli.jobs.reporting.targets import load_goals, load_targets
from crmcli.jobs.reporting.told import load_teller
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch_where
from crmcli.store.reporting import activities, displaced_deals, set_probabilities, tasks

Loader = Callable[[Workspace, str], Any]


def load_parts(workspace: Workspace, needs: Iterable[str], as_of: str) -> dict[str, Any]:
    """Return by name the parts of the population that a report needs beyond deals and stage events."""
    return {name: SOURCES[name](workspace, as_of) for name in needs}


def _by_hand(workspace: Workspace, _as_of: str) -> Any:
    return frame_of(
        [dict.fromkeys(MOVE_COLUMNS) | {"field": BY_HAND} | row for row in set_probabilities(workspace.db)],
        MOVE_COLUMNS,
    )


def _activities(workspace: Workspace, as_of: str) -> Any:
    return frame_of(activities(workspace.db, as_of), ACTIVITY_COLUMNS)


def _tasks(workspace: Workspace, as_of: str) -> Any:
    return frame_of([row for row in tasks(workspace.db) if (row["created_at"] or "") <= as_of], TASK_COLUMNS)


def _working(workspace: Workspace, _as_of: str) -> Working:
    rules = switches(workspace.settings)
    opens, closes = (time.fromisoformat(text) for text in rules.work_hours)
    return Working(rules.holidays, (opens, closes))


SOURCES: dict[str, Loader] = {
    "by_hand": _by_hand,
    "activities": _activities,
    "tasks": _tasks,
    "targets": load_targets,
    "goals": load_goals,
    "quality": lambda workspace, _as_of: load_quality(workspace),
    "teller": lambda workspace, _as_of: load_teller(workspace),
    "working": _working,
    "plans": load_plans,
    "max_plan_days": lambda workspace, _as_of: workspace.settings.remind.max_plan_days,
    "displaced": lambda workspace, _as_of: displaced_deals(workspace.db),
    "leads": load_leads,
    "givings": load_givings,
    "staff": lambda workspace, _as_of: owners(workspace.settings, fetch_where(workspace.db, "owner")),
    "stays": lambda workspace, _as_of: load_stays(workspace),
    "payments": load_payments,
    "collisions": lambda workspace, _as_of: load_collisions(workspace),
}
"""Name of a field of `Population` -> what loads it as of a time (ISO). write_report.py loads "earlier" and "moves"."""

"""Where targets and goals come from: crm.toml, and sheets of targets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from crmcli.config.parts import owners
from crmcli.domain.metrics.measures import MEASURES
from crmcli.domain.metrics.period_words import period_of
from crmcli.domain.metrics.population import Goal, Target
from crmcli.domain.values.text import fold
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch_where
from crmcli.store.targets import targets

_Found = dict[tuple[str, str, date, date], Target]


def load_targets(workspace: Workspace, as_of: str) -> tuple[Target, ...]:
    """Return the targets of crm.toml, then those of sheets whose owner or team and days it does not set itself.

    An owner's target has the owner's team too. Targets in another currency than the workspace's are left out.
    """
    today, home = date.fromisoformat(as_of[:10]), workspace.settings.workspace.currency
    people = owners(workspace.settings, fetch_where(workspace.db, "owner"))
    team_of = {fold(person.name): person.team for person in people}
    found: _Found = {}
    for table in workspace.settings.target:
        fen = None if table.amount is None else int((table.amount * 100).to_integral_value())
        _add(found, team_of, Target(table.owner, table.team, table.period, today, today, fen, table.count))
    for row in targets(workspace.db):
        if (row["currency"] or home) == home:
            _add(
                found,
                team_of,
                Target(
                    row["owner"] or "",
                    row["team"] or "",
                    row["period"],
                    today,
                    today,
                    row["amount_fen"],
                    row["count"],
                    f"{row['source_file']} {row['source_sheet']} {row['source_row']}"
                    if row["source_file"]
                    else "crm.db",
                ),
            )
    return tuple(found.values())


def _add(found: _Found, team_of: dict[str, str], target: Target) -> None:
    """Add a target with its days; of two for the same, the first stays."""
    span = period_of(target.period, target.start)
    if span.start and span.end:
        key = (fold(target.owner), "" if target.owner else target.team, span.start, span.end)
        team = team_of.get(fold(target.owner), "") if target.owner else target.team
        found.setdefault(key, replace(target, team=team, start=span.start, end=span.end))


def load_goals(workspace: Workspace, as_of: str) -> tuple[Goal, ...]:
    """Return the goals of crm.toml."""
    today, found = date.fromisoformat(as_of[:10]), []
    for table in workspace.settings.goal:
        span = period_of(table.period, today)
        if span.start and span.end:
            value = _in_units(table.metric, table.value)
            found.append(Goal(table.metric, table.owner, table.team, table.period, span.start, span.end, value,
                              table.better or None))  # fmt: skip
    return tuple(found)


def _in_units(metric: str, value: Decimal) -> float:
    """Return a goal's value as its figure is measured: fen, a share 0-1."""
    match MEASURES[metric].kind:
        case "money":
            return int((value * 100).to_integral_value())
        case "rate":
            return float(value / 100 if value > 1 else value)
        case _:
            return float(value)

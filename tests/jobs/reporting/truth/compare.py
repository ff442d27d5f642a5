"""Reports of what moves, stands still and is promised, each beside its calculation by brute force."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from crmcli.domain.metrics.period import Period

from . import ahead, hindsight, stays, steps
from .ask import Row, compared, keyed, tables
from .play import World
from .seen import Asked
from .setting import ZONE

PERIODS = ((date(2026, 4, 1), date(2026, 5, 1)), (date(2026, 5, 4), date(2026, 6, 15)), (date(2026, 5, 22), None),
           (date(2026, 3, 1), date(2026, 6, 8)))  # fmt: skip


def varied(world: World, asked: Asked, *by: str) -> Asked:
    """Return the question with another period, or the same, and another breakdown."""
    dice = random.Random(f"varied {world.seed} {by}")
    start, end = dice.choice([(asked.start, asked.end), *PERIODS])
    return replace(asked, start=start, end=end, by=dice.choice(["", *by]))


def flow(world: World, asked: Asked) -> Iterator[str]:
    """Yield in what the flow through the stages differs."""
    asked = varied(world, asked, "owner", "team", "product", "month")
    found = keyed(tables(world, "flow", asked)["flow"], asked.by, "stage")
    yield from compared(found, steps.flow(world.deals, asked), "flow")


def changes(world: World, asked: Asked) -> Iterator[str]:
    """Yield in what the waterfall of the open amount differs."""
    asked = varied(world, asked, "owner", "team", "source", "month")
    if not (asked.start or asked.end):
        asked = replace(asked, start=date(2026, 4, 27), end=date(2026, 6, 1))  # else it is last week's
    within, more = None, dict[str, Any]()
    if world.seed % 3 == 0:
        within = replace(asked, start=date(2026, 5, 1), end=date(2026, 8, 1))
        more = {"closing": Period(within.start, within.end)}
    found = keyed(tables(world, "changes", asked, **more)["changes"], asked.by, "key")
    yield from compared(_filled(found), _filled(steps.changes(world.deals, asked, within)), "changes")


def _filled(rows: dict[tuple[Any, ...], Row]) -> dict[tuple[Any, ...], Row]:
    return {key: row for key, row in rows.items() if row["n"]}


def stage_age(world: World, asked: Asked) -> Iterator[str]:
    """Yield in what the time in stages differs."""
    asked = varied(world, asked, "owner", "team", "product", "month")
    found = tables(world, "stage-age", asked)
    yield from compared(keyed(found["stage_age"], asked.by, "stage"), stays.stage_age(world.deals, asked), "stage-age")
    yield from compared(keyed(found["over_age"], "name"), stays.over_age(world.deals, asked), "over age")


def stalled(world: World, asked: Asked) -> Iterator[str]:
    """Yield in what stands still differs; the report has no period."""
    asked = varied(world, asked, "owner", "team", "source", "month")
    asked = replace(asked, at=asked.at if world.seed % 2 else datetime(2026, 5, 22, 12, tzinfo=ZONE))
    found = tables(world, "stalled", asked)
    yield from compared(keyed(found["stalled"], asked.by, "stage"), stays.stalled(world.deals, asked), "stalled")
    yield from compared(keyed(found["stalled_deals"], "name"), stays.stalled_deals(world.deals, asked), "stalled deals")


def forecast(world: World, asked: Asked) -> Iterator[str]:
    """Yield in what the forecast differs."""
    asked = varied(world, asked, "owner", "team", "product")
    found = tables(world, "forecast", asked)
    yield from compared(keyed(found["forecast"], asked.by, "month"), ahead.forecast(world.deals, asked), "forecast")
    yield from compared(
        keyed(found["forecast_buckets"], asked.by, "bucket"), ahead.buckets(world.deals, asked), "apart"
    )
    rows = keyed(found.get("forecast_targets", []), "level", "who", "period")
    yield from compared(rows, ahead.targets(world.deals, asked), "targets")


def velocity(world: World, asked: Asked) -> Iterator[str]:
    """Yield in what the sales velocity differs."""
    asked = varied(world, asked, "owner", "team", "source")
    found = keyed(tables(world, "velocity", asked)["velocity"], asked.by, "currency")
    yield from compared(found, ahead.velocity(world.deals, asked), "velocity")


def accuracy(world: World, asked: Asked) -> Iterator[str]:
    """Yield in what the forecast's accuracy differs, of four months at most."""
    asked = varied(world, asked, "owner", "team", "product")
    asked = replace(asked, start=max(asked.start or date(2026, 3, 1), date(2026, 3, 1)))
    found = tables(world, "forecast-accuracy", asked)
    rows = hindsight.months(world.deals, asked)
    yield from compared(keyed(found["forecast_accuracy"], asked.by, "month"), rows, "accuracy")
    yield from compared(keyed(found["weeks"], "month", "day"), hindsight.weeks(world.deals, asked), "weeks")
    yield from compared(keyed(found["owners"], "owner"), hindsight.owners(world.deals, asked), "owners")


REPORTS = (accuracy, forecast, velocity, flow, changes, stage_age, stalled)

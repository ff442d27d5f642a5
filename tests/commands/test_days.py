from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crmcli.commands.choices import BadOption
from crmcli.commands.days import day_ahead, time_ahead, time_of
from crmcli.commands.moments import NotATime

NOW = "2026-06-30T09:00:00+08:00"


@pytest.fixture
def workspace() -> Any:
    return SimpleNamespace(zone=ZoneInfo("Asia/Shanghai"), now=lambda: NOW, clock=lambda: datetime.fromisoformat(NOW))


@pytest.mark.parametrize(
    ("text", "time", "day"),
    [
        ("今天", "2026-06-30", "2026-06-30"),
        ("Tomorrow", "2026-07-01", "2026-07-01"),
        ("昨天", "2026-06-29", "2026-06-29"),
        ("前天", "2026-06-28", "2026-06-28"),
        ("+10d", "2026-07-10", "2026-07-10"),
        ("2026-07-05", "2026-07-05", "2026-07-05"),
        ("2026-07-05T20:00:00Z", "2026-07-06T04:00:00+08:00", "2026-07-06"),
        (None, None, None),
    ],
)
def test_days_are_counted_from_today_or_written(
    workspace: Any, text: str | None, time: str | None, day: str | None
) -> None:
    assert time_ahead(workspace, "--due", text) == time
    assert day_ahead(workspace, "--due", text) == day


def test_what_is_no_day_names_its_option(workspace: Any) -> None:
    with pytest.raises(BadOption, match="--due 过几天: expected a day"):
        day_ahead(workspace, "--due", "过几天")


def test_what_happened_was_not_tomorrow(workspace: Any) -> None:
    assert time_of(workspace, "2026-07-05T20:00:00Z") == "2026-07-06T04:00:00+08:00"
    with pytest.raises(NotATime):
        time_of(workspace, "明天")


@pytest.mark.parametrize(
    ("text", "time"), [("昨天", "2026-06-29"), ("Yesterday", "2026-06-29"), ("今天", "2026-06-30")]
)
def test_what_happened_may_be_of_a_named_day(workspace: Any, text: str, time: str) -> None:
    assert time_of(workspace, text) == time

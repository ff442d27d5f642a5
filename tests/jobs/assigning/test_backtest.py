from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from crmcli.config.findings import ConfigError
from crmcli.jobs.assigning.assign import assign_opportunities
from crmcli.jobs.assigning.backtest import Backtest, backtest_rules
from crmcli.jobs.logging_activity import log_activity
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.workspace import Workspace

SETTINGS = """
[[owner]]
name = "张伟"
weight = 2
max_per_day = 2
[[owner]]
name = "王芳"
max_open = 3
leave = [["2026-06-11", "2026-06-11"]]
[[assign.rule]]
name = "大单"
when = { amount = ">= 300" }
to = "张伟"
strategy = "fixed"
[[assign.rule]]
name = "轮流"
to = "*"
strategy = "weighted"
"""
JUNE = (date(2026, 6, 1), date(2026, 7, 1))


def on(workspace: Workspace, day: int, clock: str = "10:00") -> Workspace:
    return replace(workspace, clock=lambda: datetime.fromisoformat(f"2026-06-{day:02d}T{clock}:00+08:00"))


@pytest.fixture
def office(desk: Any) -> Workspace:
    """Return a workspace with four days of deals and a run of assignment on each."""
    workspace: Workspace = desk.workspace
    assert workspace.config_path is not None
    workspace.config_path.write_text(SETTINGS, encoding="utf-8")
    for number in range(1, 5):
        add_record(on(workspace, 9), "customer", [f"name=客户{number}"])
    for day in (10, 11, 12, 15):
        for number in range(1, 5):
            amount = day * 10 * number
            add_record(
                on(workspace, day, "08:00"),
                "opportunity",
                [f"name={day}日{number}", f"customer=C{number if number < 3 else day % 4 + 1}", f"amount={amount}"],
            )
        assign_opportunities(on(workspace, day))
    return workspace


def rules(workspace: Workspace, text: str) -> Path:
    path = workspace.db.path.parent / "other.toml"
    path.write_text(text, encoding="utf-8")
    return path


def whom(found: Backtest) -> list[tuple[str | None, str | None]]:
    return [(deal.past.got, deal.decision.owner) for deal in found.deals]


def test_the_same_rules_give_what_really_was(office: Workspace) -> None:
    before = office.db.rows("SELECT count(*) AS n FROM change")
    found = backtest_rules(office, rules(office, SETTINGS), *JUNE)
    assert (len(found.deals), found.changed, found.undated) == (16, 0, 0)
    assert None in {got for got, _ in whom(found)}
    assert backtest_rules(office, rules(office, SETTINGS), date(2026, 6, 12), JUNE[1]).changed == 0
    assert office.db.rows("SELECT count(*) AS n FROM change") == before


def test_other_rules_and_why(office: Workspace) -> None:
    found = backtest_rules(office, rules(office, SETTINGS.replace('to = "张伟"', 'to = "王芳"')), *JUNE)
    assert found.changed > 0
    changed = next(deal for deal in found.deals if deal.changed)
    assert str(changed.decision.reason)
    assert sum(got for got, _ in found.by_owner.values()) == sum(would for _, would in found.by_owner.values()) == 16


def test_a_deal_is_seen_as_it_was_then(office: Workspace) -> None:
    set_fields(on(office, 20), "opportunity", "O1", ["amount=900"])
    assert backtest_rules(office, rules(office, SETTINGS), *JUNE).changed == 0


def test_what_people_gave_is_replayed_too_and_what_has_no_day_is_counted(desk: Any) -> None:
    head = ("商机名称", "客户名称", "负责人", "商机创建时间")
    desk.load(desk.write("a.csv", head, ("一", "甲", "老王", "2026-06-03"), ("二", "乙", "老王", "")))
    found = backtest_rules(desk.workspace, rules(desk.workspace, SETTINGS), *JUNE)
    assert [(deal.past.got, deal.past.by, deal.at[:10]) for deal in found.deals] == [("老王", "import", "2026-06-03")]
    assert found.deals[0].decision.owner == "张伟"
    assert found.undated == 1


def test_rules_that_name_nobody_are_refused(office: Workspace) -> None:
    with pytest.raises(ConfigError, match="王方"):
        backtest_rules(office, rules(office, SETTINGS.replace('to = "张伟"', 'to = "王方"')), *JUNE)


def test_moves_because_of_time_are_replayed_by_the_follow_ups_that_there_were(office: Workspace) -> None:
    log_activity(on(office, 10, "15:00"), "O1", "通了电话")
    log_activity(on(office, 10, "15:00"), "C2", "拜访")
    timed = rules(office, SETTINGS + "[assign]\nfirst_contact_hours = 9\n")
    found = {deal.past.id: deal for deal in backtest_rules(office, timed, *JUNE).deals}
    assert found[1].moves == found[2].moves == ()
    moved = next(deal for deal in found.values() if deal.moves)
    at, move = moved.moves[0]
    assert (at > moved.at, move.rule) == (True, "timeout")
    assert move.owner != moved.decision.owner
    assert backtest_rules(office, rules(office, SETTINGS), *JUNE).moves == 0

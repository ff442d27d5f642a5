from __future__ import annotations

from dataclasses import replace
from datetime import date

from crmcli.domain.pool import Standing
from crmcli.domain.reminders.model import Finding, Party, Plan, Rules, Task
from crmcli.domain.reminders.others import party_findings, pool_findings, task_findings
from crmcli.i18n import msg

TODAY = date(2026, 6, 30)
RULES = Rules(silent_days=60)
QUIET = Party("customer", 1, "甲公司", "甲公司", "张伟", "2026-01-05", "2026-05-01T10:00:00+08:00")


def told(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(found.kind, found.due.isoformat(), str(found.why)) for found in findings]


def task(day: date) -> list[tuple[str, str, str]]:
    return told(list(task_findings(Task(1, "法务改合同", "甲公司", "张伟", day), TODAY, RULES)))


def test_a_task_is_told_ahead_on_its_day_and_after_it() -> None:
    assert task(date(2026, 7, 4)) == []
    assert task(date(2026, 7, 3)) == [("key_date", "2026-07-03", "task: 法务改合同")]
    assert task(TODAY) == [("task", "2026-06-30", "task: 法务改合同")]
    assert task(date(2026, 6, 1)) == [("task", "2026-06-01", "task: 法务改合同")]


def party(one: Party, rules: Rules = RULES) -> list[tuple[str, str, str]]:
    return told(list(party_findings(one, TODAY, rules)))


def test_a_customer_that_nobody_contacted_so_long_is_silent() -> None:
    assert party(QUIET) == [("silent", "2026-06-30", "no contact for 60 days, 60 allowed")]
    assert party(replace(QUIET, last_contact="2026-05-02T10:00:00+08:00")) == []
    never = replace(QUIET, last_contact=None)
    assert party(never) == [("silent", "2026-03-06", "nobody was in contact in 176 days, 60 allowed")]


def test_nothing_is_silent_without_the_setting_without_an_owner_or_without_a_date() -> None:
    assert party(QUIET, Rules()) == []
    assert party(replace(QUIET, owner=None)) == []
    assert party(replace(QUIET, last_contact=None, created_at=None)) == []
    assert party(replace(QUIET, entity="lead")) == []


def test_a_next_step_of_a_lead_is_due_until_it_is_done() -> None:
    lead = Party("lead", 3, "李四", "乙公司", "王芳", plan=Plan(date(2026, 6, 28), "回电", "2026-06-20"))
    (found,) = party_findings(lead, TODAY, RULES)
    assert (found.entity, found.id, found.name, found.customer) == ("lead", 3, "李四", "乙公司")
    assert party(lead) == [("action", "2026-06-28", "next step: 回电")]
    assert party(replace(lead, last_contact="2026-06-29")) == []


def test_a_customer_near_the_pool() -> None:
    standing = Standing(1, "张伟", "公海", "counting", "no_follow_up", msg("silent"), 3, date(2026, 7, 4))
    assert told(list(pool_findings(standing, "甲公司", 3))) == [
        ("pool", "2026-07-04", "falls into 公海 on 2026-07-04: silent")
    ]
    assert list(pool_findings(standing, "甲公司", 2)) == []
    safe = Standing(1, "张伟", "公海", "undated", "follow_up_date", msg("no date"))
    assert list(pool_findings(safe, "甲公司", 3)) == []

"""What else goes on in the play: follow-ups, probabilities set by hand, a sheet of opportunities that is taken back."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from crmcli.jobs.logging_activity import log_activity
from crmcli.jobs.records.editing import set_fields
from crmcli.jobs.workspace import Workspace

from .setting import OWNERS, PIPELINES, STANDARD
from .told import LATER, UNDONE, WRONG, Contact, Deal, Fact

CONTACT_HEADERS = ("商机编号", "跟进时间", "跟进人", "跟进内容", "下次跟进时间")


def contact_rows(more: random.Random, deals: Sequence[Deal], named: Callable[[str], str]) -> list[tuple[str, ...]]:
    """Decide on follow-ups of February to April, and return the rows of the sheet that tells of them."""
    rows: list[tuple[str, ...]] = []
    for deal in deals:
        for place in range(more.choice([0, 1, 2])):
            day = date(2026, 2, 1) + timedelta(days=more.randint(0, 88))
            ahead = day + timedelta(days=more.randint(1, 60))
            planned = ahead.isoformat() if more.random() < 0.3 else None
            if all(one.at[:10] != day.isoformat() for one in deal.contacts):
                at = day.isoformat() + more.choice(["", "T10:30:00+08:00"])
                deal.contacts.append(Contact(at, LATER, OWNERS[0], planned))
                rows.append((deal.key, at, named(OWNERS[0]), f"谈了{place}", planned or ""))
    return rows


def taken_back(more: random.Random) -> list[Deal]:
    """Return the opportunities of a sheet that comes in and is taken back."""
    return [_gone(more, f"W{number}") for number in range(more.choice([0, 1, 2]))]


def _gone(more: random.Random, key: str) -> Deal:
    created, stage = f"2026-05-{more.randint(1, 19):02}", more.choice(PIPELINES[STANDARD])
    amount = more.choice([None, "500.00"])
    deal = Deal(key, created, more.choice(OWNERS), None, None, None, amount, "CNY", "2026-07-01",
                recorded=WRONG, removed=UNDONE, present=(stage, None, None))  # fmt: skip
    deal.stages.append(Fact(created, WRONG, stage, inferred=True, removed=UNDONE))
    return deal


def talk(workspace: Workspace, more: random.Random, deal: Deal, clock: datetime) -> None:
    """Note a follow-up, set a probability by hand or change what else stands on an opportunity, or do nothing.

    `clock` is the workspace's time.
    """
    now, what = clock.isoformat(timespec="seconds"), more.random()
    if what < 0.35:
        days = more.choice([None, 12, 16, 45])
        planned = (clock.date() + timedelta(days=days)).isoformat() if days else None
        at = more.choice([now, (clock.date() - timedelta(days=more.randint(1, 6))).isoformat()])
        log_activity(workspace, deal.key, "电话", at=at, next_at=planned)
        deal.contacts.append(Contact(at, clock, workspace.actor, planned, noted=True))
    elif what < 0.85:
        close = date(2026, 5, 10) + timedelta(days=more.randint(0, 90))
        field, facts, value = more.choice([
            ("probability", deal.chances, more.choice(["20", "65", "100", ""])),
            ("amount", deal.amounts, more.choice(["500.00", "8000.00", "25000.00", "60000.00", ""])),
            ("expected_close", deal.closes, more.choice([close.isoformat(), close.isoformat(), ""])),
        ])  # fmt: skip
        set_fields(workspace, "opportunity", deal.key, [f"{field}={value}"])
        facts.append(Fact(now, clock, value or None))

"""What people type of a target: its period in the one way it is written, and why it cannot be one."""

from __future__ import annotations

from collections.abc import Mapping

from crmcli.domain.identity import keys_of
from crmcli.domain.intake import column_of
from crmcli.domain.metrics.period_words import period_of
from crmcli.domain.records import ENTITIES, Record, record_number
from crmcli.domain.target_period import target_period
from crmcli.domain.values.text import fold
from crmcli.i18n import Message, msg
from crmcli.jobs.records.needed_fields import why_incomplete
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import Database
from crmcli.store.records import fetch, find_by_keys

TARGET = "target"


def typed_target(
    db: Database, columns: Record, given: Mapping[str, str], number: int | None
) -> tuple[Record, tuple[str, Message] | None]:
    """Return a target's columns as they are stored, and the FIELD=VALUE that is wrong with why (None: nothing is).

    The period is written in one way, the count a whole number. `number` is the target's, None if new.
    """
    found = _stored(columns)
    return found, _why_not(db, found, given, number)


def _stored(columns: Record) -> Record:
    period, count = columns.get("period"), columns.get("count")
    found = columns | ({"period": target_period(period) or period} if period else {})
    return found | ({"count": int(count)} if count is not None and count == int(count) else {})


def _why_not(db: Database, columns: Record, given: Mapping[str, str], number: int | None) -> tuple[str, Message] | None:
    stored = ENTITIES[TARGET].columns
    for key, text in given.items():
        if column_of(key) not in stored:
            return f"{key}={text}", msg("there is no field {key}", key=key)
    present = ENTITIES[TARGET].blank() | (fetch(db, TARGET, [number])[number] if number else {})
    target = present | columns
    period, count = target["period"], target["count"]
    if not period or not target_period(period):
        return f"period={period or ''}", msg("write a period as 2026, 2026H1, 2026Q4 or 2026-10")
    if count is not None and (count != int(count) or count < 0):
        return f"count={given.get('count', '')}", msg("the number of deals is a whole number")
    if (target["amount_fen"] or 0) < 0:
        return f"amount={given.get('amount', '')}", msg("a target is not negative")
    if incomplete := why_incomplete(TARGET, target):
        return incomplete
    others = {one for ids in find_by_keys(db, TARGET, keys_of(TARGET, target)).values() for one in ids} - {number}
    if others:
        record = record_number(TARGET, min(others))
        return f"period={period}", msg("{record} is the target for the same: change it with target set", record=record)
    return None


def overruled(workspace: Workspace, target: Record) -> Message | None:
    """Return that crm.toml sets the same target, which then holds; None where it does not."""
    span = period_of(target["period"], workspace.clock().date())
    owner, team = fold(target["owner"] or ""), target["team"] or ""
    for table in workspace.settings.target:
        same = fold(table.owner) == owner and (bool(owner) or table.team == team)
        if same and period_of(table.period, workspace.clock().date()) == span:
            return msg("crm.toml sets a target for the same, which holds in reports: change it there")
    return None

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.reminders.then import as_known_then
from crmcli.store.records import fetch_where


def test_records_are_those_of_then_only_where_something_was_known_then(desk: Any) -> None:
    workspace = desk.workspace
    now = datetime.fromisoformat("2026-06-30T09:00:00+08:00")

    def at(days: int) -> Any:
        return replace(workspace, clock=lambda: now + timedelta(days=days))

    add_record(at(0), "customer", ["name=甲公司", "owner=张伟"])
    set_fields(at(5), "customer", "C1", ["owner=王芳"])
    told = {}
    for days in (-1, 1, 6, 30):
        with as_known_then(at(days), now + timedelta(days=10)) as is_known:
            told[days] = (is_known, fetch_where(workspace.db, "customer")[0]["owner"])
    assert told == {-1: (False, "王芳"), 1: (True, "张伟"), 6: (True, "王芳"), 30: (True, "王芳")}
    assert fetch_where(workspace.db, "customer")[0]["owner"] == "王芳"

from __future__ import annotations

from datetime import date, datetime

from crmcli.domain.reminders.model import Finding, Reminder, Rules
from crmcli.i18n import msg
from crmcli.jobs.reminders.collect import Reminders
from crmcli.jobs.reminders.document import document
from crmcli.jobs.reminders.notifying import Sent

AS_OF = datetime.fromisoformat("2026-06-30T09:00:00+08:00")


def test_the_document_counts_what_it_lists() -> None:
    found = Finding(
        "action", "opportunity", 7, "年框", "", "张伟", date(2026, 6, 25), msg("next step: {action}", action="报价")
    )
    nobodys = Finding("task", "task", 1, "整理", "甲公司", None, date(2026, 6, 30), msg("task: {title}", title="整理"))
    items = [Reminder(found, 5, "manager", ("张伟", "陈静")), Reminder(nobodys, 0, "manager", (), known=False)]
    sent = [Sent("env:HOOK", "manager", 2), Sent("address 2 (json)", "manager", 2, msg("no connection"))]
    made = document(Reminders(AS_OF, items, Rules()), sent)
    assert made["items"][0] == {
        "kind": "action", "id": "O7", "name": "年框", "customer": None, "owner": "张伟", "due": "2026-06-25", "days": 5,
        "why": "next step: 报价", "level": "manager", "recipients": ["张伟", "陈静"], "deputy": None,
    }  # fmt: skip
    assert {key: made[key] for key in ("as_of", "by_owner", "by_level")} == {
        "as_of": "2026-06-30T09:00:00+08:00",
        "by_owner": {"张伟": 1, "": 1},
        "by_level": {"owner": 0, "manager": 2, "risk": 0},
    }
    assert made["sent"] == [
        {"address": "env:HOOK", "level": "manager", "items": 2, "ok": True, "why": None},
        {"address": "address 2 (json)", "level": "manager", "items": 2, "ok": False, "why": "no connection"},
    ]

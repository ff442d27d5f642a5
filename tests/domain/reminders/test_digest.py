from __future__ import annotations

from datetime import date, timedelta

import pytest

from crmcli.domain.assignment.model import Owner
from crmcli.domain.reminders.digest import groups_of, text_of, title_of
from crmcli.domain.reminders.escalation import Escalation, in_order
from crmcli.domain.reminders.model import Finding, Reminder
from crmcli.i18n import msg

TODAY = date(2026, 6, 30)
LEVELS = (3, 5, 7)
ESCALATION = Escalation((Owner("张伟", manager="陈静"), Owner("王芳", manager="陈静")), TODAY, LEVELS)


def reminder(owner: str | None = "张伟", days: int = 0, name: str = "年框", number: int = 1) -> Reminder:
    due = TODAY - timedelta(days=days)
    found = Finding(
        "action", "opportunity", number, name, "甲公司", owner, due, msg("next step: {action}", action="回访")
    )
    return ESCALATION.reminder(found)


def test_messages_tell_of_the_day_and_again_from_the_first_level_on() -> None:
    reminders = [reminder(days=days) for days in (-1, 0, 1, 2, 3, 5, 7)]
    groups = groups_of(reminders, LEVELS)
    assert {level: [one.days for one in own] for level, own in groups.items()} == {
        "owner": [-1, 0, 3],
        "manager": [5],
        "risk": [7],
    }
    assert groups_of([reminder(days=1)], LEVELS) == {}


def test_a_message_has_each_owners_reminders_and_who_else_is_told() -> None:
    own = in_order([reminder(days=8), reminder("王芳", 9, "二期"), reminder(None, 7)])
    assert text_of(own, 2000).split("\n") == [
        "张伟: 1 (also to 陈静)",
        "· 甲公司, 年框: next step: 回访 [8 days overdue]",
        "王芳: 1 (also to 陈静)",
        "· 甲公司, 二期: next step: 回访 [9 days overdue]",
        "without an owner: 1 (also to 陈静)",
        "· 甲公司, 年框: next step: 回访 [7 days overdue]",
    ]
    assert str(title_of("risk", own, TODAY)) == "Risk list on 2026-06-30: 3"


@pytest.mark.parametrize("most", [60, 200, 500, 2048])
def test_a_message_is_never_longer_than_the_service_takes(most: int) -> None:
    own = in_order([reminder(owner, 0, "很长的商机名称" * 4, n) for owner in ("张伟", "王芳") for n in range(40)])
    text = text_of(own, most)
    assert 0 < len(text.encode()) <= most
    assert "张伟: 40" in text or most == 60


def test_where_not_all_fits_the_rest_is_counted() -> None:
    text = text_of(in_order([reminder(number=n) for n in range(12)]), 2000)
    assert text.split("\n")[0] == "张伟: 12"
    assert text.endswith("· and 2 more")


@pytest.mark.parametrize("phone", ["13800008000", "138-0000-8000", "+86 138 0000 8000", "021-62345678", "400-820-8820"])
def test_no_full_phone_number_leaves(phone: str) -> None:
    text = text_of([reminder(name=f"回电{phone}")], 2000)
    assert phone not in text
    assert "****" in text

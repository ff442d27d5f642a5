from __future__ import annotations

from datetime import date, timedelta

import pytest

from crmcli.domain.assignment.model import Owner
from crmcli.domain.reminders.escalation import Escalation, gravest, in_order
from crmcli.domain.reminders.model import Finding
from crmcli.i18n import msg

TODAY = date(2026, 6, 30)
STAFF = (
    Owner("张伟", manager="陈静"),
    Owner("王芳", manager="陈静", deputy="张伟", leave=((date(2026, 6, 25), date(2026, 7, 5)),)),
    Owner("赵磊", manager="周总", active=False),
    Owner("钱多"),
)
ESCALATION = Escalation(STAFF, TODAY, (3, 5, 7))


def finding(owner: str | None, days: int, kind: str = "action", number: int = 1) -> Finding:
    due = TODAY - timedelta(days=days)
    return Finding(kind, "opportunity", number, "年框", "甲公司", owner, due, msg("no next step is planned"))


@pytest.mark.parametrize(
    ("owner", "days", "level", "recipients"),
    [
        ("张伟", -3, "owner", ("张伟",)),
        ("张伟", 0, "owner", ("张伟",)),
        ("张伟", 4, "owner", ("张伟",)),
        ("张伟", 5, "manager", ("张伟", "陈静")),
        ("张伟", 7, "risk", ("张伟", "陈静")),
        ("王芳", 0, "owner", ("王芳", "张伟")),  # on leave: the deputy too
        ("钱多", 9, "risk", ("钱多",)),  # nobody is above
        ("赵磊", 0, "manager", ("周总",)),  # has left
        ("赵磊", 8, "risk", ("周总",)),
        ("路人", 0, "manager", ("陈静", "周总")),  # nobody knows: all managers
        (None, 1, "manager", ("陈静", "周总")),
    ],
)
def test_who_is_told(owner: str | None, days: int, level: str, recipients: tuple[str, ...]) -> None:
    reminder = ESCALATION.reminder(finding(owner, days))
    assert (reminder.days, reminder.level, reminder.recipients) == (days, level, recipients)


def test_a_name_is_known_however_it_is_written() -> None:
    assert ESCALATION.reminder(finding(" 张伟 ", 0)).known
    assert not ESCALATION.reminder(finding("路人", 0)).known


def test_the_gravest_and_longest_overdue_come_first_and_nobodys_last() -> None:
    wanted = [("张伟", 9), ("张伟", 8), ("张伟", 6), ("张伟", 0), ("张伟", -2), (None, 30)]
    reminders = [ESCALATION.reminder(finding(owner, days)) for owner, days in reversed(wanted)]
    assert [(one.finding.owner, one.days) for one in in_order(reminders)] == wanted


def test_of_too_many_the_gravest_are_kept_in_their_order() -> None:
    reminders = [ESCALATION.reminder(finding("张伟", days)) for days in (9, 8, 6, 0)]
    assert [one.days for one in gravest(reminders, 3)] == [9, 8, 6]
    assert [one.days for one in gravest(reminders, 1)] == [8]
    assert gravest(reminders, 4) is reminders

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from crmcli.domain.reminders.model import Finding, Reminder
from crmcli.i18n import msg
from crmcli.reports.calendar_file import write_calendar

AS_OF = datetime.fromisoformat("2026-06-30T09:00:00+08:00")


def reminder(due: date, name: str = "年框；二期,三期") -> Reminder:
    found = Finding(
        "action", "opportunity", 7, name, "甲公司", "张伟", due, msg("next step: {action}", action="报价\n签约")
    )
    return Reminder(found, (AS_OF.date() - due).days, "owner", ("张伟",))


def events(path: Path, *reminders: Reminder, company: str = "示例公司") -> list[dict[str, Any]]:
    write_calendar(path, reminders, AS_OF, company)
    found: list[Any] = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    texts = [{key: str(one[key]) for key in ("uid", "summary", "description")} for one in found]
    return [text | {"day": one["dtstart"].dt, "end": one["dtend"].dt} for text, one in zip(texts, found, strict=True)]


def test_a_reminder_is_a_whole_day_and_an_overdue_one_stands_on_today(tmp_path: Path) -> None:
    ahead, overdue = events(tmp_path / "due.ics", reminder(date(2026, 7, 3)), reminder(date(2026, 6, 1)))
    assert (ahead["day"], ahead["end"]) == (date(2026, 7, 3), date(2026, 7, 4))
    assert overdue["day"] == date(2026, 6, 30)
    assert ahead["summary"] == "next step due: 年框；二期,三期 (甲公司)"
    assert overdue["description"] == "O7 · 张伟 · 2026-06-01\nnext step: 报价\n签约"


def test_the_name_of_an_event_stays_when_its_day_moves_and_is_this_companys(tmp_path: Path) -> None:
    path = tmp_path / "due.ics"
    first, moved = (events(path, reminder(day))[0]["uid"] for day in (date(2026, 7, 3), date(2026, 7, 9)))
    (other,) = events(path, reminder(date(2026, 7, 3)), company="别的公司")
    assert first == moved != other["uid"]


def test_of_too_many_it_says_how_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmcli.reports.calendar_file.MOST", 1)
    assert len(events(tmp_path / "due.ics", reminder(AS_OF.date()), reminder(AS_OF.date()))) == 1
    assert "X-WR-CALDESC:the gravest 1 of 2" in (tmp_path / "due.ics").read_text(encoding="utf-8")


def test_the_file_is_private_and_may_be_empty(tmp_path: Path) -> None:
    assert events(tmp_path / "due.ics") == []
    assert (tmp_path / "due.ics").stat().st_mode & 0o777 == 0o600

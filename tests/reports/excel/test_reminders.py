from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from crmcli.domain.reminders.model import Finding, Reminder
from crmcli.i18n import msg
from crmcli.reports.excel.records import HEAD
from crmcli.reports.excel.reminders import write_reminders

AS_OF = datetime.fromisoformat("2026-06-30T09:00:00+08:00")
HOSTILE = '=HYPERLINK("http://example.invalid","点我")'


def reminder(owner: str | None, days: int, name: str = "年框") -> Reminder:
    found = Finding(
        "stalled", "opportunity", 7, name, "甲公司", owner, date(2026, 6, 30), msg("no next step is planned")
    )
    return Reminder(found, days, "risk", ("张伟", "陈静"))


def test_one_sheet_to_filter_with_the_grave_rows_coloured(tmp_path: Path) -> None:
    path = tmp_path / "due.xlsx"
    write_reminders(path, [reminder("张伟", 9), reminder(None, 7, HOSTILE)], AS_OF)
    (sheet,) = load_workbook(path).worksheets
    rows = list(sheet.iter_rows(min_row=HEAD, values_only=True))
    assert rows[0][:5] == ("Owner", "Level", "Kind", "Due", "Days overdue")
    assert rows[1] == (
        "张伟", "risk list", "stalled", datetime.fromisoformat("2026-06-30"), 9, "甲公司", "年框",
        "no next step is planned", "张伟, 陈静", "O7",
    )  # fmt: skip
    assert rows[2][0] == "without an owner"
    assert sheet.auto_filter.ref == f"A{HEAD}:J{HEAD + 2}"
    assert sheet.freeze_panes == f"A{HEAD + 1}"
    rules = [rule.formula for ranges in sheet.conditional_formatting for rule in ranges.rules]
    assert rules == [[f'$B{HEAD + 1}="risk list"'], [f'$B{HEAD + 1}="manager"']]
    hostile = sheet.cell(HEAD + 2, 7)
    assert (hostile.data_type, hostile.value, hostile.quotePrefix) == ("s", HOSTILE, True)


def test_of_too_many_it_says_how_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmcli.reports.excel.reminders.MOST", 1)
    write_reminders(tmp_path / "due.xlsx", [reminder("张伟", 9), reminder("张伟", 7)], AS_OF)
    (sheet,) = load_workbook(tmp_path / "due.xlsx").worksheets
    assert (sheet.max_row, sheet.cell(2, 1).value) == (HEAD + 1, "The first 1 of 2 records")


def test_without_anything_due_there_is_the_head(tmp_path: Path) -> None:
    write_reminders(tmp_path / "due.xlsx", [], AS_OF)
    (sheet,) = load_workbook(tmp_path / "due.xlsx").worksheets
    assert (sheet.max_row, sheet.cell(1, 1).value) == (HEAD, "Due as of 2026-06-30 09:00+08:00")

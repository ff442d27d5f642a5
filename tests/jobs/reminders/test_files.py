from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crmcli.domain.reminders.model import Rules
from crmcli.jobs.reminders.collect import Reminders
from crmcli.jobs.reminders.files import UnknownEnding, write_file

NOTHING = Reminders(datetime.fromisoformat("2026-06-30T09:00:00+08:00"), [], Rules())


def test_the_ending_decides_what_is_written(desk: Any, tmp_path: Path) -> None:
    for name, start in (("due.xlsx", b"PK"), ("due.ICS", b"BEGIN:VCALENDAR")):
        write_file(desk.workspace, NOTHING, tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(start)


def test_no_other_file_is_written(desk: Any, tmp_path: Path) -> None:
    with pytest.raises(UnknownEnding, match=r"\.xlsx, \.ics"):
        write_file(desk.workspace, NOTHING, tmp_path / "due.docx")
    assert not (tmp_path / "due.docx").exists()

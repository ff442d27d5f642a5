from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("in_a_child")


def test_doctor_says_that_all_is_well(crm: Any) -> None:
    assert crm("doctor", "--json").json == []
    assert "the database is sound" in crm("doctor").stdout


def test_doctor_on_data_that_is_not_sound_exits_1(crm: Any) -> None:
    crm("customer", "add", "name=甲")
    content = bytearray(crm.db.read_bytes())
    content[8192:] = b"\x07" * (len(content) - 8192)
    crm.db.write_bytes(content)
    failed = crm("doctor", code=1)
    assert "damaged" in failed.stdout + failed.stderr
    assert "Traceback" not in failed.stderr
    assert crm("customer", "list", "--json", code=1).json["error"]["code"] == "db.damaged"


def test_backup_and_restore(crm: Any) -> None:
    crm("customer", "add", "name=甲")
    made = Path(crm("backup", "--json").json["backup"])
    assert made.name == "crm-20260630-090000.db"
    crm("customer", "add", "name=乙")
    told = crm("restore", "--json").json
    assert Path(told["restored"]) == made
    assert Path(told["put_aside"]).is_file()
    assert [one["name"] for one in crm("customer", "list", "--json").json] == ["甲"]


def test_restore_without_a_backup_is_named(crm: Any) -> None:
    assert crm("restore", "--json", code=1).json["error"]["code"] == "backup.missing"
    assert crm("restore", "none.db", "--json", code=1).json["error"]["code"] == "backup.missing"


def test_a_backup_overwrites_nothing(crm: Any) -> None:
    crm("backup", "--out", "kept.db")
    assert crm("backup", "--out", "kept.db", "--json", code=1).json["error"]["code"] == "backup.exists"


@pytest.mark.parametrize(("answer", "code"), [("n\n", 1), ("y\n", 0)])
def test_restore_asks_on_a_terminal(crm: Any, monkeypatch: pytest.MonkeyPatch, answer: str, code: int) -> None:
    crm("backup")
    crm("customer", "add", "name=甲")
    asked: list[str] = []

    def confirm(question: str, **_: object) -> bool:
        asked.append(question)
        return answer == "y\n"

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("typer.confirm", confirm)
    crm("restore", code=code)
    assert len(asked) == 1
    assert len(crm("customer", "list", "--json").json) == (1 if code else 0)
    crm("restore", "--yes")
    assert len(asked) == 1

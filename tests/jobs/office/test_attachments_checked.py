from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.office.attachments import attach_files, list_attachments
from crmcli.jobs.office.attachments_checked import NoFolder, find_attachments, verify_attachments
from crmcli.jobs.records.editing import add_record
from crmcli.jobs.workspace import Workspace


@pytest.fixture
def home(desk: Any) -> Path:
    add_record(desk.workspace, "opportunity", ["name=年框"])
    add_record(desk.workspace, "opportunity", ["name=续约"])
    for name, text in (("合同.txt", "aaa"), ("报价.txt", "bbb"), ("图纸.txt", "ccc")):
        (desk.folder / name).write_text(text, encoding="utf-8")
    attach_files(desk.workspace, "O1", [desk.folder / "合同.txt", desk.folder / "报价.txt"])
    attach_files(desk.workspace, "O2", [desk.folder / "图纸.txt"])
    folder: Path = desk.folder
    return folder


@pytest.fixture
def workspace(desk: Any) -> Workspace:
    made: Workspace = desk.workspace
    return made


def test_every_file_is_told_with_its_state(workspace: Workspace, home: Path) -> None:
    assert verify_attachments(workspace)["ok"] == 3
    (home / "合同.txt").write_text("aab", encoding="utf-8")
    (home / "报价.txt").unlink()
    found = verify_attachments(workspace)
    assert {key: found[key] for key in ("checked", "ok", "changed", "missing", "unreadable")} == {
        "checked": 3, "ok": 1, "changed": 1, "missing": 1, "unreadable": 0,
    }  # fmt: skip
    assert [(one["id"], one["state"]) for one in found["items"]] == [("F1", "changed"), ("F2", "missing"), ("F3", "ok")]
    assert verify_attachments(workspace, "O2")["checked"] == 1


def test_a_moved_and_renamed_file_is_found_by_its_content(workspace: Workspace, home: Path) -> None:
    (home / "归档" / "2026").mkdir(parents=True)
    (home / "合同.txt").rename(home / "归档" / "2026" / "年框合同.txt")
    (home / "图纸.txt").unlink()
    (home / "归档" / "假.txt").write_text("ccd", encoding="utf-8")
    done = find_attachments(workspace, home / "归档")
    assert [(one["id"], one["found"]) for one in done["items"]] == [("F1", "归档/2026/年框合同.txt"), ("F3", None)]
    assert [one["path"] for one in list_attachments(workspace)] == ["归档/2026/年框合同.txt", "报价.txt", "图纸.txt"]
    assert verify_attachments(workspace)["missing"] == 1
    undo_run(workspace, done["run"])
    assert list_attachments(workspace)[0]["path"] == "合同.txt"


def test_of_equal_files_the_one_of_the_same_name_is_taken(workspace: Workspace, home: Path) -> None:
    (home / "b").mkdir()
    (home / "合同.txt").rename(home / "b" / "合同.txt")
    (home / "a.txt").write_text("aaa", encoding="utf-8")
    assert find_attachments(workspace, home)["items"][0]["found"] == "b/合同.txt"


def test_a_changed_file_stays_where_it_is(workspace: Workspace, home: Path) -> None:
    (home / "合同.txt").write_text("x", encoding="utf-8")
    (home / "copy.txt").write_text("aaa", encoding="utf-8")
    assert find_attachments(workspace, home)["items"] == []


def test_a_dry_run_moves_no_record(workspace: Workspace, home: Path) -> None:
    (home / "合同.txt").rename(home / "旧合同.txt")
    done = find_attachments(workspace, home, dry_run=True)
    assert (done["run"], done["items"][0]["found"]) == (None, "旧合同.txt")
    assert verify_attachments(workspace)["missing"] == 1


def test_a_folder_is_needed(workspace: Workspace, home: Path) -> None:
    with pytest.raises(NoFolder):
        find_attachments(workspace, home / "合同.txt")

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crmcli.jobs.journal.history import record_history
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.office.attachments import (
    NoFiles,
    attach_files,
    list_attachments,
    remove_attachment,
    state_of,
)
from crmcli.jobs.office.file_prints import NotAttachable
from crmcli.jobs.records.editing import add_record
from crmcli.jobs.records.refs import NotFound
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch


@pytest.fixture
def workspace(desk: Any) -> Workspace:
    add_record(desk.workspace, "customer", ["name=甲公司"])
    add_record(desk.workspace, "opportunity", ["stage=", "name=年框", "customer=C1"])
    made: Workspace = desk.workspace
    return made


def file(workspace: Workspace, name: str, text: str) -> Path:
    path = workspace.db.path.parent / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_kept_by_path_and_content(workspace: Workspace) -> None:
    done = attach_files(workspace, "年框", [file(workspace, "合同.txt", "abc")], kind="合同", note="盖章")
    (made,) = done["items"]
    keys = ("id", "path", "kind", "note", "size", "opportunity_id", "customer_id", "added_at", "added_by", "outcome")
    assert [made[key] for key in keys] == [
        "F1", "合同.txt", "合同", "盖章", 3, "O1", "C1", "2026-06-30T09:00:00+08:00", "tester", "new",
    ]  # fmt: skip
    assert made["sha256"] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (done["run"], done["about"]) == ("R3", "O1")


def test_the_same_path_is_kept_once_a_record(workspace: Workspace) -> None:
    quote = file(workspace, "报价.txt", "一")
    attach_files(workspace, "O1", [quote, quote], kind="报价")
    assert attach_files(workspace, "O1", [quote])["items"][0]["outcome"] == "same"
    file(workspace, "报价.txt", "二二")
    (changed,) = attach_files(workspace, "O1", [quote])["items"]
    assert [changed[key] for key in ("id", "outcome", "size", "kind")] == ["F1", "updated", 6, "报价"]
    assert attach_files(workspace, "C1", [quote])["items"][0]["id"] == "F2"
    told = [(entry["record"], entry["op"]) for entry in record_history(workspace, "O1")]
    assert told == [("O1", "create"), ("F1", "create"), ("F1", "update")]


def test_all_files_are_added_or_none(workspace: Workspace) -> None:
    good = file(workspace, "合同.txt", "a")
    with pytest.raises(NotAttachable, match=r"没有\.txt: there is no such file"):
        attach_files(workspace, "O1", [good, good.with_name("没有.txt")])
    with pytest.raises(NoFiles):
        attach_files(workspace, "O1", [])
    assert list_attachments(workspace) == []


def test_a_customer_has_the_files_of_its_deals(workspace: Workspace) -> None:
    attach_files(workspace, "O1", [file(workspace, "合同.txt", "a")])
    attach_files(workspace, "C1", [file(workspace, "执照.txt", "b")])
    assert [one["path"] for one in list_attachments(workspace, "C1")] == ["合同.txt", "执照.txt"]
    assert [one["path"] for one in list_attachments(workspace, "O1")] == ["合同.txt"]
    assert len(list_attachments(workspace)) == 2


def test_what_is_removed_is_forgotten_the_file_stays_and_undo_brings_it_back(workspace: Workspace) -> None:
    contract = file(workspace, "合同.txt", "a")
    attach_files(workspace, "O1", [contract])
    gone = remove_attachment(workspace, "F1")
    assert (gone["path"], list_attachments(workspace), contract.exists()) == ("合同.txt", [], True)
    assert record_history(workspace, "O1")[-1]["op"] == "remove"
    with pytest.raises(NotFound):
        remove_attachment(workspace, "F1")
    undo_run(workspace, gone["run"])
    assert [one["id"] for one in list_attachments(workspace, "O1")] == ["F1"]
    undo_run(workspace, "R3")
    assert list_attachments(workspace) == []


def test_a_dry_run_keeps_nothing(workspace: Workspace) -> None:
    assert attach_files(workspace, "O1", [file(workspace, "合同.txt", "a")], dry_run=True)["run"] is None
    assert list_attachments(workspace) == []


def test_a_file_is_ok_changed_or_missing(workspace: Workspace) -> None:
    contract = file(workspace, "合同.txt", "abc")
    attach_files(workspace, "O1", [contract])
    home, kept = workspace.db.path.parent, fetch(workspace.db, "attachment", [1])[1]
    assert state_of(home, kept) == "ok"
    file(workspace, "合同.txt", "abd")
    assert state_of(home, kept) == "changed"
    file(workspace, "合同.txt", "abcd")
    assert state_of(home, kept) == "changed"
    contract.unlink()
    assert state_of(home, kept) == "missing"
    contract.mkdir()
    assert state_of(home, kept) == "missing"


def test_a_file_that_cannot_be_read_is_not_called_missing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    attach_files(workspace, "O1", [file(workspace, "合同.txt", "abc")])

    def refuse(*_arguments: object) -> None:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert state_of(workspace.db.path.parent, fetch(workspace.db, "attachment", [1])[1]) == "unreadable"

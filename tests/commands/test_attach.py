from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def deal(crm: Any) -> Any:
    crm("opp", "add", "name=年框")
    crm.write("合同.txt", "甲方")
    return crm


def test_the_path_of_a_file(deal: Any) -> None:
    added = deal("attach", "O1", "合同.txt", "--kind", "合同")
    assert added.stdout.strip() == "F1 合同.txt (new) belongs to O1"
    (file,) = deal("attach", "list", "O1", "--json").json
    assert (file["path"], file["kind"], file["opportunity_id"]) == ("合同.txt", "合同", "O1")
    assert "1 files: 1 ok" in deal("attach", "verify").stdout
    (deal.folder / "档案").mkdir()
    (deal.folder / "合同.txt").rename(deal.folder / "档案" / "甲.txt")
    assert "missing" in deal("attach", "verify", "O1", code=3).stdout
    assert deal("attach", "find", "档案").stdout.strip() == "F1 is 档案/甲.txt now"
    assert deal("attach", "verify", "--json").json["ok"] == 1
    assert "档案/甲.txt" in deal("opp", "show", "O1").stdout
    assert "the file stays" in deal("attach", "remove", "F1").stdout
    assert deal("attach", "list", "--json").json == []
    assert "file F1 removed" in deal("opp", "history", "O1").stdout


def test_the_journal_can_be_typed_again(deal: Any) -> None:
    deal("attach", "O1", "合同.txt")
    assert deal("runs", "--limit", "1", "--json").json[0]["command"] == "crmcli attach add O1 '合同.txt'"


def test_a_lost_file_ends_with_3(deal: Any) -> None:
    deal("attach", "O1", "合同.txt")
    (deal.folder / "合同.txt").unlink()
    (deal.folder / "空").mkdir()
    assert "F1 is not there: 合同.txt" in deal("attach", "find", "空", code=3).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "error", "words"),
    [
        (["O1", "没有.txt"], 1, "attach.file", "there is no such file"),
        (["O1", "."], 1, "attach.file", "it is a folder"),
        (["O1"], 2, "usage", "FILE"),
        (["O9", "合同.txt"], 1, "ref.not_found", "O9"),
        (["find", "合同.txt"], 2, "attach.folder", "no such folder"),
        (["remove", "F9"], 1, "ref.not_found", "F9"),
    ],
)
def test_refusals_are_named(deal: Any, arguments: list[str], code: int, error: str, words: str) -> None:
    failed = deal("attach", *arguments, "--json", code=code).json["error"]
    assert failed["code"] == error
    assert words in failed["message"]

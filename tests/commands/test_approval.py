from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def deal(crm: Any) -> Any:
    crm("owner", "add", "name=张伟", "manager=王芳")
    crm("opp", "add", "name=年框", "owner=张伟")
    return crm


def test_the_path_of_an_approval(deal: Any) -> None:
    assert deal("approval", "request", "O1", "九折").stdout.splitlines()[0] == "approval Q1 waits for 王芳: 九折"
    assert [one["id"] for one in deal("approval", "list", "--open", "--json").json] == ["Q1"]
    made = deal("approval", "approve", "Q1", "--note", "仅此一次", "--as", "王芳")
    assert made.stdout.splitlines()[0] == "approval Q1 approved by 王芳: 九折"
    assert deal("approval", "list", "--open", "--json").json == []
    assert "仅此一次" in deal("approval", "list").stdout
    assert "仅此一次" in deal("opp", "show", "O1").stdout
    assert "approval Q1 changed" in deal("opp", "history", "O1").stdout
    gated = '{ name = "商务谈判",'
    config = Path("crm.toml")
    text = config.read_text(encoding="utf-8").replace(gated, f'{gated} approval = "manager",')
    config.write_text(text, encoding="utf-8")
    deal("approval", "request", "O1", "--stage", "商务谈判", "--approver", "总经理")
    refused = deal("approval", "refuse", "Q2", "--because", "毛利太低", "--as", "总经理", "--json").json
    assert [refused[key] for key in ("decision", "note", "for_stage")] == ["refused", "毛利太低", "商务谈判"]


def test_the_help_says_what_a_name_is_worth(deal: Any) -> None:
    assert "cannot prove" in " ".join(deal("approval", "--help").stdout.split())


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (["request", "O1"], 2, "approval.empty"),
        (["request", "O1", "九折"], 1, "approval.request"),
        (["approve", "Q1"], 1, "approval.decide"),
        (["refuse", "Q1", "--as", "王芳"], 2, "approval.because"),
        (["approve", "Q9"], 1, "ref.not_found"),
    ],
)
def test_refusals_are_named(deal: Any, arguments: list[str], code: int, error: str) -> None:
    deal("approval", "request", "O1", "九折")
    assert deal("approval", *arguments, "--json", code=code).json["error"]["code"] == error

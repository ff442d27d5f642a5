from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def leaving(crm: Any) -> Any:
    for name in ("张强", "王芳", "李伟"):
        crm("owner", "add", f"name={name}")
    crm("customer", "add", "name=甲公司", "owner=张强")
    crm("customer", "add", "name=乙公司", "owner=张强")
    crm("opp", "add", "name=年框", "customer=甲公司", "amount=5万", "owner=张强")
    return crm


def test_one_document_tells_all(leaving: Any) -> None:
    told = leaving("handover", "张强", "--to", "王芳", "--to", "李伟", "--out", "交接.xlsx", "--json").json
    keys = (
        "run",
        "from",
        "to",
        "customers",
        "contacts",
        "leads",
        "opportunities",
        "tasks",
        "amount",
        "unplaced",
        "notes",
    )
    assert [told[key] for key in keys] == [
        "R7", "张强", ["王芳", "李伟"], 2, 0, 0, 1, 0, "50000.00", [], [],
    ]  # fmt: skip
    assert [(item["record"], item["owner"]) for item in told["items"]] == [
        ("C1", "王芳"),
        ("C2", "李伟"),
        ("O1", "王芳"),
    ]
    assert (leaving.folder / "交接.xlsx").stat().st_mode & 0o777 == 0o600
    assert leaving("owner", "show", "张强", "--json").json["active"] is False


def test_people_see_who_got_what(leaving: Any) -> None:
    told = leaving("handover", "张强", "--to", "王芳", "--dry-run").stdout
    assert "王芳" in told
    assert "50000.00 CNY" in told
    assert leaving("customer", "show", "甲公司", "--json").json["owner"] == "张强"


def test_what_finds_nobody_needs_attention(leaving: Any) -> None:
    told = leaving("handover", "张强", "--to", "rules", "--json", code=3).json
    assert [(one["record"], one["owner"], one["pool"]) for one in told["unplaced"]] == [
        ("C1", None, "公海"), ("C2", None, "公海"), ("O1", None, "公海"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--to", "王芳", "--to", "rules"], "usage.option"),
        (["--to", "张强"], "handover.to"),
        (["--to", "谁也不是"], "handover.to"),
    ],
)
def test_refusals_are_named(leaving: Any, arguments: list[str], error: str) -> None:
    assert leaving("handover", "张强", *arguments, "--json", code=2).json["error"]["code"] == error

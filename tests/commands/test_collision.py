from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def contested(crm: Any) -> Any:
    """Return the command line in a workspace where two customers of different owners share a phone."""
    for name, owner, day in (("华东精密", "王芳", "2026-03-01"), ("华东精密机械", "李强", "2026-04-01")):
        crm("customer", "add", f"name={name}", f"owner={owner}", "phones=13812345678", f"created_at={day}")
    return crm


def test_a_collision_is_listed_with_its_evidence_and_decided(contested: Any) -> None:
    (found,) = contested("collision", "list", "--json").json
    assert (found["key"], found["kind"], found["suggestion"]) == ("c:C1+C2", "c", "王芳")
    shown = contested("collision", "list", "--kind", "c").stdout
    assert "c:C1+C2" in shown
    assert "first known 2026-03-01" in shown
    assert "13812345678" not in shown
    done = contested("collision", "decide", "c:C1+C2", "--owner", "王芳", "--transfer", "--json").json
    assert (done["owner"], done["moved"]) == ("王芳", ["C2"])
    assert contested("collision", "list", "--json").json == []
    assert contested("customer", "show", "C2", "--json").json["owner"] == "王芳"


def test_a_verdict_without_a_transfer_is_shown_with_all(contested: Any) -> None:
    contested("collision", "decide", "c:C1+C2", "--owner", "李强", "--note", "客户点名")
    assert contested("collision", "list").stdout == "0 records\n"
    (kept,) = contested("collision", "list", "--all", "--json").json
    assert (kept["verdict"]["owner"], kept["verdict"]["note"], kept["open"]) == ("李强", "客户点名", False)


def test_an_unknown_kind_or_key_is_refused(contested: Any) -> None:
    assert "--kind" in contested("collision", "list", "--kind", "x", code=2).stderr
    assert "c:C8+C9" in contested("collision", "decide", "c:C8+C9", "--owner", "王芳", code=1).stderr

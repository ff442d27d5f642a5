from __future__ import annotations

from typing import Any

import pytest

SETTINGS = '[[owner]]\nname = "张伟"\n[[owner]]\nname = "王芳"\n[[assign.rule]]\nname = "轮流"\nto = "*"\n'
MONTH = ("--from", "2026-06-01", "--to", "2026-07-01")


@pytest.fixture
def office(crm: Any) -> Any:
    (crm.folder / "crm.toml").write_text(SETTINGS, encoding="utf-8")
    crm("opp", "add", "name=一")
    crm("opp", "add", "name=二")
    crm("assign", "run")
    crm.write("other.toml", SETTINGS.replace('to = "*"', 'to = "王芳"'))
    return crm


def test_the_document(office: Any) -> None:
    told = office("assign", "backtest", *MONTH, "--rules", "other.toml", "--json").json
    assert [told[key] for key in ("from", "to", "considered", "changed")] == ["2026-06-01", "2026-07-01", 2, 1]
    assert told["by_owner"] == [
        {"owner": "张伟", "got": 1, "would_get": 0, "difference": -1},
        {"owner": "王芳", "got": 1, "would_get": 2, "difference": 1},
    ]
    item = next(item for item in told["items"] if item["changed"])
    assert [item[key] for key in ("opportunity", "got", "would_get", "by", "rule")] == [
        "O1",
        "张伟",
        "王芳",
        "rule",
        "轮流",
    ]


def test_people_read_who_would_have_got_what_and_nothing_is_written(office: Any) -> None:
    found = office("assign", "backtest", *MONTH, "--rules", "other.toml")
    assert "2 opportunities replayed, 1 would have gone to somebody else" in found.stdout
    assert len(office("runs", "--json").json) == 3


def test_a_wrong_day_exits_2(office: Any) -> None:
    unread = office("assign", "backtest", "--from", "June", "--to", "2026-07-01", "--rules", "other.toml", code=2)
    assert "June" in unread.stderr
    turned = office("assign", "backtest", "--from", "2026-07-02", "--to", "2026-07-01", "--rules", "other.toml", code=2)
    assert turned.stderr
    assert turned.stdout == ""

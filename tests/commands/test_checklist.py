from __future__ import annotations

from typing import Any


def test_without_a_checklist_there_is_nothing_to_tick(crm: Any) -> None:
    crm("opp", "add", "name=年框")
    assert "no stage of its pipeline has a checklist" in crm("opp", "tick", "O1").stdout
    assert crm("opp", "tick", "O1", "什么", "--json", code=1).json["error"]["code"] == "checklist.unknown"

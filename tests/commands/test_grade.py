from __future__ import annotations

from typing import Any

import pytest

RULES = '[[grade.rule]]\nname = "大单"\nwhen = { amount = ">= 200000" }\npoints = 40\n'


@pytest.fixture
def office(crm: Any) -> Any:
    (crm.folder / "crm.toml").write_text(RULES, encoding="utf-8")
    crm("opp", "add", "stage=", "name=一", "amount=300000")
    crm("opp", "add", "stage=", "name=二", "amount=3")
    return crm


def test_the_document_has_every_deal_with_its_reasons(office: Any) -> None:
    told = office("grade", "run", "--json").json
    assert {key: told[key] for key in ("run", "considered", "changed", "by_grade")} == {
        "run": "R3",
        "considered": 2,
        "changed": 2,
        "by_grade": {"B": 1, "C": 1},
    }
    assert told["items"][0] == {
        "opportunity": "O1",
        "grade": "B",
        "was": None,
        "points": 40,
        "reasons": [{"rule": "大单", "points": 40}],
        "kept": False,
    }


def test_people_read_what_changed_and_the_history_shows_it(office: Any) -> None:
    assert "+40 大单" in office("grade", "run", "--dry-run").stdout
    assert "2 considered, 2 changed" in office("grade", "run").stdout
    assert "0 changed" in office("grade", "run").stdout
    assert "40 points make it B" in office("grade", "explain", "O1").stdout
    entries = office("opp", "history", "O1", "--json").json
    assert {"field": "grade", "before": None, "after": "B"} in [field for one in entries for field in one["fields"]]
    assert office("undo", "R3", "--json").json["kept"] == []
    assert {deal["grade"] for deal in office("opp", "list", "--json").json} == {None}


def test_no_rules_is_a_note(crm: Any) -> None:
    found = crm("grade", "run", "--json")
    assert (found.json["considered"], found.json["items"]) == (0, [])
    assert "[[grade.rule]]" in found.stderr

from __future__ import annotations

from typing import Any


def _import(crm: Any) -> None:
    crm.write("客户.csv", "编号,客户名称,行业,旧列", "K1,甲公司,机械,x", "K2,乙公司,,")
    crm("import", "客户.csv", now="2026-03-01T09:00:00+08:00")


def test_a_record_tells_who_did_what_when_and_from_which_cell(crm: Any) -> None:
    _import(crm)
    crm("customer", "set", "甲公司", "industry=化工", now="2026-03-02T09:00:00+08:00")
    made, edited = crm("history", "甲公司", "--json").json
    assert made["record"] == "C1"
    assert (made["run"], made["at"], made["actor"], made["op"]) == (
        "R1",
        "2026-03-01T09:00:00+08:00",
        "tester",
        "create",
    )
    assert made["source"] == {"file": "客户.csv", "sheet": "", "row": 2}
    assert {row["field"]: row["after"] for row in made["fields"]} == {
        "编号": "K1",
        "客户名称": "甲公司",
        "行业": "机械",
        "旧列": "x",
    }
    assert (edited["run"], edited["op"], edited["source"]) == ("R2", "update", None)
    assert edited["command"] == "crmcli customer set '甲公司' 'industry=化工'"
    assert edited["fields"] == [{"field": "industry", "before": "机械", "after": "化工"}]


def test_empty_cells_are_no_history(crm: Any) -> None:
    _import(crm)
    (made,) = crm("customer", "history", "乙公司", "--json").json
    assert [row["field"] for row in made["fields"]] == ["编号", "客户名称"]


def test_a_record_made_by_hand_shows_its_values(crm: Any) -> None:
    crm("customer", "add", "name=甲公司", "level=A")
    (made,) = crm("history", "C1", "--json").json
    values = {row["field"]: row["after"] for row in made["fields"]}
    assert (values["name"], values["level"], made["source"]) == ("甲公司", "A", None)


def test_an_undo_is_part_of_the_history(crm: Any) -> None:
    _import(crm)
    crm("customer", "set", "甲公司", "industry=化工")
    crm("undo", "R2")
    entries = crm("history", "甲公司", "--json").json
    assert [entry["run"] for entry in entries] == ["R1", "R2", "R3"]
    assert entries[2]["fields"] == [{"field": "industry", "before": "化工", "after": "机械"}]


def test_a_reference_to_nothing_is_named(crm: Any) -> None:
    assert crm("history", "无", "--json", code=1).json["error"]["code"] == "ref.not_found"


def test_people_read_a_table(crm: Any) -> None:
    _import(crm)
    told = crm("history", "甲公司").stdout
    assert "客户.csv" in told
    assert "机械" in told

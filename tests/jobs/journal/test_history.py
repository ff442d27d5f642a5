from __future__ import annotations

from typing import Any

from crmcli.domain.words import word


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


def test_fields_have_the_catalogues_keys_and_values_as_people_write_them(crm: Any) -> None:
    for name in ("甲公司", "乙公司"):
        crm("customer", "add", f"name={name}")
    crm("opp", "add", "stage=", "name=年框", "customer=C1", "amount=3.5万")
    crm("opp", "set", "O1", "customer=C2", "amount=40000", "owner=张伟", "probability=60")
    changed = {row["field"]: (row["before"], row["after"]) for row in crm("history", "O1", "--json").json[-1]["fields"]}
    assert changed == {
        "customer": ("C1 甲公司", "C2 乙公司"),
        "amount": ("35000.00", "40000.00"),
        "owner": (None, "张伟"),
        "probability": (None, 60.0),
    }


def test_people_read_labels_and_the_source_once(crm: Any) -> None:
    crm.write("商机.csv", "商机编号,商机名称,商机金额", "S1,年框,3.5万")
    crm("import", "商机.csv", "--quiet", code=3)
    crm("opp", "set", "S1", "amount=40000")
    told = crm("history", "S1", "--lang", "zh").stdout
    assert told.count("商机.csv 第 2 行") == 1
    changed = next(line for line in told.splitlines() if "R2" in line)
    assert [cell.strip() for cell in changed.split("│")[5:8]] == ["商机金额", "35,000.00", "40,000.00"]


def test_a_deal_tells_why_it_was_handed_over_and_graded(crm: Any) -> None:
    with (crm.folder / "crm.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[[grade.rule]]\nname = "大单"\nwhen = { amount = ">= 150000" }\npoints = 80\n')
        settings.write('\n[[owner]]\nname = "王芳"\n[[owner]]\nname = "李强"\n')
    crm("customer", "add", "name=甲公司", "owner=王芳")
    crm("opp", "add", "name=年框", "customer=甲公司", "owner=王芳", "amount=200000")
    crm("grade", "run")
    crm("handover", "王芳", "--to", "李强", "--yes", now="2026-07-02T09:00:00+08:00")
    whys = [entry["why"] for entry in crm("opp", "history", "O1", "--json").json if entry["why"]]
    assert len(whys) == 2
    assert "大单" in whys[0]
    assert whys[1] == "交接"
    told = crm("assign", "explain", "O1").stdout
    assert "李强: 交接 (by tester, 2026-07-02T09:00:00+08:00)" in told


def test_bookkeeping_has_a_name_where_an_undo_keeps_it(crm: Any) -> None:
    crm("opp", "add", "name=年框")
    crm("opp", "set", "O1", "owner=王芳")
    crm("opp", "set", "O1", "owner=李强")
    kept = crm("undo", "R2", code=3).stdout
    assert "owner_by" not in kept
    assert word("owner_by") == "how it came to its owner"

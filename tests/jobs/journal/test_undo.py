from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Dump = Callable[[Path], list[str]]
CUSTOMERS = ("客户名称,手机,行业", "甲公司,13800138000,机械", "乙公司,,化工")
BACK: list[dict[str, Any]] = [{"record": number, "did": "create", "fields": []} for number in ("C2", "C1")]


def _undo(crm: Any, run: str, code: int = 0) -> dict[str, Any]:
    told: dict[str, Any] = crm("undo", run, "--json", code=code).json
    assert len(told["changes"]) == told["reversed"]
    return told


def _field(crm: Any, kind: str, ref: str, key: str) -> Any:
    return crm(kind, "show", ref, "--json").json[key]


def test_an_undone_import_leaves_an_empty_database_and_comes_in_again(crm: Any, dump: Dump) -> None:
    crm.write("客户.csv", *CUSTOMERS)
    empty = dump(crm.db)
    crm("import", "客户.csv")
    full = dump(crm.db)
    assert _undo(crm, "R1") == {"run": "R2", "undoes": "R1", "reversed": 2, "changes": BACK, "kept": [], "blocked": []}
    assert dump(crm.db) == empty
    again = crm("import", "客户.csv", "--json").json
    assert (again["run"], again["sheets"][0]["new"]) == ("R3", 2)
    assert dump(crm.db) == full


def test_undoing_twice_reverses_nothing_and_is_no_failure(crm: Any, dump: Dump) -> None:
    crm.write("客户.csv", *CUSTOMERS)
    crm("import", "客户.csv")
    _undo(crm, "R1")
    before = dump(crm.db)
    assert _undo(crm, "R1") == {"run": "R3", "undoes": "R1", "reversed": 0, "changes": [], "kept": [], "blocked": []}
    assert dump(crm.db) == before


def test_a_dry_run_says_the_same_and_does_nothing(crm: Any) -> None:
    crm.write("客户.csv", *CUSTOMERS)
    crm("import", "客户.csv")
    before = crm.db.read_bytes()
    said = crm("undo", "R1", "--dry-run", "--json").json
    assert said == {"run": None, "undoes": "R1", "reversed": 2, "changes": BACK, "kept": [], "blocked": []}
    assert crm.db.read_bytes() == before
    assert _undo(crm, "R1")["reversed"] == 2


def test_an_updated_record_gets_its_old_values_back_field_by_field(crm: Any, dump: Dump) -> None:
    crm.write("客户.csv", *CUSTOMERS)
    crm.write("新.csv", "客户名称,手机,行业,客户级别,备用列", "甲公司,13900139000,医疗,A,x")
    crm("import", "客户.csv")
    before = dump(crm.db)
    crm("import", "新.csv", "--on-match", "overwrite")
    assert _field(crm, "customer", "甲公司", "phones") == ["+8613800138000", "+8613900139000"]
    assert _undo(crm, "R2")["kept"] == []
    assert dump(crm.db) == before
    assert _field(crm, "customer", "甲公司", "phones") == ["+8613800138000"]


def test_a_later_edit_by_a_person_is_kept_and_named(crm: Any) -> None:
    crm.write("客户.csv", *CUSTOMERS)
    crm.write("新.csv", "客户名称,行业,客户级别", "甲公司,医疗,A")
    crm("import", "客户.csv")
    crm("import", "新.csv", "--on-match", "overwrite")
    crm("customer", "set", "甲公司", "level=B")
    told = _undo(crm, "R2", code=3)
    assert told["kept"] == [{"record": "C1", "field": "level", "why": "a person changed it since (R3)"}]
    shown = crm("customer", "show", "甲公司", "--json").json
    assert (shown["level"], shown["industry"]) == ("B", "机械")


def test_the_same_value_written_again_by_a_person_is_theirs(crm: Any) -> None:
    crm("customer", "add", "name=甲公司", "level=A")
    crm.write("新.csv", "客户名称,客户级别", "甲公司,B")
    crm("import", "新.csv", "--on-match", "overwrite")
    for level in ("C", "B"):
        crm("customer", "set", "C1", f"level={level}")
    assert [kept["field"] for kept in _undo(crm, "R2", code=3)["kept"]] == ["level"]
    assert _field(crm, "customer", "C1", "level") == "B"


def test_a_second_undo_leaves_what_a_person_set_in_between(crm: Any) -> None:
    crm("customer", "add", "name=甲公司", "phones=13800138000")
    crm("customer", "set", "C1", "level=B", "phones=13900139000")
    _undo(crm, "R2")
    crm("customer", "set", "C1", "level=B", "phones=13900139000")
    told = _undo(crm, "R2")
    assert (told["reversed"], told["kept"]) == (0, [])
    shown = crm("customer", "show", "C1", "--json").json
    assert (shown["level"], shown["phones"]) == ("B", ["+8613900139000"])


def test_of_united_lists_only_what_the_run_added_goes(crm: Any) -> None:
    crm("customer", "add", "name=甲公司", "phones=13800138000", "tags=老")
    crm.write("新.csv", "客户名称,手机,标签", "甲公司,13900139000,重点")
    crm("import", "新.csv")
    crm("customer", "set", "C1", "phones=13800138000;13900139000;13700137000")
    _undo(crm, "R2")
    shown = crm("customer", "show", "C1", "--json").json
    assert set(shown["phones"]) == {"+8613800138000", "+8613700137000"}
    assert shown["tags"] == ["老"]


def test_a_created_record_that_a_person_edited_stays(crm: Any) -> None:
    crm.write("客户.csv", *CUSTOMERS)
    crm("import", "客户.csv")
    crm("customer", "set", "甲公司", "level=B")
    told = _undo(crm, "R1", code=3)
    assert told["reversed"] == 1
    assert told["kept"] == [{"record": "C1", "field": "", "why": "a person changed it since (R2)"}]
    assert [customer["name"] for customer in crm("customer", "list", "--json").json] == ["甲公司"]


def test_a_child_that_a_person_added_keeps_its_parent(crm: Any) -> None:
    crm.write("客户.csv", *CUSTOMERS)
    crm("import", "客户.csv")
    crm("contact", "add", "name=张三", "customer=甲公司")
    told = _undo(crm, "R1", code=3)
    assert told["kept"] == [{"record": "C1", "field": "", "why": "P1 belongs to it"}]
    _undo(crm, "R2")
    told = _undo(crm, "R1")
    assert (told["changes"], told["kept"]) == ([{"record": "C1", "did": "create", "fields": []}], [])


def test_a_deal_that_stays_keeps_its_stage_and_history(crm: Any) -> None:
    crm.write("商机.csv", "商机编号,商机名称,客户名称,阶段,创建时间", "1,一号,甲公司,需求确认,2026-01-05")
    crm("import", "商机.csv")
    crm("log", "O1", "打过电话")
    told = _undo(crm, "R1", code=3)
    assert {kept["record"] for kept in told["kept"]} == {"O1", "C1"}
    shown = crm("opp", "show", "O1", "--json").json
    assert (shown["stage"], [event["value"] for event in shown["events"]]) == ("需求确认", ["需求确认"])


def test_a_later_import_keeps_what_it_wrote_and_claims_nothing_it_found_the_same(crm: Any) -> None:
    crm.write("客户.csv", *CUSTOMERS)
    crm.write("后.csv", "客户名称,客户级别", "甲公司,A", "乙公司,")
    crm("import", "客户.csv")
    crm("import", "后.csv")
    told = _undo(crm, "R1", code=3)
    assert told["kept"] == [{"record": "C1", "field": "", "why": "import R2 changed it since"}]
    assert [customer["name"] for customer in crm("customer", "list", "--json").json] == ["甲公司"]


def test_an_undo_can_be_undone(crm: Any, dump: Dump) -> None:
    crm.write("商机.csv", "商机编号,商机名称,客户名称,阶段,金额", "1,一号,甲公司,需求确认,5万")
    crm("import", "商机.csv")
    before = dump(crm.db)
    _undo(crm, "R1")
    assert _undo(crm, "R2")["undoes"] == "R2"
    assert dump(crm.db) == before
    assert [run["status"] for run in crm("runs", "--json").json] == ["done", "undone", "done"]
    assert _undo(crm, "R1")["reversed"] == 3
    assert _undo(crm, "R2")["reversed"] == 0


def test_a_child_does_not_come_back_without_its_parent(crm: Any) -> None:
    crm("customer", "add", "name=甲公司")
    crm("contact", "add", "name=张三", "customer=甲公司")
    _undo(crm, "R2")
    _undo(crm, "R1")
    assert _undo(crm, "R3", code=3)["kept"] == [{"record": "P1", "field": "", "why": "C1 is no longer there"}]
    _undo(crm, "R4")
    assert _undo(crm, "R3")["reversed"] == 1


def test_a_moved_deal_goes_back_and_a_later_move_stays(crm: Any, dump: Dump) -> None:
    crm("opp", "add", "name=一号", "amount=5万")
    before = dump(crm.db)
    crm("opp", "win", "O1", "--force", "--because", "合同已签", now="2026-07-01T09:00:00+08:00")
    after_win = dump(crm.db)
    crm("opp", "reopen", "O1", "--stage", "初步接触", now="2026-07-02T09:00:00+08:00")
    assert _undo(crm, "R2")["kept"] == []
    shown = crm("opp", "show", "O1", "--json").json
    assert (shown["stage"], shown["status"]) == ("初步接触", "open")
    _undo(crm, "R4")
    _undo(crm, "R3")
    assert dump(crm.db) == after_win
    _undo(crm, "R2")
    assert dump(crm.db) == before


def test_what_rules_did_to_its_records_goes_with_the_import(crm: Any, dump: Dump) -> None:
    crm("owner", "add", "name=张伟")
    before = dump(crm.db)
    (crm.folder / "crm.toml").write_text(
        '[workspace]\nlanguage = "en"\n[[assign.rule]]\nname = "全部"\nwhen = {}\nto = "*"\n', encoding="utf-8"
    )
    crm.write("商机.csv", "商机编号,商机名称,客户名称", "1,一号,甲公司", "2,二号,乙公司")
    crm("import", "商机.csv")
    crm("assign", "run")
    assert _field(crm, "opp", "1", "owner") == "张伟"
    assert _undo(crm, "R2")["kept"] == []
    assert dump(crm.db) == before


def test_a_run_that_is_not_there_is_named(crm: Any) -> None:
    assert crm("undo", "R1", "--json", code=1).json["error"]["code"] == "run.unknown"


def test_what_a_qualified_lead_became_is_kept_whole_where_a_person_decided_again(crm: Any, dump: Dump) -> None:
    crm("lead", "add", "name=李四", "company=上海测试有限公司", "owner=王五")
    crm("lead", "qualify", "L1", "--amount", "5万")
    crm("lead", "reopen", "L1")
    crm("lead", "qualify", "L1")
    before = dump(crm.db)
    told = _undo(crm, "R2", code=3)
    assert (told["reversed"], {kept["record"] for kept in told["kept"]}) == (0, {"L1", "O1", "P1", "C1"})
    assert dump(crm.db) == before
    assert _field(crm, "opp", "O1", "stage") == "初步接触"
    for run in ("R4", "R3"):
        assert [change["record"] for change in _undo(crm, run)["changes"]] == ["L1"]
    assert "taken out: O1" in crm("undo", "R2").stdout
    assert crm("customer", "list", "--json").json == []


@pytest.mark.parametrize("own", ["", "竞品"])
@pytest.mark.parametrize(
    "later",
    [
        ["S1,输单,2026-05-16,价格"],
        ["S1,需求确认,2026-04-02,"],
        ["S1,需求确认,2026-04-02,", "S1,输单,2026-04-20,预算", "S1,方案报价,2026-05-02,", "S1,输单,2026-05-20,竞品"],
    ],
)
def test_a_deal_gets_the_loss_reason_back_that_it_had(crm: Any, dump: Dump, own: str, later: list[str]) -> None:
    history = "商机编号,阶段,变更时间,丢单原因"
    crm("import", crm.write("a.csv", "商机编号,商机名称,客户名称", "S1,年框,甲公司"))
    crm("import", crm.write("b.csv", history, "S1,初步接触,2026-03-01,", "S1,输单,2026-03-20,"))
    if own:
        crm("import", crm.write("own.csv", "商机编号,商机名称,客户名称,阶段,丢单原因", f"S1,年框,甲公司,输单,{own}"))
    assert _field(crm, "opp", "S1", "loss_reason") == (own or None)
    before = dump(crm.db)
    run = crm("import", crm.write("c.csv", history, *later), "--json").json["run"]
    assert dump(crm.db) != before
    assert _undo(crm, run)["kept"] == []
    assert dump(crm.db) == before

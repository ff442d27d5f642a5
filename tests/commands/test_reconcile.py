from __future__ import annotations

from typing import Any

from openpyxl import load_workbook

DEALS = "商机编号,商机名称,客户名称,商机金额,阶段,负责人,创建时间"


def test_a_statement_is_printed_written_and_given_to_scripts(crm: Any) -> None:
    crm("import", crm.write("a.csv", DEALS, "1,一期,甲公司,100,已报价,张伟,2026-05-03", "合计,,,100,,,"))
    crm("opp", "set", "O1", "amount=150")
    shown = crm("reconcile", "--out", "a.xlsx")
    assert "a.csv" in shown.stdout
    assert "9 checks, all hold" in shown.stdout
    assert "2 differences, each with its reason" in shown.stderr
    assert load_workbook(crm.folder / "a.xlsx").sheetnames[0] == "Statement"
    document = crm("reconcile", "R1", "--json").json
    assert [check["ok"] for check in document["checks"]] == [True] * 9
    assert [(one["row"], one["differs"], one["moves"]) for one in document["differences"]] == [
        (2, "amount", {"CNY": "50.00"}),
        (3, "row", {}),
    ]


def test_rows_that_hit_a_known_record_come_back_as_a_workbook(crm: Any) -> None:
    row = "1,一期,甲公司,100,已报价,张伟,2026-05-03"
    crm("import", crm.write("a.csv", DEALS, row, row))
    shown = crm("reconcile", "--duplicates", "d.xlsx")
    assert "1 rows hit a record that was there already: d.xlsx" in shown.stderr
    again = crm("import", "d.xlsx", "--dry-run", "--json").json["sheets"][0]
    assert (again["read"], again["same"]) == (1, 1)


def test_what_does_not_balance_fails_and_writes_nothing(crm: Any) -> None:
    import sqlite3

    crm("import", crm.write("a.csv", DEALS, "1,一期,甲公司,100,已报价,张伟,2026-05-03"))
    with sqlite3.connect(crm.db) as db:
        db.execute("UPDATE opportunity SET amount_fen = 1")
    assert "does not balance" in crm("reconcile", "--out", "a.xlsx", code=1).stderr
    assert not (crm.folder / "a.xlsx").exists()


def test_without_an_import_there_is_nothing_to_state(crm: Any) -> None:
    assert "no import stands" in crm("reconcile", code=1).stderr
    assert "R9" in crm("reconcile", "R9", code=1).stderr

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


def test_today_holds_what_needs_something_with_reasons_and_then_all_open_deals(sales: Any) -> None:
    sales.crm("log", "O2", "报价", "--at", "2026-06-29", "--next", "2026-07-20", "--action", "回访")
    sales.crm("opp", "lose", "O3", "--reason", "价格")
    book = sales.worklist()
    assert book.book.sheetnames == ["To do today", "All open deals", "How to fill it in", "lists"]
    (today,), every = book.rows(0), book.rows(1)
    assert (today["number"], today["customer"], today["stage"], today["amount"]) == ("O1", "甲公司", "方案报价", 120000)
    assert "was expected to close on 2026-06-20" in today["why it is here"]
    assert "no next step is planned" in today["why it is here"]
    assert [row["number"] for row in every] == ["O1", "O2"]
    assert [row["why it is here"] for row in every] == [today["why it is here"], None]
    assert every[1]["expected close"].isoformat() == "2026-09-30T00:00:00"


def test_a_due_task_about_a_deal_of_ones_own_is_a_reason(sales: Any) -> None:
    from datetime import datetime

    from crmcli.config import load_settings
    from crmcli.domain.records import ENTITIES
    from crmcli.jobs.worklists.today import own_deals
    from crmcli.jobs.workspace import Workspace
    from crmcli.store.database import open_database
    from crmcli.store.journal import open_run

    def task(title: str, owner: str) -> dict[str, Any]:
        return ENTITIES["task"].blank() | {"title": title, "owner": owner, "due": "2026-06-29", "opportunity_id": 2}

    settings = load_settings(Path(sales.crm.folder) / "crm.toml")
    with open_database(sales.crm.db) as db:
        now = datetime.fromisoformat("2026-06-30T09:00:00+08:00")
        workspace = Workspace(db, settings, lambda: now, "tester", "crmcli")
        with open_run(db, workspace.start("task")) as run:
            run.insert("task", [task("写方案", "张三"), task("审合同", "法务")])
        own = next(own for own in own_deals(workspace) if own.owner == "张三")
    reasons = "\n".join(own.due[2].reasons)
    assert ("task: 写方案 (1 days overdue)" in reasons, "审合同" in reasons) == (True, False)


def test_cells_are_data_lists_drop_down_and_the_key_is_hidden_and_sorted_with_its_row(sales: Any) -> None:
    page = sales.worklist().book.worksheets[1]
    heads = [cell.value for cell in page[1]]
    note = next(
        row[heads.index("note")] for row in page.iter_rows(min_row=2) if row[heads.index("note")].value == "=1+1"
    )
    assert (note.data_type, note.quotePrefix) == ("s", True)
    assert heads[-1] == "crmcli:worklist"
    assert page.column_dimensions["M"].hidden
    assert (page.auto_filter.ref, page.freeze_panes, page.print_title_rows) == ("A1:M4", "B2", "$1:$1")
    rules = {str(rule.sqref): (rule.type, rule.formula1) for rule in page.data_validations.dataValidation}
    assert rules["D2:D4"] == ("list", "'lists'!$A$2:$A$8")
    assert rules["F2:F4"][0] == "list"
    assert (rules["H2:H4"][0], rules["J2:J4"][0]) == ("date", "date")
    lists = sales.worklist().book["lists"]
    stages = ["初步接触", "需求确认", "方案报价", "商务谈判", "赢单", "输单", "无效"]
    assert [cell.value for cell in lists["A"]][1:8] == stages
    fills = {heads[at]: cell.fill.start_color.rgb[2:] for at, cell in enumerate(page[2][:12])}
    assert fills["stage"] == fills["note"] == "FFF8DC"
    assert fills["customer"] == fills["number"] == "F2F2F2"


def test_everybodys_worklists_go_into_a_folder(sales: Any) -> None:
    sales.crm("opp", "set", "O2", "owner=../王/五")
    sales.crm("opp", "set", "O3", "owner=")
    files = sales.crm("worklist", "--out", "lists", "--json").json["files"]
    assert [(one["owner"], Path(one["path"]).name, one["rows"]) for one in files] == [
        ("../王/五", "_王_五.xlsx", 1),
        ("张三", "张三.xlsx", 1),
        ("李四", "李四.xlsx", 1),
    ]
    assert all((Path(sales.crm.folder) / one["path"]).stat().st_mode & 0o777 == 0o600 for one in files)
    assert sales.crm("worklist", "--out", "all.xlsx", "--json", code=2).json["error"]["code"] == "worklist.folder"


@pytest.mark.parametrize(("owner", "code", "rows"), [(" 张 三", 0, 3), ("没有此人", 2, None)])
def test_one_persons_worklist(sales: Any, owner: str, code: int, rows: int | None) -> None:
    document = sales.crm("worklist", "--owner", owner, "--out", "one.xlsx", "--json", code=code).json
    assert rows is None or document["files"] == [{"owner": "张三", "path": "one.xlsx", "rows": rows, "today": 3}]


def test_another_currency_is_shown_with_its_amount(sales: Any) -> None:
    sales.crm("opp", "set", "O1", "amount=USD 5000")
    book = sales.worklist()
    cell = next(row[6] for row in book.book.worksheets[1].iter_rows(min_row=2) if row[11].value == "O1")
    assert (cell.value, cell.number_format) == (5000, "[$USD] #,##0.00")
    assert sales.apply(book.put("O1", amount=6000).save())["cells"]["taken"] == 1
    assert (sales.deal("O1")["amount"], sales.deal("O1")["currency"]) == ("6000.00", "USD")


def test_a_deputy_gets_what_needs_something_of_who_is_on_leave(sales: Any) -> None:
    away = (
        '[[owner]]\nname = "张三"\n[[owner]]\nname = "李四"\ndeputy = "张三"\nleave = [["2026-01-01", "2026-12-31"]]\n'
    )
    (sales.crm.folder / "crm.toml").write_text(away, encoding="utf-8")
    today = {row["number"]: row["why it is here"] for row in sales.worklist().rows(0)}
    assert today["O4"].splitlines()[0] == "stands in (代管) for 李四"
    assert "代管" not in "".join(why for number, why in today.items() if number != "O4")
    assert "代管" not in sales.worklist("李四").rows(0)[0]["why it is here"]
    sales.crm("apply", sales.worklist().put("O4", sheet=0, follow_up="已回电").save())
    assert sales.crm("opp", "show", "O4", "--json").json["owner"] == "李四"


def test_a_pool_has_no_worklist(sales: Any) -> None:
    sales.crm("import", sales.crm.write("more.csv", "商机编号,商机名称,客户名称,负责人", "9,无主,戊公司,公海"))
    files = sales.crm("worklist", "--out", "lists", "--json").json["files"]
    assert [one["owner"] for one in files] == ["张三", "李四"]

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest


def test_a_worklist_nobody_touched_changes_nothing(sales: Any) -> None:
    done = sales.apply(sales.worklist().save())
    assert (done["kind"], done["rows"], done["edited"], done["left_out"]) == ("worklist", 6, 0, [])


def test_what_only_the_sheet_changed_is_the_persons_word_and_undone_as_one_run(sales: Any) -> None:
    before = sales.deal("O1")
    book = sales.worklist().put("O1", stage="商务谈判", follow_up="已谈价格", amount=99000, next_step="签合同")
    sales.crm("opp", "set", "O1", "product=机床")
    done = sales.apply(book.put("O1", next_at=date(2026, 7, 8), note=None).save())
    assert done["cells"] == {"taken": 6, "same": 0, "conflict": 0, "left_out": 0}
    deal = sales.deal("O1")
    assert (deal["stage"], deal["amount"], deal["note"]) == ("商务谈判", "99000.00", None)
    assert (deal["next_action"], deal["next_at"]) == ("签合同", "2026-07-08")
    assert sales.notes() == [(1, "张三", "已谈价格")]
    moved = [entry for entry in sales.crm("opp", "history", "O1", "--json").json if entry["move"]]
    assert moved[-1]["actor"] == "tester"
    assert _movers(sales.crm.db) == ["张三"]
    assert sales.crm("undo", done["run"], "--json").json["kept"] == []
    after = sales.deal("O1")
    assert {key: after[key] for key in before if key != "product"} == {k: before[k] for k in before if k != "product"}
    assert sales.notes() == []


def test_the_same_workbook_again_changes_nothing(sales: Any, dump: Any) -> None:
    book = sales.worklist().put("O2", stage="输单", loss_reason="价格", follow_up="嫌贵", note="以后再看").save()
    assert sales.apply(book)["cells"]["taken"] == 4
    first = dump(sales.crm.db)
    again = sales.apply(book)
    assert again["cells"] == {"taken": 0, "same": 4, "conflict": 0, "left_out": 0}
    assert dump(sales.crm.db) == first
    assert (sales.deal("O2")["status"], sales.deal("O2")["loss_reason"]) == ("lost", "价格")
    sales.crm("undo", again["run"])
    assert sales.crm("undo", "R2", "--json").json["kept"] == []
    assert (sales.deal("O2")["status"], sales.deal("O2")["note"], sales.notes()) == ("open", "=1+1", [])


def test_what_both_changed_is_asked_and_then_decided(sales: Any) -> None:
    book = sales.worklist().put("O1", amount=90000, stage="输单", loss_reason="竞品", note="急")
    sales.crm("opp", "set", "O1", "amount=110000", "note=急")
    sales.crm("opp", "move", "O1", "需求确认")
    done = sales.apply(book.save(), 3)
    assert done["cells"] == {"taken": 0, "same": 1, "conflict": 3, "left_out": 0}
    assert (sales.deal("O1")["amount"], sales.deal("O1")["stage"]) == ("110000.00", "需求确认")

    from openpyxl import load_workbook

    asked = load_workbook(done["conflicts"])
    sheet = asked.worksheets[0]
    heads, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    told = [dict(zip(heads, row, strict=True)) for row in rows]
    assert {(row["ours"], row["theirs"], row["theirs last time"]) for row in told} == {
        ("需求确认", "输单 · 竞品", "方案报价"),
        ("110000.00", "90000.00", "120000.00"),
    }
    for place in range(2, len(rows) + 2):
        sheet.cell(place, 1).value = "take theirs"
    asked.save(done["conflicts"])
    assert sales.crm("apply", done["conflicts"], "--json").json["theirs"] == 2
    deal = sales.deal("O1")
    assert (deal["amount"], deal["stage"], deal["loss_reason"]) == ("90000.00", "输单", "竞品")


@pytest.mark.parametrize(
    ("cells", "column", "why"),
    [
        ({"next_at": "下次再说", "follow_up": "来访", "amount": 5}, "date of next step", "下次再说"),
        ({"stage": "商务谈判", "follow_up": "来访", "note": "x"}, "stage", "product"),
        ({"stage": "输单", "follow_up": "来访", "note": "x"}, "stage", "why it was lost"),
        ({"stage": "没有这个", "follow_up": "来访", "note": "x"}, "stage", "there is no stage"),
        ({"stage": None, "follow_up": "来访", "note": "x"}, "stage", "emptied"),
        ({"follow_up": "=已谈", "stage": "商务谈判", "note": "x"}, "follow-up", "formula"),
        ({"loss_reason": "价格", "follow_up": "来访", "note": "x"}, "loss reason", "its stage is 方案报价"),
    ],
)
def test_a_row_is_left_out_whole(sales: Any, cells: dict[str, Any], column: str, why: str) -> None:
    path = sales.worklist().put("O1", **cells).put("O3", next_step="拜访").save()
    before = sales.deal("O1")
    done = sales.apply(path, 3)
    assert done["cells"] == {"taken": 1, "same": 0, "conflict": 0, "left_out": 3}
    (left,) = done["left_out"]
    assert (left["column"], why in left["why"]) == (column, True), left
    assert (sales.deal("O1"), sales.notes()) == (before, [])


def test_a_grey_cell_is_listed_and_the_rest_of_its_row_taken(sales: Any) -> None:
    done = sales.apply(sales.worklist().put("O1", customer="别的公司", note="新").save(), 3)
    assert (done["cells"]["taken"], done["cells"]["left_out"]) == (1, 1)
    assert [left["column"] for left in done["left_out"]] == ["customer"]
    assert (sales.deal("O1")["customer"], sales.deal("O1")["note"]) == ("甲公司", "新")


def test_one_deal_in_two_sheets_is_one_deal(sales: Any) -> None:
    book = sales.worklist().put("O1", 0, note="同", follow_up="一").put("O1", 1, note="同", follow_up="二")
    done = sales.apply(book.save())
    assert (done["cells"]["taken"], sales.notes()) == (4, [(1, "张三", "一"), (1, "张三", "二")])
    book = sales.worklist().put("O1", 0, note="甲").put("O1", 1, note="乙")
    done = sales.apply(book.save(), 3)
    assert (done["cells"]["left_out"], sales.deal("O1")["note"]) == (2, "同")
    assert "two things" in done["left_out"][0]["why"]


def test_rows_that_went_came_or_lost_their_key_are_never_guessed_at(sales: Any) -> None:
    book = sales.worklist()
    page = book.book.worksheets[1]
    page.delete_rows(2)
    page.append(["新公司", "新商机", None, "初步接触"])
    page.append(["合计", None, None, None, None, None, 128000.5])
    page.cell(2, page.max_column).value = '["O1","x"]'
    done = sales.apply(book.save(), 3)
    assert (done["added"], done["cells"]["taken"]) == (2, 0)
    assert len(done["left_out"]) == 3
    assert len(sales.crm("opp", "list", "--json").json) == 4


def test_a_sheet_sorted_without_its_hidden_column_is_noticed(sales: Any) -> None:
    book = sales.worklist()
    page = book.book.worksheets[1]
    one, two = ([page.cell(row, column).value for column in range(1, 13)] for row in (2, 3))
    for row, values in ((2, two), (3, one)):
        for column, value in enumerate(values, 1):
            page.cell(row, column).value = value
    done = sales.apply(book.save(), 3)
    assert done["cells"]["taken"] == 0
    assert all("sorted" in left["why"] for left in done["left_out"])


def test_a_heading_that_is_gone_is_an_error(sales: Any) -> None:
    book, before = sales.worklist(), len(sales.crm("runs", "--json").json)
    heads = [cell.value for cell in book.book.worksheets[1][1]]
    book.book.worksheets[1].cell(1, heads.index("note") + 1).value = "my notes"
    refused = sales.crm("apply", book.save(), "--json", code=1).json["error"]
    assert "note" in refused["message"]
    assert len(sales.crm("runs", "--json").json) == before


def test_a_dry_run_leaves_nothing(sales: Any, dump: Any) -> None:
    path, before = sales.worklist().put("O1", note="新").save(), dump(sales.crm.db)
    done = sales.apply(path, 0, "--dry-run")
    assert (done["run"], done["cells"]["taken"], dump(sales.crm.db)) == (None, 1, before)


def _movers(path: Path) -> list[str]:
    from crmcli.store.database import open_database

    with open_database(path) as db:
        return db.values("SELECT by FROM event WHERE field = 'stage' AND value = '商务谈判' AND opportunity_id = 1")


def _resaved(path: str, folder: Path) -> str:
    """Return a workbook as LibreOffice opens and saves it."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("needs LibreOffice (soffice)")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "saved"), path]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return str(folder / "saved" / Path(path).name)


@pytest.mark.slow
def test_saved_by_libreoffice_with_other_changes_meanwhile_every_cell_is_accounted_for(
    sales: Any, tmp_path: Path
) -> None:
    sales.crm("opp", "set", "O3", 'note= 两行\n 备注 "引号" ', "amount=1234567.89")
    book = sales.worklist()
    untouched = sales.apply(_resaved(str(book.path), tmp_path))
    assert (untouched["rows"], untouched["edited"], untouched["left_out"]) == (6, 0, [])
    book.put("O1", amount=90000.5, note="改过", next_at=date(2026, 7, 8), follow_up="看样")
    book.put("O2", stage="方案报价", expected_close=date(2026, 10, 1), customer="改名")
    book.put("O3", stage="输单", next_step="算了")
    sales.crm("opp", "set", "O1", "amount=95000", "note=改过")
    sales.crm("opp", "move", "O2", "初步接触")
    done = sales.apply(_resaved(book.save(), tmp_path), 3)
    assert done["cells"] == {"taken": 3, "same": 1, "conflict": 2, "left_out": 3}
    assert done["edited"] == 9
    assert sales.deal("O1")["next_at"] == "2026-07-08"
    assert sales.deal("O2")["expected_close"] == "2026-10-01"
    assert sales.deal("O3")["status"] == "open"
    assert sales.notes() == [(1, "张三", "看样")]

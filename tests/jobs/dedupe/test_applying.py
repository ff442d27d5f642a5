from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from crmcli.jobs.dedupe.applying import ApplyResult, NoReview, apply_review
from crmcli.jobs.dedupe.review import review_workbook
from crmcli.jobs.dedupe.run import dedupe_customers
from crmcli.jobs.returned import NothingAsked, Returned, read_returned
from crmcli.jobs.undo import undo_run

BRAND = "昆山沐钰自动化设备"


@pytest.fixture
def book(office: Any, tmp_path: Path) -> Path:
    """Return a review workbook: customers 1 and 3 against 2, 4 against 5, in the order of the pairs' numbers."""
    office.add("customer", {"name": f"{BRAND}有限公司", "owner": "王芳"}, {"name": f"{BRAND}集团有限公司"})
    office.add(
        "customer", {"name": "北京恒远物流有限公司", "phones": ["+8613800138000"]}, {"name": "甲"}, {"name": "乙"}
    )
    office.add("contact", {"name": "李雷", "customer_id": 1, "phones": ["+8613900139000"]})
    office.add("opportunity", {"name": "年框", "customer_id": 2, "status": "open", "stage": "方案报价"})
    blank: dict[str, Any] = {"tier": "review", "score": 70.0, "reasons": []}
    office.add("pair", *({"a_id": a, "b_id": b} | blank for a, b in ((1, 2), (2, 3), (4, 5))))
    path = tmp_path / "review.xlsx"
    assert review_workbook(office.workspace, path) == 3
    return path


def decide(book: Path, **decisions: str) -> Path:
    """Write decisions by the pair's number into the workbook."""
    workbook = load_workbook(book)
    sheet = workbook.worksheets[0]
    for row in sheet.iter_rows(min_row=2):
        key = str(row[-1].value).partition(":")[0]
        row[0].value = decisions.get(key, row[0].value)
    workbook.save(book)
    return book


def _apply(office: Any, book: Path, **more: Any) -> ApplyResult:
    return apply_review(office.workspace, read_returned(book), **more)


def test_the_workbook_is_made_to_be_filled_in(book: Path) -> None:
    sheet = load_workbook(book).worksheets[0]
    heads = [str(cell.value) for cell in sheet[1]]
    assert heads[:4] == ["decision", "score", "reasons", "number A"]
    assert sheet.column_dimensions["V"].hidden
    assert heads[21] == "crmcli:pair"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C2", "A1:U4")
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == '"same,different,related,unsure"'
    first = dict(zip(heads, sheet[2], strict=True))
    assert (first["name A"].value, first["owner A"].value) == (f"{BRAND}有限公司", "王芳")
    assert first["contacts A"].value == "李雷 13900139000"
    assert first["open deals B"].value == "年框 方案报价"
    assert first["name A"].fill.start_color.rgb == first["name B"].fill.start_color.rgb == "00FCE4D6"


def test_the_same_are_merged_and_the_rest_remembered(office: Any, book: Path) -> None:
    done = _apply(office, decide(book, X1="相同", X2="Different"))
    assert (done.rows, dict(done.decided), done.merged, done.undecided) == (3, {"same": 1, "different": 1}, 1, 1)
    assert done.left_out == []
    assert [c["merged_into"] for c in office.all("customer")].count(None) == 4
    assert [p["decision"] for p in office.all("pair")] == ["same", "different", None]
    assert dedupe_customers(office.workspace).merged == 0


def test_the_same_workbook_again_changes_nothing(office: Any, book: Path) -> None:
    _apply(office, decide(book, X1="same", X2="unsure", X3="related"))
    before = office.tables()
    again = _apply(office, book)
    assert (again.unchanged, dict(again.decided), again.left_out) == (3, {}, [])
    assert office.tables() == before
    assert [(r["a_id"], r["b_id"]) for r in office.all("relation")] == [(4, 5)]


def test_undo_takes_decisions_and_merges_back(office: Any, book: Path) -> None:
    before = office.tables()
    done = _apply(office, decide(book, X1="same", X2="不同", X3="关联"))
    assert undo_run(office.workspace, str(done.run)).kept == []
    assert office.tables() == before


def test_a_row_whose_records_changed_is_left_out(office: Any, book: Path) -> None:
    office.set("customer", 3, city="北京")
    done = _apply(office, decide(book, X1="same", X2="same"))
    assert [left.row for left in done.left_out] == [3]
    assert "changed since" in str(done.left_out[0].why)
    assert done.merged == 1


def test_words_that_are_no_decision_and_contradictions_are_left_out(office: Any, book: Path) -> None:
    office.add("pair", {"a_id": 1, "b_id": 3, "tier": "review", "decision": "different"}, kind="decide")
    done = _apply(office, decide(book, X1="same", X2="same", X3="也许"))
    assert sorted((left.row, left.pair.partition(":")[0]) for left in done.left_out) == [(3, "X2"), (4, "X3")]
    assert done.merged == 1


def test_who_was_unsure_is_asked_again_last(office: Any, book: Path) -> None:
    _apply(office, decide(book, X1="unsure"))
    assert review_workbook(office.workspace, book) == 3
    rows = list(load_workbook(book).worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == [None, None, "unsure"]


def test_another_file_is_refused(office: Any, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("decision,name\nsame,甲\n", encoding="utf-8")
    with pytest.raises(NothingAsked):
        _apply(office, path)


def test_a_dry_run_writes_nothing(office: Any, book: Path) -> None:
    before = office.tables()
    done = _apply(office, decide(book, X1="same"), dry_run=True)
    assert (done.run, done.merged) == (None, 1)
    assert office.tables() == before


def test_a_workbook_that_asked_something_else_is_refused(office: Any, tmp_path: Path) -> None:
    with pytest.raises(NoReview):
        apply_review(office.workspace, Returned(tmp_path / "conflicts.xlsx", "crmcli:conflict", []))

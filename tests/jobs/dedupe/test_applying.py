from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from crmcli.config import Settings
from crmcli.jobs.dedupe.applying import ApplyResult, NoReview, apply_review
from crmcli.jobs.dedupe.merging import merge_customer
from crmcli.jobs.dedupe.review import review_workbook
from crmcli.jobs.dedupe.run import dedupe_customers
from crmcli.jobs.dedupe.unmerge import find_merge, unmerge
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.returned import NothingAsked, Returned, read_returned
from crmcli.store.changes import set_by_person
from crmcli.store.journal import open_run

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


def decide(book: Path, cells: dict[tuple[str, str], str] | None = None, **decisions: str) -> Path:
    """Write decisions by the pair's number into the workbook, and cells by (beginning of the key, heading)."""
    workbook = load_workbook(book)
    sheet = workbook.worksheets[0]
    heads = [str(cell.value) for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        key = str(row[-1].value)
        row[0].value = decisions.get(key.partition(":")[0], row[0].value)
        for (start, head), text in (cells or {}).items():
            if key.startswith(start):
                row[heads.index(head)].value = text
    workbook.save(book)
    return book


def _apply(office: Any, book: Path, **more: Any) -> ApplyResult:
    return apply_review(office.workspace, read_returned(book), **more)


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
    assert [left.pair for left in done.left_out] == ["X2"]
    assert "changed since" in str(done.left_out[0].why)
    assert done.merged == 1


def test_words_that_are_no_decision_and_contradictions_are_left_out(office: Any, book: Path) -> None:
    office.add("pair", {"a_id": 1, "b_id": 3, "tier": "review", "decision": "different"}, kind="decide")
    done = _apply(office, decide(book, X1="same", X2="same", X3="也许"))
    assert sorted(left.pair for left in done.left_out) == ["X2", "X3"]
    assert done.merged == 1


def test_who_was_unsure_is_asked_again_last(office: Any, book: Path) -> None:
    _apply(office, decide(book, X1="unsure"))
    assert review_workbook(office.workspace, book) == 3
    rows = list(load_workbook(book).worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows if str(row[-1]).startswith("X")][-1] == "unsure"


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


def test_the_first_row_speaks_for_its_group_and_the_others_before_it(office: Any, book: Path) -> None:
    done = _apply(office, decide(book, {("|X1", "decision"): "same"}, X2="different"))
    assert (dict(done.decided), done.merged, done.undecided) == ({"same": 1, "different": 1}, 1, 1)
    assert [office.get("pair", number)["decision"] for number in (1, 2, 3)] == ["same", "different", None]


def test_who_was_unsure_may_decide_for_the_whole_group(office: Any, book: Path) -> None:
    _apply(office, decide(book, X3="unsure"))
    review_workbook(office.workspace, book)
    assert dict(_apply(office, decide(book, {("|X3", "decision"): "related"})).decided) == {"related": 1}


def test_a_workbook_filled_in_bit_by_bit_is_taken_bit_by_bit(office: Any, book: Path) -> None:
    assert _apply(office, decide(book, X1="same")).merged == 1
    done = _apply(office, decide(book, X2="same"))
    assert (done.merged, done.unchanged, done.undecided, done.left_out) == (1, 1, 1, [])
    assert len({customer["merged_into"] or customer["id"] for customer in office.all("customer")[:3]}) == 1


def test_values_are_kept_as_chosen_or_typed_and_survive(office: Any, book: Path) -> None:
    office.set("customer", 4, owner="王芳", city="北京", address="东路1号")
    office.set("customer", 5, owner="李雷", city="天津", address="东路1号院2号楼")
    review_workbook(office.workspace, book)
    changed = {("=4,5", "Customer owner"): "李雷", ("=4,5", "Customer"): "乙", ("=4,5", "Address"): "西路9号"}
    done = _apply(office, decide(book, changed, X3="same"))
    assert (done.merged, done.chosen, done.left_out) == (1, 1, [])
    (alive,) = (customer for customer in office.all("customer")[3:] if not customer["merged_into"])
    assert (alive["id"], alive["name"], alive["owner"], alive["address"]) == (5, "乙", "李雷", "西路9号")
    lost = {(one["field"], one["value"]) for one in office.all("alternate")}
    assert {("name", "甲"), ("owner", "王芳"), ("address", "东路1号"), ("address", "东路1号院2号楼")} <= lost
    assert set_by_person(office.db, "customer", 5, "address", "西路9号")
    office.set("customer", 5, address="南路3号")
    again = _apply(office, book)
    assert (again.unchanged, again.chosen, office.get("customer", 5)["address"]) == (1, 0, "南路3号")


def test_values_that_cannot_be_kept_are_named(office: Any, book: Path) -> None:
    office.set("customer", 4, credit_code="91310115MA1K3YLE2X")
    review_workbook(office.workspace, book)
    done = _apply(office, decide(book, {("=4,5", "Credit code"): "123", ("=2,", "Customer"): "丙"}, X3="same"))
    assert {left.pair for left in done.left_out} >= {"Credit code"}
    assert any("nothing of this group is merged" in str(left.why) for left in done.left_out)
    assert done.merged == 1


def test_what_only_a_person_may_choose_is_to_be_chosen_first(office: Any, book: Path) -> None:
    office.set("customer", 4, level="A")
    office.set("customer", 5, level="B")
    asked = replace(office.workspace, settings=Settings.model_validate({"merge": {"fields": {"level": "by_hand"}}}))
    review_workbook(asked, book)
    done = apply_review(asked, read_returned(decide(book, X3="same")))
    assert (done.merged, [str(left.why) for left in done.left_out]) == (0, ["choose what stays: Level"])
    done = apply_review(asked, read_returned(decide(book, {("=4,5", "Level"): "B"})))
    assert (done.merged, done.left_out) == (1, [])
    assert {customer["level"] for customer in office.all("customer")[3:] if not customer["merged_into"]} == {"B"}


def _whys(done: ApplyResult) -> dict[str, str]:
    return {left.pair: str(left.why) for left in done.left_out}


def test_rows_that_cannot_be_applied_say_why(office: Any, book: Path) -> None:
    with open_run(office.db, office.workspace.start("dedupe")) as run:
        merge_customer(run, 2, 3)
    with open_run(office.db, office.workspace.start("undo")) as run:
        run.remove("customer", office.get("customer", 4))
    whys = _whys(_apply(office, decide(book, X1="different", X2="same", X3="same")))
    assert "changed since" in whys["X1"]
    assert "C3 was merged into C2" in whys["X2"]
    assert whys["X3"] == "C4 is no longer there"


def test_a_hidden_cell_that_was_changed_is_named(office: Any, book: Path) -> None:
    workbook = load_workbook(book)
    sheet = workbook.worksheets[0]
    for row in sheet.iter_rows(min_row=2):
        if str(row[-1].value).startswith("X"):
            row[0].value, row[-1].value = "same", f"{str(row[-1].value)[:-4]}0000"
    workbook.save(book)
    done = _apply(office, book)
    assert set(_whys(done).values()) == {"the hidden column of this row was changed"}
    assert (done.merged, office.all("pair")[0]["decision"]) == (0, None)


def test_an_older_workbook_does_not_go_over_later_decisions(office: Any, book: Path) -> None:
    _apply(office, decide(book, X3="same"))
    unmerge(office.workspace, find_merge(office.workspace, "C5"))
    done = _apply(office, book)
    assert (_whys(done), done.merged) == ({"X3": "tester decided this pair otherwise since"}, 0)
    colleague = replace(office.workspace, actor="colleague")
    assert apply_review(colleague, read_returned(decide(book, X3="", X2="different"))).decided["different"] == 1
    assert "colleague" in _whys(_apply(office, decide(book, X2="same")))["X2"]


def test_after_an_undo_the_workbook_can_be_taken_again(office: Any, book: Path) -> None:
    done = _apply(office, decide(book, X1="same", X3="different"))
    undo_run(office.workspace, str(done.run))
    again = _apply(office, book)
    assert (again.merged, dict(again.decided), again.left_out) == (1, {"same": 1, "different": 1}, [])


def test_what_is_one_customer_by_now_is_not_called_different(office: Any, book: Path) -> None:
    _apply(office, decide(book, X1="same", X2="same"))
    whys = _whys(_apply(office, decide(book, X1="different")))
    assert "one customer since" in whys["X1"]

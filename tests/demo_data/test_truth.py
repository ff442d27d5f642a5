from __future__ import annotations

import csv
import tomllib
from collections import Counter
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from crmcli.demo_data.files import csv_text, write_samples
from crmcli.demo_data.generate import generate
from crmcli.demo_data.model import Demo, Row, Table
from crmcli.demo_data.settings import demo_config
from crmcli.demo_data.spelling import exact_key
from crmcli.demo_data.truth import Truth, truth


@pytest.fixture(scope="module")
def demo() -> Demo:
    return generate()


@pytest.fixture(scope="module")
def true(demo: Demo) -> Truth:
    return truth(demo)


def test_the_figures_of_the_shipped_seed(true: Truth) -> None:
    got = {key: value for key, value in asdict(true).items() if isinstance(value, int | Decimal)}
    assert got == SHIPPED
    assert true.funnel.reached == SHIPPED_REACHED


@pytest.mark.parametrize("seed", [1, 2, 3, 20260630])
def test_the_funnel_balances(seed: int) -> None:
    true = truth(generate(seed))
    funnel = true.funnel
    left = [funnel.lost_here, funnel.void_here, funnel.open_here]
    for rank in range(4):
        unplaced = sum(funnel.unplaced.values()) if rank == 0 else 0
        assert funnel.reached[rank] == funnel.reached[rank + 1] + sum(part[rank] for part in left) + unplaced
    assert funnel.reached[0] == true.opportunities == true.won + true.lost + true.void + true.open
    assert funnel.reached[4] == true.won
    assert sum(true.lost_by_reason.values()) == true.lost


def test_the_deal_book_says_the_same(demo: Demo, true: Truth, tmp_path: Path) -> None:
    stages = tomllib.loads(demo_config(demo))["pipeline"][0]["synonyms"]
    meaning = {text: stage for stage, texts in stages.items() for text in (stage, *texts)}
    write_samples(demo, tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "商机跟进表.xlsx").worksheets[0]
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=3, max_row=sheet.max_row - 1)]
    rows = [row for row in rows if row[1]]
    assert len(rows) == true.files["商机跟进表.xlsx"].records
    once = list(dict.fromkeys(rows))
    ends = Counter(meaning.get(row[5]) for row in once)
    assert (len(once), ends["赢单"], ends["输单"], ends["无效"]) == (600, true.won, true.lost, true.void)
    assert sum(row[4] is None for row in once) == true.without_amount
    plain = [Decimal(str(row[4])) * 10_000 for row in once if isinstance(row[4], float | int)]
    texts = [row[4] for row in once if isinstance(row[4], str)]
    wan = {text: Decimal(text.strip("约万")) * 10_000 for text in texts}
    assert sum(plain) + sum(wan[text] for text in texts if text[0] != "约") == true.amount_yuan
    assert sum(wan[text] for text in texts if text[0] == "约") == true.approximate_yuan
    assert sum(text[0] == "约" for text in texts) == true.approximate
    assert sum(row[6] in (None, "-", "暂无") for row in once) == true.unassigned


def test_the_stage_history_ends_where_the_deal_book_stands(demo: Demo, true: Truth) -> None:
    table = next(file.tables[0] for file in demo.files if file.name == "阶段变更记录.csv")
    last = {row.cells[0]: row.cells[2] for row in table.rows if row.tag == "record"}
    recorded = {deal.number: deal.stage for deal in demo.deals if deal.recorded}
    assert last == recorded
    assert true.stage_events == true.files["阶段变更记录.csv"].records


def test_row_numbers_are_the_ones_that_people_see(demo: Demo, true: Truth) -> None:
    table = next(file.tables[0] for file in demo.files if file.name == "老客户.csv")
    starts: list[int] = []
    reader = csv.reader(csv_text(table).splitlines(keepends=True))
    line = 1
    for cells in reader:
        if cells[0] == "" or cells[2] == "1.38E+10" or "*" in cells[2]:
            starts.append(line)
        line = reader.line_num + 1
    file = true.files["老客户.csv"]
    assert starts == sorted({*file.rejected, *(row for row, _ in file.listed)})


def test_every_row_after_the_header_is_accounted_for(demo: Demo, true: Truth) -> None:
    for file in demo.files:
        known = true.files[file.name]
        below = [row for row in file.tables[0].rows if row.tag not in {"above", "header", "blank"}]
        assert len(below) == known.records + len(known.rejected) + len(known.skipped)


def test_rejected_rows_name_nobody(demo: Demo) -> None:
    for file in demo.files:
        for row in file.tables[0].rows:
            if row.tag == "rejected":
                assert _named(file.tables[0], row) in ([], ["无"])


def test_duplicate_groups_are_distinct_exact_names_of_one_firm(demo: Demo, true: Truth) -> None:
    assert len(true.duplicate_groups) >= 90
    keys = [exact_key(name) for group in true.duplicate_groups for name in group]
    assert len(keys) == len(set(keys))
    assert true.imported_customers == true.firms + sum(len(group) - 1 for group in true.duplicate_groups)
    assert true.firms == len(demo.firms)


def _named(table: Table, row: Row) -> list[object]:
    heads = {"*客户名称", "*联系人", "联系电话（必填）", "单位名称", "联系人", "客户名称", "商机编号", "商机名称"}
    return [cell for head, cell in zip(table.header, row.cells, strict=True) if head in heads and cell]


SHIPPED: dict[str, int | Decimal] = {
    "firms": 400,
    "imported_customers": 520,
    "opportunities": 600,
    "without_customer": 4,
    "won": 129,
    "lost": 191,
    "void": 45,
    "open": 235,
    "amount_yuan": Decimal(205246400),
    "approximate": 16,
    "approximate_yuan": Decimal(3540000),
    "without_amount": 27,
    "unassigned": 42,
    "stage_events": 1727,
}
SHIPPED_REACHED = (600, 412, 293, 198, 129)

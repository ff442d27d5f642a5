from __future__ import annotations

import csv
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from crmcli.config import Settings
from crmcli.errors import CrmError
from crmcli.jobs.dedupe.spreadsheet import FileChoices, NoSuchColumn, NotUnique, dedupe_file
from crmcli.jobs.importing.plan import ReadChoices

ROWS = [
    ["编号", "客户名称", "联系电话", "cluster_id"],
    ["A9", "上海鼎信贸易有限公司", "13800138000", "x"],
    ["A10", "北京恒远物流有限公司", "010-88886666", ""],
    ["A2", "鼎信贸易", "138 0013 8000", "=1+1"],
    ["合计", "", "", ""],
]
SETTINGS = Settings.model_validate({})


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(ROWS)
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_input_comes_back_with_its_groups(sheet: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    done = dedupe_file(sheet, out, FileChoices(), SETTINGS)
    assert (done.rows, done.clusters, done.clustered, done.review_groups, done.odd) == (3, 1, 2, 0, 1)
    assert ("客户名称", "customer.name") in done.columns
    rows = read(out)
    assert [row["cluster_id_2"] for row in rows] == ["A2", "A10", "A2", ""]
    assert [row["tier"] for row in rows] == ["auto", "single", "auto", ""]
    assert [row["客户名称"] for row in rows] == [row[1] for row in ROWS[1:]]
    assert rows[2]["cluster_id"] == "'=1+1"
    assert out.stat().st_mode & 0o777 == 0o600


def test_reasons_name_the_record_that_is_most_alike(sheet: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    dedupe_file(sheet, out, FileChoices(reasons=True), SETTINGS)
    reasons = [row["reason"] for row in read(out)]
    assert reasons[0] == reasons[2]
    assert reasons[0].startswith("A2 ~ A9: a mobile number is shared: +8613800138000")
    assert reasons[1] == reasons[3] == ""


def test_a_workbook_has_coloured_groups_that_stand_together(sheet: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    dedupe_file(sheet, out, FileChoices(id_header="编号"), SETTINGS)
    page = load_workbook(out).worksheets[0]
    assert [page.cell(row, 1).value for row in range(2, 6)] == ["A9", "A2", "A10", "合计"]
    colours = [page.cell(row, 1).fill.fill_type and page.cell(row, 1).fill.start_color.rgb for row in range(2, 6)]
    assert colours == ["00DDEBF7", "00DDEBF7", None, None]
    assert page.cell(3, 4).value == "=1+1"
    assert page.cell(3, 4).data_type == "s"


def test_columns_can_be_named_and_rows_numbered(tmp_path: Path) -> None:
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text("firm,tel\n上海鼎信贸易有限公司,\n上海鼎信贸易有限公司,\n", encoding="utf-8")
    dedupe_file(path, out, FileChoices(ReadChoices(map={"firm": "name", "tel": "phones"})), SETTINGS)
    assert [row["cluster_id"] for row in read(out)] == ["2", "2"]


def test_contacts_are_compared_where_no_customer_is_named(tmp_path: Path) -> None:
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text("姓名,手机\n张伟,13800138000\n张伟,13800138000\n李娜,13900139000\n", encoding="utf-8")
    dedupe_file(path, out, FileChoices(), SETTINGS)
    assert [row["review_group"] for row in read(out)] == ["2", "2", "4"]


@pytest.mark.parametrize(
    ("choices", "failure"),
    [(FileChoices(id_header="号"), NoSuchColumn), (FileChoices(id_header="联系电话"), NotUnique)],
)
def test_a_column_that_is_no_id_is_refused(choices: FileChoices, failure: type[CrmError], tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("客户名称,联系电话\n甲公司,1\n乙公司,1\n", encoding="utf-8")
    with pytest.raises(failure):
        dedupe_file(path, tmp_path / "out.csv", choices, SETTINGS)
    assert not (tmp_path / "out.csv").exists()


def test_the_labelled_names(shared: Path, tmp_path: Path) -> None:
    gold, out = shared / "gold" / "zh_companies.csv", tmp_path / "out.csv"
    dedupe_file(gold, out, FileChoices(), SETTINGS)
    words: list[Any] = [sys.executable, shared / "tools" / "score_clusters.py", gold, "id", "cluster"]
    words += [out, "id", "cluster_id", "--negatives", shared / "gold" / "zh_companies_hard_negatives.csv"]
    words += ["--names", gold, "id", "客户名称"]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
    said = dict(pairwise(told))
    assert float(said["precision"]) >= 0.995
    assert float(said["recall"]) >= 0.80
    assert said["merged"] == "0"

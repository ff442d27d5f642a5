"""Whole imports: the shipped samples against what is true of them, and a real company's data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crmcli.config import load_settings
from crmcli.demo_data.files import write_samples
from crmcli.demo_data.generate import generate
from crmcli.demo_data.settings import demo_config
from crmcli.demo_data.truth import Truth, truth
from crmcli.domain.problem import CATALOGUE
from crmcli.jobs.import_files import ImportOptions, ImportResult, SheetResult, import_files
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.setup import make_workspace
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import open_database
from crmcli.store.records import fetch_where

NOW = datetime(2026, 6, 30, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True)
class Imported:
    """What an import of whole files gave, and the files, to import them again."""

    workspace: Workspace
    result: ImportResult
    files: list[str]

    def sheet(self, file: str) -> SheetResult:
        return next(s for s in self.result.sheets if Path(s.planned.sheet.file).name == file and s.left_out is None)

    def records(self, entity: str, where: str = "1") -> list[dict[str, Any]]:
        return fetch_where(self.workspace.db, entity, where)


def _imported(folder: Path, files: list[str], settings: str | None = None) -> Imported:
    made = make_workspace(folder, "zh", settings)
    workspace = Workspace(open_database(made.db), load_settings(made.config), lambda: NOW, "tester", "crmcli import")
    return Imported(workspace, import_files(workspace, files, ImportOptions()), files)


@pytest.fixture(scope="module")
def true() -> Truth:
    return truth(generate())


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imported]:
    folder = tmp_path_factory.mktemp("samples")
    write_samples(generate(), folder)
    made = _imported(folder / "w", [str(path) for path in sorted(folder.iterdir())], demo_config(generate()))
    yield made
    made.workspace.db.connection.close()


@pytest.fixture(scope="module")
def maven(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[Imported]:
    names = ("accounts", "products", "sales_teams", "sales_pipeline")
    files = [str(shared / "data" / "maven-crm" / f"{name}.csv") for name in names]
    made = _imported(tmp_path_factory.mktemp("maven") / "w", files)
    yield made
    made.workspace.db.connection.close()


def test_every_row_of_the_samples_is_what_it_is_known_to_be(demo: Imported, true: Truth) -> None:
    for name, known in true.files.items():
        sheet = demo.sheet(name)
        counts = sheet.tally.counts
        assert sheet.planned.sheet.header_row == known.header_row, name
        assert counts["skipped"] == len(known.skipped) + len(known.above), name
        assert counts["new"] + counts["updated"] + counts["same"] + counts["review"] == known.records, name
        rejected = [r.row for r in demo.result.rejections if Path(r.file).name == name and r.code != "row.two_records"]
        assert tuple(sorted(rejected)) == known.rejected, name


def test_the_bad_cells_of_the_samples_are_listed_and_no_others(demo: Imported, true: Truth) -> None:
    for name, known in true.files.items():
        listed = {(item.row, item.header) for item in demo.sheet(name).tally.listed if item.code in CATALOGUE}
        inside = {cell for cell in known.listed if cell[0] not in known.rejected}
        assert {cell for cell in listed if cell[0] not in known.rejected} == inside, name


def test_the_samples_make_the_records_they_hold(demo: Imported, true: Truth) -> None:
    assert len(demo.records("owner")) == true.files["负责人.xlsx"].records
    assert len(demo.records("product")) == true.files["产品.csv"].records
    named = {customer["name"] for customer in demo.records("customer")}
    from_remarks = [name for name in true.remark_names if name in named]
    assert true.imported_customers <= len(named) <= true.imported_customers + len(true.remark_names)
    assert from_remarks
    deals = demo.records("opportunity")
    assert Counter(deal["status"] for deal in deals) == {
        "won": true.won, "lost": true.lost, "void": true.void, "open": true.open
    }  # fmt: skip
    assert len(deals) == true.opportunities
    assert sum(deal["customer_id"] is None for deal in deals) == true.without_customer
    assert sum(deal["amount_fen"] or 0 for deal in deals) == true.amount_yuan * 100
    assert sum(deal["amount_fen"] is None for deal in deals) == true.without_amount + true.approximate
    assert sum(deal["owner"] is None for deal in deals) == true.unassigned
    lost = Counter(deal["loss_reason"] or "未填" for deal in deals if deal["status"] == "lost")
    assert lost == true.lost_by_reason
    real = demo.records("event", "inferred = 0 AND field = 'stage'")
    assert len(real) == true.stage_events
    assert len(demo.records("activity")) == true.files["跟进记录.xlsx"].records


def test_the_samples_sums_are_the_sources(demo: Imported, true: Truth) -> None:
    sums = demo.sheet("商机跟进表.xlsx").tally.sums["opportunity.amount"]
    assert sums.source == sums.stored
    assert sums.skipped == true.amount_yuan + true.approximate_yuan


def test_the_samples_again_are_all_the_same(demo: Imported, dump: Callable[[Path], list[str]]) -> None:
    path = demo.workspace.db.path
    before = dump(path)
    again = import_files(demo.workspace, demo.files, ImportOptions())
    for sheet in again.sheets:
        assert not sheet.tally.counts["new"] + sheet.tally.counts["updated"], sheet.planned.sheet.file
        assert not sheet.tally.alternates
    assert dump(path) == before


def test_a_wecom_customer_keeps_all_who_added_it(demo: Imported) -> None:
    sheet = demo.sheet("企业微信客户列表.xlsx").planned
    by = next(column for column in sheet.sheet.columns if column.header == "添加人")
    contacts = demo.records("contact")
    owners = {c["owner"] for c in contacts} | {a["value"] for a in demo.records("alternate") if a["field"] == "owner"}
    assert set(by.sample) <= owners
    assert any("标签" not in tag and ":" in tag for contact in contacts for tag in contact["tags"])


def test_maven_in_one_command(maven: Imported) -> None:
    counts = {entity: len(maven.records(entity)) for entity in ("customer", "product", "owner", "opportunity")}
    assert counts == {"customer": 85, "product": 7, "owner": 35, "opportunity": 8800}
    deals = maven.records("opportunity")
    assert sum(deal["customer_id"] is None for deal in deals) == 1425
    assert sum(deal["amount_fen"] is None for deal in deals) == 2089
    assert Counter(deal["status"] for deal in deals) == {"won": 4238, "lost": 2473, "open": 2089}
    assert Counter(deal["stage_text"] for deal in deals if deal["status"] == "open") == {
        "Prospecting": 500, "Engaging": 1589
    }  # fmt: skip
    assert all(deal["loss_reason"] is None for deal in deals)
    assert "GTX Pro" in {deal["product"] for deal in deals}
    assert "GTXPro" not in {deal["product"] for deal in deals}


def test_maven_is_counted_summed_and_noted(maven: Imported) -> None:
    sheet = maven.sheet("sales_pipeline.csv")
    assert sheet.tally.counts == {"new": 8800, "skipped": 0, "rejected": 0}
    sums = sheet.tally.sums["opportunity.amount"]
    assert sums.source == sums.stored == 10005534
    assert Counter(item.code for item in sheet.tally.listed) == {"opportunity.no_customer": 1425}
    assert any("GTXPro is read as GTX Pro (1480 rows)" in str(note) for note in sheet.tally.notes)
    assert maven.result.needs_attention
    assert maven.result.rejects is None
    owners = maven.records("owner")
    assert {owner["region"] for owner in owners} == {"Central", "East", "West"}
    assert len({owner["manager"] for owner in owners}) == 6


@pytest.mark.slow
def test_maven_again_is_the_same_and_undone_is_empty(maven: Imported, dump: Callable[[Path], list[str]]) -> None:
    again = import_files(maven.workspace, maven.files, ImportOptions())
    totals = sum((sheet.tally.counts for sheet in again.sheets), Counter[str]())
    assert (totals["new"], totals["updated"], totals["same"]) == (0, 0, 85 + 7 + 35 + 8800)
    undo_run(maven.workspace, "R1")
    assert dump(maven.workspace.db.path) == []

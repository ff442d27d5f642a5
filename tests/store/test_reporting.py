from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crmcli.domain.records import ENTITIES
from crmcli.store.database import Database, create_database, open_database
from crmcli.store.journal import Run, RunStart, open_run
from crmcli.store.provenance import SourceRow, add_file, add_rows, add_sheet
from crmcli.store.reporting import deals, last_recorded, stage_events, value_events

NOW = "2026-06-30T09:00:00+08:00"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    create_database(tmp_path / "crm.db")
    with open_database(tmp_path / "crm.db") as opened:
        yield opened


def start() -> RunStart:
    return RunStart("import", "crmcli import", "tester", lambda: NOW)


def source_row(run: Run) -> int:
    file = add_file(run, "商机表.xlsx", "0" * 64, "xlsx", None)
    sheet = add_sheet(run, file, "Sheet1", "opportunity", None, "default", header_row=1, headers=["商机名称"])
    number = run.reserve("source_row", 1)
    add_rows(run, sheet, [SourceRow(number, 7, ["年框"], "new", "opportunity", 1)])
    return number


def test_deals_with_their_customers_fields_and_their_source(db: Database) -> None:
    with open_run(db, start()) as run:
        run.insert("customer", [ENTITIES["customer"].blank() | {"name": "甲", "province": "上海", "source": "展会"}])
        deal = ENTITIES["opportunity"].blank() | {"name": "年框", "customer_id": 1, "status": "open"}
        run.insert("opportunity", [deal, deal | {"name": "二期", "source": "官网"}], [source_row(run), None])
    keys = ("opportunity_id", "customer", "province", "source", "source_file", "source_sheet", "source_row")
    assert [[row[key] for key in keys] for row in deals(db)] == [
        [1, "甲", "上海", "展会", "商机表.xlsx", "Sheet1", 7],
        [2, "甲", "上海", "官网", None, None, None],
    ]
    assert last_recorded(db) == NOW


def test_events_by_deal_stages_apart_from_values_oldest_first(db: Database) -> None:
    event = ENTITIES["event"].blank()
    with open_run(db, start()) as run:
        run.insert("opportunity", [ENTITIES["opportunity"].blank() | {"name": name} for name in ("甲", "乙")])
        kept = [
            (2, "stage", "2026-01-02"),
            (1, "owner", "2026-03-01"),
            (1, "amount_fen", "2026-02-01"),
            (1, "stage", None),
        ]
        run.insert("event", [event | {"opportunity_id": n, "field": key, "at": at} for n, key, at in kept])
    assert [row["opportunity_id"] for row in stage_events(db)] == [1, 2]
    assert [row["field"] for row in value_events(db)] == ["amount_fen", "owner"]


def test_an_empty_workspace(db: Database) -> None:
    assert (deals(db), stage_events(db), value_events(db), last_recorded(db)) == ([], [], [], None)

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crmcli.domain.records import ENTITIES
from crmcli.store.database import Database, create_database, open_database
from crmcli.store.deal_columns import DEALS, PART, UNKNOWN_TIME, coded_events, deals, source_places, whole_events
from crmcli.store.journal import Run, RunStart, open_run
from crmcli.store.provenance import SourceRow, add_file, add_rows, add_sheet
from crmcli.store.reporting import last_recorded, value_events

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
    keys = ("opportunity_id", "customer", "province", "source")
    (block,) = deals(db)
    assert [[dict(zip(DEALS, row, strict=True))[key] for key in keys] for row in block] == [
        [1, "甲", "上海", "展会"],
        [2, "甲", "上海", "官网"],
    ]
    assert source_places(db, "opportunity", [1, 2]) == {1: ("商机表.xlsx", "Sheet1", 7)}
    assert last_recorded(db) == NOW


def test_events_by_deal_stages_apart_from_values_oldest_first(db: Database) -> None:
    event = ENTITIES["event"].blank()
    with open_run(db, start()) as run:
        run.insert("opportunity", [ENTITIES["opportunity"].blank() | {"name": name} for name in ("甲", "乙")])
        kept = [
            (2, "stage", "2026-01-02T10:00:00+08:00"),
            (1, "owner", "2026-03-01"),
            (1, "amount_fen", "2026-02-01"),
            (1, "stage", None),
            (1, "stage", "2026-01-05"),
        ]
        told = {"value": "报价", "kind": "open", "probability": 50.0, "inferred": 1}
        run.insert("event", [event | told | {"opportunity_id": n, "field": key, "at": at} for n, key, at in kept])
    (block,) = coded_events(db)
    said = ["报价", "open", "", "", "50.0"]
    assert [(deal, when, text.split(PART)) for deal, when, text in block] == [
        (2, 1767319200, [*said, "i"]), (1, UNKNOWN_TIME, [*said, "i"]), (1, 1767571200, [*said, "di"]),
    ]  # fmt: skip
    assert [row["at"] for row in whole_events(db, [1])] == [None, "2026-01-05"]
    assert [row["field"] for row in value_events(db)] == ["amount_fen", "owner"]


def test_an_empty_workspace(db: Database) -> None:
    assert (list(deals(db)), list(coded_events(db)), value_events(db), last_recorded(db)) == ([], [], [], None)

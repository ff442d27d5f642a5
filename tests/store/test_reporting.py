from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crmcli.domain.records import ENTITIES
from crmcli.store.database import Database, create_database, open_database
from crmcli.store.deal_columns import (
    BLANK,
    CUSTOMER_GROUPS,
    DEAL_GROUPS,
    EVENT_GROUPS,
    customers,
    deals,
    source_places,
    stage_events,
    whole_events,
)
from crmcli.store.journal import Run, RunStart, open_run
from crmcli.store.packed import PART, ROW, Block
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


def unpacked(block: Block, groups: tuple[tuple[str, ...], ...]) -> list[dict[str, str]]:
    count, columns = block
    rows: list[dict[str, str]] = [{} for _ in range(count)]
    for names, column in zip(groups, columns, strict=True):
        for row, said in zip(rows, column.decode().split(ROW), strict=True):
            row.update(zip(names, said.split(PART), strict=True))
    return rows


def test_deals_and_customers_and_the_rows_that_brought_them(db: Database) -> None:
    with open_run(db, start()) as run:
        run.insert("customer", [ENTITIES["customer"].blank() | {"name": "甲", "province": "上海", "source": "展会"}])
        deal = ENTITIES["opportunity"].blank() | {"name": "年框", "customer_id": 1, "status": "open"}
        run.insert("opportunity", [deal, deal | {"name": "二期", "source": "官网"}], [source_row(run), None])
        run.insert("opportunity", [deal | {"source": ""}])
    keys = ("opportunity_id", "customer_id", "source")
    (block,) = deals(db)
    rows = [[row[key] for key in keys] for row in unpacked(block, DEAL_GROUPS)]
    assert rows == [["1", "1", ""], ["2", "1", "官网"], ["3", "1", BLANK]]
    (block,) = customers(db)
    blank = {"industry": ""}
    assert unpacked(block, CUSTOMER_GROUPS) == [{"id": "1", "name": "甲", "source": "展会", "province": "上海"} | blank]
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
    (block,) = stage_events(db)
    said = {"value": "报价", "kind": "open", "probability": "50", "inferred": "1"}
    blank = {"from_value": "", "not_before": "", "not_after": "", "reason": ""}
    assert unpacked(block, EVENT_GROUPS) == [
        {"opportunity_id": "2", "at": "2026-01-02T10:00:00+08:00"} | said | blank,
        {"opportunity_id": "1", "at": ""} | said | blank,
        {"opportunity_id": "1", "at": "2026-01-05"} | said | blank,
    ]
    assert [row["at"] for row in whole_events(db, [1])] == [None, "2026-01-05"]
    assert [row["field"] for row in value_events(db)] == ["amount_fen", "owner"]


def test_an_empty_workspace(db: Database) -> None:
    assert (list(deals(db)), list(stage_events(db)), value_events(db), last_recorded(db)) == ([], [], [], None)


def test_texts_that_hold_what_parts_rows_lose_it(db: Database) -> None:
    with open_run(db, start()) as run:
        deal = ENTITIES["opportunity"].blank()
        rows = [("a\x1eb", "c\x1fd"), ("", None)]
        run.insert("opportunity", [deal | {"name": name, "owner": owner} for name, owner in rows])
    (block,) = deals(db)
    assert [(row["name"], row["owner"]) for row in unpacked(block, DEAL_GROUPS)] == [("a b", "c d"), ("", "")]

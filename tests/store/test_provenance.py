from __future__ import annotations

import json
from collections.abc import Callable

from crmcli.store.database import Database
from crmcli.store.journal import RunStart, open_run
from crmcli.store.provenance import SourceRow, add_file, add_rows, add_sheet, finish_sheet

Starts = Callable[..., RunStart]


def test_a_row_leads_back_to_its_sheet_and_file(db: Database, start: Starts) -> None:
    with open_run(db, start("import")) as run:
        file = add_file(run, "客户.csv", "ab" * 32, "csv", "gb18030")
        sheet = add_sheet(run, file, "客户", "customer", None, "default", header_row=2, headers=["名称", "电话"])
        first = run.reserve("source_row", 2)
        rows = [
            SourceRow(first, 3, ["甲公司", "=1+1"], "new", "customer", 1),
            SourceRow(first + 1, 4, ["合计", ""], "skipped", "", None),
        ]
        add_rows(run, sheet, rows)
        finish_sheet(run, sheet, {"read": 2})
    told = db.rows(
        "SELECT f.path, f.run_id, s.name, s.headers, s.report, r.row, r.cells, r.outcome FROM source_row r"
        " JOIN source_sheet s ON s.id = r.source_sheet_id JOIN source_file f ON f.id = s.source_file_id ORDER BY r.id"
    )
    assert [(row["path"], row["run_id"], row["name"], row["row"], row["outcome"]) for row in told] == [
        ("客户.csv", 1, "客户", 3, "new"),
        ("客户.csv", 1, "客户", 4, "skipped"),
    ]
    assert [json.loads(row["cells"]) for row in told] == [["甲公司", "=1+1"], ["合计", ""]]
    assert (json.loads(told[0]["headers"]), json.loads(told[0]["report"])) == (["名称", "电话"], {"read": 2})

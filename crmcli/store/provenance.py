"""Where records come from: the files, sheets and rows that a run read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from crmcli.store.journal import Run
from crmcli.store.records import to_json


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row as it was read: its cells in the order of the sheet's headers, and what became of it.

    `said` is what the cells were read as (`crmcli.domain.said`), None where nobody noted it.
    """

    id: int
    row: int
    cells: Sequence[str]
    outcome: str
    entity: str
    record_id: int | None
    said: str | None = None


def add_file(run: Run, path: str, sha256: str, container: str, encoding: str | None) -> int:
    """Return the number of a source file of this run."""
    number = run.reserve("source_file", 1)
    run.write(
        "INSERT INTO source_file (id, run_id, path, sha256, container, encoding) VALUES (?, ?, ?, ?, ?, ?)",
        [(number, run.id, path, sha256, container, encoding)],
    )
    return number


def add_sheet(run: Run, source_file: int, name: str, kind: str, preset: str | None, system: str, **more: Any) -> int:
    """Return the number of a sheet; `more` holds header_row and headers (a list of texts)."""
    number = run.reserve("source_sheet", 1)
    headers = json.dumps(more["headers"], ensure_ascii=False)
    run.write(
        "INSERT INTO source_sheet (id, source_file_id, name, kind, preset, system, header_row, headers)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(number, source_file, name, kind, preset, system, more["header_row"], headers)],
    )
    return number


def add_rows(run: Run, source_sheet: int, rows: Iterable[SourceRow]) -> None:
    """Keep rows with their raw cells."""
    run.write(
        "INSERT INTO source_row (id, source_sheet_id, row, cells, outcome, entity, record_id, said)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                r.id,
                source_sheet,
                r.row,
                to_json(r.cells),
                r.outcome,
                r.entity,
                r.record_id,
                r.said,
            )
            for r in rows
        ),
    )


def add_new_rows(
    run: Run, source_sheet: int, entity: str, cells: Iterable[Sequence[str]], *columns: Iterable[Any]
) -> None:
    """Keep rows that made new records, much faster than others: `columns` are id, row, record, what they said.

    Nothing may look for these rows until `run.beside` has settled.
    """
    rows = list(zip(cells, *columns, strict=True))
    same = {"source_sheet_id": str(source_sheet), "outcome": "'new'", "entity": f"'{entity}'"}
    run.beside.insert("source_row", ["cells", "id", "row", "record_id", "said"], rows, same)


def finish_sheet(run: Run, source_sheet: int, report: dict[str, Any]) -> None:
    """Keep what became of a sheet: its counts and sums as the import printed them."""
    text = json.dumps(report, ensure_ascii=False)
    run.write("UPDATE source_sheet SET report = ? WHERE id = ?", [(text, source_sheet)])

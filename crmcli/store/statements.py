"""Reading imports back for a statement: their runs, sheets and kept rows, and what the database holds of them now."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from crmcli.domain.records import ENTITIES
from crmcli.domain.runs import IMPORT
from crmcli.store.database import Database
from crmcli.store.records import chunks

_PAGE = 10_000
_SHEETS = (
    "SELECT s.id, f.run_id, f.path, f.sha256, s.name, s.kind, s.headers, s.report, s.system FROM source_sheet s"
    " JOIN source_file f ON f.id = s.source_file_id WHERE f.run_id = ? ORDER BY s.id"
)
_ROWS = "SELECT id, row, cells, outcome, entity, record_id, said FROM source_row"
# the latest word on each row of a sheet in earlier imports of the very same bytes
_TWINS = (
    "SELECT max(r.id) FROM source_row r JOIN source_sheet s ON s.id = r.source_sheet_id"
    " JOIN source_file f ON f.id = s.source_file_id JOIN run ON run.id = f.run_id"
    " WHERE f.sha256 = ? AND s.name = ? AND s.kind = ? AND s.headers = ? AND s.id < ? AND run.status = 'done'"
    " AND r.outcome IN ('new', 'updated', 'same')"
    " AND r.row NOT IN (SELECT row FROM source_row WHERE source_sheet_id = ?)"
    " GROUP BY r.row ORDER BY 1"
)
# what rows did that name no record themselves; the order of the joins keeps it to one pass over the run's changes
_TOUCHED = (
    "SELECT c.source_row, c.entity, c.record_id, c.op FROM change c CROSS JOIN source_row r ON r.id = c.source_row"
    " WHERE c.run_id = ? AND r.source_sheet_id = ? AND r.record_id IS NULL"
    " AND r.outcome IN ('new', 'updated', 'same') AND c.entity <> 'alternate' ORDER BY c.id"
)
_SPOKE = (
    "SELECT a.source_row, a.entity, a.entity_id AS record_id, '' AS op FROM alternate a"
    " CROSS JOIN source_row r ON r.id = a.source_row"
    " WHERE r.source_sheet_id = ? AND r.record_id IS NULL AND r.outcome IN ('new', 'updated', 'same') ORDER BY a.id"
)


@dataclass(frozen=True, slots=True)
class StoredSheet:
    """A sheet as an import left it; `headers` and `report` are the JSON that it kept."""

    id: int
    run_id: int
    path: str
    sha256: str
    name: str
    kind: str
    headers: str
    report: str | None
    system: str


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A kept row: its raw cells and what they were read as, both as the JSON that was kept."""

    id: int
    row: int
    cells: str
    outcome: str
    entity: str
    record_id: int | None
    said: str | None


def import_runs(db: Database) -> list[dict[str, Any]]:
    """Return the runs that read files, oldest first, each with `undone_by`: the run that took it back, or None."""
    kinds = sorted(IMPORT)
    marks = ",".join("?" * len(kinds))
    sql = (
        "SELECT run.*, (SELECT max(back.id) FROM run back WHERE back.undoes = run.id) AS back FROM run"  # noqa: S608
        f" WHERE kind IN ({marks}) AND EXISTS (SELECT 1 FROM source_file f WHERE f.run_id = run.id) ORDER BY run.id"
    )
    return [row | {"undone_by": row.pop("back") if row["status"] == "undone" else None} for row in db.rows(sql, kinds)]


def sheets_of(db: Database, run_id: int) -> list[StoredSheet]:
    """Return the sheets of a run in the order in which they were written."""
    return [
        StoredSheet(row["id"], row["run_id"], row["path"], row["sha256"], row["name"], row["kind"] or "",
                    row["headers"], row["report"], row["system"] or "")
        for row in db.rows(_SHEETS, (run_id,))
    ]  # fmt: skip


def rows_of(db: Database, sheet_id: int) -> Iterator[list[StoredRow]]:
    """Yield the kept rows of a sheet in pages, in the order in which they were written."""
    after = 0
    while page := db.rows(f"{_ROWS} WHERE source_sheet_id = ? AND id > ? ORDER BY id LIMIT {_PAGE}", (sheet_id, after)):
        after = page[-1]["id"]
        yield [StoredRow(**row) for row in page]


def twin_rows(db: Database, sheet: StoredSheet) -> Iterator[list[StoredRow]]:
    """Yield, in pages, what earlier imports of the same bytes kept of the rows that this sheet only counted."""
    values = (sheet.sha256, sheet.name, sheet.kind, sheet.headers, sheet.id, sheet.id)
    for ids in chunks(db.values(_TWINS, values)):
        marks = ",".join("?" * len(ids))
        yield [StoredRow(**row) for row in db.rows(f"{_ROWS} WHERE id IN ({marks}) ORDER BY id", ids)]


def alternates_of(db: Database, source_rows: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """Return source row -> the (column, value) pairs of the row that were kept as alternates."""
    found: dict[int, list[tuple[str, str]]] = {}
    if not source_rows:
        return found
    sql = "SELECT source_row, field, value FROM alternate WHERE source_row BETWEEN ? AND ? ORDER BY id"
    for row in db.rows(sql, (min(source_rows), max(source_rows))):
        found.setdefault(row["source_row"], []).append((row["field"], row["value"]))
    return found


def columns_now(db: Database, entity: str, columns: Collection[str], ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return id -> the plain columns of records as they are, for those that are there."""
    names = ", ".join(sorted({"id", *columns} & {"id", *ENTITIES[entity].columns}))
    found: dict[int, dict[str, Any]] = {}
    for part in chunks(sorted(set(ids))):
        marks = ",".join("?" * len(part))
        rows = db.rows(f"SELECT {names} FROM {entity} WHERE id IN ({marks})", part)  # noqa: S608 (our own names)
        found.update((row["id"], row) for row in rows)
    return found


def places_of(db: Database, source_rows: Collection[int]) -> dict[int, tuple[str, str, int]]:
    """Return source row -> (path of the file, sheet, row number)."""
    found: dict[int, tuple[str, str, int]] = {}
    for part in chunks(sorted(set(source_rows))):
        marks = ",".join("?" * len(part))
        sql = (
            "SELECT r.id, f.path, s.name, r.row FROM source_row r"  # noqa: S608 (only question marks)
            " JOIN source_sheet s ON s.id = r.source_sheet_id JOIN source_file f ON f.id = s.source_file_id"
            f" WHERE r.id IN ({marks})"
        )
        for row in db.rows(sql, part):
            found[row["id"]] = (row["path"], row["name"], row["row"])
    return found


def touched_by(db: Database, sheet: StoredSheet) -> dict[int, tuple[str, int]]:
    """Return source row -> (kind, id) of the record that it made, changed or spoke of, for rows that name none.

    A record that it made comes before one that it changed, the sheet's own kind before others.
    """
    rows = db.rows(_SPOKE, (sheet.id,)) + db.rows(_TOUCHED, (sheet.run_id, sheet.id))
    found: dict[int, tuple[tuple[bool, bool], str, int]] = {}
    for row in rows:
        own = sheet.kind in (row["entity"], {"event": "stage_history"}.get(row["entity"]))
        rank = (own, row["op"] == "create")
        if row["source_row"] not in found or rank > found[row["source_row"]][0]:
            found[row["source_row"]] = (rank, row["entity"], row["record_id"])
    return {source_row: (entity, number) for source_row, (_, entity, number) in found.items()}


def sums_of(db: Database, entity: str, column: str, ids: Collection[int], home: str) -> dict[str, int]:
    """Return currency -> the sum of a money column over records, added up by SQLite."""
    found: dict[str, int] = {}
    for part in chunks(sorted(ids)):
        marks = ",".join("?" * len(part))
        sql = (
            f"SELECT coalesce(currency, ?) AS currency, sum({column}) AS fen FROM {entity}"  # noqa: S608
            f" WHERE id IN ({marks}) AND {column} IS NOT NULL GROUP BY 1"
        )
        for row in db.rows(sql, (home, *part)):
            found[row["currency"]] = found.get(row["currency"], 0) + row["fen"]
    return found


def made_by(db: Database, entity: str, runs: Collection[int]) -> set[int]:
    """Return the records of a kind that runs made, whatever became of them."""
    marks = ",".join("?" * len(runs))
    sql = f"SELECT record_id FROM change WHERE op = 'create' AND entity = ? AND run_id IN ({marks})"  # noqa: S608
    return set(db.values(sql, (entity, *sorted(runs))))


def living(db: Database, entity: str) -> set[int]:
    """Return the records of a kind that people count: no merged ones; of events those of stages."""
    where = {"event": "field = 'stage'"}.get(entity, "1")
    if "merged_into" in ENTITIES[entity].columns:
        where = "merged_into IS NULL"
    return set(db.values(f"SELECT id FROM {entity} WHERE {where}"))  # noqa: S608 (our own names)

"""What the last comparison of all records of a kind left, so that the next one compares only what is new or changed.

It is no record: nothing is lost with it, and it is not in the journal. What is in it counts only while the records
are as they were compared, so that it need not follow an undo.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmcli.store.database import Database
from crmcli.store.journal import Run

COLUMNS = ("ids", "prints", "pairs", "kept", "scores", "tiers")


def load_compared(db: Database, kind: str, model: str) -> dict[str, bytes] | None:
    """Return the columns that the last comparison under a model left, None where there was none."""
    rows = db.rows("SELECT * FROM compared WHERE kind = ? AND model = ?", (kind, model))
    return {column: rows[0][column] for column in COLUMNS} if rows else None


def store_compared(run: Run, kind: str, model: str, columns: Mapping[str, bytes]) -> None:
    """Keep what a comparison left in the place of what an earlier one did."""
    names = ", ".join(COLUMNS)
    marks = ", ".join("?" * len(COLUMNS))
    sql = f"INSERT OR REPLACE INTO compared (kind, model, {names}) VALUES (?, ?, {marks})"  # noqa: S608 (our own names)
    run.write(sql, [(kind, model, *(columns[column] for column in COLUMNS))])

"""Reading targets."""

from __future__ import annotations

from typing import Any

from crmcli.store.database import Database

_TARGETS = """
SELECT t.owner, t.team, t.period, t.currency, t.amount_fen, t.count,
       f.path AS source_file, s.name AS source_sheet, r.row AS source_row
FROM target t
LEFT JOIN change made ON made.entity = 'target' AND made.record_id = t.id AND made.op = 'create'
     AND made.source_row IS NOT NULL
LEFT JOIN source_row r ON r.id = made.source_row
LEFT JOIN source_sheet s ON s.id = r.source_sheet_id
LEFT JOIN source_file f ON f.id = s.source_file_id
GROUP BY t.id ORDER BY t.id
"""


def targets(db: Database) -> list[dict[str, Any]]:
    """Return every target of a sheet with the row that made it, by number."""
    return db.rows(_TARGETS)

"""Reading for reports: whole columns at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from crmcli.store.clocks import PEOPLE
from crmcli.store.database import Database

# most events are of stages, and few are of these fields: sorting those is faster than going along an index
_MOVES = """
SELECT opportunity_id, field, at, recorded, from_value, value, probability FROM event
WHERE field <> 'stage' AND field IN ('amount_fen', 'owner', 'expected_close', 'probability')
ORDER BY +opportunity_id, at, id
"""

_ACTIVITIES = f"""
SELECT a.id AS activity_id, a.opportunity_id, coalesce(a.customer_id, o.customer_id, p.customer_id) AS customer_id,
       a.at, a.by, a.type, ({PEOPLE}) AS human, a.next_action, a.next_at,
       f.path AS source_file, s.name AS source_sheet, r.row AS source_row
FROM activity a
LEFT JOIN opportunity o ON o.id = a.opportunity_id
LEFT JOIN contact p ON p.id = a.contact_id
LEFT JOIN change made ON made.entity = 'activity' AND made.record_id = a.id AND made.op = 'create'
     AND made.source_row IS NOT NULL
LEFT JOIN source_row r ON r.id = made.source_row
LEFT JOIN source_sheet s ON s.id = r.source_sheet_id
LEFT JOIN source_file f ON f.id = s.source_file_id
WHERE a.at IS NULL OR a.at <= ? GROUP BY a.id ORDER BY a.id
"""  # noqa: S608 (our own texts)
_TASKS = """
SELECT id AS task_id, opportunity_id, customer_id, title, owner, due, created_at, done_at FROM task ORDER BY id
"""
# the newest first, so that what the first change replaced is read last
_SET_LATER = """
SELECT c.record_id AS id, c.before FROM change c JOIN run r ON r.id = c.run_id
WHERE c.entity = 'opportunity' AND c.op = 'update' AND r.started > ? AND ({named}) ORDER BY c.id DESC
"""
_CHANCES = """
SELECT c.record_id AS id, r.started AS at, c.before, o.probability, o.probability_source
FROM change c JOIN run r ON r.id = c.run_id JOIN opportunity o ON o.id = c.record_id
WHERE c.entity = 'opportunity' AND c.op = 'update' AND instr(c.before, '"probability')
ORDER BY c.record_id DESC, c.id DESC
"""
_DISPLACED = """
SELECT c.record_id AS id, max(run.started) AS at FROM change c JOIN run ON run.id = c.run_id
WHERE c.entity = 'opportunity' AND (c.op = 'remove'
      OR (c.op = 'update' AND c.after LIKE '%"pipeline"%' AND json_type(c.after, '$.pipeline') IS NOT NULL))
GROUP BY c.record_id ORDER BY c.record_id
"""


def value_events(db: Database) -> list[dict[str, Any]]:
    """Return the changes of amount, owner, expected close and of probabilities, by opportunity, oldest first."""
    return db.rows(_MOVES)


def before_later_edits(db: Database, keys: Sequence[str], as_of: str) -> dict[int, dict[str, Any]]:
    """Return opportunity -> what it held at `as_of` (ISO) of those fields (plain ones) that runs since then changed."""
    named = " OR ".join(f"instr(c.before, '\"{key}\"')" for key in keys)
    found: dict[int, dict[str, Any]] = {}
    for row in db.rows(_SET_LATER.format(named=named), (as_of,)):
        old = json.loads(row["before"])
        found.setdefault(row["id"], {}).update({key: old[key] for key in keys if key in old})
    return found


def set_probabilities(db: Database) -> list[dict[str, Any]]:
    """Return opportunity_id, at and from_value of the changes of what people had set as probability, oldest first.

    `from_value` is the probability (0-100) as text, None where no person had set one.
    """
    found: list[dict[str, Any]] = []
    number, held = None, {}
    for row in db.rows(_CHANCES):
        if row["id"] != number:
            number, held = row["id"], row
        held = held | {key: value for key, value in json.loads(row["before"]).items() if key in held}
        by_person = held["probability_source"] == "manual" and held["probability"] is not None
        value = str(held["probability"]) if by_person else None
        found.append({"opportunity_id": number, "at": row["at"], "from_value": value})
    return found[::-1]


def activities(db: Database, as_of: str) -> list[dict[str, Any]]:
    """Return every follow-up up to `as_of` (ISO), undated ones too, with its customer and source row, by number."""
    return db.rows(_ACTIVITIES, (as_of,))


def tasks(db: Database) -> list[dict[str, Any]]:
    """Return every task, by number."""
    return db.rows(_TASKS)


def displaced_deals(db: Database) -> dict[int, str]:
    """Return opportunity -> when (ISO) it was last removed or put into another pipeline."""
    return {row["id"]: row["at"] for row in db.rows(_DISPLACED)}


def last_recorded(db: Database) -> str | None:
    """Return when the last run finished, None where there was none."""
    text = db.value("SELECT max(finished) FROM run")
    return None if text is None else str(text)

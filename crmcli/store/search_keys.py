"""Whether the search keys that are kept are those of the records."""

from __future__ import annotations

from crmcli.domain.identity import keys_of
from crmcli.store.database import Database
from crmcli.store.records import fetch_where


def keys_out_of_step(db: Database, entity: str) -> list[int]:
    """Return the records whose kept search keys are not those of their fields; a sound file has none."""
    kept: dict[int, set[tuple[str, str]]] = {}
    for row in db.rows("SELECT record_id, kind, value FROM record_key WHERE entity = ?", (entity,)):
        kept.setdefault(row["record_id"], set()).add((row["kind"], row["value"]))
    wanted = {record["id"]: set(keys_of(entity, record)) for record in fetch_where(db, entity)}
    return sorted(i for i in kept.keys() | wanted.keys() if kept.get(i, set()) != wanted.get(i, set()))

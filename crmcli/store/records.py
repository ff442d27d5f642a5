"""Reading records: by number, by key, all of a kind."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, TypeVar

from crmcli.domain.identity import Key
from crmcli.domain.records import ENTITIES, Record
from crmcli.store.database import Database, stored_json

_CHUNK = 500
_CODED = ("list", "dict")  # kept as JSON
T = TypeVar("T")


def encode(entity: str, record: Record) -> list[Any]:
    """Return a record's column values as SQLite keeps them, in the catalogue's order."""
    names, coded = _columns(entity)
    values = [record.get(name) for name in names]
    for place in coded:
        values[place] = to_json(values[place]) if values[place] else None
    return values


def encode_value(value: Any) -> Any:
    """Return one column's value as SQLite keeps it."""
    told = known_value(value)
    return to_json(told) if isinstance(told, list | tuple | dict) else told


def known_value(value: Any) -> Any:
    """Return one column's value; an empty list or mapping says nothing and is None."""
    return (value or None) if isinstance(value, list | dict) else value


@cache
def _columns(entity: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return a kind's columns, and the places of those that are kept as JSON."""
    columns = ENTITIES[entity].columns
    return tuple(columns), tuple(i for i, kind in enumerate(columns.values()) if kind in _CODED)


def to_json(value: Any) -> str:
    """Return a value as JSON text."""
    import orjson

    return orjson.dumps(value).decode()


def decode(entity: str, row: dict[str, Any]) -> Record:
    """Return a stored row as a record with its `id`; empty lists and dicts where nothing is stored."""
    record: Record = {"id": row["id"]}
    for key, kind in ENTITIES[entity].columns.items():
        value = row[key]
        if kind == "list":
            record[key] = json.loads(value) if value else []
        elif kind == "dict":
            record[key] = json.loads(value) if value else {}
        else:
            record[key] = value
    return record


def chunks(items: Sequence[T], size: int = _CHUNK) -> Iterator[Sequence[T]]:
    """Yield `items` in runs of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def fetch(db: Database, entity: str, ids: Iterable[int]) -> dict[int, Record]:
    """Return id -> record for those of `ids` that exist."""
    found: dict[int, Record] = {}
    for part in chunks(sorted(set(ids))):
        marks = ",".join("?" * len(part))
        rows = db.rows(f"SELECT * FROM {entity} WHERE id IN ({marks})", part)  # noqa: S608 (entity is ours)
        with stored_json(db.path):
            found.update({row["id"]: decode(entity, row) for row in rows})
    return found


def fetch_where(db: Database, entity: str, where: str = "1", values: Sequence[Any] = ()) -> list[Record]:
    """Return the records of a kind that meet a condition on its columns, by id."""
    sql = f"SELECT * FROM {entity} WHERE {where} ORDER BY id"  # noqa: S608 (conditions are literals of this package)
    rows = db.rows(sql, values)
    with stored_json(db.path):
        return [decode(entity, row) for row in rows]


def fetch_columns(db: Database, entity: str, columns: Sequence[str], where: str = "1") -> list[Record]:
    """Return the id and some columns of the records of a kind that meet a condition, by id: of many, much faster."""
    kinds = ENTITIES[entity].columns
    coded = [(column, "[]" if kinds[column] == "list" else "{}") for column in columns if kinds[column] in _CODED]
    sql = f"SELECT id, {', '.join(columns)} FROM {entity} WHERE {where} ORDER BY id"  # noqa: S608 (our own literals)
    rows = db.rows(sql)
    with stored_json(db.path):
        for row in rows:
            for column, empty in coded:
                row[column] = json.loads(row[column] or empty)
    return rows


def find_by_keys(db: Database, entity: str, keys: Iterable[Key]) -> dict[Key, list[int]]:
    """Return key -> the ids found under it (ascending), for the keys that find something; survivors for merged ones."""
    by_kind: dict[str, list[str]] = {}
    for kind, value in dict.fromkeys(keys):
        by_kind.setdefault(kind, []).append(value)
    found: dict[Key, list[int]] = {}
    for kind, texts in by_kind.items():
        for part in chunks(texts):
            marks = ",".join("?" * len(part))
            sql = (
                "SELECT value, record_id FROM record_key"  # noqa: S608 (only question marks are put in)
                f" WHERE entity = ? AND kind = ? AND value IN ({marks}) ORDER BY record_id"
            )
            for row in db.rows(sql, (entity, kind, *part)):
                found.setdefault((kind, row["value"]), []).append(row["record_id"])
    alive = survivors(db, entity, {number for numbers in found.values() for number in numbers})
    return {key: sorted({alive[number] for number in numbers}) for key, numbers in found.items()}


def survivors(db: Database, entity: str, ids: Collection[int]) -> dict[int, int]:
    """Return id -> the id of the record that it lives on in: itself, or the last of the chain it was merged into."""
    alive = {number: number for number in ids}
    if "merged_into" not in ENTITIES[entity].columns:
        return alive
    following = dict(alive)
    while following:
        into: dict[int, int] = {}
        for part in chunks(sorted(set(following.values()))):
            marks = ",".join("?" * len(part))
            sql = f"SELECT id, merged_into FROM {entity} WHERE merged_into IS NOT NULL AND id IN ({marks})"  # noqa: S608
            into.update((row["id"], row["merged_into"]) for row in db.rows(sql, part))
        following = {number: into[last] for number, last in following.items() if last in into}
        alive.update(following)
    return alive


def has_keys(db: Database, entity: str) -> bool:
    """Return whether any record of a kind can be found by a key."""
    return bool(db.value("SELECT EXISTS (SELECT 1 FROM record_key WHERE entity = ?)", (entity,)))


def count(db: Database, entity: str) -> int:
    """Return how many records of a kind there are, merged ones left out."""
    where = " WHERE merged_into IS NULL" if "merged_into" in ENTITIES[entity].columns else ""
    return int(db.value(f"SELECT count(*) FROM {entity}{where}"))  # noqa: S608

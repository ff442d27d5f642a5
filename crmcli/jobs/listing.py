"""Records as people and scripts see them: keyed by the field catalogue, relations by name with their number."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crmcli.domain.conditions import Condition, known_fields, parse_condition
from crmcli.domain.fields import fields_of
from crmcli.domain.identity import external_id
from crmcli.domain.records import ENTITIES, Record, record_number
from crmcli.domain.values.money import fen_to_text
from crmcli.domain.values.text import fold
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import Message, msg
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import Database
from crmcli.store.records import fetch, fetch_where

Shown = dict[str, Any]
_MONEY = {"amount": "amount_fen", "price": "price_fen"}
_RELATIONS = ("customer", "contact", "opportunity")
_FILTER = re.compile(r"^\s*(\w+)\s*(>=|<=|!=|=|>|<|~)\s*(.*)$", re.DOTALL)


class BadFilter(CrmError):
    """A `--filter` or `--sort` cannot be understood."""

    code = "usage.filter"
    exit_code = ExitCode.USAGE

    def __init__(self, text: str, reason: Message) -> None:
        super().__init__(
            reason, where=text, hint=msg('write it like "amount >= 500000", "province = 上海" or "name ~ 精密"')
        )


def list_records(
    workspace: Workspace, entity: str, filters: Sequence[str] = (), sort: str = "", limit: int | None = None
) -> list[Shown]:
    """Return the records of a kind, merged ones left out, in the catalogue's keys; by number unless sorted.

    Raises:
        BadFilter: a filter or sort key is none of this kind's.
    """
    where = "merged_into IS NULL" if "merged_into" in ENTITIES[entity].columns else "1"
    shown = show_records(workspace.db, entity, fetch_where(workspace.db, entity, where))
    for test in [_test(entity, text) for text in filters]:
        shown = [record for record in shown if test(record)]
    if sort:
        shown = _sorted(shown, entity, sort)
    return shown[:limit]


def show_records(db: Database, entity: str, records: Sequence[Record]) -> list[Shown]:
    """Return stored records as lists and exports give them."""
    names = {relation: _names(db, relation, records) for relation in _RELATIONS}
    return [_shown(entity, record, names) for record in records]


def _names(db: Database, relation: str, records: Sequence[Record]) -> Mapping[int, str]:
    ids = {record[f"{relation}_id"] for record in records if record.get(f"{relation}_id")}
    return {number: record.get("name") or "" for number, record in fetch(db, relation, ids).items()}


def _shown(entity: str, record: Record, names: Mapping[str, Mapping[int, str]]) -> Shown:
    shown: Shown = {"id": record_number(entity, record["id"])}
    for field in fields_of(entity):
        key = field.key
        if key in _MONEY:
            fen = record[_MONEY[key]]
            shown[key] = None if fen is None else fen_to_text(fen)
        elif key == "external_id":
            ids = record["external_ids"]
            shown[key] = external_id(ids[0]) if ids else None
        elif key in _RELATIONS and f"{key}_id" in record:
            number = record[f"{key}_id"]
            shown[key] = names[key].get(number) if number else None
            shown[f"{key}_id"] = record_number(key, number) if number else None
        elif key in record and key != "id":
            shown[key] = record[key]
    return shown | ({"extra": record["extra"]} if "extra" in record else {})


def _test(entity: str, text: str) -> Callable[[Shown], bool]:
    found = _FILTER.match(text)
    if found is None:
        raise BadFilter(text, msg("this is no condition"))
    key, sign, value = found.groups()
    if key not in {field.key for field in fields_of(entity)}:
        raise BadFilter(text, msg("there is no field {key}", key=key))
    if sign == "~":
        return lambda record: fold(value) in fold(str(record.get(key) or ""))
    if key in known_fields():
        condition = parse_condition({key: f"{sign} {value}"})
        if not isinstance(condition, Condition):
            raise BadFilter(text, condition[0].message)
        return lambda record: condition.miss(record) is None
    same = sign == "="
    return lambda record: (fold(str(record.get(key) or "")) == fold(value)) is same


def _sorted(shown: list[Shown], entity: str, sort: str) -> list[Shown]:
    key = sort.removeprefix("-")
    if key not in {field.key for field in fields_of(entity)}:
        raise BadFilter(sort, msg("there is no field {key}", key=key))
    known = [record for record in shown if record.get(key) not in (None, "", [])]
    unknown = [record for record in shown if record.get(key) in (None, "", [])]
    return sorted(known, key=lambda record: _sort_key(key, record[key]), reverse=sort.startswith("-")) + unknown


def _sort_key(key: str, value: Any) -> Any:
    if key == "id":
        return int(value[1:])
    return float(value) if key in _MONEY or isinstance(value, int | float) else str(value)

"""Records as people and scripts see them: keyed by the field catalogue, relations by name with their number."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, cast
from zoneinfo import ZoneInfo

from crmcli.domain.conditions import Comparison
from crmcli.domain.fields import fields_of
from crmcli.domain.identity import external_id
from crmcli.domain.intake import MONEY
from crmcli.domain.problem import Problem
from crmcli.domain.records import ENTITIES, Record, record_number
from crmcli.domain.values.money import Amount, fen_to_text
from crmcli.domain.values.text import fold
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import Message, msg
from crmcli.importers.extract import parse_text
from crmcli.jobs.deals.stages import present_deals
from crmcli.jobs.records.listed_targets import with_sources
from crmcli.jobs.records.typed_targets import TARGET
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import Database
from crmcli.store.records import fetch, fetch_where

Shown = dict[str, Any]
_RELATIONS = ("customer", "contact", "opportunity", "lead", "contract")
_FILTER = re.compile(r"^\s*(\w+)\s*(>=|<=|!=|==?|>|<|~|≥|≤|≠)\s*(.*?)\s*$", re.DOTALL)
_SPELLINGS = {"==": "=", "≥": ">=", "≤": "<=", "≠": "!="}
_NUMBERS = ("amount", "percent", "number")
_PARSED = ("amount", "percent", "date", "boolean", "phones", "emails", "region")
_DAY = len("2026-03-05")


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

    Targets have a `source`, and those of crm.toml follow.

    Raises:
        BadFilter: a filter or sort key is none of this kind's, or the value cannot be compared with it.
    """
    tests = [_test(entity, text, workspace.zone) for text in filters]
    key = sort.removeprefix("-")
    if sort and key not in _types(entity):
        raise BadFilter(sort, _no_field(entity, key))
    where = "merged_into IS NULL" if "merged_into" in ENTITIES[entity].columns else "1"
    records = fetch_where(workspace.db, entity, where)
    if entity == "opportunity":
        records = present_deals(workspace.db, records, workspace.now())
    listed = show_records(workspace.db, entity, records)
    if entity == TARGET:
        listed = with_sources(workspace, listed)
    shown = [one for one in listed if all(test(one) for test in tests)]
    if sort:
        shown = _sorted(shown, key, _types(entity)[key], backwards=sort.startswith("-"))
    return shown[:limit]


def show_records(db: Database, entity: str, records: Sequence[Record]) -> list[Shown]:
    """Return stored records as lists and exports give them."""
    names = {relation: _names(db, relation, records) for relation in _RELATIONS}
    return [_shown(entity, record, names) for record in records]


def _names(db: Database, relation: str, records: Sequence[Record]) -> Mapping[int, str]:
    ids = {record[f"{relation}_id"] for record in records if record.get(f"{relation}_id")}
    return {number: _called(relation, record) for number, record in fetch(db, relation, ids).items()}


def _called(relation: str, record: Record) -> str:
    """Return a record's name; a contract without one is called by its number."""
    numbers = record["external_ids"] if relation == "contract" else []
    return record.get("name") or (external_id(numbers[0]) if numbers else "")


def _shown(entity: str, record: Record, names: Mapping[str, Mapping[int, str]]) -> Shown:
    shown: Shown = {"id": record_number(entity, record["id"])}
    for field in fields_of(entity):
        key = field.key
        if key in MONEY:
            fen = record[MONEY[key]]
            shown[key] = None if fen is None else fen_to_text(fen)
        elif key == "external_id":
            ids = record["external_ids"]
            shown[key] = external_id(ids[0]) if ids else None
        elif key in _RELATIONS and f"{key}_id" in record:
            number = record[f"{key}_id"]
            shown[key] = names[key].get(number) if number else None
            shown[f"{key}_id"] = record_number(key, number) if number else None
        elif field.type == "boolean":
            shown[key] = None if record[key] is None else bool(record[key])
        elif key in record and key != "id":
            shown[key] = record[key]
    for parent in ENTITIES[entity].parents:
        if parent in names and f"{parent}_id" not in shown:
            number = record[f"{parent}_id"]
            shown |= {parent: names[parent].get(number), f"{parent}_id": number and record_number(parent, number)}
    return shown | ({"extra": record["extra"]} if "extra" in record else {})


def _types(entity: str) -> dict[str, str]:
    """Return what can be filtered and sorted by -> its type; a relation's number too."""
    relations = {f"{parent}_id": "id" for parent in ENTITIES[entity].parents}
    stored = {*ENTITIES[entity].columns, *MONEY, *_RELATIONS, "id", "external_id"}
    return relations | {field.key: field.type for field in fields_of(entity) if field.key in stored}


def _no_field(entity: str, key: str) -> Message:
    return msg("there is no field {key}; known are {fields}", key=key, fields=list(_types(entity)))


def _test(entity: str, text: str, zone: ZoneInfo) -> Callable[[Shown], bool]:
    found = _FILTER.match(text)
    if found is None:
        raise BadFilter(text, msg("this is no condition"))
    key, sign, wanted = found[1], _SPELLINGS.get(found[2], found[2]), found[3]
    kind = _types(entity).get(key)
    if kind is None:
        raise BadFilter(text, _no_field(entity, key))
    if sign == "~":
        part = fold(wanted)
        return lambda record: any(part in fold(str(item)) for item in _items(record[key]))
    if sign in (">=", "<=", ">", "<") and (kind not in (*_NUMBERS, "date") or not wanted):
        raise BadFilter(text, msg("{key} is a text: {sign} compares only numbers and dates", key=key, sign=sign))
    value = _wanted(kind, key, wanted, zone) if wanted else None
    if isinstance(value, Problem):
        raise BadFilter(text, value.message)
    comparison = Comparison(key, sign, value)
    length = _DAY if isinstance(value, str) and len(value) == _DAY and kind == "date" else None
    return lambda record: comparison.holds([_comparable(kind, item, length) for item in _items(record[key])])


def _wanted(kind: str, key: str, text: str, zone: ZoneInfo) -> Decimal | str | Problem:
    """Return a filter's value, read the way the field's own values are."""
    if kind == "number":
        try:
            return Decimal(text)
        except InvalidOperation:
            return Problem("number.invalid", text)
    if kind not in _PARSED:
        return fold(text)
    value = parse_text(kind, text, zone, key)
    if isinstance(value, Amount):
        return value.value
    if isinstance(value, Problem):
        return value
    return cast("Decimal | str", _comparable(kind, value[0] if isinstance(value, list) else value))


def _items(value: Any) -> list[Any]:
    if isinstance(value, list | dict):
        return list(value)
    return [] if value is None or value == "" else [value]


def _comparable(kind: str, value: Any, length: int | None = None) -> Any:
    if kind in _NUMBERS:
        return Decimal(str(value))
    return str(value)[:length] if kind == "date" else fold(str(value))


def _sorted(shown: list[Shown], key: str, kind: str, *, backwards: bool) -> list[Shown]:
    known = [record for record in shown if _items(record[key])]
    unknown = [record for record in shown if not _items(record[key])]
    return sorted(known, key=lambda record: _sort_key(kind, record[key]), reverse=backwards) + unknown


def _sort_key(kind: str, value: Any) -> Any:
    if kind == "id":
        return int(value[1:])
    return Decimal(str(value)) if kind in _NUMBERS else str(_items(value)[0])

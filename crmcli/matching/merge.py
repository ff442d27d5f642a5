"""Records of one customer -> the merge plan: who survives, with which value in each field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmcli.domain.settle import fixed_order
from crmcli.matching.records import id_order

Record = Mapping[str, Any]
NAME = "name"


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What a merge would do; nothing is lost.

    `values`: field -> the survivor's value afterwards. `taken_from`: field -> id of the record that the value is from.
    `alternates`: field -> the other records' different values, as (id, value) in the order of the ids.
    """

    survivor: str
    merged: tuple[str, ...]
    values: dict[str, Any]
    taken_from: dict[str, str]
    alternates: dict[str, list[tuple[str, Any]]]


def plan_merge(
    records: Sequence[Record],
    list_fields: Sequence[str] = (),
    id_field: str = "id",
    is_persons: Callable[[str, str], bool] = lambda _id, _field: False,
) -> MergePlan:
    """Return the plan to merge `records` into one.

    The survivor is the record that bears the winning name already, so that every other name stays with the record that
    bore it; then the one with most fields filled, the oldest id among equals. Of differing values the one that a person
    set wins, else the fullest by the fixed order in which imports settle conflicts, so that importing the same rows
    again changes nothing. Fields in `list_fields` (and values that are lists) are united, the survivor's first.

    Args:
        records: two or more, each with `id_field`; fields are the same or missing, None and "" are empty.
        list_fields: fields whose values are lists.
        id_field: the field that holds a record's id.
        is_persons: tells by id and field whether a person set that record's value; asked only where values differ.

    Raises:
        ValueError: fewer than two records, or one id twice.
    """
    ids = [str(record[id_field]) for record in records]
    if len(set(ids)) < max(len(ids), 2):
        raise ValueError(f"a merge needs two different records: {ids}")
    name = _winning_name(records, id_field, is_persons)
    ranked = sorted(records, key=lambda r: (r.get(NAME) != name, -_filled(r, id_field), id_order(str(r[id_field]))))
    fields = sorted({field for record in records for field in record} - {id_field})
    values: dict[str, Any] = {}
    taken_from: dict[str, str] = {}
    alternates: dict[str, list[tuple[str, Any]]] = {}
    for field in fields:
        known = [(str(r[id_field]), r[field]) for r in ranked if not _empty(r.get(field))]
        if not known:
            continue
        if field in list_fields or isinstance(known[0][1], list):
            taken_from[field], values[field] = known[0][0], _united([value for _, value in known])
            continue
        taken_from[field], values[field] = _best(field, known, is_persons)
        others = [(i, value) for i, value in known if value != values[field]]
        if others:
            alternates[field] = sorted(others, key=lambda other: id_order(other[0]))
    survivor = str(ranked[0][id_field])
    merged = tuple(sorted((i for i in ids if i != survivor), key=id_order))
    return MergePlan(survivor, merged, values, taken_from, alternates)


def _winning_name(records: Sequence[Record], id_field: str, is_persons: Callable[[str, str], bool]) -> Any:
    known = [(str(record[id_field]), record[NAME]) for record in records if not _empty(record.get(NAME))]
    return _best(NAME, known, is_persons)[1] if known else None


def _best(field: str, known: Sequence[tuple[str, Any]], is_persons: Callable[[str, str], bool]) -> tuple[str, Any]:
    if all(value == known[0][1] for _, value in known):
        return known[0]
    return max(known, key=lambda one: (is_persons(one[0], field), fixed_order(one[1])))


def _empty(value: Any) -> bool:
    return value is None or value in ("", [], ())


def _filled(record: Record, id_field: str) -> int:
    return sum(not _empty(value) for field, value in record.items() if field != id_field)


def _united(lists: Sequence[Any]) -> list[Any]:
    """Return the values of all lists, each once, in the order in which they come."""
    found: list[Any] = []
    for value in lists:
        for one in value if isinstance(value, (list, tuple)) else [value]:
            if one not in found:
                found.append(one)
    return found

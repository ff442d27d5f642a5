"""Records of one customer -> the merge plan: who survives, with which value in each field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmcli.domain.area import PLACE, area_text, one_area
from crmcli.domain.intake import AREA
from crmcli.domain.settle import fixed_order
from crmcli.matching.records import id_order

Record = Mapping[str, Any]
Preference = tuple[int, ...]
NAME = "name"


def _no_person(_id: str, _field: str) -> bool:
    return False


def _no_preference(_id: str, _field: str) -> Preference:
    return ()


@dataclass(frozen=True, slots=True)
class Survival:
    """What decides between differing values, asked by id and field only where values differ.

    `is_persons`: whether a person set that record's value. `preference`: the larger, the sooner the value stays.
    `chosen`: field -> the value that a person chose for this merge, which may be none of the records'.
    """

    is_persons: Callable[[str, str], bool] = _no_person
    preference: Callable[[str, str], Preference] = _no_preference
    chosen: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What a merge would do; nothing is lost.

    `values`: field -> the survivor's value afterwards. `taken_from`: field -> id of the record that the value is from,
    "" where a person typed it.
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
    survival: Survival = Survival(),
) -> MergePlan:
    """Return the plan to merge `records` into one.

    The survivor is the record that bears the winning name already, so that every other name stays with the record that
    bore it; then the one with most fields filled, the oldest id among equals. Of differing values the chosen one stays,
    else the one that a person set, else the preferred, else the fullest by the fixed order in which imports settle
    conflicts, so that importing the same rows again changes nothing. Fields in `list_fields` (and values that are
    lists) are united, the survivor's first. Province, city, district and address are of one place: what records say
    that are elsewhere is an alternate, where nothing else is said too.

    Args:
        records: two or more, each with `id_field`; fields are the same or missing, None and "" are empty.
        list_fields: fields whose values are lists.
        id_field: the field that holds a record's id.
        survival: what decides between differing values.

    Raises:
        ValueError: fewer than two records, or one id twice.
    """
    ids = [str(record[id_field]) for record in records]
    if len(set(ids)) < max(len(ids), 2):
        raise ValueError(f"a merge needs two different records: {ids}")
    name = _winning_name(records, id_field, survival)
    ranked = sorted(records, key=lambda r: (r.get(NAME) != name, -_filled(r, id_field), id_order(str(r[id_field]))))
    survivor, at_place = str(ranked[0][id_field]), _at_one_place(ranked, id_field, survival)
    keys = sorted(({key for record in records for key in record} | set(survival.chosen)) - {id_field})
    plan = MergePlan(survivor, tuple(sorted((i for i in ids if i != survivor), key=id_order)), {}, {}, {})
    for key in keys:
        known = [(str(r[id_field]), r[key]) for r in ranked if not _empty(r.get(key))]
        if known and (key in list_fields or isinstance(known[0][1], list)):
            plan.taken_from[key], plan.values[key] = known[0][0], _united([value for _, value in known])
        elif known or key in survival.chosen:
            there = [one for one in known if key not in PLACE or one[0] in at_place]
            _settle_field(plan, key, known, there, survival)
    return plan


def _settle_field(
    plan: MergePlan,
    key: str,
    known: Sequence[tuple[str, Any]],
    there: Sequence[tuple[str, Any]],
    survival: Survival,
) -> None:
    """Put into a plan which of the known values (id, value) stays: one of those `there`, or nothing."""
    if there or key in survival.chosen:
        plan.taken_from[key], plan.values[key] = _best(key, there, survival)
    else:
        plan.taken_from[key], plan.values[key] = plan.survivor, None
    others = [(i, value) for i, value in known if value != plan.values[key]]
    if others:
        plan.alternates[key] = sorted(others, key=lambda other: id_order(other[0]))


def _winning_name(records: Sequence[Record], id_field: str, survival: Survival) -> Any:
    known = [(str(record[id_field]), record[NAME]) for record in records if not _empty(record.get(NAME))]
    return _best(NAME, known, survival)[1] if known else None


def _at_one_place(ranked: Sequence[Record], id_field: str, survival: Survival) -> set[str]:
    """Return the ids of the records that are where the merged one is to be: chosen, a person's, preferred, fullest."""
    chosen = {key: value for key, value in survival.chosen.items() if key in AREA}
    place = {key: chosen.get(key) for key in AREA}
    found: set[str] = set()

    def rank(record: Record) -> tuple[bool, Preference, tuple[int, bool, str]]:
        number, said = str(record[id_field]), [key for key in AREA if not _empty(record.get(key))]
        persons = any(survival.is_persons(number, key) for key in said)
        preferred = max((survival.preference(number, key) for key in said), default=())
        return persons, preferred, fixed_order(area_text(record))

    differ = any(not one_area(record, other) for record in ranked for other in ranked) or bool(chosen)
    for record in sorted(ranked, key=rank, reverse=True) if differ else ranked:
        if one_area(place, record):
            found.add(str(record[id_field]))
            place = {key: place[key] or record.get(key) for key in AREA}
    return found


def _best(field: str, known: Sequence[tuple[str, Any]], survival: Survival) -> tuple[str, Any]:
    if field in survival.chosen:
        value = survival.chosen[field]
        return next((i for i, one in known if one == value), ""), value
    if all(value == known[0][1] for _, value in known):
        return known[0]
    return max(
        known,
        key=lambda one: (survival.is_persons(one[0], field), survival.preference(one[0], field), fixed_order(one[1])),
    )


def _empty(value: Any) -> bool:
    return value is None or value in ("", [], ())


def _filled(record: Record, id_field: str) -> int:
    return sum(not _empty(value) for key, value in record.items() if key != id_field)


def _united(lists: Sequence[Any]) -> list[Any]:
    """Return the values of all lists, each once, in the order in which they come."""
    found: list[Any] = []
    for value in lists:
        for one in value if isinstance(value, (list, tuple)) else [value]:
            if one not in found:
                found.append(one)
    return found

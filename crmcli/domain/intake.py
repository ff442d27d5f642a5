"""What a row says of one record -> that record's columns."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from crmcli.domain.area_guess import guessed_area
from crmcli.domain.identity import external_key
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.values.money import yuan_to_fen
from crmcli.domain.values.region import Region, parse_region

# fields that hold money -> the column that keeps them in fen
MONEY = {
    "amount": "amount_fen",
    "budget": "budget_fen",
    "price": "price_fen",
    "due_amount": "due_amount_fen",
    "received_amount": "received_amount_fen",
}
AREA = ("province", "city", "district")


def columns_from(entity: str, part: dict[str, Any], system: str) -> Record:
    """Return the columns that a row fills: money in fen, ids under their system, true and false as 1 and 0.

    Lists are in a fixed order, so that it does not matter which row came first. An amount's own currency wins over
    a currency column. What is no column of the kind (a reference, a stage still to be placed) is left to the caller.
    """
    columns: Record = {}
    for key, value in part.items():
        column = column_of(key)
        if column in ENTITIES[entity].columns:
            columns[column] = column_value(key, value, system)
    named = [part[key].currency for key in MONEY if key in part and part[key].currency]
    return columns | {"currency": named[0]} if named else columns


def column_value(key: str, value: Any, system: str) -> Any:
    """Return what a record's column holds for a field's value: money in fen, ids under their system, lists sorted."""
    if key == "external_id":
        return [external_key(system, value)]
    if key in MONEY:
        return yuan_to_fen(value.value)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, list):
        return sorted(value)
    return float(value) if isinstance(value, Decimal) else value


def area_guess(customer: Record) -> dict[str, str]:
    """Return where a customer's address, landlines and name say it is, {} where they say nothing."""
    return guessed_area(customer.get("address") or "", customer.get("phones") or (), customer.get("name") or "")


def area_to_add(customer: Record) -> dict[str, str]:
    """Return what the guess adds to a customer's area: nothing where it is said to be somewhere else."""
    known = tuple(customer.get(key) for key in AREA)
    completed = completed_area(known, tuple(area_guess(customer).values()))
    return {key: new for key, new, old in zip(AREA, completed, known, strict=True) if new and not old}


@lru_cache(maxsize=1 << 14)
def completed_area(known: tuple[str | None, ...], guess: tuple[str, ...]) -> tuple[str | None, ...]:
    """Return province, city and district with what a guess adds: nothing where it is said to be somewhere else.

    >>> completed_area(("浙江", None, None), ("浙江", "杭州")), completed_area(("上海", None, None), ("浙江", "杭州"))
    (('浙江', '杭州', None), ('上海', None, None))
    """
    guessed = (*guess, *(None for _ in AREA))[: len(AREA)]
    if any(old not in (None, new) for old, new in zip(known, guessed, strict=True)):
        return known
    return tuple(old or new for old, new in zip(known, guessed, strict=True))


def in_key_order(value: dict[str, Any]) -> dict[str, Any]:
    """Return a mapping with its keys in a fixed order, those of mappings in it too: what came first does not show."""
    return {k: in_key_order(v) if isinstance(v, dict) else v for k, v in sorted(value.items())}


def column_of(key: str) -> str:
    """Return the column in which a record keeps a field of the catalogue."""
    return MONEY.get(key) or {"external_id": "external_ids"}.get(key, key)


def stored_as(name: str) -> list[str]:
    """Return "kind.column" of what a field's path or key alone means, of every kind that has it; [] for no field.

    >>> stored_as("weekday"), stored_as("customer.owner"), stored_as("opportunity.customer"), stored_as("loss_reason")
    ([], ['customer.owner'], ['opportunity.customer_id'], ['opportunity.loss_reason'])
    """
    wanted, _, key = name.rpartition(".")
    found = []
    for kind, entity in ENTITIES.items():
        column = f"{key}_id" if key in entity.parents else column_of(key)
        if column in entity.columns and wanted in ("", kind):
            found.append(f"{kind}.{column}")
    return found


@lru_cache(maxsize=1 << 14)
def region_columns(region: str, province: str, city: str, district: str) -> tuple[dict[str, str], str]:
    """Return (province, city and district as stored, the area text that found no place in them or "").

    The three are read together, for alone a district is often nobody's; what is unknown stays as written.

    >>> region_columns("", "辽宁省", "朝阳", ""), region_columns("华东", "", "", "")
    (({'province': '辽宁', 'city': '朝阳'}, ''), ({'province': '华东'}, ''))
    """
    said = {key: text for key, text in zip(AREA, (province, city, district), strict=True) if text}
    together = parse_region("".join(said.values())) if said else None
    if isinstance(together, Region):
        placed = said | _parts(together)
    else:
        placed = said | (_parts(parse_region(city)) if not province and city else {})
    area = parse_region(region) if region else None
    if isinstance(area, Region):
        return _parts(area) | placed, ""
    if area is None or placed.get("province", region) == region:
        return placed | ({"province": region} if region else {}), ""
    return placed, region


def _parts(found: Any) -> dict[str, str]:
    if not isinstance(found, Region):
        return {}
    return {key: getattr(found, key) for key in AREA if getattr(found, key)}

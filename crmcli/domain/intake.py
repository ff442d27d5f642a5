"""What a row says of one record -> that record's columns."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from crmcli.domain.identity import external_key
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.values.money import yuan_to_fen

_MONEY = {"amount": "amount_fen", "price": "price_fen"}


def columns_from(entity: str, part: dict[str, Any], system: str) -> Record:
    """Return the columns that a row fills: money in fen, ids under their system, true and false as 1 and 0.

    What is no column of the kind (a reference, a stage still to be placed) is left to the caller.
    """
    columns: Record = {}
    for key, value in part.items():
        if key == "external_id":
            columns["external_ids"] = [external_key(system, value)]
        elif key in _MONEY:
            columns[_MONEY[key]] = yuan_to_fen(value.value)
            if value.currency:
                columns["currency"] = value.currency
        elif key in ENTITIES[entity].columns:
            columns[key] = _plain(value)
    return columns


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return float(value) if isinstance(value, Decimal) else value

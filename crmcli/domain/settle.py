"""When an import says something else than a record holds: which value stays, which is kept as an alternate.

Source: definitions.md, "Modes".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.values.text import simplify


class Mode(StrEnum):
    """What an import may do to a record that is already there."""

    FILL = "fill"
    OVERWRITE = "overwrite"
    SKIP = "skip"


@dataclass(slots=True)
class Settled:
    """What an import does to one record: `changes` to its columns, values `untaken` and `retired` per field.

    Untaken values of the row become alternates; a retired one was the record's and became an alternate.
    """

    changes: Record = field(default_factory=dict)
    untaken: dict[str, Any] = field(default_factory=dict)
    retired: dict[str, Any] = field(default_factory=dict)


def settle(entity: str, present: Record, incoming: Record, mode: Mode, is_persons: Callable[[str], bool]) -> Settled:
    """Return what becomes of `present` when a row says `incoming` (only filled columns).

    `is_persons(column)` tells whether a person set the present value; it is asked only where the two differ.
    Lists are united in every mode. Among imported values a fixed order decides, whichever came first.
    """
    result = Settled()
    for key, value in incoming.items():
        now = present.get(key)
        if ENTITIES[entity].columns[key] == "list":
            united = list(dict.fromkeys([*(now or []), *value]))
            if united != (now or []):
                result.changes[key] = united
        elif ENTITIES[entity].columns[key] == "dict":
            _settle_extra(result, key, now or {}, value, mode)
        elif now is None:
            if mode is not Mode.SKIP:
                result.changes[key] = value
        elif now != value:
            _settle_conflict(result, key, now, value, mode, is_persons)
    return result


def _settle_conflict(
    result: Settled, key: str, now: Any, value: Any, mode: Mode, is_persons: Callable[[str], bool]
) -> None:
    wins = mode is Mode.OVERWRITE or (
        mode is Mode.FILL and not is_persons(key) and fixed_order(value) > fixed_order(now)
    )
    if wins:
        result.changes[key] = value
        result.retired[key] = now
    else:
        result.untaken[key] = value


def _settle_extra(result: Settled, key: str, now: dict[str, str], value: dict[str, str], mode: Mode) -> None:
    merged = dict(now)
    for name, text in value.items():
        wins = mode is Mode.OVERWRITE or (mode is Mode.FILL and fixed_order(text) > fixed_order(now.get(name, "")))
        if name not in now or (text != now[name] and wins):
            merged[name] = text
            if name in now:
                result.retired[f"{key}.{name}"] = now[name]
        elif text != now[name]:
            result.untaken[f"{key}.{name}"] = text
    if merged != now:
        result.changes[key] = merged


def fixed_order(value: Any) -> tuple[int, bool, str]:
    """Return a sort key in which, of two differing values, the better one comes last; never by arrival.

    The fuller one, then the one in simplified characters, then by code points.

    >>> max(["ACME", "ACME Ltd."], key=fixed_order), max(["廣東筠煜", "广东筠煜"], key=fixed_order)
    ('ACME Ltd.', '广东筠煜')
    """
    text = str(value)
    return (len(text), simplify(text) == text, text)

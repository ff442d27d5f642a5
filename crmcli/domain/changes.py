"""What changed between two states of a record, and how to take a change back.

A change is two flat mappings, before and after, holding only what differs. An entry of a dict column stands
under `column.key`; a list column is compared as a set, so that what two runs added can be taken back singly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crmcli.domain.records import Record

Flat = dict[str, Any]


def difference(before: Record, after: Record) -> tuple[Flat, Flat]:
    """Return the (before, after) parts of a change; both empty where nothing differs.

    >>> difference({"name": "a", "extra": {}}, {"name": "b", "extra": {"x": "1"}})
    ({'name': 'a', 'extra.x': None}, {'name': 'b', 'extra.x': '1'})
    """
    old: Flat = {}
    new: Flat = {}
    for key, value in after.items():
        was = before.get(key)
        if value == was:
            continue
        if isinstance(value, dict):
            inner = was or {}
            for name in dict.fromkeys((*inner, *value)):
                if inner.get(name) != value.get(name):
                    old[f"{key}.{name}"], new[f"{key}.{name}"] = inner.get(name), value.get(name)
        else:
            old[key], new[key] = was, value
    return old, new


def with_values(record: Record, flat: Flat) -> Record:
    """Return `record` with the flat values put in; None takes an entry out of a dict column."""
    result = {key: dict(value) if isinstance(value, dict) else value for key, value in record.items()}
    for key, value in flat.items():
        column, _, name = key.partition(".")
        if not name:
            result[column] = value
        elif value is None:
            result[column].pop(name, None)
        else:
            result[column][name] = value
    return result


def value_at(record: Record, key: str) -> Any:
    """Return the value under a flat key."""
    column, _, name = key.partition(".")
    return record[column].get(name) if name else record.get(column)


@dataclass(slots=True)
class Inverse:
    """How a change is taken back: `values` to set, `kept` the keys that somebody changed since."""

    values: Flat = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)


def inverse(before: Flat, after: Flat, present: Record) -> Inverse:
    """Return what takes a change back on the record as it is at present.

    A value is restored only where it is still the one that the change wrote; of a list only what the change
    added is taken out and what it took out is put back.

    >>> inverse({"phones": []}, {"phones": ["1"]}, {"phones": ["1", "2"]}).values
    {'phones': ['2']}
    """
    result = Inverse()
    for key, new in after.items():
        now, old = value_at(present, key), before.get(key)
        if isinstance(new, list) and isinstance(now, list):
            back = [item for item in now if item in (old or []) or item not in new]
            back += [item for item in old or [] if item not in new and item not in back]
            if back != now:
                result.values[key] = back
        elif now == new:
            result.values[key] = old
        elif now != old:
            result.kept.append(key)
    return result

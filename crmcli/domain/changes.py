"""What changed between two states of a record, and how to take a change back.

A change is two flat mappings, before and after, holding only what differs. An entry of a dict column stands
under `column.key`; a list column is compared as a set, so that what two runs added can be taken back singly.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    """Return `record` with the flat values put in; None takes an entry out of a dict column.

    A new entry stands in the order of the keys, as an import writes them: what came first does not show.
    """
    result = {key: dict(value) if isinstance(value, dict) else value for key, value in record.items()}
    for key, value in flat.items():
        column, _, name = key.partition(".")
        if not name:
            result[column] = value
        elif value is None:
            result[column].pop(name, None)
        elif name in result[column]:
            result[column][name] = value
        else:
            result[column] = dict(sorted({**result[column], name: value}.items()))
    return result


def value_at(record: Record, key: str) -> Any:
    """Return the value under a flat key."""
    column, _, name = key.partition(".")
    return record[column].get(name) if name else record.get(column)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a record in its history, made in a run.

    `back` tells that it took an earlier one back; where the run that it took back is known, `undoes` is its number.
    """

    id: int
    before: Flat
    after: Flat
    run: int = 0
    back: bool = False
    undoes: int | None = None


@dataclass(slots=True)
class Inverse:
    """How a change is taken back: `values` to set, `kept` the keys that were changed since -> that later edit's id."""

    values: Flat = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)


def inverse(edit: Edit, present: Record, history: Sequence[Edit], together: Sequence[str] = ()) -> Inverse:
    """Return what takes an edit back on the record as it is at present; `history` holds its edits in order.

    A value is restored only where it is still the one that this edit wrote: the same value, written again by
    somebody later, stays. Of a list, what the edit added is taken out and what it took out is put back. The keys of
    `together` say one thing: where one of them was written later, all of them stay.

    >>> added, more = Edit(1, {"phones": []}, {"phones": ["1"]}), Edit(2, {"phones": ["1"]}, {"phones": ["1", "2"]})
    >>> inverse(added, {"phones": ["1", "2"]}, [added, more]).values
    {'phones': ['2']}
    """
    result = Inverse()
    for key, new in edit.after.items():
        now, old = value_at(present, key), edit.before.get(key)
        if isinstance(new, list):
            _take_back_items(result, key, edit, now or [], history)
        elif now != old:
            stands, later = _standing(edit.id, _steps(together if key in together else (key,), present, history))
            if stands and now == new:
                result.values[key] = old
            elif later is not None:
                result.kept[key] = later
    return result


def written_since(edit_id: int, keys: Sequence[str], present: Record, history: Sequence[Edit]) -> bool:
    """Return whether a later edit of one of the keys stands upon an edit of them."""
    return _standing(edit_id, _steps(keys, present, history))[1] is not None


def _steps(keys: Sequence[str], present: Record, history: Sequence[Edit]) -> list[tuple[Edit, Any, Any]]:
    """Return the edits of any of the keys with the values of all of them before and after, in order."""
    values = {key: value_at(present, key) for key in keys}
    steps = []
    for edit in reversed(history):
        own = {key: edit.before.get(key) for key in keys if key in edit.after}
        if own:
            now = tuple((values | {key: edit.after[key] for key in own}).values())
            values |= own
            steps.append((edit, tuple(values.values()), now))
    return steps[::-1]


def _take_back_items(result: Inverse, key: str, edit: Edit, now: list[Any], history: Sequence[Edit]) -> None:
    old, new = (flat.get(key) or [] for flat in (edit.before, edit.after))
    back = list(now)
    for item in [item for item in (*new, *old) if (item in new) != (item in old) and (item in now) != (item in old)]:
        touched = [
            (e, item in (e.before.get(key) or []), item in (e.after[key] or [])) for e in history if key in e.after
        ]
        stands, later = _standing(edit.id, [step for step in touched if step[1] != step[2]])
        if later is not None:
            result.kept[key] = later
        elif stands and item in now:
            back.remove(item)
        elif stands:
            back.append(item)
    if back != now:
        result.values[key] = back


def _standing(edit_id: int, steps: Sequence[tuple[Edit, Any, Any]]) -> tuple[bool, int | None]:
    """Return whether an edit of one value stands, and the id of the later edit that stands upon it.

    `steps` are the edits of the value with its states before and after. What was taken back leaves no trace.
    """
    upon: tuple[int, ...] = ()  # the edits that the present value rests on, oldest first
    before: dict[int, tuple[int, ...]] = {}
    after: dict[int, tuple[int, ...]] = {}
    for place, (edit, was, now) in enumerate(steps):
        before[edit.id] = upon
        undone = [e for e, old, new in steps[:place] if (old, new) == (now, was) and after[e.id] == upon]
        undone = [e for e in undone if e.run == edit.undoes] or undone
        upon = before[undone[-1].id] if edit.back and undone else (*upon, edit.id)
        after[edit.id] = upon
    mine = after[edit_id]
    if upon == mine:
        return True, None
    return False, upon[len(mine)] if upon[: len(mine)] == mine else None

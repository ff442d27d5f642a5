"""When an import says something else than a record holds: which value stays, which is kept as an alternate.

Source: definitions.md, "Modes".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any

from crmcli.domain.area import PLACE, area_text, differing_levels, one_area
from crmcli.domain.fields import normalise_header
from crmcli.domain.intake import AREA, stored_as
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.values.text import simplify


class Mode(StrEnum):
    """What an import may do to a record that is already there."""

    FILL = "fill"
    OVERWRITE = "overwrite"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Modes:
    """How an import treats records that are already there: the mode of all columns, and of those named apart.

    `apart` is keyed by kind and column ("customer.industry") or, for what no field takes, by "extra.HEADER".
    """

    general: Mode = Mode.FILL
    apart: Mapping[str, Mode] = field(default_factory=dict)

    def of(self, entity: str, column: str) -> Mode:
        """Return the mode of one column of one kind of record; of an extra column by `extra.HEADER`."""
        return self.apart.get(column if column.startswith("extra.") else f"{entity}.{column}", self.general)


def modes_of_sheet(general: Mode, named: Mapping[str, Mode], columns: Iterable[tuple[str, str]]) -> Modes:
    """Return the modes of one sheet, of modes `named` by header or field and the sheet's (header, field path) columns.

    A field is named by its path (`customer.industry`) or by its key alone, then of every kind of record.

    >>> columns = [("行业", "customer.industry"), ("网站", "")]
    >>> sorted(modes_of_sheet(Mode.FILL, {"行业": Mode.SKIP, "网站": Mode.SKIP}, columns).apart)
    ['customer.industry', 'extra.网站']
    """
    apart: dict[str, Mode] = {}
    by_header = {normalise_header(name): mode for name, mode in named.items()}
    for header, path in columns:
        mode = by_header.get(normalise_header(header))
        if mode is not None:
            apart.update(dict.fromkeys(stored_as(path) or [f"extra.{header}"], mode))
    fields = {name: mode for name, mode in named.items() if stored_as(name)}
    return Modes(general, {column: mode for name, mode in fields.items() for column in stored_as(name)} | apart)


def _equal(_column: str) -> int:
    return 0


@dataclass(slots=True)
class Settled:
    """What an import does to one record: `changes` to its columns, values `untaken` and `retired` per field.

    Untaken values of the row become alternates; a retired one was the record's and became an alternate.
    """

    changes: Record = field(default_factory=dict)
    untaken: dict[str, Any] = field(default_factory=dict)
    retired: dict[str, Any] = field(default_factory=dict)


def settle(
    entity: str,
    present: Record,
    incoming: Record,
    modes: Modes,
    is_persons: Callable[[str], bool],
    standing: Callable[[str], int] = _equal,
) -> Settled:
    """Return what becomes of `present` when a row says `incoming` (only filled columns).

    `is_persons(column)` tells whether a person set the present value; `standing(column)` is 1 where the row's source
    decides and the present value's does not, -1 the other way round, 0 between equals (`ownership`). Both are asked
    only where the two differ. Lists are united in every mode. Among imported values of equal standing a fixed order
    decides, whichever came first. A customer in a public pool has nobody on purpose: only a source that decides, or
    overwriting, gives it an owner. Of a customer elsewhere, province, city, district and address are taken or left
    together, so `incoming` has all that the row says of them.
    """
    result = Settled()
    settled: tuple[str, ...] = ()
    if entity == "customer":
        settled = _stay_in_pool(result, present, incoming, modes, standing)
        settled += _settle_place(result, present, incoming, modes, is_persons, standing)
    for key, value in incoming.items():
        if key in settled:
            continue
        now = present.get(key)
        if ENTITIES[entity].columns[key] == "list":
            united = list(dict.fromkeys([*(now or []), *value]))
            if united != (now or []):
                result.changes[key] = united
        elif ENTITIES[entity].columns[key] == "dict":
            _settle_extra(result, key, now or {}, value, modes)
        elif now is None:
            if modes.of(entity, key) is not Mode.SKIP:
                result.changes[key] = value
        elif now != value:
            wins = wins_over(value, now, modes.of(entity, key), standing(key), partial(is_persons, key))
            _note_conflict(result, key, now, value, wins=wins)
    return result


def _stay_in_pool(
    result: Settled, present: Record, incoming: Record, modes: Modes, standing: Callable[[str], int]
) -> tuple[str, ...]:
    """Return the owner's column where a customer stays in its pool whatever a row says."""
    pool, owner = present.get("pool"), incoming.get("owner")
    if not pool or not owner or modes.of("customer", "owner") is Mode.OVERWRITE or standing("owner") > 0:
        return ()
    if owner != pool:
        result.untaken["owner"] = owner
    return ("owner",)


def _settle_place(
    result: Settled,
    present: Record,
    incoming: Record,
    modes: Modes,
    is_persons: Callable[[str], bool],
    standing: Callable[[str], int],
) -> tuple[str, ...]:
    """Return the columns that a row which says that a customer is elsewhere decides on together, none if it does not.

    The address goes with the area unless only the district differs.
    """
    if one_area(present, incoming):
        return ()
    differing = differing_levels(present, incoming)
    columns = AREA if differing == ["district"] else PLACE
    asked = [modes.of("customer", key) for key in AREA if incoming.get(key)]
    mode = next((one for one in (Mode.SKIP, Mode.OVERWRITE) if one in asked), Mode.FILL)
    ranks = [standing(key) for key in differing]
    rank = min(ranks, default=0) if min(ranks, default=0) < 0 else max(ranks, default=0)
    said, now = area_text(incoming), area_text(present)
    wins = wins_over(said, now, mode, rank, lambda: any(is_persons(key) for key in AREA if present.get(key)))
    for key in columns:
        value, old = incoming.get(key), present.get(key)
        if wins and value != old:
            result.changes[key] = value
            if old is not None:
                result.retired[key] = old
        elif not wins and value not in (None, old):
            result.untaken[key] = value
    return columns


def wins_over(value: Any, now: Any, mode: Mode, standing: int, is_persons: Callable[[], bool]) -> bool:
    """Return whether an incoming value takes the place of another that is there; see `settle`."""
    if mode is Mode.SKIP or standing < 0:
        return False
    if mode is Mode.OVERWRITE:
        return True
    return not is_persons() and (standing > 0 or fixed_order(value) > fixed_order(now))


def _note_conflict(result: Settled, key: str, now: Any, value: Any, *, wins: bool) -> None:
    if wins:
        result.changes[key] = value
        result.retired[key] = now
    else:
        result.untaken[key] = value


def _settle_extra(result: Settled, key: str, now: dict[str, str], value: dict[str, str], modes: Modes) -> None:
    merged = dict(now)
    for name, text in value.items():
        mode = modes.of("", f"{key}.{name}")
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

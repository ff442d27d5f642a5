"""In which order a sheet's rows are taken, so that shuffled rows give the same records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from crmcli.domain.problem import Problem
from crmcli.domain.values.text import fold
from crmcli.importers.extract import ParsedColumn
from crmcli.importers.parsers import Person

_KEYS = ("external_id", "credit_code", "name", "short_name", "company", "phones", "wechat")
_NUMBER = "external_id"
_SUREST = (_NUMBER, "credit_code")


def rows_in_order(columns: Sequence[ParsedColumn], kind: str, count: int) -> Iterable[int]:
    """Return the indexes of a sheet's rows as they are to be taken.

    It is the sheet's own order, but for rows that name the same thing (a number, or a name or phone where not each
    row has a number of its own): among themselves they are taken by what they say, those with a number first.
    """
    own = [column for column in columns if _names(column, kind)]
    shared = _rows_that_share(own, count)
    if not shared:
        return range(count)
    order = list(range(count))
    for place, index in zip(shared, sorted(shared, key=_by_content(columns, own)), strict=True):
        order[place] = index
    return order


def _names(column: ParsedColumn, kind: str) -> bool:
    entity, _, key = column.map.path.partition(".")
    return entity == kind and key in _KEYS


def _is_number(column: ParsedColumn) -> bool:
    return column.map.path.endswith(f".{_NUMBER}")


def _rows_that_share(columns: Sequence[ParsedColumn], count: int) -> list[int]:
    numbers = [column for column in columns if _is_number(column)]
    unsure = [i for i in range(count) if all(column.values[column.codes[i]] is None for column in numbers)]
    shared: set[int] = set()
    for column in columns:
        codes, keys = column.codes, [_keys_of(value) for value in column.values]
        contested = _keys_twice(keys, Counter(codes))
        if not _is_number(column):
            contested &= {key for code in {codes[i] for i in unsure} for key in keys[code]}
        wanted = {code for code, own in enumerate(keys) if not contested.isdisjoint(own)}
        if wanted:
            shared.update(index for index in range(count) if codes[index] in wanted)
    return sorted(shared)


def _keys_twice(keys: Sequence[list[str]], rows_per_code: Counter[int]) -> set[str]:
    rows_per_key: Counter[str] = Counter()
    for code, number in rows_per_code.items():
        rows_per_key.update(dict.fromkeys(keys[code], number))
    return {key for key, number in rows_per_key.items() if number > 1}


def _keys_of(value: Any) -> list[str]:
    if value is None or isinstance(value, Problem):
        return []
    if isinstance(value, list):
        return value
    return [fold(value.name), *value.phones] if isinstance(value, Person) else [fold(str(value))]


def _by_content(columns: Sequence[ParsedColumn], own: Sequence[ParsedColumn]) -> Any:
    surest = [column for column in own if column.map.path.rpartition(".")[2] in _SUREST]
    by_header = sorted(columns, key=lambda column: (column.map.path, column.map.header))

    def key(index: int) -> tuple[Any, ...]:
        unsure = sum(column.values[column.codes[index]] is None for column in surest)
        return (unsure, *(column.texts[column.codes[index]] for column in by_header))

    return key

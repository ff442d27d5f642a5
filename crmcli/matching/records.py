"""What the matcher is given: parallel columns, from customers of a database or rows of a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from operator import eq
from typing import Any

TextColumn = list[str] | None


@dataclass(frozen=True, slots=True)
class MatchBatch:
    """Records as parallel columns; "" is unknown, a column that nobody has is None.

    `ids` are unique. `phones` are E.164, several in one cell parted by ";". `provinces` and `cities` are where the
    record says it is; a place within the name or address is found by the matcher itself. `given_names` and `surnames`
    are those of records that are people; `births` are ISO dates.
    """

    ids: list[str]
    names: list[str]
    credit_codes: TextColumn = None
    phones: TextColumn = None
    emails: TextColumn = None
    addresses: TextColumn = None
    provinces: TextColumn = None
    cities: TextColumn = None
    contacts: TextColumn = None
    wechat: TextColumn = None
    given_names: TextColumn = None
    surnames: TextColumn = None
    births: TextColumn = None
    postcodes: TextColumn = None

    def __post_init__(self) -> None:
        """Refuse columns of different length and ids that occur twice."""
        lengths = {f.name: len(column) for f in fields(self) if (column := getattr(self, f.name)) is not None}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns differ in length: {lengths}")
        if len(set(self.ids)) != len(self.ids):
            raise ValueError("ids occur twice")

    def __len__(self) -> int:
        return len(self.ids)

    def column(self, name: str) -> list[str]:
        """Return the column `name`, filled with "" where nobody has it."""
        column: TextColumn = getattr(self, name)
        return [""] * len(self.ids) if column is None else column

    def read(self, name: str) -> TextColumn:
        """Return the column `name` to be taken apart, None where nobody has it."""
        column: TextColumn = getattr(self, name)
        return column

    def take(self, rows: Sequence[int]) -> MatchBatch:
        """Return the records at `rows`, in that order."""
        columns: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        taken: dict[str, Any] = {k: None if c is None else [c[i] for i in rows] for k, c in columns.items()}
        return type(self)(**taken)

    def by_id(self) -> MatchBatch:
        """Return the same records, oldest id first: what makes every result independent of the input's order."""
        rows = range(len(self.ids))
        order = sorted(rows, key=list(map(id_order, self.ids)).__getitem__)
        return self if all(map(eq, order, rows)) else self.take(order)


@dataclass(frozen=True, slots=True)
class ReadOnce(MatchBatch):
    """Records whose columns are let go of one by one as they are taken apart: of large files they are most of all."""

    @classmethod
    def of(cls, batch: MatchBatch) -> ReadOnce:
        """Return the records of `batch`."""
        return cls(**{f.name: getattr(batch, f.name) for f in fields(batch)})

    def read(self, name: str) -> TextColumn:
        """Return the column `name`, None where nobody has it or where it was read before."""
        column: TextColumn = getattr(self, name)
        object.__setattr__(self, name, None)
        return column


def id_order(record_id: str) -> tuple[int, str]:
    """Return the sort key of an id: 9 before 10, then by text.

    >>> sorted(["10", "9", "a"], key=id_order)
    ['9', 'a', '10']
    """
    return len(record_id), record_id

"""What a column of a table means: which of a report's definitions is its own."""

from __future__ import annotations

from collections.abc import Iterable

from crmcli.reports.model import Column, Definition

EVERY = "*"
"""Among a definition's columns: all figures of its tables that no other definition names."""
_TEXTS = ("text", "date")


def definitions_of(table: str, column: Column, definitions: Iterable[Definition]) -> tuple[Definition, ...]:
    """Return the definitions that name a table's column; of several those that are closest to the table.

    >>> from crmcli.i18n import msg
    >>> every = Definition(msg("Number"), msg("All of them."), ("n",))
    >>> own = Definition(msg("Lost"), msg("Those lost."), ("n",), ("loss",))
    >>> [str(one.term) for one in definitions_of("loss_13w", Column("n", msg("n"), "int"), (every, own))]
    ['Lost']
    """
    key = _without_currency(column)
    found = [(near, one) for one in definitions if (near := _nearness(table, key, column, one)) is not None]
    nearest = max((near for near, _one in found), default=None)
    return tuple(one for near, one in found if near == nearest)


def _nearness(table: str, key: str, column: Column, one: Definition) -> tuple[bool, int] | None:
    """Return whether it names the column itself and how much of the table's name; None where it is not meant."""
    is_named = key in one.columns
    if not is_named and (EVERY not in one.columns or column.type in _TEXTS):
        return None
    named = [len(name) for name in one.tables if table == name or table.startswith(f"{name}_")]
    return (is_named, max(named, default=0)) if named or not one.tables else None


def _without_currency(column: Column) -> str:
    """Return the key of a sum of money as it is in the workspace's currency."""
    return column.key.removesuffix(f"_{str(column.label.args.get('currency', '')).lower()}")

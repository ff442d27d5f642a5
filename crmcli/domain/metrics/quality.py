"""How good the data is: rules broken, how full each field is, and snapshots that the rebuilt past contradicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmcli.i18n import Message

_COUNTED = ("n", "amount_fen", "without_amount")


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that records break: its code, what is wrong in words, and their numbers (O7)."""

    code: str
    message: Message
    records: tuple[str, ...]
    group: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filled:
    """How many of the `total` records of a kind have a field; `missing` are the numbers of those without it."""

    entity: str
    field: str
    label: str
    filled: int
    total: int
    missing: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """A record that a figure counts: its number (O7), and its amount in fen if it has one."""

    number: str
    fen: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of a night: as it was kept, as it is rebuilt; `figure` is its table, `of` what it counts, in words.

    `parts` tell the figure apart in its table; `records` are those that the rebuilt figure counts or adds up.
    """

    day: str
    figure: str
    of: str
    counted: str
    kept: int
    rebuilt: int
    parts: tuple[str, ...] = ()
    records: tuple[Counted, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshots:
    """The nights that were compared, and every difference."""

    days: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusSum:
    """Opportunities of one status and currency: how many, worth how much, how many without an amount.

    `records` are these opportunities, those without an amount first.
    """

    status: str
    currency: str
    n: int
    amount_fen: int
    without_amount: int
    records: Sequence[Counted] = ()
    group: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quality:
    """All that is known of the data's quality; `owners` gives record number -> its owner's name, None: nobody."""

    broken: tuple[Broken, ...] = ()
    filled: tuple[Filled, ...] = ()
    sums: tuple[StatusSum, ...] = ()
    snapshots: Snapshots = Snapshots()
    owners: Callable[[Sequence[str]], Mapping[str, str | None]] | None = None


def differences(day: str, kept: Mapping[str, Any], rebuilt: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return where two accounts of one night differ: tables of rows that are told apart by all that is no count.

    >>> [one.of for one in differences("2026-03-05", {"leads": [{"status": "new", "n": 2}]}, {"leads": []})]
    ['new']
    """
    found = []
    for table in sorted({*kept, *rebuilt}):
        before, after = _by_name(kept.get(table, ())), _by_name(rebuilt.get(table, ()))
        for name in sorted({*before, *after}):
            old, new = before.get(name, {}), after.get(name, {})
            for key in _COUNTED:
                a, b = old.get(key) or 0, new.get(key) or 0
                if a != b:
                    found.append(Difference(day, table, " / ".join(part for part in name if part), key, a, b, name))
    return tuple(found)


def _by_name(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, ...], Mapping[str, Any]]:
    return {tuple(str(value or "") for key, value in row.items() if key not in _COUNTED): row for row in rows}

"""What changed the open amount in a period: from what was printed at its beginning to what is open at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.both_ends import Ends, Side
from crmcli.domain.metrics.change_groups import groups_of_sides
from crmcli.domain.metrics.change_steps import STEPS, Entries, Seen, entries_of
from crmcli.domain.metrics.evidence import Block, Evidence, contiguous
from crmcli.domain.metrics.gaps import only
from crmcli.domain.metrics.money import Fen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmcli.domain.metrics.evidence import Mark
    from crmcli.domain.metrics.period import Period

LEVELS = ("printed", "opening", "closing")
BEFORE = ("printed", "corrected")
"""What comes before the opening: what was printed of it, and what makes it another than printed."""
ALWAYS = ("printed", "corrected", "opening", "new", "reopened", "amount_up", "amount_down", "won", "lost", "void",
          "merged")  # fmt: skip
TRANSFERS = ("moved_in", "moved_out")
CLOSING = ("closing_in", "closing_out")


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One step of one group, or the level between steps.

    Attributes:
        n: Deals behind it.
        no_amount: Those of them without a known amount; they count 0.
        amounts: Signed sum in fen by currency; None where no amount is known.
        sums: The same with 0 for the unknown.
        counted: How many deals it adds to those that are open (below zero: takes away).
    """

    group: tuple[str, ...]
    step: str
    n: int
    no_amount: int
    amounts: dict[str, Fen]
    sums: dict[str, int]
    counted: int


@dataclass(frozen=True, slots=True)
class Changes:
    """The rows by group and step, the records behind them, and what each record adds to its row in fen, where known."""

    rows: tuple[ChangeRow, ...]
    evidence: Evidence
    amount: NDArray[Any]
    known: NDArray[Any]
    currency: NDArray[Any]

    def unbalanced(self) -> tuple[str, ...]:
        """Return what does not add up: printed + corrected = opening; opening + steps = closing; each group."""
        by_group: dict[tuple[str, ...], list[ChangeRow]] = {}
        for row in self.rows:
            by_group.setdefault(row.group, []).append(row)
        wrong = []
        for group, rows in by_group.items():
            for code in (*rows[0].sums, "n"):
                of = {row.step: row.counted if code == "n" else row.sums[code] for row in rows}
                opening, closing = of["opening"], of["closing"]
                before = {step: of.pop(step) for step in BEFORE if step in of}
                if before and sum(before.values()) != opening:
                    wrong.append(" ".join((*group, "opening", code)))
                if sum(of.values()) != 2 * closing:
                    wrong.append(" ".join((*group, "closing", code)))
        return tuple(wrong)

    def not_of_records(self) -> tuple[str, ...]:
        """Return the steps whose records do not add up to them."""
        import numpy as np

        wrong = []
        for at, row in enumerate(self.rows):
            block = self.evidence.blocks.get((at, "n"), Block(0, 0))
            part = slice(block.first, block.first + block.count)
            sums = np.zeros(len(row.sums), dtype="int64")
            np.add.at(sums, self.currency[part], self.amount[part])
            if block.count != row.n or sums.tolist() != list(row.sums.values()):
                wrong.append(row.step)
        return tuple(wrong)


def changes(
    ends: Ends, by: tuple[str, ...] = (), closing: Period | None = None, *, printed: bool = True,
) -> Changes:  # fmt: skip
    """Return the waterfall of the open amount, of one group or several; with `closing` only of what is to close in it.

    Without `printed` it begins with the opening as it is known now.

    Raises:
        UnknownGroupingError: A key of `by` is not a field of a deal or `month` (of the expected close).
    """
    import numpy as np

    labels, codes = groups_of_sides(ends, by)
    seen = [Seen(side, _counted(side, closing), code) for side, code in
            zip((ends.printed, ends.opening, ends.closing), codes, strict=True)]  # fmt: skip
    entries = entries_of(ends, *seen)
    if not printed:
        entries = entries.taken(np.flatnonzero(entries.step >= len(BEFORE)))
    steps = (
        *ALWAYS[0 if printed else len(BEFORE) :],
        *(TRANSFERS if by else ()),
        *(CLOSING if closing else ()),
        "closing",
    )
    wide = len(STEPS)
    keys = entries.group * wide + entries.step
    order = np.lexsort((entries.deal, -np.abs(entries.amount), keys))
    entries, keys = entries.taken(order), keys[order]
    sums = np.zeros((len(labels) * wide, len(ends.currencies)), dtype="int64")
    np.add.at(sums, (keys, entries.currency), entries.amount)
    size = len(sums)
    n, unknown = np.bincount(keys, minlength=size), np.bincount(keys[~entries.known], minlength=size)
    counted = np.zeros(size, dtype="int64")
    np.add.at(counted, keys, entries.counts)
    present = sorted({0, *np.unique(entries.group).tolist()} if not by else np.unique(entries.group).tolist())
    shown = [(group, step) for group in present for step in steps]
    blocks, found = contiguous(keys), {}
    rows = []
    for at, (group, step) in enumerate(shown):
        key = group * wide + STEPS.index(step)
        known = dict(zip(ends.currencies, sums[key].tolist(), strict=True))
        nothing = bool(n[key]) and n[key] == unknown[key]
        rows.append(ChangeRow(labels[group], step, int(n[key]), int(unknown[key]),
                              dict.fromkeys(known) if nothing else dict(known), known, int(counted[key])))  # fmt: skip
        if key in blocks:
            found[at, "n"] = blocks[key]
    return Changes(tuple(rows), Evidence(entries.deal, found, _marks(ends, entries)),
                   entries.amount, entries.known, entries.currency)  # fmt: skip


def _counted(side: Side, closing: Period | None) -> NDArray[Any]:
    """Return which deals count at a side, open or not: with `closing` those that were to close in it."""
    import numpy as np

    return np.ones(len(side.status), dtype=bool) if closing is None else closing.covers(side.close)


def _marks(ends: Ends, entries: Entries) -> dict[str, Mark]:
    """Return which step records are behind, and their amounts before, after, and in the step."""
    import numpy as np

    def figure(places: NDArray[Any]) -> NDArray[Any]:
        words: NDArray[Any] = np.array(STEPS, dtype=object)[entries.step[places]]
        return words

    def before(places: NDArray[Any]) -> NDArray[Any]:
        deal, step = entries.deal[places], entries.step[places]
        as_printed = (step == STEPS.index("corrected")) | (step == STEPS.index("printed"))
        return np.where(as_printed, _worth(ends.printed, deal), _worth(ends.opening, deal))

    def after(places: NDArray[Any]) -> NDArray[Any]:
        deal, step = entries.deal[places], entries.step[places]
        later = only(step != STEPS.index("printed"), _worth(ends.closing, deal))
        return np.where(step == STEPS.index("corrected"), _worth(ends.opening, deal), later)

    def change(places: NDArray[Any]) -> NDArray[Any]:
        return only(entries.known[places], entries.amount[places].astype(object))

    return {"figure": figure, "amount_before": before, "amount_after": after, "change": change}


def _worth(side: Side, deals: NDArray[Any]) -> NDArray[Any]:
    """Return what the deals that are open at a side are worth there in fen; None for others and where nobody knows."""
    return only((side.is_open & side.known)[deals], side.amount[deals].astype(object))

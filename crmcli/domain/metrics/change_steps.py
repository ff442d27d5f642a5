"""Which step of the waterfall each deal is in, and what it adds there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.both_ends import Ends, Side
from crmcli.domain.metrics.timeline import ABSENT, LOST, OPEN, UNKNOWN, VOID, WON

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEPS = ("printed", "corrected", "opening", "new", "reopened", "amount_up", "amount_down", "won", "lost", "void",
         "merged", "moved_in", "moved_out", "closing_in", "closing_out", "closing")  # fmt: skip
_ENDS = {"won": WON, "lost": LOST, "void": VOID}


@dataclass(frozen=True, slots=True)
class Seen:
    """One side as the report sees it: `counted` are the deals within what was asked, `group` their groups."""

    side: Side
    counted: NDArray[Any]
    group: NDArray[Any]

    @property
    def there(self) -> NDArray[Any]:
        """Return which deals are open and counted."""
        there: NDArray[Any] = self.side.is_open & self.counted
        return there


@dataclass(frozen=True, slots=True)
class Entries:
    """What deals add to steps; arrays align. `counts`: 1, 0 or -1 open deals more; `known`: its amount is."""

    step: NDArray[Any]
    deal: NDArray[Any]
    group: NDArray[Any]
    amount: NDArray[Any]
    currency: NDArray[Any]
    known: NDArray[Any]
    counts: NDArray[Any]

    def taken(self, order: NDArray[Any]) -> Entries:
        """Return the entries at those positions."""
        return Entries(*(getattr(self, name)[order] for name in Entries.__slots__))


def entries_of(ends: Ends, printed: Seen, opening: Seen, closing: Seen) -> Entries:
    """Return every entry of the waterfall: each deal in one main step, besides what moved it between groups.

    A deal that was opened and closed within the period is in two: as new (or reopened), and as won, lost or void.
    """
    import numpy as np

    found: list[tuple[NDArray[Any], ...]] = []

    def add(step: str, picked: NDArray[Any], seen: Seen, sign: int) -> None:
        deals, side = np.flatnonzero(picked), seen.side
        found.append((np.full(len(deals), STEPS.index(step)), deals, seen.group[deals], sign * side.amount[deals],
                      side.currency[deals], side.known[deals], np.full(len(deals), sign)))  # fmt: skip

    for name, seen in (("printed", printed), ("opening", opening), ("closing", closing)):
        add(name, seen.there, seen, 1)
    _add_corrected(add, found, printed, opening)
    start, end, stays = opening.side, closing.side, ~ends.displaced
    add("merged", opening.there & ends.displaced, opening, -1)
    add("merged", closing.there & ends.displaced, closing, 1)
    fresh, closed_before = stays & (start.status == ABSENT), stays & (start.status > OPEN)
    again = closed_before & _opened_within(ends)
    add("new", fresh & closing.there, closing, 1)
    add("reopened", closed_before & closing.there, closing, 1)
    between = stays & opening.there & (opening.group != closing.group)
    for name, kind in _ENDS.items():
        ended = stays & (end.status == kind)
        left, at_once = ended & opening.there, ended & closing.counted
        add(name, left, Seen(start, opening.counted, closing.group), -1)
        for way, picked in (("new", at_once & fresh), ("reopened", at_once & again)):
            add(way, picked, closing, 1)
            add(name, picked, closing, -1)
    both = stays & opening.there & closing.there
    goes = stays & opening.there & end.is_open & ~closing.counted
    moved = between & ~goes
    add("moved_out", moved, opening, -1)
    add("moved_in", moved, Seen(start, opening.counted, closing.group), 1)
    add("closing_out", goes, opening, -1)
    add("closing_in", stays & start.is_open & ~opening.counted & closing.there, closing, 1)
    _add_difference(found, both, opening, closing)
    return Entries(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def _add_corrected(add: Any, found: list[tuple[NDArray[Any], ...]], printed: Seen, opening: Seen) -> None:
    """Add what is known of the beginning now and was not known, or known otherwise, when it was printed."""
    import numpy as np

    was, now = printed.there, opening.there
    same = was & now & (printed.group == opening.group) & (printed.side.currency == opening.side.currency)
    add("corrected", was & ~same, printed, -1)
    add("corrected", now & ~same, opening, 1)
    difference = opening.side.amount - printed.side.amount
    deals = np.flatnonzero(same & ((difference != 0) | (printed.side.known != opening.side.known)))
    found.append(_of("corrected", deals, opening, difference))


def _add_difference(found: list[tuple[NDArray[Any], ...]], both: NDArray[Any], opening: Seen, closing: Seen) -> None:
    """Add the changes of the amounts of deals that are open at both sides."""
    import numpy as np

    difference = closing.side.amount - opening.side.amount
    for step, picked in (("amount_up", difference > 0), ("amount_down", difference < 0)):
        found.append(_of(step, np.flatnonzero(both & picked), closing, difference))


def _of(step: str, deals: NDArray[Any], seen: Seen, amount: NDArray[Any]) -> tuple[NDArray[Any], ...]:
    """Return entries that change amounts only."""
    import numpy as np

    size = len(deals)
    return (np.full(size, STEPS.index(step)), deals, seen.group[deals], amount[deals], seen.side.currency[deals],
            np.ones(size, dtype=bool), np.zeros(size, dtype="int64"))  # fmt: skip


def _opened_within(ends: Ends) -> NDArray[Any]:
    """Return which deals entered a stage within the period."""
    import numpy as np

    line = ends.line
    events = ends.stand.used & ((line.kind == OPEN) | (line.kind == UNKNOWN))
    if ends.before is not None:
        events &= line.at > ends.before
    opened = np.zeros(line.size, dtype=bool)
    opened[line.deal[events]] = True
    return opened

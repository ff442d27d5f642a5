"""What came into each stage in a period and what left it: gross flows that balance with both ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.both_ends import Ends, Side
from crmcli.domain.metrics.evidence import Block, Evidence, contiguous
from crmcli.domain.metrics.flow_steps import NOWHERE, OUT, Steps, steps_of
from crmcli.domain.metrics.gaps import only
from crmcli.domain.metrics.grouping import Groups, group, month_names
from crmcli.domain.metrics.money import Fen
from crmcli.domain.metrics.population import MISSING
from crmcli.domain.metrics.timeline import LOST, UNKNOWN, VOID, WON

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIGURES = ("opening", "in_forward", "in_back", "in_new", "in_reopened",
           "out_forward", "out_back", "out_won", "out_lost", "out_void", "corrected", "closing")  # fmt: skip
_AT = {name: at for at, name in enumerate(FIGURES)}
_OUT_BY_KIND = {WON: "out_won", LOST: "out_lost", VOID: "out_void"}


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One stage of one group.

    Attributes:
        counts: Deals by figure of `FIGURES`; `corrected` is what pipeline changes and removals added or (below zero)
            took away, and all that goes out is a positive number.
        opening: Sum of the opening's amounts in fen by currency; None where none is known.
        closing: The same of the closing.
    """

    group: tuple[str, ...]
    stage: str
    counts: dict[str, int]
    opening: dict[str, Fen]
    closing: dict[str, Fen]

    @property
    def balance(self) -> int:
        """Return opening + in - out + corrected - closing: 0 where all is well."""
        sign = {"closing": -1} | {name: -1 for name in FIGURES if name.startswith("out_")}
        return sum(count * sign.get(name, 1) for name, count in self.counts.items())


@dataclass(frozen=True, slots=True)
class _Counted:
    """One figure's deals: positions, the stage of each, and what each counts (1, or -1 for one that was taken away)."""

    figure: str
    deal: NDArray[Any]
    stage: NDArray[Any]
    sign: int = 1


def flow(ends: Ends, by: tuple[str, ...] = ()) -> tuple[tuple[FlowRow, ...], Evidence]:
    """Return the flows by group and stage: in rank order, then stages that no pipeline knows, then 未填.

    The records of the evidence say what they were worth at the opening or closing they are listed under.

    Raises:
        UnknownGroupingError: A key of `by` is not a field of a deal or `month` (of the expected close).
    """
    import numpy as np

    line = ends.line
    closes = line.times("expected_close")
    groups = group(line, np.arange(line.size), by, {"month": month_names(closes)})
    names = _stage_names(ends)
    counted = _counted(ends, names)
    width = len(names)
    codes = [groups.codes[one.deal] * width + one.stage for one in counted]
    table = np.zeros((groups.count * width, len(FIGURES)), dtype="int64")
    for one, code in zip(counted, codes, strict=True):
        np.add.at(table[:, _AT[one.figure]], code, one.sign)
    size = groups.count * width
    opening, closing = (_sums(ends, side, groups, names, size) for side in (ends.opening, ends.closing))
    deals_in = np.unique(np.concatenate(codes)).tolist()
    shown = sorted({*deals_in, *(range(len(line.stages.names)) if not by else ())})
    counts = [dict(zip(FIGURES, line, strict=True)) for line in table[shown].tolist()]
    rows = tuple(
        FlowRow(groups.labels[code // width], names[code % width], count, opening[code], closing[code])
        for code, count in zip(shown, counts, strict=True)
    )
    return rows, _evidence(ends, counted, codes, {code: at for at, code in enumerate(shown)})


def _stage_names(ends: Ends) -> list[str]:
    """Return the pipeline's stages in rank order, then those that deals have besides, then 未填."""
    import pandas as pd

    line = ends.line
    own = set(pd.Series(line.stage[line.kind == UNKNOWN], dtype=object).dropna().unique())
    return [*line.stages.names, *sorted(own - {*line.stages.names, MISSING}), MISSING]


def _counted(ends: Ends, names: list[str]) -> list[_Counted]:
    import numpy as np

    missing = len(names) - 1
    steps = steps_of(ends, names)
    opening, closing = (np.flatnonzero(side.is_open) for side in (ends.opening, ends.closing))
    found = [_Counted("opening", opening, _places(ends.opening, opening, names)),
             _Counted("closing", closing, _places(ends.closing, closing, names))]  # fmt: skip
    gone = np.flatnonzero(ends.displaced & ends.opening.is_open)
    came = np.flatnonzero(ends.displaced & ends.closing.is_open)
    found += [_Counted("corrected", gone, _places(ends.opening, gone, names), -1),
              _Counted("corrected", came, _places(ends.closing, came, names))]  # fmt: skip
    forward = ~_goes_back(steps, len(ends.line.stages.names))
    moved = (steps.left >= 0) & (steps.came >= 0)
    ended = (steps.left != OUT) & (steps.came == OUT)
    left = np.where(steps.left == NOWHERE, missing, steps.left)  # what was there and gone at once had no stage

    def add(figure: str, picked: NDArray[Any], stage: NDArray[Any]) -> None:
        found.append(_Counted(figure, steps.deal[picked], stage[picked]))

    add("in_new", steps.left == NOWHERE, np.where(steps.came == OUT, missing, steps.came))
    add("in_reopened", (steps.left == OUT) & (steps.came >= 0), steps.came)
    for way, picked in (("forward", moved & forward), ("back", moved & ~forward)):
        add(f"in_{way}", picked, steps.came)
        add(f"out_{way}", picked, steps.left)
    for kind, figure in _OUT_BY_KIND.items():
        add(figure, ended & (steps.kind == kind), left)
    return found


def _goes_back(steps: Steps, known: int) -> NDArray[Any]:
    """Return which steps lead to a lower rank; none goes back from or to a stage without a rank."""
    back: NDArray[Any] = (steps.came >= 0) & (steps.came < steps.left) & (steps.left < known)
    return back


def _places(side: Side, picked: NDArray[Any], names: list[str]) -> NDArray[Any]:
    import pandas as pd

    found: NDArray[Any] = pd.Index(names, dtype=object).get_indexer(pd.Index(side.stage[picked], dtype=object))
    return found


def _sums(ends: Ends, side: Side, groups: Groups, names: list[str], size: int) -> list[dict[str, Fen]]:
    """Return for each code the amounts of the open deals by currency."""
    import numpy as np

    picked = np.flatnonzero(side.is_open)
    codes = groups.codes[picked] * len(names) + _places(side, picked, names)
    sums = np.zeros((size, len(ends.currencies)), dtype="int64")
    np.add.at(sums, (codes, side.currency[picked]), side.amount[picked])
    number, known = np.bincount(codes, minlength=size), np.bincount(codes[side.known[picked]], minlength=size)
    unknown = ((number > 0) & (known == 0)).tolist()
    return [
        dict.fromkeys(ends.currencies) if nothing else dict(zip(ends.currencies, row, strict=True))
        for nothing, row in zip(unknown, sums.tolist(), strict=True)
    ]


def _evidence(ends: Ends, counted: list[_Counted], codes: list[NDArray[Any]], row_of: dict[int, int]) -> Evidence:
    import numpy as np

    figure = np.concatenate([np.full(len(one.deal), _AT[one.figure]) for one in counted])
    deals = np.concatenate([one.deal for one in counted])
    keys = np.concatenate(codes) * len(FIGURES) + figure
    order = np.lexsort((deals, keys))
    blocks: dict[tuple[int, str], Block] = {
        (row_of[key // len(FIGURES)], FIGURES[key % len(FIGURES)]): block
        for key, block in contiguous(keys[order]).items()
    }
    deals, figures = deals[order], figure[order]

    def amount_then(places: NDArray[Any]) -> NDArray[Any]:
        shown, sides = deals[places], (ends.opening, ends.closing)
        at_side = [figures[places] == _AT[name] for name in ("opening", "closing")]
        then = np.where(at_side[0], *(side.amount[shown] for side in sides))
        known = [picked & side.known[shown] for picked, side in zip(at_side, sides, strict=True)]
        return only(known[0] | known[1], then.astype(object))

    def named(places: NDArray[Any]) -> NDArray[Any]:
        words: NDArray[Any] = np.array(FIGURES, dtype=object)[figures[places]]
        return words

    return Evidence(deals, blocks, {"figure": named, "amount_then": amount_then})

"""Why deals were lost: a Pareto in which empty reasons are a row inside the 100 %."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from crmcli.domain.metrics.closings import closed_in, fields_at_close, reopened_losses
from crmcli.domain.metrics.evidence import Block, Evidence, contiguous
from crmcli.domain.metrics.funnel import END_UNKNOWN
from crmcli.domain.metrics.gaps import empty, filled, only
from crmcli.domain.metrics.grouping import group, month_names
from crmcli.domain.metrics.layers import Layer, without_amount
from crmcli.domain.metrics.money import Fen, tally
from crmcli.domain.metrics.population import MISSING
from crmcli.domain.metrics.rate import Rate, share
from crmcli.domain.metrics.timeline import LOST, Standing, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from crmcli.domain.metrics.period import Period

Sort = Literal["n", "amount"]


@dataclass(frozen=True, slots=True)
class LossRow:
    """One reason of one group: deals, amounts, its share of the group's losses and the running share.

    `previous` is the same reason's count in the period before; None where nothing is comparable.
    """

    group: tuple[str, ...]
    reason: str
    n: int
    no_amount: int
    amounts: dict[str, Fen]
    share: Rate
    cumulative: Rate
    previous: int | None


@dataclass(frozen=True, slots=True)
class CrossRow:
    """One reason against the columns of a cross table; `counts` aligns with the table's `names`."""

    reason: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cross:
    """Losses by reason and by another field, and the deals behind them; the key of a whole row is `n`."""

    names: tuple[str, ...]
    rows: tuple[CrossRow, ...]
    evidence: Evidence


def lost_in(stand: Standing, period: Period) -> NDArray[Any]:
    """Return the positions of the deals whose last close is a loss in `period` that still holds."""
    closed = closed_in(stand, period)
    lost: NDArray[Any] = closed[stand.status[closed] == LOST]
    return lost


def reasons(line: Timeline, stand: Standing, picked: NDArray[Any]) -> NDArray[Any]:
    """Return the reason of each deal's last loss: the event's, else the deal's, else 未填.

    What the deal holds may be the reason of another of its losses: then it says nothing of this one.
    """
    import numpy as np

    last = stand.last[picked]
    said = only(last >= 0, line.reason[last]) if len(line.reason) else np.full(len(picked), None, dtype=object)
    noted = line.deals["loss_reason"].iloc[picked].to_numpy(dtype=object)
    asked = np.flatnonzero(empty(said) & ~empty(noted))
    if not len(asked):
        return filled(said, MISSING)
    is_asked = np.zeros(line.size, dtype=bool)
    is_asked[picked[asked]] = True
    told = np.flatnonzero((line.kind == LOST) & is_asked[line.deal])
    of_losses = set(zip(line.deal[told].tolist(), line.reason[told].tolist(), strict=True))
    for at in asked.tolist():
        if (int(picked[at]), noted[at]) not in of_losses:
            said[at] = noted[at]
    return filled(said, MISSING)


def losses(line: Timeline, stand: Standing, period: Period, *, home: str, by: tuple[str, ...] = (),
           sort: Sort = "n") -> tuple[tuple[LossRow, ...], Evidence]:  # fmt: skip
    """Return the Pareto rows, group by group, the largest first (by count, or by home amount), and the deals behind.

    Raises:
        UnknownGroupingError: A key of `by` is not a field of a deal, `month` (the month of the loss) or `stage`.
    """
    import numpy as np

    picked = lost_in(stand, period)
    extra = _groupings(line, stand, picked)
    groups = group(line, picked, by, extra)
    why = group(line, picked, ("reason",), {"reason": reasons(line, stand, picked)})
    width, codes = why.count, groups.codes
    table = tally(line, picked, codes * width + why.codes, groups.count * width, home=home)
    weight = table.n if sort == "n" else table.sums[home]
    names = [label[0] for label in why.labels]
    before = _previous(line, stand, period, by)
    rows: list[LossRow] = []
    place = np.zeros(groups.count * width, dtype="int64")
    for g, label in enumerate(groups.labels):
        cells = [g * width + r for r in range(width) if table.n[g * width + r]]
        cells.sort(key=lambda cell: (-int(weight[cell]), names[cell % width] == MISSING, names[cell % width]))
        total, running = int(sum(table.n[cell] for cell in cells)), 0
        for cell in cells:
            n, reason = int(table.n[cell]), names[cell % width]
            running += n
            place[cell] = len(rows)
            rows.append(LossRow(
                label, reason, n, int(table.unknown[cell]), table.amounts(cell), share(n, total), share(running, total),
                None if before is None else before[(*label, reason)],
            ))  # fmt: skip
    order = np.lexsort((picked, stand.closed[picked], place[codes * width + why.codes]))
    firsts = np.cumsum([0, *(row.n for row in rows)]).tolist()
    blocks = {(at, "n"): Block(firsts[at], row.n) for at, row in enumerate(rows)}
    first = 0
    for at, row in enumerate(rows):
        first = firsts[at] if at and row.group != rows[at - 1].group else first
        for key, rate in (("share", row.share), ("cumulative_share", row.cumulative)):
            blocks[at, key] = Block(first, rate.denominator)
    marks = {"reason": reasons(line, stand, picked[order]), "lost_stage": lost_stages(stand, picked[order])}
    return tuple(rows), Evidence(picked[order], blocks, marks)


def loss_layers(line: Timeline, stand: Standing, period: Period, evidence: Evidence, rows: tuple[LossRow, ...],
                by: tuple[str, ...]) -> Iterator[Layer]:  # fmt: skip
    """Return the losses without an amount, those of the period before, and both periods' together."""
    import numpy as np

    yield without_amount(line, evidence, "n")
    before = comparable(line, period)
    if before is None:
        return
    row_of = {(*row.group, row.reason): at for at, row in enumerate(rows)}
    picked = lost_in(stand, before)
    extra = _groupings(line, stand, picked) | {"reason": reasons(line, stand, picked)}
    groups = group(line, picked, (*by, "reason"), extra)
    row = np.array([row_of.get(label, -1) for label in groups.labels], dtype="int64")[groups.codes]
    deals, row = picked[row >= 0], row[row >= 0]
    yield Layer("previous_n", deals, row)
    places, own = evidence.behind("n")
    yield Layer("change", np.r_[evidence.order[places], deals], np.r_[own, row])


def _groupings(line: Timeline, stand: Standing, picked: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Return what lost deals are grouped by as of the loss."""
    own = {"month": month_names(stand.closed[picked]), "stage": lost_stages(stand, picked)}
    return own | fields_at_close(line, picked)


def _previous(line: Timeline, stand: Standing, period: Period, by: tuple[str, ...]) -> Counter[tuple[str, ...]] | None:
    """Return the counts by group and reason in the period before."""
    before = comparable(line, period)
    if before is None:
        return None
    picked = lost_in(stand, before)
    extra = _groupings(line, stand, picked) | {"reason": reasons(line, stand, picked)}
    groups = group(line, picked, (*by, "reason"), extra)
    return Counter(groups.labels[code] for code in groups.codes.tolist())


def comparable(line: Timeline, period: Period) -> Period | None:
    """Return the period before, None where there is none or where the data begin only after it began."""
    import numpy as np

    before = period.previous
    known = line.start[~np.isnat(line.start)]
    if before is None or before.start is None or not len(known):
        return None
    return before if known.min() < np.datetime64(before.start, "us") + np.timedelta64(1, "D") else None


def lost_stages(stand: Standing, picked: NDArray[Any]) -> NDArray[Any]:
    """Return the last open stage of each deal before its loss, 终止阶段未知 where none is known."""
    return filled(stand.open_stage[picked], END_UNKNOWN)


def cross(line: Timeline, stand: Standing, period: Period, key: str, ordered: tuple[str, ...]) -> Cross:
    """Return the losses by reason (in the order `ordered`) and by `key`: stage, month or a field of a deal.

    Stages stand in rank order, everything else by name; 未填 and 终止阶段未知 last.
    """
    import numpy as np

    picked = lost_in(stand, period)
    extra = _groupings(line, stand, picked)
    columns = group(line, picked, (key,), extra)
    names = [label[0] for label in columns.labels]
    ranks = {name: rank for rank, name in enumerate(line.stages.names)} if key == "stage" else {}
    last = {MISSING, END_UNKNOWN}
    shown = sorted(names, key=lambda name: (name in last, ranks.get(name, len(ranks)), name))
    counts = np.zeros((len(ordered), len(names)), dtype="int64")
    row = {reason: at for at, reason in enumerate(ordered)}
    rows = np.array([row[reason] for reason in reasons(line, stand, picked).tolist()], dtype="int64")
    np.add.at(counts, (rows, columns.codes), 1)
    place = [names.index(name) for name in shown]
    table = counts[:, place].tolist()
    column = np.argsort(np.array(place, dtype="int64"))[columns.codes]
    order = np.lexsort((picked, column, rows))
    blocks = {(key // len(shown), shown[key % len(shown)]): block
              for key, block in contiguous((rows * len(shown) + column)[order]).items()}  # fmt: skip
    blocks |= {(at, "n"): block for at, block in contiguous(rows[order]).items()}
    marks = {"reason": reasons(line, stand, picked[order]), "lost_stage": lost_stages(stand, picked[order])}
    found = tuple(CrossRow(reason, tuple(table[at])) for at, reason in enumerate(ordered))
    return Cross(tuple(shown), found, Evidence(picked[order], blocks, marks))


def reopened(line: Timeline, stand: Standing, period: Period) -> Evidence:
    """Return the deals that were lost in `period` and no longer are; they stand beside the Pareto, not in it."""
    picked = reopened_losses(line, stand, period)
    return Evidence(picked, {(0, "n"): Block(0, len(picked))})

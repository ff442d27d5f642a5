"""The open deals by present stage: a snapshot, never a conversion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.ages import days_between
from crmcli.domain.metrics.evidence import Evidence, contiguous
from crmcli.domain.metrics.gaps import filled
from crmcli.domain.metrics.grouping import group, month_names
from crmcli.domain.metrics.layers import Layer, some_of, without_amount
from crmcli.domain.metrics.money import Fen, currencies, fen, tally
from crmcli.domain.metrics.population import MISSING
from crmcli.domain.metrics.timeline import OPEN, UNKNOWN, Standing, Timeline
from crmcli.domain.metrics.visits import entries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class PipelineRow:
    """Open deals of one group in one stage.

    Attributes:
        weighted: Sum of amount x probability in fen by currency, of deals where both are known; None if none is.
        no_probability: Deals without a probability; they are not in `weighted`.
        median_age: Median days since the present stage was entered, of the `aged` deals with a recorded entry of which
            the day is known.
        overdue: Deals whose expected close lies before the day of the snapshot.
        no_next: Deals without a planned next step; None where plans are not known.
    """

    group: tuple[str, ...]
    stage: str
    n: int
    no_amount: int
    amounts: dict[str, Fen]
    weighted: dict[str, Fen]
    no_probability: int
    median_age: float | None
    aged: int
    overdue: int
    no_close_date: int
    no_next: int | None


def pipeline(
    line: Timeline, stand: Standing, *, home: str, by: tuple[str, ...] = ()
) -> tuple[tuple[PipelineRow, ...], Evidence]:
    """Return the open deals by group and present stage: in rank order, then unknown stages, then 未填.

    Raises:
        UnknownGroupingError: A key of `by` is not a field of a deal or `month` (of the expected close).
    """
    import numpy as np

    picked = np.flatnonzero(stand.status == OPEN)
    closes = line.times("expected_close")[picked]
    groups = group(line, picked, by, {"month": month_names(closes)})
    names, stage = _present_stages(line, stand, picked)
    width = len(names)
    codes = groups.codes * width + stage
    order = np.lexsort((picked, -fen(line, picked)[0], codes))
    picked, codes, closes = picked[order], codes[order], closes[order]
    table = tally(line, picked, codes, groups.count * width, home=home)
    blocks = contiguous(codes)
    weigh = weighted_amounts(line, picked)
    ages = _ages(line, stand, picked)
    plans = _without_plan(line, picked, stand)
    late = closes < stand.at.astype("datetime64[D]")
    rows = []
    known = [
        code for code in range(groups.count * width) if code in blocks or (not by and code < len(line.stages.names))
    ]
    for code in known:
        block = blocks.get(code)
        part = slice(block.first, block.first + block.count) if block else slice(0, 0)
        aged = ages[part][~np.isnan(ages[part])]
        rows.append(PipelineRow(
            group=groups.labels[code // width], stage=names[code % width], n=int(table.n[code]),
            no_amount=int(table.unknown[code]), amounts=table.amounts(code),
            weighted=_sum_weighted(line, picked[part], weigh[part], tuple(table.sums), home),
            no_probability=int(line.deals["probability"].isna().to_numpy()[picked[part]].sum()),
            median_age=round(float(np.median(aged)), 1) if len(aged) else None, aged=len(aged),
            overdue=int(late[part].sum()),
            no_close_date=int(np.isnat(closes[part]).sum()),
            no_next=None if plans is None else int(plans[part].sum()),
        ))  # fmt: skip
    firsts = {(at, "n"): blocks[code] for at, code in enumerate(known) if code in blocks}
    return tuple(rows), Evidence(picked, firsts, {"expected_close": closes.astype("datetime64[D]")})


def pipeline_layers(line: Timeline, stand: Standing, evidence: Evidence) -> Iterator[Layer]:
    """Return the deals behind the figures that are of some of a row's open deals."""
    import numpy as np

    picked, closes = evidence.order, np.asarray(evidence.marks["expected_close"])
    weights = weighted_amounts(line, picked)
    yield some_of("weighted", evidence, "n", ~np.isnan(weights), worth=weights)
    yield without_amount(line, evidence, "n")
    yield some_of("no_probability", evidence, "n", line.deals["probability"].isna().to_numpy()[picked])
    yield some_of("aged", evidence, "n", ~np.isnan(_ages(line, stand, picked)), also=("median_age",))
    yield some_of("overdue", evidence, "n", closes < stand.at.astype("datetime64[D]"))
    yield some_of("no_close_date", evidence, "n", np.isnat(closes))
    plans = _without_plan(line, picked, stand)
    if plans is not None:
        yield some_of("no_next", evidence, "n", plans)


def _present_stages(line: Timeline, stand: Standing, picked: NDArray[Any]) -> tuple[list[str], NDArray[Any]]:
    """Return stage names in the order of the rows and each deal's place in them."""
    import numpy as np

    present = filled(stand.open_stage[picked], MISSING).tolist()
    own = sorted(set(present) - set(line.stages.names) - {MISSING})
    names = [*line.stages.names, *own, MISSING]
    place = {name: at for at, name in enumerate(names)}
    return names, np.array([place[name] for name in present], dtype="int64")


def weighted_amounts(line: Timeline, picked: NDArray[Any]) -> NDArray[Any]:
    """Return amount x probability in fen, rounded a deal; NaN where one of them is unknown."""
    import numpy as np
    import pandas as pd

    chance = pd.to_numeric(line.deals["probability"]).astype("float64").to_numpy()[picked]
    amount, known = fen(line, picked)
    return np.round(np.where(known, amount * chance, np.nan))


def _sum_weighted(line: Timeline, picked: NDArray[Any], weights: NDArray[Any], names: tuple[str, ...],
                  home: str) -> dict[str, Fen]:  # fmt: skip
    import numpy as np

    known = ~np.isnan(weights)
    if len(picked) and not known.any():
        return dict.fromkeys(names)
    own, currency = currencies(line, picked, home)
    places = {name: place for place, name in enumerate(own)}
    return {name: int(weights[known & (currency == places.get(name, -1))].sum()) for name in names}


def entered_between(line: Timeline, stand: Standing) -> NDArray[Any]:
    """Return the positions of the open deals whose present stage was entered between two versions of a sheet."""
    import numpy as np

    last = stand.last
    return np.flatnonzero((stand.status == OPEN) & (last >= 0) & np.r_[line.between & ~line.inferred, False][last])


def _ages(line: Timeline, stand: Standing, picked: NDArray[Any]) -> NDArray[Any]:
    """Return days since each deal entered its present stage; NaN where no entry with a time is recorded."""
    import numpy as np

    last = entries(line, stand)[picked]
    if not len(line.kind):
        return np.full(len(picked), np.nan)
    known = ~line.inferred[last] & ~line.between[last] & (last >= 0)
    moved = ((line.kind[last] == OPEN) | (line.kind[last] == UNKNOWN)) & known
    entered = line.at[last]  # noqa: PD008 (an array)
    return np.where(moved, days_between(entered, stand.at), np.nan)


def _without_plan(line: Timeline, picked: NDArray[Any], stand: Standing) -> NDArray[Any] | None:
    """Return which deals have no next step planned for the snapshot's day or later; None if plans are not known."""
    import numpy as np

    if "next_at" not in line.deals:
        return None
    plans = line.times("next_at")[picked]
    bare: NDArray[Any] = np.isnat(plans) | (plans < stand.at.astype("datetime64[D]"))
    return bare

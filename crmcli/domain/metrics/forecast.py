"""The forecast: open deals by month of expected close, weighted by chance; what cannot be placed stands apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.closings import closed_in, fields_at_close
from crmcli.domain.metrics.evidence import Block, Evidence, contiguous
from crmcli.domain.metrics.gaps import filled, only
from crmcli.domain.metrics.grouping import Groups, group, month_names
from crmcli.domain.metrics.layers import Layer, some_of
from crmcli.domain.metrics.money import Fen, currencies, fen, tally
from crmcli.domain.metrics.outlook import BUCKETS, CATEGORIES, DUE, Outlook, outlook
from crmcli.domain.metrics.period import Period, months_before
from crmcli.domain.metrics.population import MISSING
from crmcli.domain.metrics.targets import Level, Wanted, wanted_in, wanted_of
from crmcli.domain.metrics.timeline import WON, Standing, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

Sums = dict[str, Fen]
"""Fen by currency."""


@dataclass(frozen=True, slots=True)
class ForecastRow:
    """Deals of one group that are expected to close in a month, and those won in it; sums in fen by currency.

    `categories` are the open amounts by `CATEGORIES`, `target` whom the row is measured against, None: no target.
    """

    group: tuple[str, ...]
    month: str
    n: int
    amounts: Sums
    weighted: Sums
    categories: dict[str, Sums]
    won: int
    amounts_won: Sums
    target: Wanted | None


@dataclass(frozen=True, slots=True)
class BucketRow:
    """Open deals that the forecast cannot place, of one group, and why."""

    group: tuple[str, ...]
    bucket: str
    n: int
    amounts: Sums
    no_amount: int


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target, what was won in its days so far, and what is open to close in them: amounts in the own currency."""

    wanted: Wanted
    won: int
    amount_won: int
    n: int
    amount: int
    weighted: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """The whole forecast. `outside` open deals are expected to close outside the period asked for."""

    rows: tuple[ForecastRow, ...]
    buckets: tuple[BucketRow, ...]
    targets: tuple[TargetRow, ...]
    behind_rows: Evidence
    behind_buckets: Evidence
    behind_targets: Evidence
    open: int
    outside: int
    sources: dict[str, int]


def shown_months(period: Period, today: date) -> Period:
    """Return the days that a forecast covers: from the month of `today` on, or whole months of the period asked for."""
    start = (period.start or today).replace(day=1)
    end = period.end
    if end is not None and end.day != 1:
        end = months_before(end.replace(day=1), -1)
    return Period(start, end)


def forecast(
    line: Timeline, stand: Standing, today: date, period: Period, *, home: str, by: tuple[str, ...] = ()
) -> Forecast:
    """Return the forecast as of a standing whose local day is `today`; `by` without `month`, which is always a row.

    Raises:
        UnknownGroupingError: A key of `by` is not a field of a deal.
    """
    import numpy as np

    seen, span = outlook(line, stand, today), shown_months(period, today)
    due = np.flatnonzero((seen.place == DUE) & span.covers(seen.closes.astype("datetime64[us]")))
    won = closed_in(stand, span)
    won = won[stand.status[won] == WON]
    wanted = wanted_of(line.population.targets)
    rows, behind = _rows(line, stand, seen, due, won, by=by, home=home, wanted=wanted)
    buckets, behind_buckets = _buckets(line, seen, by=by, home=home)
    targets, behind_targets = _targets(line, stand, seen, [one for one in wanted if _meets(one.span, span)], home)
    names, counts = np.unique(filled(seen.source[seen.place == DUE], "").astype(str), return_counts=True)
    outside = int((seen.place == DUE).sum()) - len(due)
    return Forecast(rows, buckets, targets, behind, behind_buckets, behind_targets, len(seen.picked), outside,
                    dict(zip(names.tolist(), counts.tolist(), strict=True)))  # fmt: skip


def forecast_layers(line: Timeline, found: Forecast, home: str) -> Iterator[Layer]:
    """Return the open deals by category, and what the sums of categories add up: won ones and those of some of them."""
    import numpy as np

    behind = found.behind_rows
    category = np.asarray(behind.marks["category"])
    for key in CATEGORIES:
        yield some_of(key, behind, "n", category == key, worth="amount_fen")
    at_home = currencies(line, behind.order, home)[1] == 0
    places, rows = (np.r_[one, other] for one, other in zip(behind.behind("won"), behind.behind("n"), strict=True))
    for last, key in enumerate(CATEGORIES[:-1], 1):
        inside = np.isin(category[places], ("closed", *CATEGORIES[:last])) & at_home[places]
        yield Layer(f"{key}_cumulative", behind.order[places[inside]], rows[inside], worth="amount_fen")


def _meets(one: Period, other: Period) -> bool:
    return (other.end is None or one.start is None or one.start < other.end) and (
        one.end is None or other.start is None or one.end > other.start
    )


def _rows(
    line: Timeline, stand: Standing, seen: Outlook, due: NDArray[Any], won: NDArray[Any], *, by: tuple[str, ...],
    home: str, wanted: tuple[Wanted, ...],
) -> tuple[tuple[ForecastRow, ...], Evidence]:  # fmt: skip
    import numpy as np

    picked = np.r_[seen.picked[due], won]
    months = np.r_[month_names(seen.closes[due]), month_names(stand.closed[won])]
    groups = group(line, picked, (*by, "month"), {"month": months} | _owners(line, picked, len(due), won))
    is_won = np.arange(len(picked)) >= len(due)
    weighted = np.r_[seen.weighted[due], np.zeros(len(won), dtype="int64")]
    category = np.r_[seen.category[due], np.zeros(len(won), dtype="int64")]
    order = np.lexsort((picked, is_won, groups.codes))
    picked, is_won, weighted, category = picked[order], is_won[order], weighted[order], category[order]
    codes = groups.codes[order]
    ends = tally(line, picked, codes * 2 + is_won, groups.count * 2, home=home).shaped(groups.count, 2)
    kinds = tally(line, picked[~is_won], codes[~is_won] * len(CATEGORIES) + category[~is_won],
                  groups.count * len(CATEGORIES), home=home).shaped(groups.count, len(CATEGORIES))  # fmt: skip
    weighed = _sums(line, picked, codes, weighted, groups.count, home)
    blocks, rows = contiguous(codes * 2 + is_won), []
    for code, (*label, month) in enumerate(groups.labels):
        rows.append(ForecastRow(
            group=tuple(label), month=month, n=int(ends.n[code, 0]), amounts=ends.amounts((code, 0)),
            weighted={name: int(sums[code]) for name, sums in weighed.items()},
            categories={key: {name: int(kinds.sums[name][code, at] if name in kinds.sums else 0) for name in ends.sums}
                        for at, key in enumerate(CATEGORIES)},
            won=int(ends.n[code, 1]), amounts_won=ends.amounts((code, 1)),
            target=_target(wanted, by, tuple(label), month),
        ))  # fmt: skip
    figures = {(code // 2, key): block for code, block in blocks.items()
               for key in (("won", "amount_won") if code % 2 else ("n", "amount", "weighted"))}  # fmt: skip
    marks = {"month": np.asarray(groups.labels, dtype=object)[codes, -1] if len(codes) else codes.astype(object)}
    chance, source = _aligned(seen, due, len(won), order)
    marks |= {
        "category": np.where(is_won, "closed", np.array(CATEGORIES, dtype=object)[category]),
        "probability": chance,
        "probability_source": source,
        "weighted": np.where(is_won, None, weighted),
    }
    return tuple(rows), Evidence(picked, figures, marks)


def _aligned(seen: Outlook, due: NDArray[Any], won: int, order: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return probabilities and their sources of the open deals, then None for the won ones, in order."""
    import numpy as np

    nothing = np.full(won, None, dtype=object)
    return np.r_[_known(seen.chance[due]), nothing][order], np.r_[seen.source[due], nothing][order]


def _known(chance: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    return only(~np.isnan(chance), chance.astype(object))


def _owners(line: Timeline, picked: NDArray[Any], first_won: int, won: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Return whose the deals are: the open ones their present owner's, the won ones whose they were at the close."""
    import numpy as np

    at_close = fields_at_close(line, won)
    present = {key: line.deals[key].astype(object).to_numpy()[picked[:first_won]] for key in at_close}
    return {key: np.r_[present[key], values] for key, values in at_close.items()}


def _sums(
    line: Timeline, picked: NDArray[Any], codes: NDArray[Any], values: NDArray[Any], size: int, home: str
) -> dict[str, NDArray[Any]]:
    """Return sums of `values` by group code, an array a currency."""
    import numpy as np

    names, place = currencies(line, picked, home)
    sums = np.zeros((len(names), size), dtype="int64")
    np.add.at(sums, (place, codes), values)
    return dict(zip(names, sums, strict=True))


def _target(wanted: tuple[Wanted, ...], by: tuple[str, ...], label: tuple[str, ...], month: str) -> Wanted | None:
    levels: dict[tuple[str, ...], Level] = {(): "company", ("team",): "team", ("owner",): "owner"}
    if by not in levels or month == MISSING:
        return None
    first = date.fromisoformat(f"{month}-01")
    return wanted_in(wanted, Period(first, months_before(first, -1)), levels[by], label[0] if label else "")


def _buckets(
    line: Timeline, seen: Outlook, *, by: tuple[str, ...], home: str
) -> tuple[tuple[BucketRow, ...], Evidence]:
    """Return one row a group and bucket; without groups every bucket is a row, an empty one too."""
    import numpy as np

    there = np.flatnonzero(seen.place != DUE)
    groups: Groups = group(line, seen.picked[there], by)
    codes = groups.codes * len(BUCKETS) + seen.place[there] - 1
    order = np.lexsort((seen.picked[there], codes))
    picked, codes = seen.picked[there][order], codes[order]
    table = tally(line, picked, codes, groups.count * len(BUCKETS), home=home)
    blocks = contiguous(codes)
    shown = sorted(blocks) if by else range(len(BUCKETS))
    rows = tuple(
        BucketRow(groups.labels[code // len(BUCKETS)], BUCKETS[code % len(BUCKETS)], int(table.n[code]),
                  table.amounts(code), int(table.unknown[code]))
        for code in shown
    )  # fmt: skip
    figures = {(at, key): blocks[code] for at, code in enumerate(shown) if code in blocks for key in ("n", "amount")}
    marks = {"bucket": np.array(BUCKETS, dtype=object)[codes % len(BUCKETS)],
             "expected_close": seen.closes[there][order],
             "probability": _known(seen.chance[there][order]),
             "probability_source": seen.source[there][order]}  # fmt: skip
    return rows, Evidence(picked, figures, marks)


def _targets(
    line: Timeline, stand: Standing, seen: Outlook, wanted: list[Wanted], home: str
) -> tuple[tuple[TargetRow, ...], Evidence]:
    """Return every target beside what was won and what is open to close in its days; amounts in `home` only."""
    import numpy as np

    everyone = np.arange(line.size)
    at_home = currencies(line, everyone, home)[1] == 0
    amount = np.where(at_home, fen(line, everyone)[0], 0)
    now = {key: line.deals[key].astype(object).to_numpy() for key in ("owner", "team")}
    then = now | fields_at_close(line, everyone)
    due = seen.picked[seen.place == DUE]
    closes = seen.closes[seen.place == DUE].astype("datetime64[us]")
    weights = np.where(at_home[due], seen.weighted[seen.place == DUE], 0)
    rows, chunks, first = [], [], 0
    figures: dict[tuple[int, str], Block] = {}
    for at, one in enumerate(wanted):
        won = closed_in(stand, one.span)
        won = won[stand.status[won] == WON]
        inside = one.span.covers(closes)
        if one.level != "company":
            won, inside = won[then[one.level][won] == one.who], inside & (now[one.level][due] == one.who)
        mine = due[inside]
        rows.append(TargetRow(one, len(won), int(amount[won].sum()), len(mine), int(amount[mine].sum()),
                              int(weights[inside].sum())))  # fmt: skip
        for keys, deals in ((("won", "amount_won"), won), (("n", "amount", "weighted"), mine)):
            figures |= {(at, key): Block(first, len(deals)) for key in keys}
            chunks.append(deals)
            first += len(deals)
    order = np.concatenate(chunks) if chunks else np.empty(0, dtype="int64")
    return tuple(rows), Evidence(order, figures)

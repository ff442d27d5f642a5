"""Funnel, pipeline and flow by brute force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .seen import NONE, Asked, Seen, of_shown, quantile, rank_of, rate, summed
from .stays import visits
from .told import Deal

Row = dict[str, Any]


def _entered(seen: Seen) -> set[int]:
    return {one.rank for one in seen.events if one.rank and not one.inferred}


def _unknown(seen: Seen, rank: int) -> bool:
    """Return whether nobody knows if it entered a stage: before the first recorded event, or one that it only left."""
    if rank in _entered(seen):
        return False
    real = [one for one in seen.events if not one.inferred]
    if not real:
        return True
    left = real[0].left
    if real[0].kind != "open" and left is None:
        return True
    before = rank_of(left, seen.ladder) or (len(seen.ladder) if left else 0)
    return rank <= before or seen.ladder[rank - 1] in {one.left for one in real}


def _steps_back(seen: Seen) -> set[int]:
    """Return the ranks it stepped back from; where nothing is known before an event, what it was told to have left."""
    real = [one for one in seen.events if not one.inferred]
    pairs = [(before.name if before else one.left, one) for before, one in zip([None, *real], real, strict=False)]
    return {rank for left, one in pairs if (rank := rank_of(left, seen.ladder)) and one.rank and one.rank < rank}


def _later(seen: Seen, rank: int) -> bool:
    """Return whether it entered the next stage, or was won, after it had entered this one."""
    entries = [place for place, one in enumerate(seen.events) if one.rank == rank and not one.inferred]
    rest = seen.events[entries[0] + 1 :]
    return any(one.rank == rank + 1 for one in rest) or seen.status == "won"


def funnel(deals: Sequence[Deal], asked: Asked) -> dict[str, list[Row]]:
    """Return the rows by group: stages in order, then the won row."""
    began = [one for one in of_shown(deals, asked) if one.counted]
    groups: dict[str, list[Seen]] = {}
    for one in began:
        groups.setdefault(one.group() if asked.by else "", []).append(one)
    return {
        name: [_row(group, rank, asked.ladder) for rank in range(1, len(asked.ladder) + 2)]
        for name, group in (groups or ({} if asked.by else {"": []})).items()
    }


def _row(group: Sequence[Seen], rank: int, ladder: tuple[str, ...]) -> Row:
    reached = [one for one in group if rank == 1 or one.top >= rank]
    amounts = [(one, one.amount()) for one in reached]
    first = [(one, one.amount_first) for one in reached]
    row: Row = {
        "stage": "赢单" if rank > len(ladder) else ladder[rank - 1],
        "reached": len(reached),
        "cumulative_rate": rate(len(reached), len(group)),
        "amount": summed(amounts),
        "amount_usd": summed(amounts, "USD"),
        "no_amount": sum(value is None for _, value in amounts),
        "amount_first": summed(first),
        "amount_first_usd": summed(first, "USD"),
    }
    if rank > len(ladder):
        return row
    nowhere = [one for one in reached if one.nowhere] if rank == 1 else []
    here = [one for one in reached if one not in nowhere and max(one.top, 1) == rank]
    on = sum(one.top > rank for one in reached)
    entered = [one for one in group if rank in _entered(one)]
    unknown = sum(_unknown(one, rank) for one in reached)
    open_here = sum(one.status == "open" for one in here)
    placed = len(reached) - len(nowhere)
    lost_way = sum(bool(one.nowhere) for one in group)  # any of them may have come here, none of them was won
    could = lost_way if rank < len(ladder) else 0
    return row | {
        "step_rate": rate(on, placed),
        "step_rate_numerator": on,
        "step_rate_denominator": placed,
        "decided_rate": rate(on, len(reached) - open_here),
        "entered": len(entered),
        "entry_unknown": unknown,
        "skipped": len(reached) - len(entered) - unknown,
        "regressed": sum(rank in _steps_back(one) for one in group),
        "lost_here": sum(one.status == "lost" for one in here),
        "void_here": sum(one.status == "void" for one in here),
        "open_here": open_here,
        "unplaced": len(nowhere),
        "balance": 0,
        "step_rate_low": rate(on, placed + lost_way) if lost_way else None,
        "step_rate_high": rate(on + could, placed + could) if lost_way else None,
    }


def unplaced(deals: Sequence[Deal], asked: Asked) -> dict[str, int]:
    """Return how many have no place in the funnel, by line; 无日期 are those without a start."""
    began = [one for one in of_shown(deals, asked) if one.counted]
    lines: dict[str, int] = {}
    for one in began:
        if one.nowhere:
            lines[one.nowhere] = lines.get(one.nowhere, 0) + 1
    undated = sum(one.start is None for one in of_shown(deals, asked))
    return lines | ({"无日期": undated} if undated else {})


def visited(deals: Sequence[Deal], asked: Asked) -> list[Row]:
    """Return what really entered each stage, and of those who went on."""
    began = [one for one in of_shown(deals, asked) if one.counted]
    rows = []
    for rank, name in enumerate(asked.ladder, 1):
        entered = [one for one in began if rank in _entered(one)]
        on = sum(_later(one, rank) for one in entered)
        rows.append({"stage": name, "reached": len(entered), "step_rate": rate(on, len(entered)),
                     "step_rate_numerator": on, "step_rate_denominator": len(entered)})  # fmt: skip
    return [*rows, {"stage": "赢单", "reached": sum(one.status == "won" for one in began)}]


def strict(deals: Sequence[Deal], asked: Asked) -> list[Row]:
    """Return who came to each stage through all stages before it, in order."""
    began = [one for one in of_shown(deals, asked) if one.counted]
    last = len(asked.ladder)
    reached = [0] * (last + 1)
    for one in began:
        rank = 0
        for event in one.events:
            rank += event.rank == rank + 1 and not event.inferred
        reached[:rank] = [count + 1 for count in reached[:rank]]
        reached[last] += rank == last and one.status == "won"
    rows = [{"stage": name, "reached": reached[place], "step_rate": rate(reached[place + 1], reached[place])}
            for place, name in enumerate(asked.ladder)]  # fmt: skip
    return [*rows, {"stage": "赢单", "reached": reached[last]}]


def pipeline(deals: Sequence[Deal], asked: Asked) -> dict[tuple[str, ...], Row]:
    """Return the open ones by present stage."""
    groups: dict[tuple[str, ...], list[Seen]] = {}
    for one in of_shown(deals, asked):
        if one.status == "open":
            key = (one.stage or NONE,)
            groups.setdefault((one.group(), *key) if asked.by else key, []).append(one)
    return {key: _open_row(group, asked) for key, group in groups.items()}


def _open_row(group: Sequence[Seen], asked: Asked) -> Row:
    ages = [last.days for one in group for last in visits(one)[-1:] if last.left is None and last.days is not None]
    amounts = [(one, one.amount()) for one in group]
    weighted = [(one, one.weighted) for one in group]
    return {
        "n": len(group),
        "amount": summed(amounts),
        "amount_usd": summed(amounts, "USD"),
        "weighted": summed(weighted),
        "weighted_usd": summed(weighted, "USD"),
        "no_amount": sum(value is None for _, value in amounts),
        "no_probability": sum(one.chance is None for one in group),
        "aged": len(ages),
        "median_age": quantile(ages, 0.5) if ages else None,
        "overdue": sum(one.close is not None and one.close < asked.at.date().isoformat() for one in group),
        "no_close_date": sum(one.close is None for one in group),
    }

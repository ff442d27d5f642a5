"""Reports against a calculation by brute force that was written from the definitions and not from the code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from . import closes, compare, stages
from .ask import chosen, compared, differences, keyed, tables
from .play import World
from .seen import Asked

QUICK = range(3)
LEFT_OUT = {
    "loss: a reason that an undone import brought": "the play writes none",
    "opportunities that went to another pipeline, or were merged": "nobody does so in the play",
}


def _funnel(world: World, asked: Asked) -> Iterator[str]:
    found = tables(world, "funnel", asked)
    wanted = {((name, row["stage"]) if asked.by else (row["stage"],)): row
              for name, rows in stages.funnel(world.deals, asked).items() for row in rows}  # fmt: skip
    yield from compared(keyed(found["funnel"], asked.by, "stage"), wanted, "funnel")
    whole = replace(asked, by="")
    if not asked.by:
        lines = {row["stage"]: row["n"] for row in found.get("unplaced", [])}
        yield from differences({"lines": lines}, {"lines": stages.unplaced(world.deals, whole)}, "unplaced")
    for mode, rows in (("visited", stages.visited), ("strict", stages.strict)):
        wanted = {(row["stage"],): row for row in rows(world.deals, whole)}
        yield from compared(keyed(tables(world, "funnel", whole, mode=mode)["funnel"], "stage"), wanted, mode)


def _pipeline(world: World, asked: Asked) -> Iterator[str]:
    found = keyed(tables(world, "pipeline", asked)["pipeline"], asked.by, "stage")
    held = {key: row for key, row in found.items() if row["n"]}
    yield from compared(held, stages.pipeline(world.deals, asked), "pipeline")


def _winrate(world: World, asked: Asked) -> Iterator[str]:
    found = tables(world, "winrate", asked)
    wanted = {((name,) if asked.by else ()): row for name, row in closes.winrate(world.deals, asked).items()}
    yield from compared(keyed(found["winrate"], asked.by), wanted, "winrate")
    if asked.by:
        return
    yield from differences(found["cohort"][0], closes.by_cohort(world.deals, asked), "cohort")
    for table, key, rows in (("from_stage", "stage", closes.from_stage), ("competitor", "competitor", closes.against)):
        if table in found:
            wanted = {(name,): row for name, row in rows(world.deals, asked).items()}
            yield from compared(keyed(found[table], key), wanted, table)


def _loss(world: World, asked: Asked) -> Iterator[str]:
    asked = replace(asked, by="")
    found = tables(world, "loss", asked)
    wanted = {(name,): row for name, row in closes.loss(world.deals, asked).items()}
    yield from compared(keyed(found["loss"], "reason"), wanted, "loss")
    for table, counts in closes.crossed(world.deals, asked).items():
        got = {(row["reason"], column): n for row in found.get(table, []) for column, n in row.items()
               if column not in ("reason", "n") and n}  # fmt: skip
        yield from differences({"counts": got}, {"counts": dict(counts)}, table)
    opened = found["reopened"][0]["n"] if found.get("reopened") else 0
    yield from differences({"n": opened}, {"n": closes.reopened(world.deals, asked)}, "reopened")


def _cycle(world: World, asked: Asked) -> Iterator[str]:
    found = keyed(tables(world, "cycle", asked)["cycle"], asked.by, "outcome")
    found = {key: row for key, row in found.items() if row["n"] or row["excluded"]}
    yield from compared(found, closes.cycle(world.deals, asked), "cycle")


def _rep(world: World, asked: Asked) -> Iterator[str]:
    asked = replace(asked, by="")
    wanted = {(name,): row for name, row in closes.rep(world.deals, asked).items()}
    yield from compared(keyed(tables(world, "rep", asked)["rep"], "owner"), wanted, "rep")


REPORTS = (_funnel, _pipeline, _winrate, _loss, _cycle, _rep)


@pytest.mark.parametrize("seed", QUICK)
def test_every_figure_is_that_of_a_calculation_by_hand(play: Any, asked: Callable[[int], Asked], seed: int) -> None:
    world, question = play(seed), asked(seed)
    reports = chosen((*REPORTS, *(compare.REPORTS if seed == 0 else ())), (*REPORTS, *compare.REPORTS))
    assert [one for report in reports for one in report(world, question)] == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3, 200))
def test_every_figure_is_that_of_a_calculation_by_hand_on_200_seeds(
    play: Any, asked: Callable[[int], Asked], seed: int
) -> None:
    world, question = play(seed), asked(seed)
    some = [REPORTS[(seed + place) % len(REPORTS)] for place in range(3)]
    some += [compare.REPORTS[(seed + 3 * place) % len(compare.REPORTS)] for place in range(2 - seed % 2)]
    reports = chosen(some, (*REPORTS, *compare.REPORTS))
    assert [one for report in reports for one in report(world, question)] == []

"""Worlds by their seed, and what is asked of each: a moment, what was known then, a period, a breakdown."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from .play import World
from .seen import Asked
from .setting import RENEWAL, STANDARD, ZONE

Play = Callable[..., World]


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    """Return what plays a seed forward; `shuffled` brings the same rows in another order."""
    made: list[World] = []

    def player(seed: int, *, shuffled: bool = False, names: Callable[[str], str] = str) -> World:
        made.append(World(tmp_path / f"world{len(made)}", seed, names=names))
        return made[-1].play(shuffled=shuffled)

    yield player
    for world in made:
        world.end()


@pytest.fixture
def asked() -> Callable[[int], Asked]:
    """Return what is asked of a seed's world."""

    def choose(seed: int) -> Asked:
        dice = random.Random(f"asked {seed}")
        late = datetime(2026, 6, 30, 18, tzinfo=ZONE)
        at = dice.choice([datetime(2026, 3, 31, 23, tzinfo=ZONE), datetime(2026, 4, 15, 12, tzinfo=ZONE),
                          datetime(2026, 5, 22, 12, tzinfo=ZONE), late, late])  # fmt: skip
        known = dice.choice([None, None, datetime(2026, 4, 10, tzinfo=ZONE), datetime(2026, 5, 22, 12, tzinfo=ZONE),
                             datetime(2026, 6, 5, tzinfo=ZONE)])  # fmt: skip
        start, end = dice.choice([(None, None), (None, None), (date(2026, 1, 1), date(2026, 3, 1)),
                                  (date(2026, 2, 1), date(2026, 5, 16)), (date(2026, 4, 1), None)])  # fmt: skip
        return Asked(at, known, start, end, dice.choice(["", "", "owner", "team", "product", "source"]),
                     dice.choice(["", "", "", STANDARD, RENEWAL]))  # fmt: skip

    return choose

"""A thousand pairs of different firms that look alike, made by rule: none is merged without asking."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from crmcli.matching.find import find_duplicates

MAKER = Path(__file__).parents[2] / "benchmarks" / "lookalike_firms.py"
SEED = 4


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lookalike_firms", MAKER)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_no_two_different_firms_are_merged(maker: ModuleType) -> None:
    made = maker.make_lookalikes(SEED)
    assert len(made.pairs) == 1_000
    assert min(Counter(made.kinds).values()) >= 50
    assert maker.merged_of(made) == []


def test_the_pairs_look_alike_indeed(maker: ModuleType) -> None:
    made = maker.make_lookalikes(SEED)
    found = find_duplicates(made.batch)
    told = {frozenset(pair) for pair in zip(found.pairs.a, found.pairs.b, strict=True)}
    assert sum(frozenset(pair) in told for pair in made.pairs) > 500


def test_the_same_seed_makes_the_same_pairs(maker: ModuleType) -> None:
    assert maker.make_lookalikes(7) == maker.make_lookalikes(7)
    assert maker.make_lookalikes(7).batch.names != maker.make_lookalikes(8).batch.names

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from crmcli.matching.fitting import block_of, learn_m, monotone, shares

M = {"name": (0.8, 0.15, 0.05), "phone": (0.7, 0.3), "road": (0.6, 0.3, 0.1), "mail": (0.9, 0.1)}
U = {"name": (0.001, 0.02, 0.979), "phone": (0.001, 0.999), "road": (0.01, 0.09, 0.9), "mail": (0.0005, 0.9995)}
START = {field: np.full(len(m), 1 / len(m)) for field, m in M.items()}


def arrays(shares_of: Mapping[str, Any]) -> dict[str, Any]:
    return {field: np.array(share) for field, share in shares_of.items()}


def made_pairs(ones: int, twos: int, seed: int) -> dict[str, Any]:
    """Return field -> level per pair, drawn from M and U, a tenth unknown."""
    rng = np.random.default_rng(seed)
    pairs = {}
    for field, m in M.items():
        levels = np.concatenate(
            (rng.choice(len(m), ones, p=m), rng.choice(len(m), twos, p=U[field])),
        )
        pairs[field] = np.where(rng.random(ones + twos) < 0.1, 0, levels + 1).astype(np.int8)
    return pairs


def test_known_shares_are_recovered() -> None:
    levels = made_pairs(3_000, 6_000, seed=1)
    phones = levels["phone"] == 1
    names = levels["name"] == 1
    blocks = [
        block_of({f: v[phones] for f, v in levels.items()}, ["name", "road", "mail"]),
        block_of({f: v[names] for f, v in levels.items()}, ["phone", "road", "mail"]),
    ]
    learnt = learn_m(blocks, arrays(U), START, worth=1)
    for field, m in M.items():
        assert learnt.m[field] == pytest.approx(m, abs=0.03)
    assert learnt.matches["name"] == pytest.approx(3_000 * 0.9 * 0.7 * 0.9, rel=0.05)


def test_the_order_of_the_pairs_does_not_matter() -> None:
    levels = made_pairs(200, 400, seed=2)
    turned = {field: column[::-1] for field, column in levels.items()}
    first, second = (learn_m([block_of(one, list(M))], arrays(U), START, 10) for one in (levels, turned))
    for field in M:
        assert first.m[field].tolist() == second.m[field].tolist()


def test_little_data_moves_little() -> None:
    levels = made_pairs(10, 0, seed=3)
    learnt = learn_m([block_of(levels, list(M))], arrays(U), START, worth=10_000)
    for field in M:
        assert learnt.m[field] == pytest.approx(START[field], abs=0.001)


def test_nothing_learnt_leaves_what_was_expected() -> None:
    learnt = learn_m([], arrays(U), START, worth=10)
    assert all(learnt.m[field].tolist() == START[field].tolist() for field in M)
    assert set(learnt.matches.values()) == {0.0}


def test_shares_add_up() -> None:
    mixed = shares(np.array([3.0, 1.0]), np.array([0.5, 0.5]), 4)
    assert mixed.tolist() == [0.625, 0.375]


def test_weights_keep_their_order() -> None:
    assert monotone([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]) == [1.0, 2.0, 3.0]
    assert monotone([3.0, 1.0, 2.0], [1.0, 2.0, 3.0]) == [2.0, 2.0, 2.0]

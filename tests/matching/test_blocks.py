from __future__ import annotations

import numpy as np

from crmcli.matching.blocks import BLOCK_CAP, WINDOW, combine, pairs_in_blocks


def test_rows_with_one_code_are_paired_and_unknown_ones_are_not() -> None:
    rows = np.arange(5)
    codes = np.array([7, -1, 7, -1, 7])
    assert sorted(map(tuple, pairs_in_blocks(rows, codes, ()).tolist())) == [(0, 2), (0, 4), (2, 4)]


def test_a_crowded_block_is_parted_by_its_refinement() -> None:
    size = 2 * BLOCK_CAP
    finer = np.arange(size) // 2
    pairs = pairs_in_blocks(np.arange(size), np.zeros(size, dtype=np.int64), (finer,))
    assert sorted(map(tuple, pairs.tolist())) == [(i, i + 1) for i in range(0, size, 2)]


def test_what_stays_crowded_is_compared_with_its_neighbours() -> None:
    size = 3 * BLOCK_CAP
    pairs = pairs_in_blocks(np.arange(size), np.zeros(size, dtype=np.int64), ())
    assert set((pairs[:, 1] - pairs[:, 0]).tolist()) == set(range(1, WINDOW + 1))


def test_a_combination_with_an_unknown_part_is_unknown() -> None:
    combined = combine(np.array([1, 1, 2, 1]), np.array([3, 3, 3, -1]))
    assert combined[0] == combined[1] != combined[2]
    assert combined[3] == -1

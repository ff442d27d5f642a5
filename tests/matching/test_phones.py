"""Phones of cells, one by one and many at once."""

from __future__ import annotations

import numpy as np
import pytest

from crmcli.matching.phones import numbers_in, phones_in

CELLS = ["+8613800000000", "+862162345678;+8613800000000", "b;a;a"]


@pytest.mark.parametrize("odd", [[], ["+8613800000000;ext=801"], [" 123 "], ["1;;2"], [";"]])
def test_each_cell_gives_its_numbers(odd: list[str]) -> None:
    cells = [*CELLS, *odd]
    phones = phones_in(np.arange(-1, len(cells)), cells)
    said = [[phones.numbers[code] for code in row if code >= 0] for row in phones.codes.tolist()]
    assert said == [[], *map(numbers_in, cells)]
    assert phones.mobile[phones.codes[1, 0]]
    assert not phones.mobile[-1]

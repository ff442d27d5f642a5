from __future__ import annotations

import json

from crmcli.domain.said import Said
from crmcli.domain.tallies import SourceTally

ROWS = [
    Said("张伟", "赢单", "2026-06-01", "CNY", 100),
    Said("张伟", "输单", "2026-06-20", "USD", 7),
    Said("张伟", "赢单", None, "CNY", 50),
    Said(None, None, "2026-05-01"),
]


def test_rows_are_counted_by_owner_stage_and_month_and_currencies_apart() -> None:
    tally = SourceTally.of(ROWS)
    assert tally.rows == len(ROWS)
    assert tally.cells["owner"] == {("张伟", "CNY"): [2, 150], ("张伟", "USD"): [1, 7], (None, None): [1, 0]}
    assert tally.cells["stage"][("赢单", "CNY")] == [2, 150]
    assert tally.cells["month"][("2026-05", None)] == [1, 0]
    assert tally.sums() == {"CNY": 150, "USD": 7}


def test_a_tally_comes_back_from_json() -> None:
    tally = SourceTally.of(ROWS)
    back = SourceTally.from_json(json.loads(json.dumps(tally.as_json())))
    assert (back.rows, back.cells) == (tally.rows, tally.cells)

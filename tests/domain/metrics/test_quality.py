from __future__ import annotations

from typing import Any

from crmcli.domain.metrics.quality import differences


def test_equal_nights_do_not_differ_whatever_their_order() -> None:
    rows: list[dict[str, Any]] = [{"owner": "甲", "pool": "", "n": 2}, {"owner": "乙", "pool": "", "n": 1}]
    assert differences("2026-03-05", {"open_by_owner": rows}, {"open_by_owner": rows[::-1]}) == ()


def deals(status: str, stage: str, n: int, fen: int | None, bare: int) -> dict[str, Any]:
    counts = {"n": n, "amount_fen": fen, "without_amount": bare}
    return {"status": status, "stage": stage, "currency": "CNY"} | counts


def test_every_count_that_differs_is_told() -> None:
    kept = {"deals": [deals("open", "谈判", 2, 500, 0)]}
    now = {"deals": [deals("open", "谈判", 1, 500, 0), deals("won", "赢单", 1, None, 1)]}
    found = [(one.of, one.counted, one.kept, one.rebuilt) for one in differences("2026-03-05", kept, now)]
    assert found == [
        ("open / 谈判 / CNY", "n", 2, 1),
        ("won / 赢单 / CNY", "n", 0, 1),
        ("won / 赢单 / CNY", "without_amount", 0, 1),
    ]

from __future__ import annotations

import datetime as dt

import pytest

from crmcli.importers.readers.cell_text import cell_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("客户", "客户"), (None, ""), (True, "TRUE"), (False, "FALSE"), (0.0, "0"), (13800000000.0, "13800000000"),
        (12.5, "12.5"), (0.1 + 0.2, "0.3"), (-3, "-3"), (1.234567890123457e17, "1.23456789012346E+17"),
        (dt.date(2026, 3, 5), "2026-03-05"), (dt.datetime(2026, 3, 5), "2026-03-05"),  # noqa: DTZ001
        (dt.datetime(2026, 3, 5, 9, 59, 59, 999_900), "2026-03-05 10:00:00"),  # noqa: DTZ001
        (dt.time(10, 30), "10:30:00"), (dt.timedelta(hours=30, minutes=5), "30:05:00"), (float("inf"), "INF"),
    ],
)  # fmt: skip
def test_cells_become_the_text_that_people_see(value: object, text: str) -> None:
    assert cell_text(value) == text

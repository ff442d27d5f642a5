from __future__ import annotations

import pytest

from crmcli.domain.version_dates import SeveralDaysError, WrittenDay, day_in, with_years


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("商机表_0301", "03-01"),
        ("2026年3月1日商机", "2026-03-01"),
        ("商机20260301", "2026-03-01"),
        ("3.1商机表", "03-01"),
        ("商机表-2026.03.01-终版", "2026-03-01"),
        ("商机 2026_3_1", "2026-03-01"),
        ("２０２６０３０１商机", "2026-03-01"),
        ("商机260301", "2026-03-01"),
        ("26年3月1日", "2026-03-01"),
        ("3月1号商机(2)", "03-01"),
        ("商机表v1.2_0301", "03-01"),
        ("商机20260301_1130", "2026-03-01"),
        ("商机0301-0307", "03-07"),
        ("2026-03-02至2026-03-08周报", "2026-03-08"),
        ("0229商机", "02-29"),
    ],
)
def test_the_day_in_a_file_name(name: str, day: str) -> None:
    assert str(day_in(name)) == day


@pytest.mark.parametrize(
    "name", ["商机表", "商机表(最终版)2", "2026年3月商机", "商机表_1399", "商机表2026", "合同12345678"]
)
def test_a_name_without_a_day(name: str) -> None:
    assert day_in(name) is None


def test_a_name_with_two_days_says_none() -> None:
    with pytest.raises(SeveralDaysError, match="03-01, 04-02"):
        day_in("0301 商机 0402 修订")


def _with_years(*names: str, **said: object) -> list[str]:
    days = [day_in(name) or WrittenDay(1, 1) for name in names]
    return [str(day) for day in with_years(days, **said)]  # type: ignore[arg-type]


def test_days_without_a_year_lie_nearest_to_those_with_one() -> None:
    assert _with_years("1228", "0104", "20260111") == ["2025-12-28", "2026-01-04", "2026-01-11"]


def test_the_year_that_is_said_is_that_of_the_first() -> None:
    assert _with_years("0301", "0308", first_year=2024) == ["2024-03-01", "2024-03-08"]
    assert _with_years("0104", "1221", "1228", first_year=2024) == ["2025-01-04", "2024-12-21", "2024-12-28"]


def test_what_the_sheets_hold_tells_the_year() -> None:
    assert _with_years("1228", "0104", held={1: "2026-01-02"}) == ["2025-12-28", "2026-01-04"]
    assert _with_years("0301", "0308", held={0: "2025-11-30", 1: "2026-03-05"}) == ["2026-03-01", "2026-03-08"]


def test_nothing_says_the_year() -> None:
    assert _with_years("0301", "0308") == ["None", "None"]
    assert _with_years("0301", "20260301", "20270301") == ["None", "2026-03-01", "2027-03-01"]

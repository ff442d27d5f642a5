from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.domain.problem import Problem
from crmcli.domain.values.date import parse_date
from crmcli.domain.values.date_style import DateStyle, decide_date_style

CHINA = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2019-05-06", "2019-05-06"),
        ("2019/5/6", "2019-05-06"),
        ("2019.5.6", "2019-05-06"),
        ("2023年3月5日", "2023-03-05"),
        ("2023 年 3 月 5 号", "2023-03-05"),
        ("２０２３－０３－０５", "2023-03-05"),
        ("23/3/5", "2023-03-05"),
        ("23年3月5日", "2023-03-05"),
        ("10/20/2016", "2016-10-20"),
        ("26-02-2018", "2018-02-26"),
        ("15 Apr, 2021", "2021-04-15"),
        ("Apr 15, 2021", "2021-04-15"),
        ("15-Apr-21", "2021-04-15"),
        ("20230305", "2023-03-05"),
        ("20230305.0", "2023-03-05"),
        ("45631", "2024-12-05"),
        ("45631.0", "2024-12-05"),
        ("2023-03-05 00:00:00", "2023-03-05"),
        ("2023/3/5 0:00", "2023-03-05"),
        ("2023-03-05（周日）", "2023-03-05"),
        ("1677945600000", "2023-03-05"),
    ],
)
def test_days(text: str, day: str) -> None:
    assert parse_date(text, decide_date_style([text]), CHINA) == day


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("26-02-2018 19:58", "2018-02-26T19:58:00+08:00"),
        ("15 Apr, 2021 00:02:00", "2021-04-15T00:02:00+08:00"),
        ("2026-03-05T10:00:00.000+0800", "2026-03-05T10:00:00+08:00"),
        ("2026-03-05T10:00:00Z", "2026-03-05T18:00:00+08:00"),
        ("2026-03-05 10:00:00+00", "2026-03-05T18:00:00+08:00"),
        ("2026-03-04T16:00:00Z", "2026-03-05T00:00:00+08:00"),
        ("3/25/2023 2:30 PM", "2023-03-25T14:30:00+08:00"),
        ("2023/3/5 12:05 AM", "2023-03-05T00:05:00+08:00"),
        ("2023/3/5 下午2:30", "2023-03-05T14:30:00+08:00"),
        ("2023年3月5日 上午10时30分", "2023-03-05T10:30:00+08:00"),
        ("2023年3月5日10:30:15", "2023-03-05T10:30:15+08:00"),
        ("20230305101500", "2023-03-05T10:15:00+08:00"),
        ("45631.5", "2024-12-05T12:00:00+08:00"),
        ("1700000000", "2023-11-15T06:13:20+08:00"),
        ("1700000000000", "2023-11-15T06:13:20+08:00"),
        ("Sun Mar 05 2023 10:00:00 GMT+0800 (中国标准时间)", "2023-03-05T10:00:00+08:00"),
    ],
)
def test_instants(text: str, instant: str) -> None:
    assert parse_date(text, decide_date_style([text]), CHINA) == instant


@pytest.mark.parametrize(
    ("text", "code", "suggestion"),
    [
        ("3月5日", "date.no_year", ""),
        ("3/5", "date.no_year", ""),
        ("2023年3月", "date.no_day", "2023-03-01"),
        ("202303", "date.no_day", "2023-03-01"),
        ("2023", "date.no_day", ""),
        ("0000-00-00", "date.impossible", ""),
        ("2023-02-30", "date.impossible", ""),
        ("1969-12-31", "date.impossible", ""),
        ("2101-01-01", "date.impossible", ""),
        ("1900-01-00", "date.impossible", ""),
        ("2023-03-05 25:00", "date.impossible", ""),
        ("99999", "date.impossible", ""),
        ("下周", "date.invalid", ""),
        ("10:30", "date.invalid", ""),
        ("2023-03-01~2023-03-05", "date.invalid", ""),
    ],
)
def test_what_is_no_date_says_why(text: str, code: str, suggestion: str) -> None:
    assert parse_date(text, decide_date_style([text]), CHINA) == Problem(code, text, suggestion)


def test_the_same_text_follows_its_column() -> None:
    found = [parse_date("03/04/2021", DateStyle(order), CHINA) for order in ("mdy", "dmy")]
    assert found == ["2021-03-04", "2021-04-03"]


def test_a_value_against_its_columns_order_is_a_problem() -> None:
    style = decide_date_style(["10/20/2016", "10/21/2016", "25/10/2016"])
    assert parse_date("25/10/2016", style, CHINA) == Problem("date.order", "25/10/2016", "2016-10-25")


def test_serial_numbers_of_the_1904_epoch() -> None:
    assert parse_date("44169", DateStyle(date1904=True), CHINA) == "2024-12-05"


def test_times_are_written_in_the_workspaces_zone() -> None:
    assert parse_date("2023-07-01 10:00", DateStyle(), ZoneInfo("Europe/Berlin")) == "2023-07-01T10:00:00+02:00"


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2100, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    assert parse_date(str(day), DateStyle(), CHINA) == str(day)


@given(st.text() | st.text("0123456789-/.: TZ年月日上下午+APM", max_size=30), st.sampled_from(["ymd", "mdy", "dmy"]))
def test_no_text_breaks_the_parser(text: str, order: str) -> None:
    decide_date_style([text])
    assert isinstance(parse_date(text, DateStyle(order), CHINA), str | Problem)

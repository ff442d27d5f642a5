from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from crmcli.domain.values.chat_time import ChatTimes, instant

CHINA = ZoneInfo("Asia/Shanghai")
MORNING = 1709604000  # 2024-03-05 10:00:00 in China


@pytest.mark.parametrize(
    "text",
    [
        "1709604000", "1709604000123", "1709604000123456", "2024-03-05 10:00:00", "2024/3/5 10:00",
        "2024-03-05T10:00:00", "\t1709604000", " 2024-03-05 10:00:00 ", "2024年3月5日 10:00", "2024-03-05T02:00:00Z",
    ],
)  # fmt: skip
def test_a_time_is_read_however_it_is_written(text: str) -> None:
    assert ChatTimes(CHINA).seconds([text]) == [MORNING]


@pytest.mark.parametrize(
    "text", ["", "昨天", "1.70E+09", "17096040001", "2024-03-05 25:00:00", "2024-02-30 10:00:00", "2024-03-05 10:61:00"]
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert ChatTimes(CHINA).seconds([text]) == [None]


def test_hours_follow_the_zone_when_clocks_change() -> None:
    berlin = ChatTimes(ZoneInfo("Europe/Berlin"))
    before, after = berlin.seconds(["2024-03-31 01:59:59", "2024-03-31 03:00:00"])
    assert before is not None
    assert after == before + 1


def test_a_second_is_written_in_a_zone() -> None:
    assert instant(MORNING, CHINA) == "2024-03-05T10:00:00+08:00"
    assert instant(MORNING, UTC) == "2024-03-05T02:00:00+00:00"

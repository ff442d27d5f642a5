from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.domain.values.numerals import NUMERALS, parse_numeral

DIGITS = "零一二三四五六七八九"
UNITS = ("", "十", "百", "千")
CHEQUE = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")


def written(number: int) -> str:
    """Return a whole number below 10^16 as the standard writes it."""
    text, gap = "", False
    for size, name in ((12, "万"), (8, "亿"), (4, "万"), (0, "")):
        section = number // 10**size % 10**4
        for place in (3, 2, 1, 0):
            digit = section // 10**place % 10
            if digit:
                text += ("零" if gap and text else "") + DIGITS[digit] + UNITS[place]
            gap = not digit
        if section or (name == "亿" and number >= 10**12):
            text += name
    return text or "零"


@given(st.integers(0, 10**16 - 1) | st.integers(0, 10**6) | st.integers(1, 999).map(lambda n: n * 10**9))
def test_a_number_written_out_is_read_back(number: int) -> None:
    assert parse_numeral(written(number)) == number
    assert parse_numeral(written(number).translate(CHEQUE)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十二", 12),
        ("十二万", 120_000),
        ("两千", 2000),
        ("两千零五", 2005),
        ("三百五", 350),
        ("三万五", 35_000),
        ("十二万五", 125_000),
        ("三亿五", 350_000_000),
        ("三千五百六", 3560),
        ("三万五百", 30_500),
        ("一百零五万", 1_050_000),
        ("一亿零五万", 100_050_000),
        ("一万亿", 10**12),
        ("壹拾万柒仟", 107_000),
        ("壹拾万零柒仟", 107_000),
        ("參萬貳仟", 32_000),
        ("三点五万", 35_000),
        ("十二点五百万", 12_500_000),
        ("零点八亿", 80_000_000),
        ("三点零五", Decimal("3.05")),
    ],
)
def test_what_is_said_is_read(text: str, number: int | Decimal) -> None:
    assert parse_numeral(text) == number


@pytest.mark.parametrize(
    "text",
    [
        *("", "万", "百万", "千五", "点五", "三点", "三点五六万七"),
        *("万三百亿", "三万五万", "三万万", "三百百", "十十", "百三", "三百一千", "三亿五亿", "一亿五万"),
        *("三五万", "三四百", "一二三", "二〇二四", "零五", "三万零", "三万零零五"),
        *("三百万五", "三千万五", "三万亿五", "三百零五万五千零"),
        *("3万", "三百5十", "三万元", "几万"),
    ],
)
def test_what_is_no_number_beyond_doubt_is_none(text: str) -> None:
    assert parse_numeral(text) is None


def test_the_last_unit_is_left_out_only_where_that_is_allowed() -> None:
    assert parse_numeral("三万五", shortened=False) is None
    assert parse_numeral("三万五千", shortened=False) == 35_000


@given(st.text(NUMERALS, max_size=12))
def test_no_text_breaks_it_and_none_is_read_as_less_than_nothing(text: str) -> None:
    number = parse_numeral(text)
    assert number is None or number >= 0

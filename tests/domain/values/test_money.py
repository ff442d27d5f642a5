from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.domain.problem import Problem
from crmcli.domain.values.money import (
    Amount,
    fen_to_text,
    header_currency,
    header_unit,
    parse_amount,
    yuan_to_fen,
)


@pytest.mark.parametrize(
    ("text", "yuan", "currency"),
    [
        ("12000", "12000", None),
        ("12,000.00", "12000", None),
        ("１２，０００", "12000", None),
        ("￥12,000", "12000", "CNY"),
        ("1,200元", "1200", "CNY"),
        ("3.5万", "35000", None),
        ("350万元", "3500000", "CNY"),
        ("1.2亿", "120000000", None),
        ("1亿2000万", "120000000", None),
        ("5w", "50000", None),
        ("12k", "12000", None),
        ("$342.09K", "342090", "USD"),
        ("$22,700.00", "22700", "USD"),
        ("20万美元", "200000", "USD"),
        ("HK$300", "300", "HKD"),
        ("人民币12万", "120000", "CNY"),
        ("-5", "-5", None),
        ("¥-5", "-5", "CNY"),
        ("(1,200)", "-1200", None),
        ("（1,200）", "-1200", None),
        ('="1200"', "1200", None),
        ("叁万伍仟元整", "35000", "CNY"),
        ("人民币壹佰萬圓整", "1000000", "CNY"),
        ("壹佰万元正", "1000000", "CNY"),
        ("一百二十万元", "1200000", "CNY"),
        ("叁拾元伍角整", "30.5", "CNY"),
        ("壹拾万柒仟元零伍角叁分", "107000.53", "CNY"),
        ("叁拾元零伍分", "30.05", "CNY"),
        ("伍角", "0.5", "CNY"),
        ("十万美元", "100000", "USD"),
        ("￥三万", "30000", "CNY"),
        ("三万五", "35000", None),
        ("十二万", "120000", None),
        ("两千", "2000", None),
        ("三点五万", "35000", None),
        ("负三千", "-3000", None),
        ("-三千", "-3000", None),
        ("（三万）", "-30000", None),
        ("3万5", "35000", None),
        ("3万5千", "35000", None),
        ("10w5", "105000", None),
        ("1.2百万", "1200000", None),
    ],
)
def test_amounts_as_written(text: str, yuan: str, currency: str | None) -> None:
    assert parse_amount(text) == Amount(Decimal(yuan), currency)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("3-5万", "amount.range"),
        ("3万到5万", "amount.range"),
        ("10万~20万", "amount.range"),
        ("10万左右", "amount.approximate"),
        ("约10万", "amount.approximate"),
        ("预算10万左右", "amount.approximate"),
        ("10万+", "amount.approximate"),
        ("5万多", "amount.approximate"),
        ("1.2E+5", "amount.lost_digits"),
        ("9" * 20, "amount.too_large"),
        ("1,2345", "amount.invalid"),
        ("-5折", "amount.invalid"),
        ("面议", "amount.invalid"),
        ("万三百亿", "amount.invalid"),
        ("三五万", "amount.invalid"),
        ("三百多万", "amount.invalid"),
        ("三万五元", "amount.invalid"),
        ("3万5元", "amount.invalid"),
        ("3.5万5", "amount.invalid"),
        ("300万5", "amount.invalid"),
        ("叁拾伍角", "amount.invalid"),
        ("三万美元五角", "amount.invalid"),
        ("HK$十万美元", "amount.invalid"),
        ("一", "amount.invalid"),
        ("元整", "amount.invalid"),
        ("三万左右", "amount.approximate"),
    ],
)
def test_what_is_not_one_amount_is_not_guessed(text: str, code: str) -> None:
    found = parse_amount(text)
    assert isinstance(found, Problem)
    assert found.code == code


def test_an_approximation_suggests_its_number() -> None:
    assert parse_amount("约10万") == Problem("amount.approximate", "约10万", "10万")
    assert parse_amount("约三万五") == Problem("amount.approximate", "约三万五", "三万五")


@pytest.mark.parametrize(("text", "yuan"), [("三十五", 350_000), ("三万五", 35_000), ("三十五元", 35)])
def test_the_headers_unit_counts_for_numerals_too(text: str, yuan: int) -> None:
    found = parse_amount(text, 10_000)
    assert isinstance(found, Amount)
    assert found.value == yuan


def test_hundreds_in_a_column_of_a_unit_are_of_either_unit() -> None:
    assert parse_amount("三百", 10_000) == Problem("amount.invalid", "三百")
    assert parse_amount("三百", 1) == Amount(Decimal(300))


@pytest.mark.parametrize(
    ("text", "yuan"), [("3.5", 35000), ("3.5万", 35000), ("￥3.5", 35000), ("350元", 350), ("35000 元", 35000)]
)
def test_the_headers_unit_counts_once_and_only_where_the_cell_has_none(text: str, yuan: int) -> None:
    found = parse_amount(text, 10000)
    assert isinstance(found, Amount)
    assert found.value == yuan


@pytest.mark.parametrize(
    ("header", "name", "unit", "currency"),
    [
        ("金额(万元)", "金额", 10000, "CNY"),
        ("借款金额（元）", "借款金额", 1, "CNY"),
        ("营收（亿）", "营收", 100_000_000, None),
        ("预算[单位：千元]", "预算", 1000, "CNY"),
        ("Amount (k)", "Amount", 1000, None),
        ("Amount (USD)", "Amount", 1, "USD"),
        ("金额/万元", "金额", 10000, "CNY"),
        ("Probability (%)", "Probability (%)", None, None),
        ("邮箱/电话", "邮箱/电话", None, None),
        ("Email (Work)", "Email (Work)", None, None),
        ("(万元)", "(万元)", None, None),
    ],
)
def test_units_in_headers(header: str, name: str, unit: int | None, currency: str | None) -> None:
    assert header_unit(header) == (name, unit)
    assert header_currency(header) == currency


def test_fen_are_rounded_half_up() -> None:
    assert [yuan_to_fen(Decimal(t)) for t in ("0.005", "0.0049", "-0.005", "12.3")] == [1, 0, -1, 1230]


@given(st.integers(-(10**15), 10**15))
def test_fen_and_text_agree(amount_fen: int) -> None:
    found = parse_amount(fen_to_text(amount_fen))
    assert isinstance(found, Amount)
    assert yuan_to_fen(found.value) == amount_fen


@given(st.text() | st.text("0123456789.,-()万亿元¥$kKwE+约~ 三零十角整", max_size=30))
def test_no_text_breaks_the_parser(text: str) -> None:
    assert isinstance(parse_amount(text, 10000), Amount | Problem)
    assert header_unit(text)[0] is not None


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("100万（含税）", "100万"),
        ("含税100万", "100万"),
        ("报价￥1,200.00", "¥1,200.00"),
        ("12+3万", ""),
        ("100万/150万", ""),
        ("12万*2", ""),
        ("合同2024001", ""),
        ("12万/年", ""),
        ("三十5万", ""),
    ],
)
def test_the_one_amount_among_words_is_suggested(text: str, suggestion: str) -> None:
    assert parse_amount(text) == Problem("amount.invalid", text, suggestion)


@pytest.mark.parametrize(("text", "suggestion"), [("10多万", "10万"), ("10余万元", "10万元"), (">=10万", "10万")])
def test_words_of_approximation_leave_the_amount_whole(text: str, suggestion: str) -> None:
    assert parse_amount(text) == Problem("amount.approximate", text, suggestion)


@pytest.mark.parametrize(
    ("header", "name", "unit"),
    [
        ("金额万元", "金额", 10_000),
        ("金额 万元", "金额", 10_000),
        ("合同额_亿元", "合同额", 10**8),
        ("单价 元", "单价", 1),
        ("单元", "单元", None),
        ("客户_单元", "客户_单元", None),
        ("十万元户", "十万元户", None),
        ("多元", "多元", None),
    ],
)
def test_a_unit_behind_a_header_counts_without_brackets(header: str, name: str, unit: int | None) -> None:
    assert header_unit(header) == (name, unit)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.domain.problem import CATALOGUE, Problem
from crmcli.domain.values.phone import display_phone, is_mobile, mask_mobiles, mask_phone, parse_phones, take_phones

ONE = "+8613800000000"


@pytest.mark.parametrize(
    "text",
    [
        "13800000000",
        "13800000000.0",
        "138-0000-0000",
        "138 0000 0000",
        "138 000 00000",
        "+86 138 0000 0000",
        "8613800000000",
        "0086-138-0000-0000",
        "(+86)13800000000",
        "１３８００００００００",
        "\t13800000000",
        '="13800000000"',
        "张三13800000000",
        "手机：13800000000（微信同号）",
        "1.3800000000E+10",
        "013800000000",
        "13800000000/138-0000-0000",
    ],
)
def test_one_mobile_however_written(text: str) -> None:
    assert parse_phones(text) == [ONE]


@pytest.mark.parametrize("separator", ["/", "、", "，", ",", ";", "；", " ", "\n", " / ", "|"])
def test_several_in_one_cell(separator: str) -> None:
    assert parse_phones(f"13800000000{separator}021-62345678{separator}139 0000 0000") == [
        ONE,
        "+862162345678",
        "+8613900000000",
    ]


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("021-12345678", "+862112345678"),
        ("(021)12345678", "+862112345678"),
        ("（０２１）１２３４５６７８", "+862112345678"),
        ("02112345678", "+862112345678"),
        ("021—6234 5678", "+862162345678"),
        ("+86-21-12345678", "+862112345678"),
        ("86-755-88888888", "+8675588888888"),
        ("010-12345678", "+861012345678"),
        ("021-12345678-801", "+862112345678;ext=801"),
        ("0755-88888888转801", "+8675588888888;ext=801"),
        ("0311-8567123 ext. 8001", "+863118567123;ext=8001"),
        ("400-123-4567", "+864001234567"),
        ("4001-234-567 转 8", "+864001234567;ext=8"),
        ("8008208820", "+868008208820"),
        ("+852 9123 4567", "+85291234567"),
        ("0085291234567", "+85291234567"),
        ("+1 (415) 555-2671", "+14155552671"),
    ],
)
def test_landlines_hotlines_and_foreign_numbers(text: str, phone: str) -> None:
    assert parse_phones(text) == [phone]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("138****0000", Problem("phone.masked", "138****0000")),
        ("138XXXX0000", Problem("phone.masked", "138XXXX0000")),
        ("1.38E+10", Problem("phone.lost_digits", "1.38E+10")),
        ("12345", Problem("phone.invalid", "12345")),
        ("没有号码", Problem("phone.invalid", "没有号码")),
        ("138000000001", Problem("phone.invalid", "138000000001")),
        ("13800000000/1390000", Problem("phone.invalid", "13800000000/1390000", "13800000000")),
        ("13800000000/139****0000", Problem("phone.masked", "13800000000/139****0000", "13800000000")),
        ("2162345678", Problem("phone.invalid", "2162345678", "021-62345678")),
    ],
)
def test_what_is_no_number_says_why(text: str, problem: Problem) -> None:
    assert parse_phones(text) == problem
    assert "{text}" in CATALOGUE[problem.code]


def test_numbers_are_taken_out_of_free_text() -> None:
    assert take_phones("张三-13800000000-采购") == ([ONE], "张三- -采购")


def test_only_mobiles_are_mobile() -> None:
    numbers = [ONE, "+862162345678", "+864001234567", "+85291234567", "+14155552671", "x"]
    assert [is_mobile(number) for number in numbers] == [True, False, False, True, False, False]


def test_masking_hides_the_middle() -> None:
    assert [mask_phone(p) for p in ("+8613812348000", "+867556234567;ext=8")] == ["138****8000", "0755****4567"]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("手机 138 1234 8000,座机 021-62345678", "手机 138****8000,座机 021-62345678"),
        ("１３８１２３４８０００", "138****8000"),
        ("+86 13812348000/13900001111", "138****8000/139****1111"),
        ("单号：1381234800099", "单号：1381234800099"),
    ],
)
def test_mobiles_are_masked_in_a_text_and_nothing_else_is_touched(text: str, masked: str) -> None:
    assert mask_mobiles(text) == masked


@given(
    st.from_regex(
        r"\+861[3-9][0-9]{9}|\+86(10|2[0-9]|755)[2-8][0-9]{7}(;ext=[1-9][0-9]{0,4})?|\+86400[0-9]{7}", fullmatch=True
    )
)
def test_what_is_shown_is_read_back(e164: str) -> None:
    assert parse_phones(display_phone(e164)) == [e164]


@given(st.text() | st.text("0123456789+-()*eE. 转/、", max_size=40))
def test_no_text_breaks_the_parser(text: str) -> None:
    found = parse_phones(text)
    assert isinstance(found, Problem) or all(phone.startswith("+") for phone in found)

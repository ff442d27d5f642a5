import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.domain.problem import Problem
from crmcli.domain.values.credit_code import check_character, parse_credit_code


@pytest.mark.parametrize("code", ["91440300708461136T", "914403001922038216", "91110108551385082Q"])
def test_codes_of_public_companies_pass(code: str) -> None:
    assert parse_credit_code(f" {code[:8]}-{code[8:].lower()}\u3000") == code


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("91440300708461136X", Problem("credit.check_digit", "91440300708461136X")),
        ("9144O300708461136T", Problem("credit.check_digit", "9144O300708461136T", "91440300708461136T")),
        ("9.1310E+17", Problem("credit.lost_digits", "9.1310E+17")),
        ("914403001922038000.0", Problem("credit.lost_digits", "914403001922038000.0")),
        ("914403007084611000", Problem("credit.lost_digits", "914403007084611000")),
        (
            "91440300708461136T(三证合一)",
            Problem("credit.invalid", "91440300708461136T(三证合一)", "91440300708461136T"),
        ),
        ("310101000123456", Problem("credit.registration_number", "310101000123456")),
        ("9144", Problem("credit.invalid", "9144")),
    ],
)
def test_what_is_no_code_says_why(text: str, problem: Problem) -> None:
    assert parse_credit_code(text) == problem


@given(st.from_regex(r"9[1-3][0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}", fullmatch=True))
def test_one_wrong_character_is_always_found(head: str) -> None:
    code = head + check_character(head)
    assert parse_credit_code(code) == code
    wrong = ("1" if code[3] != "1" else "2").join((code[:3], code[4:]))
    assert isinstance(parse_credit_code(wrong), Problem)


@given(st.text())
def test_no_text_breaks_the_parser(text: str) -> None:
    assert isinstance(parse_credit_code(text), str | Problem)

"""Written unified social credit codes (统一社会信用代码) -> 18 checked characters."""

from __future__ import annotations

import re

from crmcli.domain.problem import Problem, register
from crmcli.domain.values.text import halfwidth

register(
    **{
        "credit.lost_digits": "{text} has lost digits in a spreadsheet: take the code from its origin",
        "credit.registration_number": "{text} is an old 15-digit registration number, not a credit code",
        "credit.check_digit": "{text} has a wrong check digit: a character is mistyped",
        "credit.invalid": "{text} is not an 18-character credit code",
    }
)

# No I, O, S, V, Z; weights 3^i mod 31; the check character makes the sum a multiple of 31.
# Source: GB 32100-2015.
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_WEIGHTS = [pow(3, i, 31) for i in range(17)]
_CODE = re.compile(rf"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}")
_LOOKALIKES = str.maketrans("OIZS", "0125")
# a spreadsheet's number keeps 15 digits; the others become zeros
_NUMBER_CELL = re.compile(r"[0-9]\.[0-9]*E\+?[0-9]+|[0-9]{16,18}\.0+|[0-9]{15}000")
_REGISTRATION = re.compile(r"[0-9]{15}(?:\.0+)?")
_LENGTH = 18
_GAPS = re.compile(r"[\s-]+")


def check_character(code: str) -> str:
    """Return the 18th character that belongs to the first 17 of `code`."""
    total = sum(_VALUES[character] * weight for character, weight in zip(code, _WEIGHTS, strict=False))
    return _ALPHABET[-total % 31]


def parse_credit_code(text: str) -> str | Problem:
    """Return the code in capitals, its check character verified.

    >>> parse_credit_code("9131 0000 6072 2234 5k").code
    'credit.check_digit'
    >>> parse_credit_code("9.1310E+17").code, parse_credit_code("310101000123456").code
    ('credit.lost_digits', 'credit.registration_number')
    """
    value = _GAPS.sub("", halfwidth(text)).upper()
    if _is_code(value):
        return value
    if _NUMBER_CELL.fullmatch(value):
        return Problem("credit.lost_digits", text)
    if _REGISTRATION.fullmatch(value):
        return Problem("credit.registration_number", text)
    meant = value.translate(_LOOKALIKES)
    if _is_code(meant):
        return Problem("credit.check_digit", text, meant)
    inside = {value[i : i + _LENGTH] for i in range(1 + len(value) - _LENGTH) if _is_code(value[i : i + _LENGTH])}
    if len(inside) == 1:
        return Problem("credit.invalid", text, *inside)
    return Problem("credit.check_digit" if _CODE.fullmatch(value) else "credit.invalid", text)


def _is_code(value: str) -> bool:
    return bool(_CODE.fullmatch(value)) and check_character(value) == value[-1]

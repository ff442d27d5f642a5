"""Chinese numerals (三万五, 壹佰贰拾万) -> the number that they say, read exactly or not at all."""

from __future__ import annotations

import re
from decimal import Decimal

# the numerals of cheques and the traditional ones as the everyday ones. Source: GB/T 15835-2011; Measures for
# Payment and Settlement of the People's Bank of China, annex 1 (正确填写票据和结算凭证的基本规定)
_PLAIN = str.maketrans("〇两壹贰叁肆伍陆柒捌玖拾佰仟兩貳參叄陸億萬點", "零二一二三四五六七八九十百千二二三三六亿万点")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_SECTIONS = {"万": 10_000, "亿": 100_000_000}
NUMERALS = "零一二三四五六七八九十百千万亿点〇两壹贰叁肆伍陆柒捌玖拾佰仟兩貳參叄陸億萬點"

_D = "[一二三四五六七八九]"
# a number below ten thousand; 零 stands in a gap only, 十 without its 一 only at the start
_SECTION = (
    rf"(?=[一二三四五六七八九十])(?:{_D}千)?(?:零?{_D}百)?(?:零?{_D}十|(?<![千百零])十)?(?:零{_D}|(?<![千百万亿]){_D})?"
)
_BELOW_YI = rf"(?:(?:{_SECTION})万)?(?:零?(?:{_SECTION}))?"
_WHOLE = re.compile(rf"零|(?!零)(?:(?={_D}|十){_BELOW_YI}亿)?(?:零?(?:{_SECTION})万)?(?:零?(?:{_SECTION}))?")
# 三万五: the unit below 万 is left out; not where that is open (三百万五)
_SHORTENED = re.compile(rf"(?P<whole>.*(?:{_D}|十)(?P<unit>[百千万亿]))(?P<digit>{_D})")
_POINT = re.compile(rf"(?P<whole>零|{_SECTION})点(?P<fraction>(?:零|{_D}){{1,6}})(?P<unit>万亿|[百千]?万|亿)?")


def parse_numeral(text: str, *, shortened: bool = True) -> Decimal | None:
    """Return the number that a text of Chinese numerals alone says, None where it says none, or not beyond doubt.

    `shortened`: whether the last unit may be left out, as speech does (三万五).

    >>> [int(parse_numeral(t)) for t in ("叁万伍仟", "三万五", "十二万", "一点二亿", "两千零五")]
    [35000, 35000, 120000, 120000000, 2005]
    >>> parse_numeral("万三百亿"), parse_numeral("三五万"), parse_numeral("二〇二四"), parse_numeral("三百万五")
    (None, None, None, None)
    """
    value = text.translate(_PLAIN)
    if found := _POINT.fullmatch(value):
        fraction = "".join(str(_DIGITS[digit]) for digit in found["fraction"])
        return Decimal(f"{_sum(found['whole'])}.{fraction}") * _sum("一" + (found["unit"] or ""))
    if value and _WHOLE.fullmatch(value):
        return Decimal(_sum(value))
    short = _SHORTENED.fullmatch(value) if shortened else None
    if short and _WHOLE.fullmatch(short["whole"]):
        return Decimal(_sum(short["whole"]) + _DIGITS[short["digit"]] * _sum("一" + short["unit"]) // 10)
    return None


def _sum(numeral: str) -> int:
    """Return the value of a numeral that is well formed."""
    total = section = digit = 0
    for sign in numeral:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _UNITS:
            section, digit = section + (digit or 1) * _UNITS[sign], 0
        elif sign == "亿":
            total, section, digit = (total + section + digit) * _SECTIONS[sign], 0, 0
        else:
            total, section, digit = total + (section + digit) * _SECTIONS[sign], 0, 0
    return total + section + digit

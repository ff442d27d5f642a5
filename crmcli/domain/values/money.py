"""Written amounts of money -> Decimal in the major unit; fen for the store."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from crmcli.domain.problem import Problem, register
from crmcli.domain.values.numerals import NUMERALS, parse_numeral
from crmcli.domain.values.text import clean, halfwidth

register(
    **{
        "amount.range": "{text} is a range, not one amount",
        "amount.approximate": "{text} is only about an amount",
        "amount.lost_digits": "{text} may have lost digits in a spreadsheet",
        "amount.too_large": "{text} is more than a thousand trillion",
        "amount.invalid": "{text} is not an amount",
    }
)

_SCALES: dict[str, Decimal] = {
    **dict.fromkeys(("k", "千"), Decimal(1000)),
    **dict.fromkeys(("w", "万", "萬"), Decimal(10_000)),
    **dict.fromkeys(("m", "mn", "百万", "million"), Decimal(1_000_000)),
    **dict.fromkeys(("b", "bn", "十亿", "billion"), Decimal(1_000_000_000)),
    **dict.fromkeys(("亿", "億"), Decimal(100_000_000)),
    "百": Decimal(100),
    "十万": Decimal(100_000),
    "千万": Decimal(10_000_000),
    "万亿": Decimal(1_000_000_000_000),
}
_CURRENCIES: dict[str, str] = {
    **dict.fromkeys(("¥", "rmb", "cny", "cn¥", "人民币", "元", "圆", "圓", "块", "块钱", "元整", "元人民币"), "CNY"),
    **dict.fromkeys(("$", "us$", "usd", "美元", "美金"), "USD"),
    **dict.fromkeys(("€", "eur", "欧元"), "EUR"),
    **dict.fromkeys(("£", "gbp", "英镑"), "GBP"),
    **dict.fromkeys(("hk$", "hkd", "港币", "港元"), "HKD"),
    **dict.fromkeys(("jpy", "日元", "円"), "JPY"),
    **dict.fromkeys(("nt$", "twd", "新台币", "台币"), "TWD"),
    **dict.fromkeys(("s$", "sgd", "新加坡元"), "SGD"),
    **dict.fromkeys(("a$", "aud", "澳元"), "AUD"),
    **dict.fromkeys(("₩", "krw", "韩元"), "KRW"),
}
_LARGEST = Decimal(10) ** 15


def _one_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_SCALE = _one_of(_SCALES)
_CURRENCY = _one_of(_CURRENCIES)
_DIGITS = r"[0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]*)?|[0-9]+(?:\.[0-9]*)?|\.[0-9]+"
_PLAIN = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,10})?")
_AMOUNT = re.compile(
    rf"(?P<minus>[-+]?)\s*(?P<before>{_CURRENCY})?\s*(?P<inner>-?)\s*(?P<number>{_DIGITS})\s*(?P<scale>{_SCALE})?"
    rf"(?:\s*(?P<number2>{_DIGITS})\s*(?P<scale2>{_SCALE})|(?P<digit>[1-9])$)?\s*(?P<after>{_CURRENCY})?"
)
_SHORTENED = re.compile(r"(?:[0-9]*[1-9]|[1-9]0)[万w亿千k百]")  # 3万5 is 35,000; 300万5 is open
_COIN = "[一二三四五六七八九壹贰叁肆伍陆柒捌玖貳參叄陸]"
_IN_WORDS = re.compile(
    rf"(?P<minus>[-+负負]?)\s*(?P<before>{_CURRENCY})?\s*(?:(?P<number>[{NUMERALS}]+)\s*(?P<after>{_CURRENCY})?)?"
    rf"(?P<coins>(?:零?(?P<jiao>{_COIN})角)?(?:零?(?P<fen>{_COIN})分)?)[整正]?"
)
_SCIENTIFIC = re.compile(r"[-+]?[0-9](?:\.[0-9]+)?e\+?[0-9]{1,3}")
_RANGE = re.compile(
    rf"(?:{_DIGITS})\s*(?:{_SCALE})?(?:{_CURRENCY})?\s*[-~–—−至到]+\s*(?:{_CURRENCY})?\s*(?:{_DIGITS})\D*"
)
_ABOUT_WORDS = (
    r"大概|大约|约|近|超过?|不到|不足|不超过?|至少|最多|最少|预算|预计|估计|左右|上下|以上|以下|以内|以?多|余"
    r"|\+|≈|~|>=?|<=?|\?"
)
# such words stand before or behind an amount; 多 and 余 before its unit too: 10多万
_ABOUT = re.compile(rf"^(?:(?:{_ABOUT_WORDS})\s*)+|(?:\s*(?:{_ABOUT_WORDS}))+$|(?<=[0-9])[多余](?=\s*(?:{_SCALE}))")
_FURTHER = re.compile(r"[0-9*/%×+零一二三四五六七八九十两半]")  # there is more to it than one amount
_HEADER_UNIT = re.compile(
    r"(?P<name>.*?)\s*(?:[(\[【]\s*(?:单位\s*[::]?\s*)?(?P<unit>[^()\[\]【】]+?)\s*[)\]】]|[/:]\s*(?P<bare>[^/:()A-Za-z]+?)"
    r"|(?<=[额价款本用入算值])[\s_-]*(?P<tail>[百千]?[万亿千][元圆])|[\s_-](?P<last>[百千]?[万亿千]?(?:[元圆]|美元|欧元)))\s*",
    re.DOTALL,
)
_UNIT = re.compile(rf"(?:{_CURRENCY})?\s*(?P<scale>{_SCALE})?\s*(?P<currency>{_CURRENCY})?")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in the major unit (yuan); `currency` is an ISO 4217 code, None where the text names none."""

    value: Decimal
    currency: str | None = None


def parse_amount(text: str, unit: Decimal | int | None = None) -> Amount | Problem:
    """Return the amount that a cell holds.

    `unit` is what the column's header says (10000 for 万元); it multiplies only where the cell has no unit
    of its own. Ranges and approximations are a `Problem`: an amount is not guessed.

    >>> [int(parse_amount(t, unit=10000).value) for t in ("35", "35万", "350元")]
    [350000, 350000, 350]
    >>> parse_amount("$342.09K"), parse_amount("3-5万").code
    (Amount(value=Decimal('342090.00'), currency='USD'), 'amount.range')
    """
    value = halfwidth(text)
    if _PLAIN.fullmatch(value):
        return _bounded(text, Decimal(value) * (unit or 1), None)
    value = value.replace("−", "-").casefold()
    negative = value.startswith("(") and value.endswith(")")
    if negative:
        value = value[1:-1].strip()
    if found := _AMOUNT.fullmatch(value):
        return _built(text, found, unit, negative=negative)
    if said := _in_words(value, unit):
        return _bounded(text, -said.value if negative else said.value, said.currency)
    return _why_not(text, value)


def _built(text: str, found: re.Match[str], unit: Decimal | int | None, *, negative: bool) -> Amount | Problem:
    scale = _SCALES.get(found["scale"] or "")
    number = _decimal(found["number"]) * (scale or 1)
    if found["number2"]:
        smaller = _SCALES[found["scale2"]]
        if scale is None or smaller >= scale:
            return Problem("amount.invalid", text)
        number += _decimal(found["number2"]) * smaller
    if found["digit"]:
        if scale is None or not _SHORTENED.fullmatch(found["number"] + found["scale"]):
            return Problem("amount.invalid", text)
        number += int(found["digit"]) * scale / 10
    if scale is None and not found["after"]:
        number *= unit or 1
    if negative or "-" in (found["minus"], found["inner"]):
        number = -number
    before, after = (_CURRENCIES.get(found[group] or "") for group in ("before", "after"))
    currency = before or after
    if before and after and before != after:
        return Problem("amount.invalid", text)
    return _bounded(text, number, currency)


def _in_words(value: str, unit: Decimal | int | None) -> Amount | None:
    """Return the amount that a text says in Chinese numerals (叁拾元伍角整), None where it says none beyond doubt."""
    found = _IN_WORDS.fullmatch(value)
    if found is None or not (found["number"] or found["coins"]):
        return None
    before, after = (_CURRENCIES.get(found[group] or "") for group in ("before", "after"))
    if found["coins"] and not found["number"]:
        after = "CNY"
    if (before and after and before != after) or (found["coins"] and after != "CNY"):
        return None
    number = _numeral(found["number"] or "零", unit, named=bool(before or after), ended=bool(after))
    if number is None:
        return None
    jiao, fen = (parse_numeral(found[coin] or "零") or Decimal(0) for coin in ("jiao", "fen"))
    number += jiao / 10 + fen / 100
    return Amount(-number if found["minus"] in {"-", "负", "負"} else number, before or after)


def _numeral(numeral: str, unit: Decimal | int | None, *, named: bool, ended: bool) -> Decimal | None:
    """Return what a numeral says in the major unit, where its currency is `named`, and behind it (`ended`)."""
    if len(numeral) == 1 and not named:  # a lone 一 is as often a dash
        return None
    number = parse_numeral(numeral, shortened=not ended)  # 三万五元 may be 30,005
    if number is None or ended or re.search("[万亿萬億]", numeral):
        return number
    if unit in {None, 1}:
        return number
    return None if re.search("[百千佰仟]", numeral) else number * Decimal(unit or 1)  # 三百 below 万元: of which?


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", "").replace(" ", ""))


def _bounded(text: str, value: Decimal, currency: str | None) -> Amount | Problem:
    if abs(value) > _LARGEST:
        return Problem("amount.too_large", text)
    return Amount(value, currency)


def _why_not(text: str, value: str) -> Problem:
    if _SCIENTIFIC.fullmatch(value):
        return Problem("amount.lost_digits", text)
    exact = _ABOUT.sub("", value).strip()
    if _RANGE.fullmatch(exact) or _RANGE.fullmatch(value):
        return Problem("amount.range", text)
    if exact != value and (_AMOUNT.fullmatch(exact) or _in_words(exact, None)):
        return Problem("amount.approximate", text, exact)
    return Problem("amount.invalid", text, _only_amount(value))


def _only_amount(value: str) -> str:
    """Return the amount in a text that has words around it (含税100万), "" where it holds none or several."""
    found = [match for match in _AMOUNT.finditer(value) if match["scale"] or match["before"] or match["after"]]
    rest = value[: found[0].start()] + value[found[0].end() :] if len(found) == 1 else "0"
    return "" if _FURTHER.search(rest) else found[0].group().strip()


def header_unit(header: str) -> tuple[str, Decimal | None]:
    """Return a header without the money unit in its brackets, and the factor it stands for (None: no unit).

    >>> header_unit("金额(万元)"), header_unit("借款金额（元）"), header_unit("Probability (%)")
    (('金额', Decimal('10000')), ('借款金额', Decimal('1')), ('Probability (%)', None))
    """
    name, found = _split_header(header)
    return (name, _SCALES.get(found["scale"] or "", Decimal(1))) if found else (header, None)


def header_currency(header: str) -> str | None:
    """Return the currency that a header's unit names, None where it names none.

    >>> header_currency("合同额（万美元）"), header_currency("金额(万)")
    ('USD', None)
    """
    _, found = _split_header(header)
    named = re.search(_CURRENCY, found.group()) if found else None
    return _CURRENCIES[named.group()] if named else None


def _split_header(header: str) -> tuple[str, re.Match[str] | None]:
    found = _HEADER_UNIT.fullmatch(halfwidth(header))
    written = next(filter(None, found.group("unit", "bare", "tail", "last")), "") if found else ""
    unit = _UNIT.fullmatch(written.casefold())
    return (clean(found["name"]), unit) if found and unit and unit.group() and found["name"] else (header, None)


def yuan_to_fen(amount: Decimal) -> int:
    """Return hundredths of the major unit, half a fen rounded away from zero.

    >>> yuan_to_fen(Decimal("1234.505"))
    123451
    """
    return int((amount * 100).to_integral_value(ROUND_HALF_UP))


def fen_to_text(amount_fen: int) -> str:
    """Return fen as a decimal text in yuan.

    >>> fen_to_text(123450), fen_to_text(-5)
    ('1234.50', '-0.05')
    """
    yuan, fen = divmod(abs(amount_fen), 100)
    return f"{'-' if amount_fen < 0 else ''}{yuan}.{fen:02}"

"""Written telephone numbers -> E.164, an extension behind `;ext=`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crmcli.domain.problem import Problem, register
from crmcli.domain.values.text import halfwidth

register(
    **{
        "phone.masked": "{text} is a masked number: ask for the whole one",
        "phone.lost_digits": "{text} has lost digits in a spreadsheet: take the number from its origin",
        "phone.invalid": "{text} is not a telephone number",
    }
)

_FLOAT = re.compile(r"([0-9]{7,15})\.0+")
_SCIENTIFIC = re.compile(r"([0-9])(?:\.([0-9]*))?[eE]\+?([0-9]{1,2})")
_MASKED = re.compile(r"[0-9][\s-]*[*xX×●•]{2,}")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣ー", "-"))
_LONG_REST = re.compile(r"[0-9]{5,}")

_MOBILE_ONLY = re.compile(r"(?:(?:\+|00)?86[- ]?)?(1[3-9][0-9])[- ]?([0-9]{4})[- ]?([0-9]{4})")
_NATION = r"(?<![0-9+])(?:\(?(?:\+|00)?86\)?[-\s]*)"
_EXTENSION = r"(?:(?:\s*(?:转|分机|ext\.?|x|\#)[:\s]*|-)(?P<{name}>[0-9]{{1,6}})(?![0-9-]))?"
# Area codes: 010, 02x, 0[3-9]xx; behind +86 the 0 may be missing. 400 and 800 numbers have ten digits.
# Source: ITU-T E.164 national numbering plan of China; the shapes are those of real sheets.
_NUMBER = re.compile(
    rf"""
    (?:{_NATION}|(?<![0-9]))0?(?P<mobile>1[3-9](?:[-\s.]?[0-9]){{9}})(?![0-9])
    | (?:{_NATION}|(?<![0-9+]))(?P<free>[48]00(?:[-\s]?[0-9]){{7}})(?![0-9]){_EXTENSION.format(name="free_ext")}
    | (?:{_NATION}\(?0?|(?<![0-9+])\(?0)(?P<area>10|2[0-9]|[3-9][0-9]{{2}})\)?[-\s]*
      (?P<local>[1-9][0-9]{{2,3}}[-\s]?[0-9]{{4}})(?![0-9]){_EXTENSION.format(name="local_ext")}
    | (?<![0-9+])(?P<foreign>(?:\+|00)[1-9][0-9\s().-]{{5,24}}[0-9])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NOT_DIGIT = re.compile(r"[^0-9]")
_CN_MOBILE = re.compile(r"\+861[3-9][0-9]{9}")
_CN_FREE = re.compile(r"\+86([48]00)([0-9]{3})([0-9]{4})")
_CN_LANDLINE = re.compile(r"\+86(10|2[0-9]|[3-9][0-9]{2})([0-9]{7,8})")


def parse_phones(text: str) -> list[str] | Problem:
    """Return the E.164 numbers in a cell, in order and each once; words beside them are passed over.

    An extension follows its number as `;ext=801`. A cell that also holds digits which are no number is a
    `Problem` whose suggestion has the good ones.

    >>> parse_phones("张三13800000000 / 021-62345678转801")
    ['+8613800000000', '+862162345678;ext=801']
    >>> parse_phones("138****0000").code
    'phone.masked'
    """
    value = halfwidth(text)
    if mobile := _MOBILE_ONLY.fullmatch(value):
        return ["+86" + "".join(mobile.groups())]
    if scientific := _SCIENTIFIC.fullmatch(value):
        value = _expand(scientific)
        if not value:
            return Problem("phone.lost_digits", text)
    phones, rest = take_phones(value)
    if not phones or _LONG_REST.search(rest):
        code = "phone.masked" if _MASKED.search(rest) else "phone.invalid"
        suggestion = "、".join(map(display_phone, phones)) or _with_lost_zero(value)
        return Problem(code, text, suggestion)
    if _MASKED.search(rest):
        return Problem("phone.masked", text, "、".join(map(display_phone, phones)))
    return phones


def take_phones(text: str) -> tuple[list[str], str]:
    """Return the E.164 numbers found in free text, and the text with a space in place of each.

    >>> take_phones("张三-XX科技-138-0000-0000")
    (['+8613800000000'], '张三-XX科技- ')
    """
    value = halfwidth(text).translate(_DASHES)
    if whole := _FLOAT.fullmatch(value):
        value = whole[1]
    phones: dict[str, None] = {}
    rest: list[str] = []
    end = 0
    for start, stop, phone in find_phones(value):
        phones[phone] = None
        rest += (value[end:start], " ")
        end = stop
    return list(phones), "".join((*rest, value[end:]))


def find_phones(value: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, E.164 number) of each number in a text of half width."""
    position = 0
    while match := _NUMBER.search(value, position):
        position = match.end()
        if match["foreign"]:
            phone, length = _foreign(match["foreign"])
            position = match.start() + length
            if not phone:
                continue
        else:
            phone = _domestic(match)
        yield match.start(), position, phone


def _domestic(match: re.Match[str]) -> str:
    if match["mobile"]:
        return "+86" + _digits(match["mobile"])
    if match["free"]:
        return "+86" + _digits(match["free"]) + _suffix(match["free_ext"])
    return "+86" + match["area"] + _digits(match["local"]) + _suffix(match["local_ext"])


def _suffix(extension: str | None) -> str:
    return f";ext={extension}" if extension else ""


def _digits(text: str) -> str:
    return _NOT_DIGIT.sub("", text)


def _foreign(run: str) -> tuple[str, int]:
    """Return the longest possible number at the start of `run`, cut at white space, and the length used."""
    import phonenumbers

    groups = re.split(r"(\s+)", run)
    for count in range(len(groups), 0, -2):
        candidate = "".join(groups[:count])
        written = "+" + _digits(candidate).removeprefix("" if candidate.startswith("+") else "00")
        try:
            number = phonenumbers.parse(written)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), len(candidate)
    return "", len(groups[0])


def _expand(scientific: re.Match[str]) -> str:
    """Return the digits of `1.3800000001E+10`, or "" where some are missing."""
    fraction, exponent = scientific[2] or "", int(scientific[3])
    return scientific[1] + fraction if len(fraction) == exponent else ""


def _with_lost_zero(value: str) -> str:
    """Return the landline that `value` would be with the leading zero that a number cell drops, else ""."""
    phones, rest = take_phones("0" + value) if value.isdigit() else ([], "")
    return display_phone(phones[0]) if phones and not rest.strip() and not is_mobile(phones[0]) else ""


def is_mobile(e164: str) -> bool:
    """Return whether a number is certainly a mobile's (foreign plans that mix both say no)."""
    if e164.startswith("+86"):
        return bool(_CN_MOBILE.fullmatch(e164))
    import phonenumbers

    try:
        kind = phonenumbers.number_type(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return False
    return bool(kind == phonenumbers.PhoneNumberType.MOBILE)


def display_phone(e164: str) -> str:
    """Return a number as Chinese people write it; `parse_phones` reads it back.

    >>> [display_phone(p) for p in ("+8613800000000", "+862162345678;ext=801", "+864001234567")]
    ['13800000000', '021-62345678-801', '400-123-4567']
    """
    number, _, extension = e164.partition(";ext=")
    tail = f"-{extension}" if extension else ""
    if _CN_MOBILE.fullmatch(number):
        return number.removeprefix("+86")
    if free := _CN_FREE.fullmatch(number):
        return "-".join(free.groups()) + tail
    if landline := _CN_LANDLINE.fullmatch(number):
        return f"0{landline[1]}-{landline[2]}{tail}"
    return number + tail


def mask_phone(e164: str) -> str:
    """Return a number with its middle hidden.

    >>> [mask_phone(p) for p in ("+8613800008000", "+862162345678;ext=801", "+85291234567")]
    ['138****8000', '021-****5678', '+852****4567']
    """
    shown = display_phone(e164.partition(";ext=")[0])
    head = 4 if shown.startswith(("0", "+")) else 3
    return f"{shown[:head]}****{shown[-4:]}"


def mask_mobiles(text: str) -> str:
    """Return a text with the middle of the mobile numbers in it hidden; one without any stays as it is.

    >>> mask_mobiles("张三 138-0000-8000／021-62345678")
    '张三 138****8000/021-62345678'
    """
    value = halfwidth(text).translate(_DASHES)
    parts: list[str] = []
    end = 0
    for start, stop, phone in find_phones(value):
        if is_mobile(phone):
            parts += (value[end:start], mask_phone(phone))
            end = stop
    return "".join((*parts, value[end:])) if parts else text

"""The rule language: `when = { amount = ">= 500000", province = ["上海", "江苏"] }`, parsed once, asked often."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from crmcli.domain.fields import fields_of
from crmcli.domain.problem import Problem
from crmcli.domain.values.date import parse_date
from crmcli.domain.values.date_style import DateStyle
from crmcli.domain.values.money import parse_amount
from crmcli.domain.values.number import parse_percent
from crmcli.domain.values.region import parse_region
from crmcli.domain.values.text import clean, fold, is_blank
from crmcli.i18n import Message, msg

Value = Decimal | str | None

_OPERATOR = re.compile(r"(>=|<=|!=|==?|[><≥≤≠]|＞＝|＜＝|！＝|[＞＜＝])?\s*(.*)", re.DOTALL)
_SPELLINGS = {"": "=", "==": "=", "≥": ">=", "≤": "<=", "≠": "!="}
_FULL_WIDTH = str.maketrans("＞＜＝！", "><=!")
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_ORDERED_TYPES = frozenset({"amount", "percent", "date"})
_LISTS = frozenset({"tags", "phones", "emails"})
_REGIONS = frozenset({"province", "city", "district"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison, and how it was `written`.

    `value` None asks whether the field is unknown (`=`) or known (`!=`).
    """

    key: str
    sign: str
    value: Value
    written: str = field(default="", compare=False)

    def holds(self, values: Sequence[Value]) -> bool:
        """Return whether the comparison is true of what a field holds; an empty `values` is unknown.

        An unknown field equals nothing but "unknown" and is neither above nor below anything.
        """
        if self.sign in _ORDERS:
            return any(_ordered(self.sign, value, self.value) for value in values)
        same = self.value in values if self.value is not None else not values
        return same if self.sign == "=" else not same

    def implies(self, other: Comparison) -> bool:
        """Return whether `other` is certain wherever this holds (it may hold unnoticed elsewhere)."""
        if self == other or known_fields()[self.key] in _LISTS:
            return self == other
        if self.sign == "=" and self.value is not None:
            return other.holds([self.value])
        if self.sign in _ORDERS and other.sign[0] == self.sign[0] and other.sign in _ORDERS:
            strict = self.value == other.value and (len(self.sign) == 1 or len(other.sign) > 1)
            return strict or _ordered(self.sign[0], self.value, other.value)
        return self.sign in _ORDERS and other.sign == "!=" and not self.holds([other.value])


@dataclass(frozen=True, slots=True)
class Condition:
    """What a rule asks of a deal: every field's list must have a test that holds. Empty: true of every deal."""

    tests: tuple[tuple[Comparison, ...], ...] = ()

    def holds(self, fields: Mapping[str, Any]) -> bool:
        """Return whether the condition is true of a deal's fields."""
        for either in self.tests:
            values = read_values(either[0].key, fields.get(either[0].key))
            if not any(test.holds(values) for test in either):
                return False
        return True

    def miss(self, fields: Mapping[str, Any]) -> Message | None:
        """Return why the condition does not hold for the first field that fails it, None where it holds."""
        for either in self.tests:
            key = either[0].key
            values = read_values(key, fields.get(key))
            if not any(test.holds(values) for test in either):
                return _why(either, fields.get(key), known=bool(values))
        return None

    def covers(self, other: Condition) -> bool:
        """Return whether this surely holds wherever `other` does, so that a later rule asking `other` is idle."""
        theirs = {either[0].key: either for either in other.tests}
        return all(
            either[0].key in theirs
            and all(any(test.implies(mine) for mine in either) for test in theirs[either[0].key])
            for either in self.tests
        )


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one key of a condition."""

    key: str
    message: Message


@cache
def known_fields() -> dict[str, str]:
    """Return the fields that rules can ask about -> their type; the opportunity's before the customer's."""
    fields = [*fields_of("opportunity"), *fields_of("customer")]
    return {known.key: known.type for known in reversed(fields) if known.type != "id"}


def parse_condition(when: Mapping[str, Any]) -> Condition | list[Mistake]:
    """Return the tree of a `when` table, or all that is wrong with it.

    >>> parse_condition({"amount": ">= 50万"}).tests[0][0].value
    Decimal('500000')
    >>> [str(mistake.message) for mistake in parse_condition({"amount": "> lots"})]
    ['amount: lots is not an amount']
    """
    tests: list[tuple[Comparison, ...]] = []
    mistakes: list[Mistake] = []
    for key, wanted in when.items():
        parsed = [_parse_test(key, one) for one in (wanted if isinstance(wanted, list | tuple) else [wanted])]
        mistakes += [Mistake(key, one) for one in parsed if isinstance(one, Message)]
        if not parsed:
            mistakes.append(Mistake(key, msg("{key}: the list is empty", key=key)))
        tests.append(tuple(one for one in parsed if isinstance(one, Comparison)))
    return mistakes or Condition(tuple(tests))


def read_values(key: str, stored: Any) -> list[Value]:
    """Return what a record holds under `key`, ready to be compared; empty where nothing is known."""
    items = stored if isinstance(stored, list | tuple) else [stored]
    read = [_read(key, item) for item in items]
    return [value for value in read if value is not None and not isinstance(value, Problem)]


def _parse_test(key: str, wanted: Any) -> Comparison | Message:
    kind = known_fields().get(key)
    if kind is None:
        return msg("there is no field {key}; known are {fields}", key=key, fields=sorted(known_fields()))
    if isinstance(wanted, Mapping):
        return msg("{key}: a text, a number or a list of them is expected", key=key)
    found = _OPERATOR.fullmatch(clean(wanted)) if isinstance(wanted, str) else None
    written = (found[1] or "").translate(_FULL_WIDTH) if found else ""
    sign = _SPELLINGS.get(written, written)
    if sign in _ORDERS and kind not in _ORDERED_TYPES:
        return msg("{key} is a text: {sign} compares only numbers and dates", key=key, sign=sign)
    value = _read(key, found[2] if found else wanted)
    if isinstance(value, Problem):
        return msg("{key}: {why}", key=key, why=value.message)
    if value is None and sign in _ORDERS:
        return msg("{key}: {sign} is followed by nothing", key=key, sign=sign)
    return Comparison(key, sign, value, str(wanted))


def _read(key: str, value: Any) -> Value | Problem:
    if value is None:
        return None
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool) and _kind(key) in _ORDERED_TYPES:
        return value if isinstance(value, Decimal) else Decimal(str(value))
    return _read_text(key, value.isoformat() if isinstance(value, date) else str(value))


def _kind(key: str) -> str:
    return known_fields().get(key, "text")


@lru_cache(maxsize=1 << 16)
def _read_text(key: str, text: str) -> Value | Problem:
    if is_blank(text):
        return None
    kind = _kind(key)
    if kind == "amount":
        amount = parse_amount(text)
        return amount if isinstance(amount, Problem) else amount.value
    if kind == "percent":
        return parse_percent(text)
    if kind == "date":
        day = parse_date(text, DateStyle(), UTC)
        return day if isinstance(day, Problem) else day[:10]
    return fold(_place(key, text) if key in _REGIONS else text)


def _place(key: str, text: str) -> str:
    place = parse_region(text)
    return str(getattr(place, key, None) or text)


def _ordered(sign: str, value: Value, bound: Value) -> bool:
    return value is not None and bound is not None and type(value) is type(bound) and _ORDERS[sign](value, bound)


def _why(either: Sequence[Comparison], stored: Any, *, known: bool) -> Message:
    wanted = " / ".join(test.written or "?" for test in either)
    if not known:
        return msg("{field} is unknown, not {wanted}", field=either[0].key, wanted=wanted)
    return msg("{field} is {value}, not {wanted}", field=either[0].key, value=stored, wanted=wanted)

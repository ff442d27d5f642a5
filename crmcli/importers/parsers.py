"""Which parser reads a field's cells, by the field's type."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from crmcli.domain.leads import lead_status
from crmcli.domain.problem import Problem, register
from crmcli.domain.values.boolean import parse_boolean
from crmcli.domain.values.company import clean_company, company_name_problem
from crmcli.domain.values.credit_code import parse_credit_code
from crmcli.domain.values.date import parse_date
from crmcli.domain.values.date_style import decide_date_style
from crmcli.domain.values.email import parse_emails
from crmcli.domain.values.money import Amount, header_currency, parse_amount
from crmcli.domain.values.number import parse_integer, parse_percent, percent_scale
from crmcli.domain.values.people import NamedPerson, people_of
from crmcli.domain.values.person import remark_parts
from crmcli.domain.values.phone import parse_phones
from crmcli.domain.values.role import parse_role
from crmcli.domain.values.shares import parse_shares
from crmcli.domain.values.tags import parse_tags
from crmcli.i18n import Message, msg
from crmcli.importers.mapping import ColumnMap
from crmcli.importers.meaning import EXTRA
from crmcli.importers.presets import code_key
from crmcli.importers.sheet import NO_RESULT

register(
    **{
        "id.lost_digits": "{text} has lost digits in a spreadsheet: take the number from its origin",
        "cell.error": "{text} is an error of the spreadsheet, not a value",
        "cell.no_result": "the formula {text} has no stored result: open the file in Excel and save it once",
    }
)
_ERRORS = frozenset(("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA", "#SPILL!"))


@dataclass(frozen=True, slots=True)
class Person:
    """What a cell about a person says beyond doubt: a name, maybe a company, phones, and the others that it names."""

    name: str
    company: str | None = None
    phones: tuple[str, ...] = ()
    others: tuple[NamedPerson, ...] = ()


_SHOWN = 10
_DECIDED_TOGETHER = ("date", "stage_date", "amount", "percent")
_SCIENTIFIC = re.compile(r"[-+]?[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,3}")


def parser_of(target: ColumnMap, filled: list[str], zone: ZoneInfo) -> tuple[Callable[[str], Any], Message | None]:
    """Return the parser of a column whose filled distinct texts are `filled`, and what to tell about its choice."""
    sound = [text for text in filled if not isinstance(_sound(text), Problem)]
    parser, note = _parser_of(target, sound, zone)
    return partial(_read, parser), note or _unknown_codes(target, sound)


def _read(parser: Callable[[str], Any], text: str) -> Any:
    found = _sound(text)
    return found if isinstance(found, Problem) else parser(text)


def _unknown_codes(target: ColumnMap, texts: list[str]) -> Message | None:
    """Return which values the preset's list does not have: they are kept as written."""
    if not target.values:
        return None
    known = {*target.values, *map(code_key, target.values.values())}
    unknown = sorted({text for text in texts if code_key(text) not in known})
    if not unknown:
        return None
    return msg(
        "{header}: the preset's list lacks {n} values, which are kept as written: {values}",
        header=target.header, n=len(unknown), values=unknown[:_SHOWN],
    )  # fmt: skip


def _sound(text: str) -> str | Problem:
    """Return a cell's text, or that the spreadsheet itself could not say what the cell holds."""
    if text.startswith(NO_RESULT):
        return Problem("cell.no_result", text.removeprefix(NO_RESULT).strip() or text)
    return Problem("cell.error", text) if text.upper() in _ERRORS else text


def _parser_of(target: ColumnMap, filled: list[str], zone: ZoneInfo) -> tuple[Callable[[str], Any], Message | None]:
    if target.type in ("date", "stage_date"):
        style = decide_date_style(filled)
        return partial(parse_date, style=style, tz=zone), style.why if style.ambiguous else None
    if target.type == "amount":
        return partial(_amount, unit=target.unit, currency=target.currency), None
    if target.type == "percent":
        return partial(parse_percent, scale=percent_scale(filled)), None
    return _by_field(target), None


def _by_field(target: ColumnMap) -> Callable[[str], Any]:
    """Return the parser of a column for which its other texts do not matter."""
    if target.path.endswith(".external_id"):
        return _identifier
    if target.path.endswith(".currency"):
        return _currency
    if target.path in ("contact.name", "lead.name"):
        return _person if target.path == "contact.name" else _one_person
    if target.path == "lead.status":
        return lead_status
    return _PARSERS.get(target.type, _text)


def _text(text: str) -> str:
    return text


def _company(text: str) -> str | Problem:
    return company_name_problem(text) or clean_company(text)


def _identifier(text: str) -> str | Problem:
    """Return a record's own number as written; one in scientific form is nobody's number any more."""
    return Problem("id.lost_digits", text) if _SCIENTIFIC.fullmatch(text) else text


def _person(text: str) -> Person:
    """Return the first person that a cell names, with the others."""
    first, *others = people_of(text)
    return Person(first.name, phones=first.phones, others=tuple(others))


def _one_person(text: str) -> Person:
    """Return the one person that a cell names; a cell of several stays one name, as written, with all their phones."""
    person = _person(text)
    phones = dict.fromkeys([*person.phones, *(number for other in person.others for number in other.phones)])
    return Person(text, phones=tuple(phones)) if person.others else person


def _remark(text: str) -> Person:
    found = remark_parts(text)
    return Person(found.name or text, found.company, found.phones)


def _currency(text: str) -> str:
    """Return a currency's ISO code, a text that names none as written."""
    return header_currency(f"_({text})") or text.upper()


def _amount(text: str, *, unit: Any, currency: str | None) -> Amount | Problem:
    """Return an amount in the currency that its cell names, else its column."""
    value = parse_amount(text, unit)
    if currency and isinstance(value, Amount) and value.currency is None:
        return replace(value, currency=currency)
    return value


_PARSERS: dict[str, Callable[[str], Any]] = {
    "phones": parse_phones,
    "emails": parse_emails,
    "tags": parse_tags,
    "tag_group": parse_tags,
    "credit_code": parse_credit_code,
    "number": parse_integer,
    "boolean": parse_boolean,
    "role": parse_role,
    "shares": parse_shares,
    "company": _company,
    "remark": _remark,
}

# The form that most texts of a column have: what such a text says is itself, or what the function makes of it.
# Nothing of it is blank (placeholders are shorter), protected, masked or an error of a spreadsheet.
_WORDS = r"[0-9A-Za-z\u4e00-\u9fff（）]"
Form = tuple[Callable[[str], Any], Callable[[str], Any] | None]
_USUAL: dict[Callable[[str], Any], Form] = {
    _text: (re.compile(rf"{_WORDS}(?:{_WORDS}|[ .,:/@_，。、：；-]){{6,}}{_WORDS}").fullmatch, None),
    _company: (re.compile(rf"(?![xX]{{2}}){_WORDS}{{8,}}").fullmatch, None),
    _identifier: (re.compile(r"[A-Za-z]{0,6}[0-9]{3,}").fullmatch, None),
    parse_phones: (re.compile(r"1[3-9][0-9]{9}").fullmatch, lambda text: ["+86" + text]),
    parse_emails: (re.compile(r"[a-z0-9]{1,30}@(?:[a-z0-9]{1,30}\.){1,2}[a-z]{2,6}").fullmatch, lambda text: [text]),
}


def usual_form(target: ColumnMap) -> Form | None:
    """Return how to see that a text of a column has the usual form, and what it says then (None: itself), if known."""
    if target.values or target.path == EXTRA or target.type in _DECIDED_TOGETHER:
        return None
    return _USUAL.get(_by_field(target))

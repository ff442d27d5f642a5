"""A mapped sheet -> parsed values: every cell ends in a field, in the extra columns, or in a listed problem."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from crmcli.domain.problem import Problem
from crmcli.domain.values.boolean import parse_boolean
from crmcli.domain.values.column import parse_column
from crmcli.domain.values.company import clean_company, company_name_problem
from crmcli.domain.values.credit_code import parse_credit_code
from crmcli.domain.values.date import parse_date
from crmcli.domain.values.date_style import decide_date_style
from crmcli.domain.values.email import parse_emails
from crmcli.domain.values.money import parse_amount
from crmcli.domain.values.number import parse_integer, parse_percent, percent_scale
from crmcli.domain.values.person import remark_parts
from crmcli.domain.values.phone import parse_phones
from crmcli.domain.values.region import Region, parse_region
from crmcli.domain.values.tags import parse_tags
from crmcli.domain.values.text import clean, is_blank
from crmcli.i18n import Message, msg
from crmcli.importers.mapping import EXTRA, LEFT_OUT, ColumnMap, SheetMapping
from crmcli.importers.sheet import Column, Sheet

Parts = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A cell that gave no value: its column's header and field, and why. Its text is kept under extra."""

    header: str
    path: str
    problem: Problem


@dataclass(slots=True)
class Draft:
    """What one row says: per kind of record its fields, the cells no field takes, and what could not be read."""

    index: int
    row: int
    parts: Parts
    extra: dict[str, str] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ParsedColumn:
    """One column after parsing: row i's value is `values[codes[i]]`; None is blank, a Problem is a bad cell."""

    map: ColumnMap
    texts: list[str]
    values: list[Any]
    codes: Sequence[int]
    note: Message | None = None


def parse_sheet(sheet: Sheet, mapping: SheetMapping, zone: ZoneInfo) -> list[ParsedColumn]:
    """Return the sheet's columns with their distinct values parsed once."""
    wanted = [column for column in mapping.columns if column.type != LEFT_OUT]
    return [_parse(sheet.columns[column.index], column, zone) for column in wanted]


def _parse(column: Column, target: ColumnMap, zone: ZoneInfo) -> ParsedColumn:
    texts = [clean(text) for text in column.values]
    filled = [text for text in texts if text and not is_blank(text)]
    parser, note = _parser(target, filled, zone)
    wanted = [text if text and not is_blank(text) else "" for text in texts]
    if target.path == EXTRA:
        wanted = texts
    values = parse_column(parser, [text for text in wanted if text])
    results = iter(values)
    return ParsedColumn(target, texts, [next(results) if text else None for text in wanted], column.codes, note)


def _parser(target: ColumnMap, filled: list[str], zone: ZoneInfo) -> tuple[Callable[[str], Any], Message | None]:
    if target.type == "date":
        style = decide_date_style(filled)
        return partial(parse_date, style=style, tz=zone), style.why if style.ambiguous else None
    if target.type == "amount":
        return partial(parse_amount, unit=target.unit), None
    if target.type == "percent":
        return partial(parse_percent, scale=percent_scale(filled)), None
    return _PARSERS.get(target.type, _text), None


def _text(text: str) -> str:
    return text


def _company(text: str) -> str | Problem:
    return company_name_problem(text) or clean_company(text)


_PARSERS: dict[str, Callable[[str], Any]] = {
    "phones": parse_phones,
    "emails": parse_emails,
    "tags": parse_tags,
    "tag_group": parse_tags,
    "region": parse_region,
    "credit_code": parse_credit_code,
    "number": parse_integer,
    "boolean": parse_boolean,
    "company": _company,
    "remark": remark_parts,
}


def parse_text(kind: str, text: str, zone: ZoneInfo) -> Any:
    """Return the value of one text of a field type, or a Problem; what a person types goes the way cells go."""
    target = ColumnMap(0, "", f"_.{kind}", kind, 1.0, msg("typed"))
    parser, _note = _parser(target, [text], zone)
    value = parser(clean(text))
    return (value.province or text) if isinstance(value, Region) else value


def drafts(sheet: Sheet, columns: Sequence[ParsedColumn], mapping: SheetMapping) -> Iterator[Draft]:
    """Yield one draft a row, in the sheet's order."""
    kind = mapping.kind or ""
    for index, row in enumerate(sheet.rows):
        draft = Draft(index, row, {kind: {}})
        for column in columns:
            code = column.codes[index]
            value = column.values[code]
            if value is not None:
                _put(draft, column, value, column.texts[code])
        _settle_contact(draft, kind)
        yield draft


def _put(draft: Draft, column: ParsedColumn, value: Any, text: str) -> None:
    target = column.map
    if isinstance(value, Problem):
        _keep_extra(draft, target.header, text)
        if value.code != "region.unknown" or target.path == "customer.region":
            draft.problems.append(CellProblem(target.header, target.path, value))
            return
        value = text
    if target.path == EXTRA:
        _keep_extra(draft, target.header, text)
        return
    kind, key = target.path.split(".")
    part = draft.parts.setdefault(kind, {})
    if target.type == "region":
        _put_region(part, key, value, text)
    elif target.type == "remark":
        _put_remark(draft, value, text)
    elif target.type == "tag_group":
        part["tags"] = part.get("tags", []) + [f"{_group(target.header)}:{tag}" for tag in value]
    elif isinstance(value, list):
        part[key] = list(dict.fromkeys(part.get(key, []) + value))
    elif key in part and key in ("note", "text"):
        part[key] = f"{part[key]}\n{value}"
    else:
        part[key] = value


def _keep_extra(draft: Draft, header: str, text: str) -> None:
    name = header or "?"
    while name in draft.extra and draft.extra[name] != text:
        name += "'"
    draft.extra[name] = text


def _group(header: str) -> str:
    return header[header.find("(") + 1 : -1] if "(" in header else header[header.find("（") + 1 : -1]


def _put_region(part: dict[str, Any], key: str, value: Region | str, text: str) -> None:
    if isinstance(value, str):
        part[key] = value
    elif key == "region":
        for name in ("province", "city", "district"):
            if getattr(value, name):
                part.setdefault(name, getattr(value, name))
    else:
        part[key] = getattr(value, key) or text


def _put_remark(draft: Draft, value: Any, text: str) -> None:
    contact = draft.parts.setdefault("contact", {})
    contact["name"] = value.name or text
    if value.phones:
        contact["phones"] = list(dict.fromkeys(contact.get("phones", []) + list(value.phones)))
    if value.company:
        draft.parts.setdefault("customer", {})["name"] = value.company
    if (value.name or text) != text:
        _keep_extra(draft, "Remark", text)


def _settle_contact(draft: Draft, kind: str) -> None:
    """Give a phone to the contact where the row names one, else to the customer."""
    contact = draft.parts.get("contact")
    if not contact:
        return
    nickname = contact.pop("nickname", None)
    if nickname and contact.setdefault("name", nickname) != nickname:
        _keep_extra(draft, "NickName", nickname)
    named = contact.get("name") or contact.get("external_id")
    alone = kind == "contact" and not draft.parts.get("customer")
    if named or alone:
        return
    del draft.parts["contact"]
    customer = draft.parts.setdefault("customer", {})
    for key, value in contact.items():
        if key in ("phones", "emails"):
            customer[key] = list(dict.fromkeys(customer.get(key, []) + value))
        elif key in ("wechat", "note") and not customer.get(key):
            customer[key] = value
        else:
            _keep_extra(draft, key, str(value))

"""A sheet's rows as records to compare: columns of a database's fields, and others that tell records apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from crmcli.domain.problem import Problem
from crmcli.domain.values.region import Region
from crmcli.importers.parsers import Person
from crmcli.importers.parsing import ParsedColumn, parse_block
from crmcli.jobs.dedupe import other_columns
from crmcli.jobs.importing.plan import PlannedSheet
from crmcli.matching.normalise import is_chinese
from crmcli.matching.person_names import parted
from crmcli.matching.records import MatchBatch

# a number that no country's plan knows, still one to compare
_DIGITS = re.compile(r"[\d\s()/.+-]{7,}")
_FEWEST_DIGITS = 7
# what a name is written in, in the order in which it is read
_NAMES = ("first_name", "name")


def records_of(planned: PlannedSheet, cells: Cells, ids: list[str]) -> MatchBatch:
    """Return a sheet's rows, whose ids are `ids`, as records to compare."""
    sheet = planned.sheet
    kind = kind_of(cells, planned)
    people = _people(cells) if kind == "contact" else None
    return MatchBatch(
        ids=ids,
        names=(people[0] if people else _names(cells, kind) or other_columns.names(sheet)) or [""] * sheet.count,
        credit_codes=cells.texts("customer.credit_code"),
        phones=cells.texts("customer.phones", "contact.phones", "lead.phones", say=_phone),
        emails=cells.texts("customer.emails", "contact.emails", "lead.emails", say=_first),
        addresses=cells.texts("customer.address") or other_columns.streets(sheet),
        provinces=cells.texts("customer.province"),
        cities=cells.texts("customer.city"),
        contacts=cells.texts("contact.name") if kind == "customer" else None,
        wechat=cells.texts("customer.wechat", "contact.wechat", "lead.wechat"),
        given_names=people[1] if people else None,
        surnames=people[2] if people else None,
        births=other_columns.births(sheet),
        postcodes=other_columns.postcodes(sheet),
    )


def kind_of(cells: Cells, planned: PlannedSheet) -> str:
    """Return whose names are compared: the customers' where the sheet has them, else the contacts'."""
    for kind in ("customer", "contact"):
        if any(cells.has(f"{kind}.{key}") for key in _NAMES):
            return kind
    return planned.mapping.kind or ""


def _names(cells: Cells, kind: str) -> list[str] | None:
    found = [names for key in _NAMES if (names := cells.texts(f"{kind}.{key}"))]
    return [" ".join(filter(None, row)) for row in zip(*found, strict=True)] or cells.texts("lead.company")


def _people(cells: Cells) -> tuple[list[str], list[str], list[str]]:
    """Return the Chinese names of people, which are compared whole, and given names and surnames of the others."""
    last = cells.texts("contact.name") or []
    first = cells.texts("contact.first_name") or [""] * len(last)
    rows = list(zip(first, last or [""] * len(first), strict=True))
    chinese = [is_chinese(given + surname) for given, surname in rows]
    apart = [(given, surname) if given else parted(surname) for given, surname in rows]
    return (
        [surname + given if whole else "" for (given, surname), whole in zip(rows, chinese, strict=True)],
        ["" if whole else given for (given, _), whole in zip(apart, chinese, strict=True)],
        ["" if whole else surname for (_, surname), whole in zip(apart, chinese, strict=True)],
    )


class Cells:
    """A sheet's parsed columns as texts to compare, block by block."""

    def __init__(self, planned: PlannedSheet) -> None:
        self.columns: dict[str, list[list[ParsedColumn]]] = {}
        mapped = [parser for parser in planned.parsers if parser.map.path]
        for parser in mapped:
            self.columns.setdefault(parser.map.path, []).append([])
        for block in planned.sheet.blocks():
            places = {path: iter(columns) for path, columns in self.columns.items()}
            for parsed in parse_block(block, mapped):
                next(places[parsed.map.path]).append(parsed)

    def has(self, path: str) -> bool:
        """Return whether some column holds this field."""
        return path in self.columns

    def texts(self, *paths: str, say: Callable[[Any, str, str], str] | None = None) -> list[str] | None:
        """Return a text a row of the fields at `paths`, several parted by ";"; None where no column holds them."""
        columns = [(column, path) for path in paths for column in self.columns.get(path, [])]
        if not columns:
            return None
        each = [
            [text for part in column for text in _column_texts(part, path, say or _plain)] for column, path in columns
        ]
        return [";".join(dict.fromkeys(text for text in row if text)) for row in zip(*each, strict=True)]


def _column_texts(column: ParsedColumn, path: str, say: Callable[[Any, str, str], str]) -> list[str]:
    key = path.partition(".")[2]
    texts = zip(column.values, column.texts, strict=True)
    said = ["" if value is None else say(value, text, key) for value, text in texts]
    return [said[code] for code in column.codes]


def _plain(value: Any, text: str, key: str) -> str:
    if isinstance(value, Problem):
        return ""
    if isinstance(value, Region):
        return getattr(value, key, None) or text
    return str(value.name or "") if isinstance(value, Person) else str(value)


def _first(value: Any, _text: str, _key: str) -> str:
    return value[0] if isinstance(value, list) and value else ""


def _phone(value: Any, text: str, _key: str) -> str:
    if isinstance(value, list):
        return ";".join(value)
    digits = re.sub(r"\D", "", text)
    return digits if _DIGITS.fullmatch(text) and len(digits) >= _FEWEST_DIGITS else ""

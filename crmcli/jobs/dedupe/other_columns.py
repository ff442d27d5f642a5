"""Columns of a spreadsheet that tell records apart but that no import takes: dates of birth, postcodes, streets."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC
from itertools import chain

from crmcli.domain.fields import normalise_header
from crmcli.domain.problem import Problem
from crmcli.domain.values.date import parse_date
from crmcli.domain.values.date_style import decide_date_style
from crmcli.importers.sheet import Sheet

_BIRTH = "dob|d.o.b.|birth|birthday|birthdate|birth date|date of birth|day of birth|出生日期|出生年月|出生年月日|生日"
_POSTCODE = "zip|zip code|zipcode|postcode|post code|postal code|postal|plz|邮编|邮政编码|邮政代码"
_ADDRESS = "addr|address|address 1|address1|address line 1|street|street address|地址|详细地址"
_NAME_END = re.compile(r"(?:\bnames?|名称|名)$")
_FILLED = 0.5
_EARLY_YEAR = re.compile(r"(?<!\d)19(?=[0-6]\d(?:\d{4})?(?!\d))")


def births(sheet: Sheet) -> list[str] | None:
    """Return each row's date of birth (ISO, "" where it is none); None when no column holds them."""
    texts = _texts(sheet, _BIRTH)
    if texts is None:
        return None
    # no customer was won before 1970, but people were born: they are read as born a century later
    later = {text: _EARLY_YEAR.sub("20", text) for text in dict.fromkeys(texts)}
    style = decide_date_style(later.values())
    days = {text: _day(parse_date(moved, style, UTC), early=moved != text) for text, moved in later.items()}
    return [days[text] for text in texts]


def _day(parsed: str | Problem, *, early: bool) -> str:
    if isinstance(parsed, Problem):
        return ""
    return "19" + parsed[2:10] if early else parsed[:10]


def postcodes(sheet: Sheet) -> list[str] | None:
    """Return each row's postcode without spaces and without what follows a hyphen; None when no column holds them."""
    texts = _texts(sheet, _POSTCODE)
    return None if texts is None else [text.partition("-")[0].replace(" ", "").upper() for text in texts]


def streets(sheet: Sheet) -> list[str] | None:
    """Return each row's address where the column is called in a way that no import knows; None when none is."""
    return _texts(sheet, _ADDRESS)


def names(sheet: Sheet) -> list[str] | None:
    """Return each row's text in the first well-filled column that is called a name of anything; None when none is."""
    return _first(sheet, lambda header: bool(_NAME_END.search(header)), least=_FILLED)


def _texts(sheet: Sheet, words: str) -> list[str] | None:
    known = frozenset(words.split("|"))
    return _first(sheet, known.__contains__)


def _first(sheet: Sheet, wanted: Callable[[str], bool], least: float = 0.0) -> list[str] | None:
    """Return the texts of the first column whose heading is wanted and that is filled in more than `least` of rows."""
    for place, column in enumerate(sheet.columns):
        if wanted(normalise_header(column.header)) and column.filled > least * sheet.count:
            texts = chain.from_iterable(block.columns[place].texts() for block in sheet.blocks())
            return [" ".join(text.split()) for text in texts]
    return None

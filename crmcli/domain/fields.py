"""The field catalogue: what a record can hold, what it is called, and which headers mean it.

One table drives import mapping, export headings, report columns and `crmcli fields`.
Source of the synonyms: headers seen in the exports of the named systems and in sales teams' own sheets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from crmcli.domain.headings import BARE, FIELDS
from crmcli.domain.headings_parties import Row
from crmcli.domain.headings_targets import MONTHS, YEAR
from crmcli.domain.headings_work import WORK
from crmcli.domain.values.text import simplify


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one kind of record.

    `type` names the parser: text, name, phones, emails, amount, date, number, percent, tags, region,
    credit_code, boolean, role, shares, stage, status, person, company, product, reference. `synonyms` are normalised.
    """

    entity: str
    key: str
    zh: str
    en: str
    type: str
    synonyms: tuple[str, ...]

    @property
    def path(self) -> str:
        """Return the dotted name that `--map` and presets use: `customer.name`."""
        return f"{self.entity}.{self.key}"

    def label(self, language: str) -> str:
        """Return the heading in "zh" or "en"."""
        return self.zh if language == "zh" else self.en


# fields that the catalogue does not show, for they are put together or taken apart, with their types
COMPOSED = {
    "contact.remark": "remark",
    "contact.nickname": "nickname",
    "contact.first_name": "text",
    "lead.first_name": "text",
    "target.year": "text",
} | dict.fromkeys(MONTHS, "amount")

_MARKS = re.compile(
    r"^[*★]+|[*:：]+$|[(（\[【]\s*(?:\*|%|必填|必填项|必选|选填|非必填|系统|单选|多选|required|optional)\s*[)）\]】]$"
)
_PAREN_HEAD = re.compile(r"^\*?\(单据[头体]\)")
_SPACE = re.compile(r"\s+")


@cache
def normalise_header(text: str) -> str:
    """Return a header without marks, width, case and spacing variants, for comparison only.

    >>> [normalise_header(h) for h in ("＊客户名称（必填）：", "*(单据头)名称#中文(简体)", "Deal_Stage")]
    ['客户名称', '名称', 'deal stage']
    """
    value = unicodedata.normalize("NFKC", text).replace("\ufeff", "").strip()
    if _PAREN_HEAD.match(value):
        value = _PAREN_HEAD.sub("", value).split("#")[0]
    while (shorter := _MARKS.sub("", value).strip()) != value:
        value = shorter
    return simplify(_SPACE.sub(" ", value.replace("_", " ")).strip().casefold())


@cache
def catalogue() -> dict[str, Field]:
    """Return every field that a sheet may bring, by its path (`customer.name`), in display order."""
    return _fields(FIELDS)


@cache
def _of_work() -> dict[str, Field]:
    """Return the fields of what people make here only, by path: imports do not know them."""
    return _fields(WORK)


def _fields(headings: Mapping[str, list[Row]]) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    for entity, rows in headings.items():
        for key, zh, en, kind, synonyms in rows:
            words = tuple(normalise_header(word) for word in (zh, en, *synonyms.split("|")) if word)
            fields[f"{entity}.{key}"] = Field(entity, key, zh, en, kind, words)
    return fields


def fields_of(entity: str) -> list[Field]:
    """Return the fields of one kind of record, in display order: of tasks, approvals and files too."""
    known = _of_work() if entity in WORK else catalogue()
    return [field for field in known.values() if field.entity == entity]


@cache
def headers_to_paths() -> dict[str, tuple[str, ...]]:
    """Return normalised header -> the field paths that claim it (several where the sheet's kind decides)."""
    found: dict[str, list[str]] = {}
    for field in catalogue().values():
        if not _is_bare_label(field):
            for word in field.synonyms:
                found.setdefault(word, []).append(field.path)
    for path, words in (YEAR | MONTHS).items():
        for word in words.split("|"):
            found.setdefault(normalise_header(word), []).append(path)
    return {word: tuple(dict.fromkeys(paths)) for word, paths in found.items() if word not in bare_headers()}


@cache
def bare_headers() -> dict[str, str]:
    """Return normalised header -> field key, for headers that belong to the sheet's main kind."""
    return {normalise_header(word): key for key, words in BARE.items() for word in words.split("|")}


def _is_bare_label(field: Field) -> bool:
    return field.key == "id"


@cache
def known_headers() -> frozenset[str]:
    """Return every normalised header that means something, for finding the header row."""
    return frozenset(headers_to_paths()) | frozenset(bare_headers())

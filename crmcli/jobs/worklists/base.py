"""What a row of a worklist was when it was written: the base that its cells are compared with later."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from crmcli.domain.records import parse_number, record_number
from crmcli.domain.values.money import fen_to_text
from crmcli.reports.files import cell_text

DAYS = ("expected_close", "next_at", "closed_at")
_DAY = len("2026-03-05")
_LONGEST = 500  # of a longer text a fingerprint stands for the rest
_LINE_END = re.compile(r"[ \t]*(?:\r\n?|\n)")


@dataclass(frozen=True, slots=True)
class RowBase:
    """What the hidden cell of a row holds: the deal, whose sheet it is, when it was written, what each cell said."""

    number: int
    person: str
    written: str
    said: Mapping[str, str]

    @property
    def record(self) -> str:
        """Return the deal's number as people see it."""
        return record_number("opportunity", self.number)

    def text(self) -> str:
        """Return the hidden cell's text."""
        parts = [self.record, self.person, self.written, dict(self.said)]
        return json.dumps([*parts, _check(parts)], ensure_ascii=False, separators=(",", ":"))


def parse_base(text: str) -> RowBase | None:
    """Return what a hidden cell holds, None where it was tampered with."""
    try:
        *parts, check = json.loads(text)
        record, person, written, said = parts
    except (ValueError, TypeError):
        return None
    found = parse_number(record) if isinstance(record, str) else None
    if check != _check(parts) or found is None or found[0] != "opportunity" or not isinstance(said, dict):
        return None
    return RowBase(found[1], str(person), str(written), said)


def _check(parts: list[Any]) -> str:
    return _fingerprint(json.dumps(parts, ensure_ascii=False, sort_keys=True))[:12]


def _fingerprint(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def base_of(cells: Mapping[str, Any], columns: Iterable[str]) -> dict[str, str]:
    """Return what a row's cells say, by column: of stored values and of texts; what is empty is left out."""
    told = {column: in_cell(column, cells.get(column)) for column in columns}
    return {column: text for column, text in told.items() if text}


def in_cell(column: str, value: Any) -> str:
    r"""Return a stored value as one text that two cells are compared by, "" for nothing.

    >>> in_cell("amount_fen", 120050), in_cell("next_at", "2026-03-05T10:00:00+08:00"), in_cell("note", " a \r\nb ")
    ('1200.50', '2026-03-05', 'a\nb')
    """
    if value is None:
        return ""
    if column.endswith("_fen"):
        return fen_to_text(int(value))
    if column in DAYS:
        return str(value)[:_DAY]
    text = plain(str(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… #{_fingerprint(text)}"


def plain(text: str) -> str:
    """Return a text as it comes back from a workbook: line ends and what XML cannot hold are all that differs."""
    return _LINE_END.sub("\n", cell_text(text)).strip()


def shown_amount(amount_fen: int | None) -> Decimal | None:
    """Return an amount in yuan as a number for a cell."""
    return None if amount_fen is None else Decimal(fen_to_text(amount_fen))

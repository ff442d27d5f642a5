"""What a report was made of, written into its outputs for machines and read back from them.

A workbook's hidden sheet `keys` has it in the columns `setting` and `value` (the eighth and ninth, beside the rows that
name the figures), a JSON document under the same names: `report`, `from`, `to` (days, empty: no bound), `as_of`,
`known_at` (empty: all that was known), `data_time` (when the last run before it ended), `config_hash`, `program`
(empty: an older one, that did not say), `min_n`, what of crm.toml figures depend on (`settings.0`, `settings.1` ... in
a workbook, as long as cells may be; `settings` in a document), and the other options that differ from their defaults,
`argument.by` ... in a workbook, `arguments` in a document.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from crmcli.domain.metrics.period import Period
from crmcli.errors import CrmError
from crmcli.i18n import msg
from crmcli.reports.model import Report

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_ARGUMENT, _SETTINGS = "argument.", "settings."
_CELL = 30_000  # characters; Excel takes 32,767
_HEADS = ("setting", "value")
_COLUMN = 8


class NotAReport(CrmError):
    """A file is no output of `report`, or one of another version."""

    code = "report.not_one"

    def __init__(self, path: Path) -> None:
        super().__init__(
            msg("{path} is no report that crmcli wrote", path=path),
            hint=msg("Give a workbook or a JSON document that `crmcli report NAME --out FILE` wrote"),
        )


@dataclass(frozen=True, slots=True)
class MadeOf:
    """What a report was made of: its name and period, its times, its settings and the other options it was asked with.

    `known_at` None: all that was known when it was written, which is what was recorded by `data_time`. `program` and
    `settings` (JSON text) are empty where an older program did not keep them.
    """

    name: str
    period: Period
    as_of: datetime
    known_at: datetime | None
    data_time: datetime | None
    config_hash: str
    arguments: Mapping[str, str]
    program: str = ""
    settings: str = ""

    @property
    def knew_until(self) -> datetime | None:
        """Return the recorded time that it shows; None where nothing was recorded yet."""
        return self.known_at or self.data_time


def settings_of(report: Report) -> dict[str, str]:
    """Return setting -> text of a report, empty where there is none."""
    moments = {"as_of": report.as_of, "known_at": report.known_at, "data_time": report.data_time}
    days = {"from": report.period.start, "to": report.period.end}
    return {
        "report": report.name,
        **{name: day.isoformat() if day else "" for name, day in days.items()},
        **{name: moment.isoformat() if moment else "" for name, moment in moments.items()},
        "config_hash": report.config_hash,
        "program": report.program,
        "min_n": str(report.min_n),
        **{f"{_ARGUMENT}{name}": text for name, text in report.arguments},
        **{f"{_SETTINGS}{at}": report.settings[first : first + _CELL]
           for at, first in enumerate(range(0, len(report.settings), _CELL))},
    }  # fmt: skip


def add_settings(sheet: Worksheet, report: Report) -> None:
    """Write what a report was made of beside the rows of the hidden sheet."""
    from crmcli.reports.excel.style import put_text

    for row, pair in enumerate((_HEADS, *settings_of(report).items()), 1):
        for column, text in enumerate(pair, _COLUMN):
            put_text(sheet.cell(row, column), text, "crm head" if row == 1 else "crm plain")


def read_made_of(path: Path) -> MadeOf:
    """Return what the report in a workbook or a JSON document was made of.

    Raises:
        NotAReport: the file is none.
    """
    try:
        found = _of_document(path) if path.suffix.lower() == ".json" else _of_workbook(path)
        day = {name: date.fromisoformat(found[name]) if found[name] else None for name in ("from", "to")}
        known_at, data_time = (datetime.fromisoformat(found[name]) if found[name] else None
                               for name in ("known_at", "data_time"))  # fmt: skip
        arguments = {name.removeprefix(_ARGUMENT): text for name, text in found.items() if name.startswith(_ARGUMENT)}
        return MadeOf(found["report"], Period(day["from"], day["to"]), datetime.fromisoformat(found["as_of"]),
                      known_at, data_time, found["config_hash"], arguments, found.get("program", ""),
                      "".join(text for name, text in found.items() if name.startswith(_SETTINGS)))  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise NotAReport(path) from fault


def _of_workbook(path: Path) -> dict[str, str]:
    from openpyxl import load_workbook

    from crmcli.reports.excel.definitions import KEYS

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except BadZipFile as fault:
        raise ValueError(path) from fault
    try:
        rows = book[KEYS].iter_rows(min_row=2, min_col=_COLUMN, max_col=_COLUMN + 1, values_only=True)
        return {str(name): str(value or "") for name, value in rows if name}
    finally:
        book.close()


def _of_document(path: Path) -> dict[str, str]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    arguments = found.pop("arguments")
    kept = found.pop("settings", None)
    plain = {name: str(value or "") for name, value in found.items() if not isinstance(value, list | dict)}
    plain |= {f"{_SETTINGS}0": json.dumps(kept, ensure_ascii=False, separators=(",", ":"))} if kept is not None else {}
    return plain | {f"{_ARGUMENT}{name}": text for name, text in arguments.items()}

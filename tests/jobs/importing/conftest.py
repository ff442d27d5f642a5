"""What the tests of imports share: a workspace without a command line, sheets to import, the canonical dump."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crmcli.config import load_settings
from crmcli.domain.records import Record
from crmcli.jobs.import_files import ImportOptions, ImportResult, SheetResult, import_files
from crmcli.jobs.importing.plan import ReadChoices
from crmcli.jobs.setup import make_workspace
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import open_database
from crmcli.store.records import fetch_where

NOW = datetime(2026, 6, 30, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
Rows = Iterable[Sequence[object]]


class Desk:
    """A workspace in a folder of its own, and the few things that tests do with it."""

    def __init__(self, folder: Path, dump: Callable[[Path], list[str]]) -> None:
        made = make_workspace(folder, "zh")
        self.folder = folder
        self.db = open_database(made.db)
        self.workspace = Workspace(
            self.db, load_settings(made.config), lambda: NOW, "tester", "crmcli import", made.config
        )
        self._dump = dump

    def csv(self, name: str, *rows: Sequence[object]) -> str:
        """Return the path of a UTF-8 csv with these rows."""
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return str(path)

    def book(self, name: str, **sheets: Rows) -> str:
        """Return the path of a workbook with these sheets."""
        from openpyxl import Workbook

        book = Workbook()
        book.remove(book.worksheets[0])
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        book.save(self.folder / name)
        return str(self.folder / name)

    def load(self, *paths: str, days: int = 0, **more: Any) -> ImportResult:
        """Import files, `days` later than the first; `more` holds options of `import`."""
        read = {key: more.pop(key) for key in list(more) if key in ReadChoices.__dataclass_fields__}
        options = ImportOptions(ReadChoices(**read), **more)
        return import_files(self.at(days), list(paths), options)

    def at(self, days: int) -> Workspace:
        """Return the workspace some days later."""
        return replace(self.workspace, clock=lambda: NOW + timedelta(days=days))

    def rows(self, *rows: Sequence[object], **more: Any) -> SheetResult:
        """Import one csv with these rows; returns what became of it."""
        return self.load(self.csv("rows.csv", *rows), **more).sheets[0]

    def records(self, entity: str) -> list[Record]:
        """Return all records of a kind, by number."""
        return fetch_where(self.db, entity)

    def one(self, entity: str) -> Record:
        """Return the only record of a kind."""
        (record,) = self.records(entity)
        return record

    def alternates(self) -> list[tuple[str, str]]:
        """Return (field, value) of the values that were not taken."""
        return sorted((record["field"], record["value"]) for record in self.records("alternate"))

    def dump(self) -> list[str]:
        """Return the canonical dump; nothing is said by which of two look-alikes stands first, or who said first what
        was not taken."""
        return sorted(_unordered(line) for line in self._dump(self.db.path))


def _unordered(line: str) -> str:
    entity, record = json.loads(line)
    if entity == "pair":
        record["a_id"], record["b_id"] = sorted((record["a_id"], record["b_id"]))
    if entity == "alternate":
        del record["system"]
    return json.dumps([entity, record], ensure_ascii=False)


@pytest.fixture
def new_desk(tmp_path: Path, dump: Callable[[Path], list[str]]) -> Iterator[Callable[[], Desk]]:
    """Make desks, each with an empty workspace."""
    made: list[Desk] = []

    def make() -> Desk:
        made.append(Desk(tmp_path / f"desk{len(made) + 1}", dump))
        return made[-1]

    yield make
    for desk in made:
        desk.db.connection.close()


@pytest.fixture
def desk(new_desk: Callable[[], Desk]) -> Desk:
    """Return a desk with an empty workspace."""
    return new_desk()

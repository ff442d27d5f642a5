"""What the tests of jobs share: a workspace of their own with its clock stopped, and files to import into it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crmcli.config import load_settings
from crmcli.jobs.import_files import ImportOptions, ImportResult, import_files
from crmcli.jobs.setup import make_workspace
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import open_database
from crmcli.store.records import fetch_where

_NOW = datetime.fromisoformat("2026-06-30T09:00:00+08:00")


class Desk:
    """A workspace in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        made = make_workspace(folder, "zh")
        self.workspace = Workspace(
            open_database(made.db), load_settings(made.config), lambda: _NOW, "tester", "crmcli", made.config
        )

    def write(self, name: str, *rows: Sequence[object]) -> str:
        """Return the path of a new csv file with these rows."""
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return str(path)

    def load(self, *paths: str) -> ImportResult:
        """Import files."""
        return import_files(self.workspace, paths, ImportOptions())

    def one(self, entity: str) -> dict[str, Any]:
        """Return the only record of a kind."""
        (record,) = fetch_where(self.workspace.db, entity)
        return record


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Return a desk with an empty workspace."""
    made = Desk(tmp_path / "desk")
    yield made
    made.workspace.db.connection.close()


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return one desk for all tests of a module."""
    made = Desk(tmp_path_factory.mktemp("shared") / "desk")
    yield made
    made.workspace.db.connection.close()


# two pipelines with stages of equal names, and everything a stage can ask for
PROCESSES = """
[[pipeline]]
key = "fast"
name = "快销"
stages = [
  { name = "接触", probability = 10 },
  { name = "报价", probability = 50, require = ["amount"], checklist = ["报价单已发", "现场勘察"], tasks = [
    { title = "写方案", owner = "owner", days = 3 },
    { title = "价格复核", owner = "manager" },
    { title = "法务过目", owner = "赵律师", days = 1 },
  ] },
  { name = "签约", probability = 80, approval = "陈静" },
]

[[pipeline]]
key = "big"
name = "大客户"
when = { amount = ">= 100万", level = "A" }
stages = [{ name = "接触", probability = 5 }, { name = "招标" }, { name = "投标" }, { name = "签约", probability = 60 }]

[[owner]]
name = "张伟"
manager = "陈静"
"""


@pytest.fixture
def settle() -> Any:
    """Return what gives a desk the settings of a text."""

    def change(desk: Desk, text: str = PROCESSES) -> Workspace:
        config = desk.workspace.config_path
        assert config is not None
        config.write_text(text, encoding="utf-8")
        desk.workspace = replace(desk.workspace, settings=load_settings(config))
        return desk.workspace

    return change

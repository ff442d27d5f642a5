"""What all tests share: the command line in-process, the canonical dump, and data that may be absent."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from crmcli.cli import main
from crmcli.commands.environment import Environment
from crmcli.domain.records import ENTITIES, Record, references
from crmcli.i18n import current_language, set_language
from crmcli.importers.readers.child import read_sheets
from crmcli.store.database import create_database, open_database
from crmcli.store.records import fetch_where

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")  # the same examples every time; elsewhere fresh ones are tried

NOW = "2026-06-30T09:00:00+08:00"
_SHARED = Path(__file__).parent.parent.parent / "shared"
# what a run gives a record, and what says only where it stands: two workspaces that hold the same may differ in them
_OF_THE_RUN = {"id", "recorded", "decided_at", "source_row"}


@dataclass(frozen=True)
class Result:
    """What a command line gave."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """Return the one JSON document on stdout."""
        return json.loads(self.stdout)


class Crm:
    """`crm("import", "x.csv")` runs a command line in the workspace `folder` and asserts the exit code, unless None."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.db = folder / "crm.db"
        self._capsys = capsys

    def __call__(self, *arguments: str, code: int | None = 0, now: str = NOW) -> Result:
        self._capsys.readouterr()
        before = current_language()
        with pytest.raises(SystemExit) as ended:
            main(arguments, Environment(clock=partial(datetime.fromisoformat, now), actor="tester"))
        set_language(before)
        captured = self._capsys.readouterr()
        exit_code = int(ended.value.code or 0)
        assert code is None or exit_code == code, f"{arguments}: {captured.out}{captured.err}"
        return Result(exit_code, captured.out, captured.err)

    def write(self, name: str, *lines: str) -> str:
        """Return the name of a new UTF-8 text file in the workspace's folder."""
        (self.folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return name


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Begin and end each test in English: a command line with --lang sets the language of the process."""
    set_language("en")
    yield
    set_language("en")


@pytest.fixture(autouse=True)
def _read_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in this process, unless a test wants a child: starting one takes longer than most tests."""
    if "in_a_child" in request.fixturenames:
        return
    for module in ("crmcli.jobs.importing.plan", "crmcli.jobs.returned"):
        monkeypatch.setattr(f"{module}.read_file", lambda path, options: read_sheets(str(path), options))


@pytest.fixture(scope="session")
def _empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty database."""
    path = tmp_path_factory.mktemp("empty") / "crm.db"
    create_database(path)
    return path


@pytest.fixture(autouse=True)
def _databases_are_copies(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, _empty: Path) -> None:
    """Copy an empty database for each new workspace, unless a test is about that: making one takes far longer."""
    if "from_scratch" not in request.fixturenames:
        monkeypatch.setattr("crmcli.jobs.setup.create_database", partial(shutil.copy, _empty))


@pytest.fixture
def from_scratch() -> None:
    """Let a test make its databases as users do."""


@pytest.fixture
def in_a_child() -> None:
    """Let a test read its files as users do, in a child process under limits."""


@pytest.fixture
def bare_crm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Crm]:
    """Return the command line in an empty folder, in English, in Shanghai, at a fixed instant."""
    for name in ("CRMCLI_DB", "CRMCLI_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CRMCLI_LANG", "en")
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    if hasattr(time, "tzset"):
        time.tzset()
    monkeypatch.chdir(tmp_path)
    yield Crm(tmp_path, capsys)
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture
def crm(bare_crm: Crm) -> Crm:
    """Return the command line in a folder with a fresh workspace."""
    bare_crm("init", ".")
    return bare_crm


@pytest.fixture(scope="session")
def dump() -> Callable[[Path], list[str]]:
    """Return the canonical dump of a database: what its tables say, without numbers, run times and source rows."""
    return _dump


def _dump(path: Path) -> list[str]:
    with open_database(path) as db:
        records = {entity: fetch_where(db, entity) for entity in ENTITIES}
    said: dict[tuple[str, int], str] = {}
    for entity, found in records.items():
        for record in found:
            said[entity, record["id"]] = json.dumps([entity, _plain(entity, record, said)], ensure_ascii=False)
    return sorted(said.values())


def _plain(entity: str, record: Record, said: dict[tuple[str, int], str]) -> Record:
    """Return a record with what it points at in place of numbers; parents are in `said` already."""
    at_the_run = {"at"} if "recorded" in record and record["at"] == record["recorded"] else set()
    hidden = _OF_THE_RUN | at_the_run
    plain = {key: value for key, value in sorted(record.items()) if key not in hidden and value not in (None, [], {})}
    points = references(entity)
    if "a_id" in record:
        points |= {"a_id": "customer", "b_id": "customer"}
    elif entity == "alternate":
        points |= {"entity_id": record["entity"]}
    for column, kind in points.items():
        if column in plain:
            plain[column] = said[kind, plain[column]]
    if "merged_into" in plain:
        plain["merged_into"] = True
    return {key: sorted(map(str, value)) if isinstance(value, list) else value for key, value in plain.items()}


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of data that lies beside a checkout; tests that need it skip where it is absent."""
    if not _SHARED.is_dir():
        pytest.skip("needs the data beside the checkout (../shared)")
    return _SHARED

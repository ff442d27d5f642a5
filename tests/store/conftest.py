from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crmcli.store.database import Database, create_database, open_database
from crmcli.store.journal import RunStart


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a new, empty workspace file."""
    create_database(tmp_path / "crm.db")
    return tmp_path / "crm.db"


@pytest.fixture
def db(path: Path) -> Iterator[Database]:
    """Return the open workspace."""
    with open_database(path) as opened:
        yield opened


@pytest.fixture
def start() -> Callable[..., RunStart]:
    """Return what starts a run."""

    def make(kind: str = "add", *, dry_run: bool = False) -> RunStart:
        return RunStart(kind, f"crmcli {kind}", "tester", lambda: "2026-06-30T09:00:00+08:00", dry_run=dry_run)

    return make

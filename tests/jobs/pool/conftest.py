"""What the tests of the pools share: a workspace with two owners, customers, and a clock that goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from crmcli.config import load_settings
from crmcli.jobs.workspace import Workspace

_STAFF = '[[owner]]\nname = "王芳"\nteam = "华东"\n[[owner]]\nname = "李强"\nteam = "华南"\n'
_POOL = '[[pool]]\nname = "公海"\nrecycle = {{ no_follow_up_days = 30 }}\n{more}\n'


@pytest.fixture
def office(desk: Any) -> Callable[..., Workspace]:
    """Return what gives the workspace on a day, with more keys of its pool."""

    def make(day: str = "2026-06-30", more: str = "", settings: str = "") -> Workspace:
        workspace: Workspace = desk.workspace
        assert workspace.config_path is not None
        workspace.config_path.write_text(settings or _STAFF + _POOL.format(more=more), encoding="utf-8")
        clock = datetime.fromisoformat(f"{day}T10:00:00+08:00")
        return replace(workspace, settings=load_settings(workspace.config_path), clock=lambda: clock)

    return make

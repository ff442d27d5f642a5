from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "command_pages.py"


@pytest.fixture
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("command_pages", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["command_pages"] = module
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_help_says_today(tool: ModuleType) -> None:
    assert tool.PAGE.read_text(encoding="utf-8") == tool.page(), "run `make docs`"


def test_every_command_is_on_the_page(tool: ModuleType) -> None:
    page = tool.page()
    for name in ("init", "import", "undo", "opp move", "assign run", "report funnel", "doctor"):
        assert f"## crmcli {name}\n" in page
    assert "\n## crmcli \n" not in page

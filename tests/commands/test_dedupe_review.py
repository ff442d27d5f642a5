from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def doubtful(crm: Any) -> Any:
    """Return the command line with two customers that may be one."""
    for name in ("上海鼎信贸易有限公司", "上海鼎信贸易集团有限公司"):
        crm("customer", "add", f"name={name}")
    assert crm("dedupe", "run", "--json").json["review"] == 1
    return crm


@pytest.mark.parametrize("options", [[], ["--json"], ["--yes"]])
def test_without_a_terminal_a_workbook_is_asked_for(doubtful: Any, options: list[str]) -> None:
    told = doubtful("dedupe", "review", *options, code=2)
    assert "--out FILE.xlsx" in told.stderr + told.stdout


def test_a_workbook_comes_back_in_words(doubtful: Any) -> None:
    assert "1 pairs to decide in r.xlsx" in doubtful("dedupe", "review", "--out", "r.xlsx").stdout
    told = doubtful("dedupe", "apply", "r.xlsx").stdout
    assert "1 pairs: 0 same (0 merged)" in told
    assert "1 left open" in told

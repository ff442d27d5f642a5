from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize("preset", ["xtransfer", "joinf", "mustbull"])
def test_systems_without_a_published_header_are_taken_by_name_only(look_csv: Callable[..., Any], preset: str) -> None:
    rows = (
        "客户名称,国家/地区,联系人,邮箱",
        "示例：ABC公司,美国,Tom,a@b.com",
        "Acme Ltd,美国,Ann,ann@acme.com;info@acme.com",
    )
    assert look_csv("客户.csv", *rows).mapping.preset is None
    seen = look_csv("客户.csv", *rows, preset=preset)
    assert seen.preset[0] == preset
    assert seen.rows[-1]["contact"]["emails"] == ["ann@acme.com", "info@acme.com"]
    assert seen.junk == (["示例：ABC公司"] if preset == "joinf" else [])

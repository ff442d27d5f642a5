from __future__ import annotations

from typing import Any

import pytest

HEADER = "客户名称,电话,联系人,地址\n"


@pytest.fixture
def office(crm: Any) -> Any:
    """Return a workspace with some customers, two of them one."""
    rows = [
        f"上海鼎{sign}贸易有限公司,1380013800{i},王{sign},上海市浦东新区张江路{i}号"
        for i, sign in enumerate("信泰丰华")
    ]
    (crm.folder / "c.csv").write_text(HEADER + "\n".join([*rows, "鼎信贸易,13800138000,王信,"]), encoding="utf-8")
    crm("import", "c.csv", "--kind", "customer", code=None)
    return crm


def test_the_shipped_weights_are_shown(office: Any) -> None:
    told = office("dedupe", "model", "--json").json
    assert told["fitted_from"] is None
    assert {"field", "level", "text", "shipped", "weight", "m", "u"} == set(told["levels"][0])
    assert all(level["weight"] == level["shipped"] for level in told["levels"])


def test_fitted_weights_are_shown_before_and_after(office: Any) -> None:
    model = office("dedupe", "run", "--refit", "--json").json["model"]
    told = office("dedupe", "model", "--json").json
    assert (told["model"], told["fitted_from"]) == (model, "2026.2-priors")
    assert told["frequencies"]["brand"]["records"] == 5
    shown = office("dedupe", "model").stdout
    assert model in shown
    assert "most frequent" in shown

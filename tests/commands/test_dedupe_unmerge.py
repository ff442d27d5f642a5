from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def merged(crm: Any) -> Any:
    """Return the command line where C2 lives on in C1, which got a deal and a follow-up since."""
    crm("customer", "add", "name=上海鼎信贸易有限公司", "phones=13800138000", "city=上海")
    crm("customer", "add", "name=鼎信贸易", "phones=13800138000")
    assert crm("dedupe", "run", "--json").json["merged"] == 1
    crm("opp", "add", "name=新单", "customer=C1", now="2029-03-01T09:00:00+08:00")
    crm("log", "C1", "回访", now="2029-03-02T09:00:00+08:00")
    return crm


@pytest.mark.parametrize(
    ("give", "homes"),
    [
        ([], ["C1", "C1"]),
        (["none"], ["C1", "C1"]),
        (["all"], ["C2", "C2"]),
        (["o1"], ["C2", "C1"]),
        (["O1", "A1"], ["C2", "C2"]),
    ],
)
def test_years_later_both_are_back_and_what_came_since_goes_where_it_is_said(
    merged: Any, give: list[str], homes: list[str]
) -> None:
    options = [word for text in give for word in ("--give", text)]
    done = merged("dedupe", "unmerge", "C2", *options, "--json", now="2031-01-01T09:00:00+08:00").json
    assert (done["restored"], done["survivor"], done["kept"]) == ("C2", "C1", [])
    assert {born["record"]: born["customer"] for born in done["born_since"]} == dict(
        zip(("O1", "A1"), homes, strict=True)
    )
    assert [deal["customer_id"] for deal in merged("opp", "list", "--json").json] == homes[:1]
    assert {one["name"] for one in merged("customer", "list", "--json").json} == {"上海鼎信贸易有限公司", "鼎信贸易"}


def test_only_what_came_since_can_be_given(merged: Any) -> None:
    told = merged("dedupe", "unmerge", "C2", "--give", "O7", code=2).stderr
    assert "O7 did not come after the merge; these did: O1, A1" in told
    assert len(merged("customer", "list", "--json").json) == 1


def test_history_tells_of_merge_and_unmerge(merged: Any) -> None:
    merged("dedupe", "unmerge", "C2")
    told = merged("history", "C2", "--json").json
    fields = [(field["field"], field["before"], field["after"]) for entry in told for field in entry["fields"]]
    assert ("merged_into", None, "C1 上海鼎信贸易有限公司") in fields
    assert ("merged_into", "C1 上海鼎信贸易有限公司", None) in fields
    assert "dedupe unmerge" in told[-1]["command"]

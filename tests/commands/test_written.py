from __future__ import annotations

from typing import Any

import pytest

REHEARSED = "dry run: nothing was written"


@pytest.fixture
def deal(crm: Any) -> Any:
    crm("customer", "add", "name=甲公司", "owner=张伟")
    crm("opp", "add", "name=年框", "customer=甲公司", "owner=张伟", "amount=100000")
    crm("task", "add", "O1", "发报价")
    return crm


@pytest.mark.parametrize(
    "line",
    [
        ("customer", "set", "C1", "level=A"),
        ("customer", "add", "name=乙公司"),
        ("opp", "move", "O1", "需求确认"),
        ("opp", "void", "O1"),
        ("log", "O1", "打过电话"),
        ("task", "add", "O1", "回访"),
        ("task", "done", "T1"),
        ("pool", "run"),
        ("assign", "run"),
        ("grade", "run"),
    ],
)
def test_a_rehearsal_says_so_first_and_the_real_thing_says_how_to_take_it_back(
    deal: Any, line: tuple[str, ...]
) -> None:
    tried = deal(*line, "--dry-run").stdout
    assert tried.splitlines()[0] == REHEARSED
    assert "crmcli undo" not in tried
    done = deal(*line).stdout
    assert REHEARSED not in done
    run = deal("runs", "--json").json[0]["run"]
    assert done.splitlines()[-1] == f"run {run}; take it back with: crmcli undo {run}"
    assert deal("undo", run, "--dry-run").stdout.splitlines()[0] == REHEARSED


def test_json_is_one_document_in_a_rehearsal_too(deal: Any) -> None:
    assert deal("customer", "set", "C1", "level=A", "--dry-run", "--json").json["run"] is None

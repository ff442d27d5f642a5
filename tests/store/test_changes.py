from __future__ import annotations

from collections.abc import Callable

import pytest

from crmcli.domain.records import ENTITIES
from crmcli.store.changes import UnknownRun, changes_after, changes_of_run, changes_of_step, find_run
from crmcli.store.database import Database
from crmcli.store.journal import RunStart, open_run
from crmcli.store.records import fetch

Starts = Callable[..., RunStart]
BLANK = ENTITIES["customer"].blank()


def _edit(db: Database, start: RunStart, number: int, level: str) -> None:
    with open_run(db, start) as run:
        run.update("customer", fetch(db, "customer", [number])[number], {"level": level})


@pytest.fixture
def edited(db: Database, start: Starts) -> Database:
    """Return a workspace in which R1 made two customers, R2 (set) and R3 (dedupe) changed the first."""
    with open_run(db, start("import")) as run:
        run.insert("customer", [BLANK | {"name": "甲公司"}, BLANK | {"name": "乙公司"}])
    _edit(db, start("set"), 1, "A")
    _edit(db, start("dedupe"), 1, "B")
    return db


def test_changes_of_a_run_come_in_order(edited: Database) -> None:
    assert [(change.record_id, change.op) for change in changes_of_run(edited, 1)] == [(1, "create"), (2, "create")]


def test_changes_after_are_those_of_later_runs_to_what_it_made(edited: Database) -> None:
    later = changes_after(edited, 1)
    assert [(change.run_id, change.run_kind, change.after) for change in later] == [
        (2, "set", {"level": "A"}),
        (3, "dedupe", {"level": "B"}),
    ]
    assert changes_after(edited, 2) == []


def test_an_undone_run_claims_nothing(edited: Database, start: Starts) -> None:
    with open_run(edited, start("undo")) as run:
        run.write("UPDATE run SET status = 'undone' WHERE id = ?", [(2,)])
    assert [change.run_id for change in changes_after(edited, 1)] == [3]


def test_changes_of_a_step_are_those_made_together(db: Database, start: Starts) -> None:
    with open_run(db, start()) as run:
        for run.step in (1, 2):
            run.insert("customer", [BLANK, BLANK])
    assert [change.record_id for change in changes_of_step(db, 1, 2)] == [3, 4]


@pytest.mark.parametrize("text", ["R2", "r2", "2"])
def test_a_run_is_found_by_its_number(edited: Database, text: str) -> None:
    assert find_run(edited, text)["kind"] == "set"


@pytest.mark.parametrize("text", ["R4", "R0", "", "R", "-1", "R1 ", "R２", "9" * 5000, "C1"])
def test_what_is_no_run_is_named(edited: Database, text: str) -> None:
    with pytest.raises(UnknownRun) as unknown:
        find_run(edited, text)
    assert text in str(unknown.value)

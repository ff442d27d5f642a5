from __future__ import annotations

from typing import Any

import pytest

from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.records.editing import BadValue, add_record, set_fields
from crmcli.jobs.records.listing import list_records
from crmcli.jobs.reporting.targets import load_targets

GIVEN = ["owner=张伟", "period=2026年第四季度", "amount=120万", "count=5"]


def test_a_target_is_typed_changed_counted_and_taken_back(desk: Any) -> None:
    work = desk.workspace
    made = add_record(work, "target", GIVEN)
    assert [made[key] for key in ("owner", "period", "amount", "count")] == ["张伟", "2026Q4", "1200000.00", 5]
    changed = set_fields(work, "target", made["id"], ["amount=130万", "period=2026Q3"])
    assert [(one.period, one.amount_fen) for one in load_targets(work, work.now())] == [("2026Q3", 130_000_000)]
    undo_run(work, changed["run"])
    assert [one["period"] for one in list_records(work, "target")] == ["2026Q4"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["period=下周", "amount=1"], "2026Q4"),
        (["period=2026"], "amount or a count"),
        (["period=2026", "count=2.5"], "whole"),
        (["period=2026", "m01=3"], "no field m01"),
        (["owner=张伟", "period=2026Q4", "amount=1"], "TG1"),
    ],
)
def test_what_is_no_target(desk: Any, values: list[str], words: str) -> None:
    add_record(desk.workspace, "target", GIVEN)
    with pytest.raises(BadValue, match=words):
        add_record(desk.workspace, "target", values)


def test_a_target_that_crm_toml_sets_too_is_told(desk: Any, settle: Any) -> None:
    settle(desk, '[[target]]\nperiod = "2026"\namount = 5000000\n')
    notes = add_record(desk.workspace, "target", ["period=2026", "amount=3"])["notes"]
    assert len(notes) == 1
    assert "crm.toml" in notes[0]

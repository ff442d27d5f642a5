from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.domain.records import ENTITIES
from crmcli.errors import CrmError
from crmcli.i18n import msg
from crmcli.store.changes import changes_of_record, changes_of_run, runs
from crmcli.store.database import Database, create_database, open_database
from crmcli.store.journal import Run, RunStart, open_run
from crmcli.store.records import fetch, fetch_where, find_by_keys
from crmcli.store.search_keys import keys_out_of_step

Starts = Callable[..., RunStart]
BLANK = ENTITIES["customer"].blank()


class Stopped(CrmError):
    """A command was stopped in the middle."""

    def __init__(self) -> None:
        super().__init__(msg("stopped"))


def _customer(run: Run, **columns: Any) -> int:
    return run.insert("customer", [BLANK | columns])[0]


def test_a_run_is_kept_with_who_what_when_and_its_counts(db: Database, start: Starts) -> None:
    with open_run(db, start("import")) as run:
        run.counts.update({"new": 2, "same": 1})
        assert run.shown_id == "R1"
    (kept,) = runs(db)
    assert kept["counts"] == {"new": 2, "same": 1}
    said = {key: kept[key] for key in ("id", "kind", "command", "actor", "started", "finished", "status")}
    at = "2026-06-30T09:00:00+08:00"
    assert said == {
        "id": 1, "kind": "import", "command": "crmcli import", "actor": "tester", "started": at, "finished": at,
        "status": "done",
    }  # fmt: skip


def test_runs_come_newest_first_and_limited(db: Database, start: Starts) -> None:
    for _ in range(3):
        with open_run(db, start()):
            pass
    assert [run["id"] for run in runs(db)] == [3, 2, 1]
    assert [run["id"] for run in runs(db, 2)] == [3, 2]
    assert runs(db, 0) == []


def test_a_dry_run_leaves_every_byte(db: Database, path: Path, start: Starts) -> None:
    with open_run(db, start()) as run:
        _customer(run, name="甲公司")
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    with open_run(db, start(dry_run=True)) as run:
        assert run.shown_id is None
        present = fetch(db, "customer", [1])[1]
        run.update("customer", present, {"name": "乙公司"})
        assert _customer(run, name="丙公司") == 2
        assert fetch(db, "customer", [1])[1]["name"] == "乙公司"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert fetch(db, "customer", [1, 2]).keys() == {1}


def _stop_in_the_middle(db: Database, start: RunStart) -> None:
    with open_run(db, start) as run:
        _customer(run, name="甲公司")
        raise Stopped


def test_a_failure_leaves_nothing_of_its_run(db: Database, start: Starts) -> None:
    with pytest.raises(Stopped):
        _stop_in_the_middle(db, start())
    assert (runs(db), fetch_where(db, "customer")) == ([], [])
    with open_run(db, start()) as run:
        assert (run.shown_id, _customer(run, name="甲公司")) == ("R1", 1)


def test_numbers_are_never_used_twice(db: Database, start: Starts) -> None:
    with open_run(db, start()) as run:
        number = _customer(run, name="甲公司")
    with open_run(db, start()) as run:
        run.remove("customer", fetch(db, "customer", [number])[number])
        assert _customer(run, name="甲公司") == number + 1


def test_an_update_keeps_what_changed_and_nothing_else(db: Database, start: Starts) -> None:
    with open_run(db, start()) as run:
        number = _customer(run, name="甲公司", level="A", extra={"旧列": "1", "列": "2"})
    with open_run(db, start("set")) as run:
        present = fetch(db, "customer", [number])[number]
        after = run.update("customer", present, {"level": "B", "name": "甲公司", "extra": {"列": "3"}})
        assert run.update("customer", after, {"level": "B"}) is after
    change = changes_of_record(db, "customer", number)[1]
    assert (change.op, change.run_kind) == ("update", "set")
    assert change.before == {"level": "A", "extra.旧列": "1", "extra.列": "2"}
    assert change.after == {"level": "B", "extra.旧列": None, "extra.列": "3"}


def test_many_updates_at_once_are_what_they_are_one_by_one(db: Database, start: Starts) -> None:
    blank = ENTITIES["opportunity"].blank()
    changes: list[dict[str, Any]] = [
        {"owner": "甲", "extra": {"x": "1"}},
        {"owner": "甲", "extra": {}},
        {"name": "新名"},
        {"owner": None},
    ]
    with open_run(db, start("import")) as run:
        ids = run.insert("opportunity", [blank | {"name": f"商机{n % 4}"} for n in range(8)])
    with open_run(db, start("assign")) as run:
        deals = list(fetch(db, "opportunity", ids).values())
        run.update_all("opportunity", list(zip(deals[:4], changes, strict=True)))
        for deal, change in zip(deals[4:], changes, strict=True):
            run.update("opportunity", deal, change)
    for one, other in zip(ids[:4], ids[4:], strict=True):
        records = fetch(db, "opportunity", [one, other])
        assert records[one] == records[other] | {"id": one}
        told = [[(c.op, c.before, c.after) for c in changes_of_record(db, "opportunity", n)] for n in (one, other)]
        assert told[0] == told[1]
    assert keys_out_of_step(db, "opportunity") == []


def test_a_created_record_is_kept_once_by_its_source_row_or_in_full(db: Database, start: Starts) -> None:
    with open_run(db, start()) as run:
        typed, read = run.insert("customer", [BLANK | {"name": "甲公司"}, BLANK | {"name": "乙公司"}], [None, 7])
    by_hand, by_file = (changes_of_record(db, "customer", number)[0] for number in (typed, read))
    assert (by_hand.op, by_hand.after, by_hand.source_row) == ("create", {"name": "甲公司"}, None)
    assert (by_file.op, by_file.after, by_file.source_row) == ("create", {}, 7)


def test_a_removed_record_comes_back_whole(db: Database, start: Starts) -> None:
    said = {"name": "甲公司", "phones": ["+8613800138000"], "tags": ["老"], "extra": {"a.b": "c"}, "owner": "张伟"}
    with open_run(db, start()) as run:
        number = _customer(run, **said)
        before = fetch(db, "customer", [number])
        run.remove("customer", before[number])
    assert find_by_keys(db, "customer", [("mobile", "+8613800138000")]) == {}
    with open_run(db, start("undo")) as run:
        removal = changes_of_record(db, "customer", number)[1]
        assert removal.op == "remove"
        run.restore("customer", number, removal.before)
    assert fetch(db, "customer", [number]) == before
    assert keys_out_of_step(db, "customer") == []


def test_changes_of_a_step_carry_its_number(db: Database, start: Starts) -> None:
    with open_run(db, start()) as run:
        _customer(run, name="甲公司")
        run.step = 4
        _customer(run, name="乙公司")
    steps = [changes_of_record(db, "customer", number)[0].step for number in (1, 2)]
    assert steps == [None, 4]


def test_a_stale_key_is_seen(db: Database, start: Starts) -> None:
    with open_run(db, start()) as run:
        _customer(run, name="甲公司")
        run.write("UPDATE customer SET name = ? WHERE id = 1", [("乙公司",)])
    assert keys_out_of_step(db, "customer") == [1]


NAMES = st.sampled_from([None, "甲公司", "甲 公司", "乙公司"])
PHONES = st.lists(st.sampled_from(["+8613800138000", "+8613900139000", "+862112345678"]), unique=True, max_size=2)
VALUES = st.fixed_dictionaries(
    {
        "name": NAMES,
        "phones": PHONES,
        "external_ids": st.lists(st.sampled_from(["default:1", "crm:1"]), unique=True, max_size=2),
        "credit_code": st.sampled_from([None, "91310000MA1FL0000X"]),
        "merged_into": st.sampled_from([None, None, 1]),
    }
)
STEPS = st.lists(st.tuples(st.sampled_from(["insert", "update", "remove", "restore"]), st.integers(0, 4), VALUES))


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_keys_keep_step_with_records(steps: list[tuple[str, int, dict[str, Any]]]) -> None:
    start = RunStart("add", "crmcli add", "tester", lambda: "2026-06-30T09:00:00+08:00")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crm.db"
        create_database(path)
        with open_database(path) as db, open_run(db, start) as run:
            removed: dict[int, dict[str, Any]] = {}
            for action, which, values in steps:
                present = fetch_where(db, "customer")
                record = present[which % len(present)] if present else None
                if action == "insert":
                    run.insert("customer", [BLANK | values])
                elif action == "update" and record:
                    run.update("customer", record, values)
                elif action == "remove" and record:
                    run.remove("customer", record)
                    removed[record["id"]] = record
                elif action == "restore" and removed:
                    number, held = removed.popitem()
                    run.restore("customer", number, {key: value for key, value in held.items() if key != "id"})
            assert keys_out_of_step(db, "customer") == []


def test_records_written_column_by_column_are_journalled_like_others(db: Database, start: Starts) -> None:
    with open_run(db, start()) as run:
        first = run.reserve("customer", 2)
        run.insert_columns("customer", [first, first + 1], {"name": ["鼎信", "华东精密"]}, [11, 12])
        run.add_keys("customer", "name", [("华东精密", first + 1), ("鼎信", first)])
        run.beside.settle()
        run.update("customer", fetch(db, "customer", [first])[first], {"level": "A"})
    told = [(c.id, c.op, c.record_id, c.after, c.source_row) for c in changes_of_run(db, run.id)]
    assert told == [(1, "create", 1, {}, 11), (2, "create", 2, {}, 12), (3, "update", 1, {"level": "A"}, None)]
    assert [change.op for change in changes_of_record(db, "customer", 1)] == ["create", "update"]
    assert find_by_keys(db, "customer", [("name", "鼎信")]) == {("name", "鼎信"): [1]}
    assert keys_out_of_step(db, "customer") == []

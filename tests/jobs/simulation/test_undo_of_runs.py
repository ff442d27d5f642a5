"""Runs of a company's life taken back, one after another: what people said since stays, and all holds together."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.safety.doctor import examine
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import open_database

Dump = Callable[[Path], list[str]]
_PEOPLE = ("set", "move", "log", "qualify", "disqualify", "claim", "handover", "add")
_KINDS = {"assign", "pool", "handover", "grade", "qualify", "move"}
# the events of a deal decide on these
_DECIDED = {"stage", "status", "closed_at", "loss_reason", "loss_note", "probability", "probability_source"}
_PREFIXES = {"customer": "C", "contact": "P", "opportunity": "O", "lead": "L"}
_BY_PEOPLE = """
SELECT c.run_id, c.entity, c.record_id, c.op, c.after FROM change c JOIN run ON run.id = c.run_id
WHERE c.id > ? AND c.run_id <> ? AND run.status = 'done' AND run.kind IN (SELECT value FROM json_each(?)) ORDER BY c.id
"""
_DISAGREE = """
SELECT o.id, o.stage, o.status FROM opportunity o WHERE o.stage IS NOT (
    SELECT value FROM event e WHERE e.opportunity_id = o.id AND field = 'stage' ORDER BY at DESC, id DESC LIMIT 1)
OR (o.status = 'won') <> (o.stage IS '赢单') OR (o.status = 'lost') <> (o.stage IS '输单')
"""
_TWO_PLACES = "SELECT id, owner, pool FROM {} WHERE owner IS NOT NULL AND pool IS NOT NULL"
_NOBODY = "SELECT id FROM opportunity WHERE status = 'open' AND owner IS NULL AND pool IS NULL"
_WHOSE_WORD = "SELECT id, owner, owner_by FROM opportunity WHERE (owner IS NULL) <> (owner_by IS NULL)"
_HELD_OTHERWISE = """
SELECT c.id, c.owner, c.pool, h.owner AS said, h.pool AS said_pool FROM customer c JOIN holding h ON h.id =
(SELECT max(id) FROM holding WHERE customer_id = c.id) WHERE h.owner IS NOT c.owner OR h.pool IS NOT c.pool
"""
_UNCHAINED = """
SELECT h.id, h.customer_id, h.from_owner, h.from_pool, b.owner, b.pool FROM holding h JOIN holding b ON b.id =
(SELECT max(id) FROM holding WHERE customer_id = h.customer_id AND id < h.id)
WHERE b.owner IS NOT h.from_owner OR b.pool IS NOT h.from_pool
"""


class TimeMachine:
    """A copy of a company's workspace in which runs are taken back."""

    def __init__(self, company: Any, folder: Path, seed: int, dump: Dump) -> None:
        self.dump = dump
        shutil.copy(company.db.path, folder / "crm.db")
        self.db = open_database(folder / "crm.db")
        self.db.connection.execute("PRAGMA synchronous = OFF")
        instant = company.clock + timedelta(days=1)
        self.workspace = Workspace(self.db, company.settings, lambda: instant, "主管", "crmcli undo", company.path)
        self.dice = random.Random(seed)
        self.free: set[int] = set()
        self.wrong: list[str] = []

    def take_back_any(self) -> str | None:
        """Return the kind of a random run that was taken back."""
        by_kind: dict[str, list[int]] = {}
        for row in self.db.rows("SELECT id, kind FROM run WHERE status = 'done' ORDER BY id"):
            by_kind.setdefault(row["kind"], []).append(row["id"])
        kind = self.dice.choice(sorted(by_kind.keys() & _KINDS))
        self.take_back(self.dice.choice(by_kind[kind]), kind)
        return kind

    def take_back(self, number: int, kind: str) -> None:
        before = self._dumped() if self.dice.random() < 0.3 else None
        mine = self.db.rows("SELECT * FROM change WHERE run_id = ? ORDER BY id", (number,))
        stands = list(self._standing(number, mine))
        self.free |= {c["record_id"] for c in mine if c["entity"] == "opportunity"}
        result = undo_run(self.workspace, f"R{number}")
        told = {(one.record, one.field) for one in result.kept}
        for entity, record, key, value, is_told in stands:
            place = f"undo of {kind} R{number}: {_PREFIXES.get(entity, entity)}{record} {key}"
            now = self._value(entity, record, key) if key else bool(self._value(entity, record, "id"))
            if now != value:
                self.wrong.append(f"{place} was {value}, is {now}")
            elif is_told and (f"{_PREFIXES.get(entity)}{record}", key) not in told:
                self.wrong.append(f"{place} is kept, but not told")
        self._check(f"undo of {kind} R{number}")
        if before is not None:
            again = undo_run(self.workspace, str(result.run))
            if again.kept or self._dumped() != before:
                self.wrong.append(f"undo of {kind} R{number}, taken back itself, leaves something else: {again.kept}")

    def _dumped(self) -> list[str]:
        return sorted(json.dumps(json.loads(line), sort_keys=True) for line in self.dump(self.db.path))

    def _standing(self, number: int, mine: list[dict[str, Any]]) -> Iterator[tuple[str, int, str, Any, bool]]:
        """Yield (entity, record, field, value, whether it must be told) of what people said since; "": it is there."""
        last = max((change["id"] for change in mine), default=0)
        later = self.db.rows(_BY_PEOPLE, (last, number, json.dumps(_PEOPLE)))
        touched: dict[tuple[str, int], list[dict[str, Any]]] = {}
        for change in later:
            touched.setdefault((change["entity"], change["record_id"]), []).append(change)
        for change in mine:
            entity, record = change["entity"], change["record_id"]
            if entity not in _PREFIXES:
                continue
            since = touched.get((entity, record), [])
            if change["op"] == "create" and since and self._value(entity, record, "id"):
                yield entity, record, "", True, True
            elif change["op"] == "update":
                yield from self._fields(change, since)

    def _fields(self, change: dict[str, Any], since: list[dict[str, Any]]) -> Iterator[tuple[str, int, str, Any, bool]]:
        before = json.loads(change["before"])
        for key in json.loads(change["after"]):
            said = [json.loads(one["after"]) for one in since if one["op"] == "update"]
            values = [one[key] for one in said if key in one]
            now = self._value(change["entity"], change["record_id"], key)
            is_state = change["entity"] == "opportunity" and key in _DECIDED
            if values and values[-1] == now and not is_state and not isinstance(now, list):
                yield change["entity"], change["record_id"], key, now, now != before[key]

    def _value(self, entity: str, record: int, key: str) -> Any:
        column, _, name = key.partition(".")
        value = self.db.value(f"SELECT {column} FROM {entity} WHERE id = ?", (record,))  # noqa: S608
        return json.loads(value or "{}").get(name) if name else value

    def _check(self, after: str) -> None:
        found: list[Any] = self.db.rows("PRAGMA foreign_key_check")
        found += [finding.code for finding in examine(self.workspace) if finding.severity == "error"]
        for table in ("customer", "opportunity"):
            found += [("two places", row) for row in self.db.rows(_TWO_PLACES.format(table))]
        found += [("nobody's", row) for row in self.db.rows(_NOBODY) if row["id"] not in self.free]
        found += [("whose word", row) for row in self.db.rows(_WHOSE_WORD)]
        found += [("stage", row) for row in self.db.rows(_DISAGREE)]
        found += [("held otherwise", row) for row in self.db.rows(_HELD_OTHERWISE)]
        found += [("unchained", row) for row in self.db.rows(_UNCHAINED)]
        self.wrong += [f"{after}: {one}" for one in found]


def _take_back(company: Any, folder: Path, seed: int, dump: Dump, number: int) -> list[str]:
    machine = TimeMachine(company, folder, seed, dump)
    for _ in range(number):
        machine.take_back_any()
        if machine.wrong:
            break
    machine.db.connection.close()
    return machine.wrong


def test_runs_of_three_weeks_can_be_taken_back(companies: Any, three_weeks: Any, tmp_path: Path, dump: Dump) -> None:
    assert _take_back(companies(three_weeks, 1), tmp_path, 0, dump, 8) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 9))
def test_more_of_three_weeks_can_be_taken_back(
    companies: Any, three_weeks: Any, tmp_path: Path, dump: Dump, seed: int
) -> None:
    assert _take_back(companies(three_weeks, seed % 4 + 1), tmp_path, seed, dump, 40) == []

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.config import load_settings
from crmcli.domain.records import ENTITIES, Record
from crmcli.jobs.dedupe.aliases import set_aliases
from crmcli.jobs.dedupe.pairs import remember
from crmcli.jobs.dedupe.run import dedupe_customers
from crmcli.jobs.dedupe.unmerge import find_merge, unmerge
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.setup import make_workspace
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import open_database
from crmcli.store.journal import open_run
from crmcli.store.records import fetch, fetch_where

NOW = datetime.fromisoformat("2026-06-30T09:00:00+08:00")
PHONES = [[], ["+8613800138000"], ["+8613900139000"]]
NAMES = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "上海", "北京"]),
        st.sampled_from(["鼎信", "鼎新", "华东精密"]),
        st.sampled_from(["", "贸易", "机械设备"]),
        st.sampled_from(["有限公司", ""]),
    ),
)
CUSTOMERS = st.builds(
    lambda name, phones, code: {"name": name, "phones": phones, "credit_code": code},
    NAMES,
    st.sampled_from(PHONES),
    st.sampled_from([None, None, "91310000MA1K35BN5R", "91330206MA03030912"]),
)
NUMBERS = st.integers(1, 12)
STEPS = st.one_of(
    st.tuples(st.just("add"), st.lists(CUSTOMERS, min_size=1, max_size=4)),
    st.tuples(st.just("edit"), NUMBERS, NAMES, st.sampled_from(PHONES)),
    st.tuples(st.just("decide"), NUMBERS, NUMBERS, st.sampled_from(["same", "different", "related"])),
    st.tuples(st.just("alias"), NAMES, NAMES),
    st.tuples(st.just("unmerge"), NUMBERS),
    st.tuples(st.just("undo")),
)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("blank") / "office", "zh").db


def _open(path: Path) -> Workspace:
    return Workspace(open_database(path), load_settings(None), lambda: NOW, "tester", "crmcli", None)


def _add(workspace: Workspace, customers: Sequence[Record]) -> None:
    with open_run(workspace.db, workspace.start("import")) as run:
        run.insert("customer", [ENTITIES["customer"].blank() | customer for customer in customers])


def _edit(workspace: Workspace, number: int, name: str, phones: list[str]) -> None:
    with open_run(workspace.db, workspace.start("set")) as run:
        for present in fetch(run.db, "customer", [number]).values():
            run.update("customer", present, {"name": name, "phones": phones})


def _decide(workspace: Workspace, a: int, b: int, decision: str) -> None:
    with open_run(workspace.db, workspace.start("decide")) as run:
        if a != b and len(fetch(run.db, "customer", [a, b])) > 1:
            remember(run, (a, b), decision, "tester")


def _unmerge(workspace: Workspace, number: int) -> None:
    merged = fetch_where(workspace.db, "customer", "merged_into IS NOT NULL AND id = ?", (number,))
    for loser in merged:
        alive = fetch(workspace.db, "customer", [loser["merged_into"]])[loser["merged_into"]]
        if alive["merged_into"] is None:
            unmerge(workspace, find_merge(workspace, f"C{number}"), [])


def _undo(workspace: Workspace) -> None:
    last = workspace.db.value("SELECT max(id) FROM run WHERE kind = 'dedupe' AND status = 'done'")
    if last:
        undo_run(workspace, f"R{last}")


DOING: dict[str, Any] = {
    "add": _add,
    "edit": _edit,
    "decide": _decide,
    "alias": lambda workspace, short, full: set_aliases(workspace, [(short, full)]),
    "unmerge": _unmerge,
    "undo": _undo,
}


def _tables(workspace: Workspace) -> dict[str, list[Record]]:
    return {entity: fetch_where(workspace.db, entity) for entity in ENTITIES}


def _run(path: Path, *, full: bool) -> tuple[dict[str, list[Record]], Any]:
    workspace = _open(path)
    with closing(workspace.db.connection):
        done = dedupe_customers(workspace, full=full)
        return _tables(workspace), done


@settings(max_examples=4, deadline=None)
@given(steps=st.lists(STEPS, min_size=2, max_size=6))
def test_after_anything_a_run_does_what_a_full_one_does(blank: Path, steps: list[Any]) -> None:
    with TemporaryDirectory() as folder:
        path, twin = Path(folder) / "crm.db", Path(folder) / "twin.db"
        path.write_bytes(blank.read_bytes())
        for what, *given_to in [("add", [{"name": "上海鼎信贸易有限公司"}, {"name": "鼎信贸易"}]), *steps]:
            workspace = _open(path)
            with closing(workspace.db.connection):
                DOING[what](workspace, *given_to)
            twin.write_bytes(path.read_bytes())
            assert _run(path, full=False)[0] == _run(twin, full=True)[0]
        again = _run(path, full=False)[1]
        assert (again.fresh, again.scored, again.merged) == (0, 0, 0)

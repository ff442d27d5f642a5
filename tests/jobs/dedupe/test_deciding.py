from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.config import load_settings
from crmcli.domain.records import ENTITIES
from crmcli.errors import CrmError
from crmcli.jobs.dedupe.deciding import NotDecided, decide_pair
from crmcli.jobs.dedupe.run import dedupe_customers
from crmcli.jobs.dedupe.unmerge import find_merge, unmerge
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.setup import make_workspace
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import Database, open_database
from crmcli.store.journal import open_run
from crmcli.store.records import fetch, fetch_where, survivors

ALIKE = {"name": "合肥启辰自动化设备有限公司", "phones": ["+8613800138000"]}
CUSTOMERS = 5
ENDS = tuple(combinations(range(1, CUSTOMERS + 1), 2))


def _ask_all(office: Workspace) -> None:
    """Make customers that any run would merge, and a pair of each two of them."""
    with open_run(office.db, office.start("import")) as run:
        run.insert("customer", [ENTITIES["customer"].blank() | ALIKE for _ in range(CUSTOMERS)])
        pairs = [{"a_id": a, "b_id": b, "tier": "review", "score": 80.0} for a, b in ENDS]
        run.insert("pair", [ENTITIES["pair"].blank() | pair for pair in pairs])


def _apart_holds(db: Database) -> bool:
    """Return whether no two customers that were called different, or related, are one."""
    pairs = [pair for pair in fetch_where(db, "pair") if pair["decision"] in ("different", "related")]
    alive = survivors(db, "customer", {number for pair in pairs for number in (pair["a_id"], pair["b_id"])})
    return all(alive[pair["a_id"]] != alive[pair["b_id"]] for pair in pairs)


def _decide(office: Workspace, pair: int, decision: str) -> None:
    decide_pair(office, fetch(office.db, "pair", [pair])[pair], decision)


_STEP = st.one_of(
    st.tuples(st.integers(1, len(ENDS)), st.sampled_from(["same", "different", "different", "related", "unsure"])),
    st.tuples(st.just(0), st.sampled_from(["run", "import"])),
    st.tuples(st.integers(1, CUSTOMERS), st.just("unmerge")),
)


@settings(max_examples=12, deadline=None)
@given(st.lists(_STEP, min_size=2, max_size=7))
def test_not_the_same_outlasts_runs_imports_and_chains(steps: list[tuple[int, str]]) -> None:
    with TemporaryDirectory() as folder:
        made = make_workspace(Path(folder) / "office", "zh")
        with open_database(made.db) as db:
            office = Workspace(db, load_settings(made.config), lambda: datetime.now(UTC), "tester", "crmcli", None)
            _ask_all(office)
            for number, step in (*steps, (0, "import"), (0, "run")):
                with suppress(NotDecided):
                    _take(office, number, step)
                assert _apart_holds(db)


def _take(office: Workspace, number: int, step: str) -> None:
    if step == "run":
        dedupe_customers(office)
    elif step == "import":
        with open_run(office.db, office.start("import")) as run:
            run.insert("customer", [ENTITIES["customer"].blank() | ALIKE])
    elif step == "unmerge":
        with suppress(CrmError):
            unmerge(office, find_merge(office, f"C{number}"))
    else:
        _decide(office, number, step)


@pytest.fixture
def asked(office: Any) -> Any:
    """Return an office in which each two of five customers are a pair."""
    _ask_all(office.workspace)
    return office


def test_a_third_one_does_not_join_what_is_different(asked: Any) -> None:
    _decide(asked.workspace, ENDS.index((1, 2)) + 1, "different")
    _decide(asked.workspace, ENDS.index((1, 3)) + 1, "same")
    with pytest.raises(NotDecided, match="by other decisions"):
        _decide(asked.workspace, ENDS.index((2, 3)) + 1, "same")
    dedupe_customers(asked.workspace)
    assert _apart_holds(asked.db)


def test_what_is_one_is_not_called_different(asked: Any) -> None:
    _decide(asked.workspace, 1, "same")
    with pytest.raises(NotDecided, match="one customer since"):
        _decide(asked.workspace, 1, "related")


def test_choices_come_back_with_the_merge(asked: Any) -> None:
    before = {key: asked.tables()[key] for key in ("customer", "alternate", "record_key")}
    decide_pair(asked.workspace, fetch(asked.db, "pair", [1])[1], "same", {"owner": "王芳", "name": "启辰"})
    alive = [customer for customer in asked.all("customer")[:2] if not customer["merged_into"]]
    assert [(customer["name"], customer["owner"]) for customer in alive] == [("启辰", "王芳")]
    unmerge(asked.workspace, find_merge(asked.workspace, f"C{3 - alive[0]['id']}"))
    assert {key: asked.tables()[key] for key in before} == before


def test_undo_restores_every_table_after_a_choice(asked: Any) -> None:
    before = asked.tables()
    run = decide_pair(asked.workspace, fetch(asked.db, "pair", [1])[1], "same", {"owner": "王芳", "name": "启辰"})
    assert undo_run(asked.workspace, str(run)).kept == []
    assert asked.tables() == before

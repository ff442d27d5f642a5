from __future__ import annotations

from datetime import datetime

import pytest

from crmcli.config import load_settings
from crmcli.demo_data.generate import generate
from crmcli.demo_data.truth import truth
from crmcli.domain.values.text import fold
from crmcli.jobs.demo import DemoResult, run_demo
from crmcli.jobs.reporting.write_report import make_report
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import open_database


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> DemoResult:
    return run_demo(tmp_path_factory.mktemp("demo") / "play", lambda _: None)


def test_the_workbooks_are_there(played: DemoResult) -> None:
    assert played.weekly.stat().st_size > 50_000
    assert played.review.is_file()
    assert played.imported.rejects is not None
    assert played.imported.rejects.is_file()


def test_deals_end_as_the_generator_knows(played: DemoResult) -> None:
    known = truth(generate())
    with open_database(played.made.db) as db:
        counted = db.rows("SELECT status, count(*) AS n FROM opportunity GROUP BY 1")
        fen = db.value("SELECT sum(amount_fen) FROM opportunity")
        reasons = db.rows(
            "SELECT coalesce(loss_reason, '未填') AS r, count(*) AS n FROM opportunity WHERE status = 'lost' GROUP BY 1"
        )
    assert {row["status"]: row["n"] for row in counted} == {
        "won": known.won,
        "lost": known.lost,
        "void": known.void,
        "open": known.open,
    }
    assert fen == known.amount_yuan * 100
    assert {row["r"]: row["n"] for row in reasons} == dict(known.lost_by_reason)


def test_every_deal_without_an_owner_got_one(played: DemoResult) -> None:
    known = truth(generate())
    assert len(played.assigned.decisions) == known.unassigned
    assert played.assigned.unassigned == 0


def test_merges_are_true_and_find_most_duplicates(played: DemoResult) -> None:
    known = truth(generate())
    with open_database(played.made.db) as db:
        rows = db.rows("SELECT id, name, merged_into FROM customer")
    name = {row["id"]: row["name"] for row in rows}
    group = {fold(form): number for number, forms in enumerate(known.duplicate_groups) for form in forms}
    aside = {fold(short) for short in known.remark_names}
    merged = [row for row in rows if row["merged_into"] and fold(row["name"]) not in aside]
    pairs = [(fold(row["name"]), fold(name[row["merged_into"]])) for row in merged]
    assert [pair for pair in pairs if group.get(pair[0], pair[0]) != group.get(pair[1], pair[1])] == []
    to_find = sum(len(forms) - 1 for forms in known.duplicate_groups)
    assert len(pairs) >= 0.6 * to_find


def test_the_funnel_is_the_generators(played: DemoResult) -> None:
    known = truth(generate()).funnel

    moment = datetime.fromisoformat("2026-06-30T23:59:59+08:00")
    with open_database(played.made.db) as db:
        workspace = Workspace(db, load_settings(played.made.config), lambda: moment, "t", "t", played.made.config)
        table = make_report(workspace, "funnel").tables[0]
    reached = [row[table.index("reached")] for row in table.rows]
    assert reached == list(known.reached)
    assert [row[table.index("lost_here")] for row in table.rows][:4] == list(known.lost_here)
    assert [row[table.index("open_here")] for row in table.rows][:4] == list(known.open_here)

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from crmcli.store.database import open_database
from crmcli.store.locks import round_lock
from crmcli.store.records import fetch_where

STEPS = ["backup", "grade", "assign", "pool", "remind", "snapshot"]


@pytest.fixture
def team(crm: Any) -> Any:
    crm.write(
        "customers.csv",
        "客户名称,负责人,手机",
        "上海鼎信物流有限公司,王芳,13800138000",
        "苏州华东精密有限公司,王芳,13800138001",
    )
    crm.write(
        "deals.csv",
        "商机编号,客户名称,商机名称,商机金额,阶段,负责人,下次跟进时间,创建时间",
        "SJ1,上海鼎信物流有限公司,仓储改造,100000,需求确认,王芳,2026-06-25,2026-06-01",
        "SJ2,苏州华东精密有限公司,质检系统,200000,方案报价,,,2026-06-02",
    )
    with (crm.folder / "crm.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[[grade.rule]]\nwhen = { amount = ">= 150000" }\npoints = 80\n')
        settings.write('\n[[owner]]\nname = "王芳"\n')
    crm("import", "customers.csv", "deals.csv")
    return crm


def configure(team: Any, line: str, instead: str) -> None:
    path = team.folder / "crm.toml"
    text = path.read_text(encoding="utf-8")
    assert line in text
    path.write_text(text.replace(line, instead), encoding="utf-8")


def states(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(step["step"], step["state"]) for step in document["steps"]]


def test_a_day_s_round_grades_assigns_reminds_and_keeps_the_figures(team: Any) -> None:
    done = team("run", "daily", "--json", code=10).json
    assert states(done) == [(step, "done") for step in STEPS]
    counts = {step["step"]: step["counts"] for step in done["steps"]}
    assert counts["grade"] == {"considered": 2, "changed": 2}
    assert counts["assign"] == {"considered": 1, "assigned": 1, "unassigned": 0}
    assert counts["remind"]["due"] > 0
    deals = {deal["external_id"]: deal for deal in team("opp", "list", "--json").json}
    assert (deals["SJ2"]["owner"], deals["SJ2"]["grade"], deals["SJ1"]["grade"]) == ("王芳", "A", "C")
    assert [path.name for path in (team.folder / "daily").iterdir()] == ["remind-2026-06-30.xlsx"]
    with open_database(team.db) as db:
        (kept,) = fetch_where(db, "snapshot")
    assert kept["day"] == "2026-06-30"
    assert kept["figures"]["open_by_owner"] == [{"owner": "王芳", "pool": "", "n": 2}]
    assert sum(row["amount_fen"] for row in kept["figures"]["deals"]) == 30_000_000


def test_what_was_done_today_is_not_repeated_and_says_nothing(team: Any) -> None:
    first = team("run", "daily", "--json", code=10).json
    again = team("run", "daily")
    assert (again.stdout, again.stderr) == ("", "")
    repeated = team("run", "daily", "--json").json
    assert states(repeated) == [(step, "earlier") for step in STEPS]
    assert [step["run"] for step in repeated["steps"]] == [step["run"] for step in first["steps"]]
    tomorrow = team("run", "daily", "--json", code=10, now="2026-07-01T06:00:00+08:00").json
    assert states(tomorrow) == [(step, "done") for step in STEPS]


def test_a_step_that_was_taken_back_is_done_again(team: Any) -> None:
    first = team("run", "daily", "--json", code=10).json
    grade = next(step["run"] for step in first["steps"] if step["step"] == "grade")
    team("undo", grade, "--yes", code=None)
    done = dict(states(team("run", "daily", "--json").json))
    assert done == {**dict.fromkeys(STEPS, "earlier"), "grade": "done"}


def test_nothing_to_say_is_silence(crm: Any) -> None:
    quiet = crm("run", "daily")
    assert (quiet.stdout, quiet.stderr) == ("", "")


def test_a_failing_step_is_told_and_the_others_go_on(team: Any) -> None:
    configure(
        team, 'steps = ["backup", "grade", "assign", "pool", "remind", "snapshot"]', 'steps = ["remind", "snapshot"]'
    )
    in_the_way = team.folder / "daily" / "remind-2026-06-30.xlsx"
    in_the_way.mkdir(parents=True)
    failed = team("run", "daily", "--json", code=1).json
    assert states(failed) == [("remind", "failed"), ("snapshot", "done")]
    assert "cannot be written" in failed["steps"][0]["why"]
    in_the_way.rmdir()
    mended = team("run", "daily", "--json", code=10).json
    assert states(mended) == [("remind", "done"), ("snapshot", "earlier")]


def test_without_a_backup_nothing_is_touched(team: Any) -> None:
    (team.folder / "backups").write_text("a file where the folder should be", encoding="utf-8")
    failed = team("run", "daily", "--json", code=1).json
    assert states(failed) == [("backup", "failed"), *((step, "left") for step in STEPS[1:])]
    assert team("runs", "--json").json[0]["kind"] == "import"


def test_old_backups_of_the_round_go_and_others_stay(team: Any) -> None:
    configure(team, "keep_backups = 14", "keep_backups = 2")
    team("backup")
    for day in ("01", "02", "03"):
        team("run", "daily", code=None, now=f"2026-07-{day}T06:00:00+08:00")
    names = sorted(path.name for path in (team.folder / "backups").iterdir())
    assert names == [
        "crm-20260630-090000.db",
        "crm-20260702-060000-daily.db",
        "crm-20260703-060000-daily.db",
    ]


def test_a_second_round_is_told_of_the_first(team: Any) -> None:
    with round_lock(team.db, "crmcli run weekly"):
        refused = team("run", "daily", "--json", code=1).json
    assert refused["error"]["code"] == "round.running"
    assert "crmcli run weekly" in refused["error"]["message"]


def test_two_at_once_do_each_step_once(team: Any) -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    command = [sys.executable, "-m", "crmcli", "run", "daily", "--as-of", "2026-06-30", "--json"]
    both = [
        subprocess.Popen(command, cwd=team.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        for _ in range(2)
    ]
    ended = [(one.communicate(timeout=60), one.returncode)[1] for one in both]
    assert 10 in ended
    assert set(ended) <= {0, 1, 10}
    with open_database(team.db) as db:
        marks = Counter(db.values("SELECT part_of FROM run WHERE part_of IS NOT NULL AND status = 'done'"))
        assert len(fetch_where(db, "snapshot")) == 1
    assert marks == {f"daily 2026-06-30/{step}": 1 for step in STEPS}


def test_customers_that_fall_into_the_pool_are_told(team: Any) -> None:
    settings = (team.folder / "crm.toml").read_text(encoding="utf-8").split("[[pool]]")[0]
    pool = '[[pool]]\nname = "公海"\nrecycle = { no_follow_up_days = 5 }\nprotect = []\nopen_deals = "keep"\n'
    staff = '[[owner]]\nname = "王芳"\n'
    (team.folder / "crm.toml").write_text(f"{settings}{staff}{pool}", encoding="utf-8")
    told = team("run", "daily", now="2026-09-30T09:00:00+08:00", code=10).stdout
    assert "pool: considered 2, fallen into a pool 2\n  2 of 王芳\n" in told
    assert "pool:" not in team("run", "daily", "--again", now="2026-09-30T10:00:00+08:00", code=10).stdout

from __future__ import annotations

from typing import Any

import pytest

LATER = "2026-08-15T10:00:00+08:00"


@pytest.fixture
def pooling(crm: Any) -> Any:
    """Return the command line in a workspace with a rule of 30 days and two silent customers of 王芳's."""
    toml = crm.folder / "crm.toml"
    rules = "recycle = { no_follow_up_days = 30 }\nprevious_owner_days = 15"
    settings = toml.read_text(encoding="utf-8").split("[[pool]]")[0]
    staff = '[[owner]]\nname = "王芳"\n[[owner]]\nname = "李强"\n'
    toml.write_text(f'{settings}{staff}[[pool]]\nname = "公海"\n{rules}\n', encoding="utf-8")
    for name in ("华东精密", "昆山五金"):
        crm("customer", "add", f"name={name}", "owner=王芳", "phones=13812345678")
    return crm


def test_plan_run_list_and_claim_tell_one_story(pooling: Any) -> None:
    plan = pooling("pool", "plan", "--as-of", "2026-07-28", "--json").json
    assert [(item["customer"], item["remaining_days"], item["notice"]) for item in plan["items"]] == [
        ("C1", 2, True),
        ("C2", 2, True),
    ]
    assert "2026-07-31" in pooling("pool", "plan", "--as-of", "2026-07-28").stdout
    tried = pooling("pool", "run", "--dry-run", "--json", now=LATER).json
    done = pooling("pool", "run", "--json", now=LATER).json
    assert (tried["run"], tried["fallen"], done["fallen"], done["by_owner"]) == (None, 2, 2, {"王芳": 2})
    listed = pooling("pool", "list").stdout
    assert "138****5678" in listed
    assert "13812345678" not in listed
    claimed = pooling("pool", "claim", "C1", "--as", "李强", "--json", now=LATER).json
    assert (claimed["customer"], claimed["owner"], claimed["opportunities"]) == ("C1", "李强", [])
    assert [one["customer"] for one in pooling("pool", "list", "--pool", "公海", "--json").json] == ["C2"]


def test_a_plan_counts_no_days_below_none(pooling: Any) -> None:
    shown = pooling("pool", "plan", now=LATER).stdout
    assert "overdue" in shown
    assert "-16" not in shown
    assert pooling("pool", "plan", "--json", now=LATER).json["items"][0]["remaining_days"] < 0


def test_a_refused_claim_says_why_and_from_when_on(pooling: Any) -> None:
    pooling("pool", "run", now=LATER)
    refused = pooling("pool", "claim", "C1", "--as", "王芳", "--json", now=LATER, code=1).json["error"]
    assert refused["code"] == "pool.refused"
    assert refused["hint"] == "possible from 2026-08-30 on"
    assert pooling("lookup", "华东精密", "--json").json["matches"][0]["pool"] == "公海"


def test_nothing_to_tell_is_told_shortly(pooling: Any) -> None:
    assert pooling("pool", "plan").stdout.startswith("2 looked at: 0 fall")
    assert pooling("pool", "run").stdout.startswith("2 looked at, 0 fell")
    assert pooling("pool", "list").stdout == "0 records\n"


def test_a_lock_that_a_person_sets_keeps_a_customer_until_its_day(pooling: Any) -> None:
    pooling("customer", "set", "C1", "locked_until=2026-08-31")
    plan = pooling("pool", "plan", "--json", now=LATER).json
    assert ([item["customer"] for item in plan["items"]], plan["protected"]) == (["C2"], {"locked": 1})
    assert pooling("pool", "plan", "--owner", "李强", "--json", now=LATER).json["items"] == []


def test_deals_in_a_pool_say_how_they_get_an_owner(pooling: Any) -> None:
    assert pooling("pool", "list", "--deals").stdout == "0 records\n"
    pooling("opp", "add", "name=年框")
    with (pooling.folder / "crm.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[[assign.rule]]\nname = "无人"\nwhen = { amount = ">= 1" }\nto = "王芳"\n')
    pooling("assign", "run", code=None)
    told = pooling("pool", "list", "--deals").stdout
    assert "crmcli pool claim O1" in told
    assert "公海" in pooling("opp", "show", "O1").stdout
    assert pooling("pool", "list", "--deals", "--json").json[0]["opportunity"] == "O1"
    claimed = pooling("pool", "claim", "O1", "--as", "王芳")
    assert "O1 年框 is 王芳's now" in claimed.stdout
    assert pooling("pool", "list", "--deals").stdout == "0 records\n"

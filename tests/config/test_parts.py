from __future__ import annotations

from typing import Any

from crmcli.config import Settings
from crmcli.config.parts import assignment_rules, owners, switches
from crmcli.domain.assignment.model import PUBLIC_POOL, Whom


def settings_of(**tables: Any) -> Settings:
    return Settings.model_validate(tables)


def test_what_the_file_says_of_an_owner_wins_and_the_record_fills_the_rest() -> None:
    settings = settings_of(owner=[{"name": "张伟", "weight": 2, "max_open": 5}])
    stored: list[dict[str, Any]] = [
        {"name": "张伟", "team": "华东", "weight": 7.0, "provinces": ["上海"], "active": 0, "region": None},
        {"name": "王芳", "team": "华北", "weight": None, "provinces": [], "active": None},
    ]
    zhang, wang = owners(settings, stored)
    assert (zhang.team, zhang.weight, zhang.provinces, zhang.active, zhang.max_open) == ("华东", 2, ("上海",), False, 5)
    assert (wang.name, wang.team, wang.weight, wang.active) == ("王芳", "华北", 1, True)


def test_week_days_are_understood_in_both_languages() -> None:
    (owner,) = owners(settings_of(owner=[{"name": "x", "work_days": ["mon", "Tuesday", "周三", "周日", 5]}]))
    assert owner.work_days == (0, 1, 2, 6, 4)


def test_whom_a_rule_gives_to() -> None:
    written = ["张伟", ["张伟", "王芳"], "*", {"team": "华东", "region": ["北", "南"]}]
    rules = [{"name": str(i), "to": to} for i, to in enumerate(written)]
    assert [rule.to for rule in assignment_rules(settings_of(assign={"rule": rules}))] == [
        Whom(names=("张伟",)),
        Whom(names=("张伟", "王芳")),
        Whom(),
        Whom(team=("华东",), region=("北", "南")),
    ]


def test_the_public_pool_is_always_there() -> None:
    settings = settings_of(pool=[{"name": "老客户池"}])
    assert [pool.name for pool in settings.pools] == ["老客户池", PUBLIC_POOL]
    assert [pool.name for pool in settings_of().pools] == [PUBLIC_POOL]
    assert switches(settings_of()).fallback == PUBLIC_POOL

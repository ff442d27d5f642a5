from __future__ import annotations

import tomllib

from crmcli.demo_data.generate import generate
from crmcli.demo_data.settings import demo_config


def test_the_demo_settings_name_owners_rules_and_synonyms() -> None:
    demo = generate()
    settings = tomllib.loads(demo_config(demo))
    assert [owner["name"] for owner in settings["owner"]] == [owner.name for owner in demo.owners]
    assert [owner["name"] for owner in settings["owner"] if not owner["active"]] == ["严俊"]
    assert [rule["strategy"] for rule in settings["assign"]["rule"]] == ["least_load", "weighted", "round_robin"]
    assert settings["assign"]["rule"][0]["to"] == ["江一鸣", "韩雪梅", "白启航"]
    assert [stage["name"] for stage in settings["pipeline"][0]["stages"]] == [
        "初步接触",
        "需求确认",
        "方案报价",
        "商务谈判",
    ]
    assert "太贵" in settings["loss"]["synonyms"]["价格"]


def test_every_written_stage_has_a_meaning_but_the_one_on_hold() -> None:
    demo = generate()
    pipeline = tomllib.loads(demo_config(demo))["pipeline"][0]
    known = {text for stage, texts in pipeline["synonyms"].items() for text in (stage, *texts)}
    assert {deal.written_stage for deal in demo.deals} - known == {"暂搁置"}

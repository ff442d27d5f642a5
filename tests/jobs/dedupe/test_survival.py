from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crmcli.config import Settings
from crmcli.jobs.dedupe.pairs import pairs_to_review
from crmcli.jobs.dedupe.run import dedupe_customers
from crmcli.jobs.dedupe.survival import survivorship

NAME = {"name": "上海鼎信贸易有限公司"}
OLD = {"address": "上海市浦东新区张江路100号3楼", "owner": "王芳芳", "industry": "贸易"}
NEW = {"address": "张江路100号", "owner": "李强"}


def _merged(office: Any, merge: dict[str, Any], **sources: Any) -> dict[str, Any]:
    """Return what is left of two customers of one name, the fuller one written first."""
    settings = Settings.model_validate({"merge": merge, "source": sources})
    office.add("customer", NAME | OLD)
    office.add("customer", NAME | NEW)
    dedupe_customers(replace(office.workspace, settings=settings))
    (alive,) = (customer for customer in office.all("customer") if not customer["merged_into"])
    return dict(alive)


@pytest.mark.parametrize(
    ("merge", "address", "owner"),
    [
        ({}, OLD["address"], "王芳芳"),
        ({"default": "newest"}, NEW["address"], "李强"),
        ({"fields": {"owner": "newest"}}, OLD["address"], "李强"),
        ({"fields": {"customer.owner": "newest"}}, OLD["address"], "李强"),
        ({"default": "complete"}, OLD["address"], "王芳芳"),
    ],
)
def test_what_stays_is_said_field_by_field(office: Any, merge: dict[str, Any], address: str, owner: str) -> None:
    alive = _merged(office, merge)
    assert (alive["address"], alive["owner"]) == (address, owner)
    lost = {(one["field"], one["value"]) for one in office.all("alternate")}
    both = {("address", OLD["address"]), ("address", NEW["address"]), ("owner", "王芳芳"), ("owner", "李强")}
    assert lost == both - {("address", address), ("owner", owner)}


def test_a_field_for_people_keeps_a_pair_from_being_merged_without_one(office: Any) -> None:
    office.add("customer", NAME | {"level": "A"}, NAME | {"level": "B"})
    by_hand = replace(office.workspace, settings=Settings.model_validate({"merge": {"fields": {"level": "by_hand"}}}))
    assert dedupe_customers(by_hand).merged == 0
    (pair,) = pairs_to_review(office.db)
    assert (pair["tier"], pair["decision"]) == ("auto", None)
    assert dedupe_customers(office.workspace).merged == 1


def test_a_source_that_decides_or_comes_first_is_heard(crm: Any) -> None:
    crm.write("erp.csv", "客户名称,地址,负责人", "上海鼎信贸易有限公司,张江路1号,王芳")
    crm.write("crm.csv", "客户名称,地址,负责人", "上海鼎信贸易公司,上海市浦东新区张江路1号,王芳芳")
    crm("import", "crm.csv", "--source", "旧CRM")
    crm("import", "erp.csv", "--source", "ERP")
    rules = '[merge]\ndefault = "source"\nsources = ["ERP", "旧CRM"]\n[source."旧CRM"]\nowns = ["customer.owner"]\n'
    config = crm.folder / "own.toml"
    config.write_text(rules, encoding="utf-8")
    assert crm("dedupe", "run", "--config", str(config), "--json").json["merged"] == 1
    (alive,) = crm("customer", "list", "--json").json
    assert (alive["name"], alive["address"], alive["owner"]) == ("上海鼎信贸易有限公司", "张江路1号", "王芳芳")
    again = crm("import", "crm.csv", "--source", "旧CRM", "--config", str(config), "--json").json
    assert again["sheets"][0]["same"] == 1
    assert crm("customer", "list", "--json").json == [alive]


def test_a_rule_is_of_a_field_or_of_all() -> None:
    rules = survivorship(Settings.model_validate({"merge": {"default": "newest", "fields": {"owner": "by_hand"}}}))
    assert [rules.rule("customer", column) for column in ("owner", "city", "extra.网址")] == [
        "by_hand",
        "newest",
        "newest",
    ]

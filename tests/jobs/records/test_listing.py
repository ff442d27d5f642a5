from __future__ import annotations

from typing import Any

import pytest

from crmcli.errors import ExitCode
from crmcli.jobs.records.editing import add_record
from crmcli.jobs.records.listing import BadFilter, list_records
from crmcli.jobs.workspace import Workspace

# cli.md, "Field keys"
KEYS = {
    "customer": "id external_id name short_name credit_code phones emails wechat industry level source province city"
    " district address owner tags lifecycle parent created_at note",
    "contact": "id external_id customer customer_id name title role phones emails wechat created_at note",
    "lead": "id external_id name company phones emails wechat source status owner created_at note",
    "opportunity": "id external_id name customer customer_id product amount currency stage status probability grade"
    " owner source expected_close created_at closed_at loss_reason loss_note competitor stage_text next_action next_at"
    " note",
    "owner": "name external_id team manager region provinces weight active",
    "product": "name external_id category price currency active note",
}


@pytest.fixture(scope="module")
def workspace(shared_desk: Any) -> Workspace:
    made: Workspace = shared_desk.workspace
    rows: list[tuple[str, list[str]]] = [
        (
            "customer",
            ["name=华东精密", "province=上海", "tags=重点,老客户", "phones=13800138000", "created_at=2026-01-05"],
        ),
        ("customer", ["name=华南精密", "province=广东省", "created_at=2026-03-05T10:00"]),
        ("customer", ["name=北方重工", "tags=新客户", "level=A", "created_at=2026-05-01"]),
        ("contact", ["name=李雷", "customer=C1", "title=采购经理"]),
        ("lead", ["name=韩梅梅", "company=西部矿业"]),
        ("owner", ["name=张伟", "team=华东", "weight=2", "active=是"]),
        ("owner", ["name=王芳", "team=华东", "weight=1", "active=否"]),
        ("product", ["name=GTX Pro", "price=4821"]),
        ("product", ["name=GTX Basic", "price=550"]),
        ("opportunity", ["stage=", "name=甲", "customer=C1", "amount=120万", "expected_close=2026-09-30"]),
        ("opportunity", ["name=乙", "customer=C2", "amount=9.5万", "probability=40"]),
        ("opportunity", ["name=丙"]),
    ]
    for entity, values in rows:
        add_record(made, entity, values)
    return made


@pytest.mark.parametrize("entity", list(KEYS))
def test_every_key_is_there_even_if_unknown(workspace: Workspace, entity: str) -> None:
    record = list_records(workspace, entity)[0]
    assert set(KEYS[entity].split()) <= set(record)
    assert record["extra"] == {}


def test_values_are_written_as_scripts_expect_them(workspace: Workspace) -> None:
    deal, customer = list_records(workspace, "opportunity")[0], list_records(workspace, "customer")[0]
    assert [deal[key] for key in ("id", "customer", "customer_id", "amount", "expected_close", "stage")] == [
        "O1", "华东精密", "C1", "1200000.00", "2026-09-30", None,
    ]  # fmt: skip
    assert customer["phones"] == ["+8613800138000"]
    assert list_records(workspace, "customer")[1]["created_at"] == "2026-03-05T10:00:00+08:00"
    assert [owner["active"] for owner in list_records(workspace, "owner")] == [True, False]


@pytest.mark.parametrize(
    ("entity", "filters", "found"),
    [
        ("opportunity", ["amount >= 50万"], "O1"),
        ("opportunity", ["amount<100000"], "O2"),
        ("opportunity", ["amount="], "O3"),
        ("opportunity", ["amount != "], "O1 O2"),
        ("opportunity", ["probability > 30"], "O2"),
        ("opportunity", ["expected_close <= 2026-09-30"], "O1"),
        ("opportunity", ["customer_id = c2"], "O2"),
        ("opportunity", ["status = open", "customer ~ 华"], "O1 O2"),
        ("opportunity", ["id = O3"], "O3"),
        ("customer", ["tags ~ 客户"], "C1 C3"),
        ("customer", ["tags = 重点"], "C1"),
        ("customer", ["tags !="], "C1 C3"),
        ("customer", ["phones = 138-0013-8000"], "C1"),
        ("customer", ["phones ~ 0013"], "C1"),
        ("customer", ["province = 广东"], "C2"),
        ("customer", ["province = 广东省"], "C2"),
        ("customer", ["province != 广东"], "C1 C3"),
        ("customer", ["created_at = 2026-03-05"], "C2"),
        ("customer", ["created_at > 2026-03-05"], "C3"),
        ("customer", ["name ~ 精密", "created_at ≥ 2026-03-01"], "C2"),
        ("contact", ["title = 采购经理"], "P1"),
        ("lead", ["company ~ 矿业"], "L1"),
        ("owner", ["weight >= 1.5"], "W1"),
        ("owner", ["active = 否"], "W2"),
        ("product", ["price > 1000"], "D1"),
    ],
)
def test_filters(workspace: Workspace, entity: str, filters: list[str], found: str) -> None:
    assert [record["id"] for record in list_records(workspace, entity, filters)] == found.split()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("colour = red", "no field colour"),
        ("amount", "no condition"),
        ("amount >= lots", "lots"),
        ("name > 甲", "is a text"),
        ("expected_close < 某天", "某天"),
        ("amount >=", "compares only"),
        ("region = 上海", "no field region"),
    ],
)
def test_a_condition_that_cannot_be_understood_is_named(workspace: Workspace, text: str, words: str) -> None:
    with pytest.raises(BadFilter, match=words) as refused:
        list_records(workspace, "opportunity", [text])
    assert (refused.value.where, refused.value.exit_code) == (text, ExitCode.USAGE)


@pytest.mark.parametrize(
    ("entity", "sort", "found"),
    [
        ("opportunity", "amount", "O2 O1 O3"),
        ("opportunity", "-amount", "O1 O2 O3"),
        ("opportunity", "-id", "O3 O2 O1"),
        ("customer", "-created_at", "C3 C2 C1"),
        ("customer", "level", "C3 C1 C2"),
        ("owner", "weight", "W2 W1"),
    ],
)
def test_sorting_puts_the_unknown_last(workspace: Workspace, entity: str, sort: str, found: str) -> None:
    assert [record["id"] for record in list_records(workspace, entity, sort=sort)] == found.split()


def test_an_unknown_sort_key_is_named(workspace: Workspace) -> None:
    with pytest.raises(BadFilter, match="no field colour"):
        list_records(workspace, "opportunity", sort="-colour")


def test_the_limit_comes_last(workspace: Workspace) -> None:
    assert [record["id"] for record in list_records(workspace, "opportunity", sort="-amount", limit=1)] == ["O1"]
    assert list_records(workspace, "opportunity", limit=0) == []


def test_merged_records_are_not_listed(desk: Any) -> None:
    for name in ("甲", "乙"):
        add_record(desk.workspace, "customer", [f"name={name}"])
    desk.workspace.db.connection.execute("UPDATE customer SET merged_into = 1 WHERE id = 2")
    assert [record["name"] for record in list_records(desk.workspace, "customer")] == ["甲"]

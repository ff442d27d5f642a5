from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crmcli.config import load_settings
from crmcli.errors import ExitCode
from crmcli.jobs.deals.moves import lose_deal
from crmcli.jobs.journal.history import record_history
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.records.editing import BadValue, add_record, set_fields
from crmcli.jobs.records.refs import NotFound
from crmcli.jobs.records.showing import show_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch_where
from crmcli.store.search_keys import keys_out_of_step


@pytest.fixture
def workspace(desk: Any) -> Workspace:
    found: Workspace = desk.workspace
    add_record(found, "customer", ["name=上海鼎信物流有限公司", "external_id=KH1"])
    return found


def test_a_customer_of_every_type_of_field(workspace: Workspace) -> None:
    made = add_record(
        workspace,
        "customer",
        [
            "name=ＡＢＣ 贸易", "phones=021-55556666 / 138 0013 8000", "emails=A@b.com", "region=江苏省苏州市昆山市",
            "tags=重点、老客户", "credit_code=91350100M000100Y43", "created_at=2026年3月5日", "level=A",
        ],
    )  # fmt: skip
    expected = {
        "id": "C2",
        "name": "ABC 贸易",
        "phones": ["+862155556666", "+8613800138000"],
        "province": "江苏",
        "city": "苏州",
        "district": "昆山市",
        "created_at": "2026-03-05",
        "level": "A",
        "run": "R2",
    }
    assert {key: made[key] for key in expected} == expected | {"phones": sorted(expected["phones"])}
    assert sorted(made["tags"]) == ["老客户", "重点"]


def test_an_opportunity_with_its_customer_money_and_stage(workspace: Workspace) -> None:
    made = add_record(
        workspace,
        "opportunity",
        ["name=年框", "customer=KH1", "amount=3.5万", "expected_close=2026.9.30", "probability=60", "stage=需求确认"],
    )
    keys = ("customer", "customer_id", "amount", "currency", "expected_close", "probability", "stage", "status")
    assert [made[key] for key in keys] == [
        "上海鼎信物流有限公司", "C1", "35000.00", "CNY", "2026-09-30", 60, "需求确认", "open",
    ]  # fmt: skip
    assert made["created_at"] == "2026-06-30T09:00:00+08:00"
    assert [event["value"] for event in show_record(workspace, "opportunity", "O1")["events"]] == ["需求确认"]


@pytest.mark.parametrize(
    ("given", "stage", "entered"),
    [
        ([], "初步接触", "2026-06-30T09:00:00+08:00"),
        (["created_at=2026-03-01"], "初步接触", "2026-03-01"),
        (["stage="], None, None),
    ],
)
def test_a_new_opportunity_is_in_the_first_stage_unless_it_is_to_have_none(
    workspace: Workspace, given: list[str], stage: str | None, entered: str | None
) -> None:
    made = add_record(workspace, "opportunity", ["name=年框", "amount=100", *given])
    assert (made["stage"], made["currency"], made["notes"]) == (stage, "CNY", [])
    events = show_record(workspace, "opportunity", "O1")["events"]
    assert [(one["value"], one["at"], one["by"], one["inferred"]) for one in events] == (
        [(stage, entered, "tester", False)] if stage else []
    )


def test_an_amount_s_own_currency_stays(workspace: Workspace) -> None:
    assert add_record(workspace, "opportunity", ["name=年框", "amount=100 USD"])["currency"] == "USD"
    assert add_record(workspace, "opportunity", ["name=试用"])["currency"] is None


def test_a_new_opportunity_stays_without_a_stage_where_the_first_asks_for_more(workspace: Workspace) -> None:
    path = workspace.config_path
    assert path is not None
    stages = 'stages = [{ name = "立项", require = ["amount"] }, { name = "签约" }]'
    config = f'[[pipeline]]\nkey = "standard"\nname = "标准"\n{stages}\n'
    path.write_text(config, encoding="utf-8")
    strict = replace(workspace, settings=load_settings(path))
    made = add_record(strict, "opportunity", ["name=年框"])
    assert (made["stage"], made["notes"]) == (None, ["立项 asks for more than is known: opp move"])
    assert add_record(strict, "opportunity", ["name=试用", "amount=5"])["stage"] == "立项"


@pytest.mark.parametrize(
    ("entity", "values", "words"),
    [
        ("customer", ["name=甲", "phones=abc"], "phones=abc"),
        ("customer", ["name=甲", "colour=red"], "no field colour"),
        ("customer", ["name=甲", "id=C9"], "no field id"),
        ("customer", ["name"], "FIELD=VALUE"),
        ("customer", ["level=A"], "needs a name"),
        ("customer", ["name=甲", "external_id=KH1"], "C1 has this id"),
        ("opportunity", ["name=甲", "amount=很多"], "amount=很多"),
        ("opportunity", ["name=甲", "expected_close=某天"], "expected_close=某天"),
        ("opportunity", ["name=甲", "probability=130"], "130"),
        ("opportunity", ["name=甲", "status=won"], "opp move, win"),
        ("opportunity", ["name=甲", "stage=需求确认"], "amount"),
        ("opportunity", ["name=甲", "stage=天知道"], "no stage 天知道"),
        ("opportunity", ["name=甲", "stage=赢单"], "opp win"),
    ],
)
def test_a_bad_value_is_named_and_nothing_is_written(
    workspace: Workspace, entity: str, values: list[str], words: str
) -> None:
    with pytest.raises(BadValue) as refused:
        add_record(workspace, entity, values)
    assert words in str(refused.value)
    assert refused.value.exit_code is ExitCode.USAGE
    assert (len(fetch_where(workspace.db, "customer")), fetch_where(workspace.db, "opportunity")) == (1, [])


def test_a_customer_that_nobody_knows_is_named(workspace: Workspace) -> None:
    with pytest.raises(NotFound, match="乙公司"):
        add_record(workspace, "opportunity", ["stage=", "name=年框", "customer=乙公司"])


def test_set_is_an_audit_entry_and_amounts_are_events(workspace: Workspace) -> None:
    add_record(workspace, "opportunity", ["stage=", "name=年框", "amount=100", "customer=C1"])
    assert set_fields(workspace, "opportunity", "年框", ["amount=120.5", "owner=张伟"])["amount"] == "120.50"
    told = [entry for entry in record_history(workspace, "O1") if entry["op"] == "update"]
    assert {field["field"] for entry in told for field in entry["fields"]} == {"amount", "owner"}
    events = show_record(workspace, "opportunity", "O1")["events"]
    assert [(e["field"], e["from_value"], e["value"], e["by"]) for e in events] == [
        ("amount", "100.00", "120.50", "tester"),
        ("owner", None, "张伟", "tester"),
    ]


def test_what_is_set_to_what_it_is_writes_no_event(workspace: Workspace) -> None:
    add_record(workspace, "opportunity", ["stage=", "name=年框", "amount=100"])
    set_fields(workspace, "opportunity", "O1", ["amount=100"])
    assert show_record(workspace, "opportunity", "O1")["events"] == []


def test_an_empty_value_empties_whatever_the_field(workspace: Workspace) -> None:
    given = ["phones=13800138000", "region=江苏苏州", "industry=物流", "external_id=KH9"]
    set_fields(workspace, "customer", "C1", given)
    emptied = set_fields(workspace, "customer", "C1", [f"{text.partition('=')[0]}=" for text in given])
    assert [emptied[key] for key in ("phones", "province", "city", "industry", "external_id")] == [
        [], None, None, None, None,
    ]  # fmt: skip
    add_record(workspace, "opportunity", ["stage=", "name=年框", "customer=C1", "amount=5"])
    deal = set_fields(workspace, "opportunity", "O1", ["customer=", "amount="])
    assert (deal["customer"], deal["customer_id"], deal["amount"]) == (None, None, None)
    assert keys_out_of_step(workspace.db, "customer") == keys_out_of_step(workspace.db, "opportunity") == []


def test_a_name_cannot_be_emptied(workspace: Workspace) -> None:
    with pytest.raises(BadValue, match="needs a name"):
        set_fields(workspace, "customer", "C1", ["name="])


def test_an_own_id_leaves_those_of_other_systems(desk: Any) -> None:
    add_record(desk.workspace, "customer", ["name=甲"])
    desk.workspace.db.connection.execute("UPDATE customer SET external_ids = '[\"wecom:W1\"]'")
    set_fields(desk.workspace, "customer", "C1", ["external_id=KH2"])
    set_fields(desk.workspace, "customer", "C1", ["external_id=KH3"])
    assert desk.one("customer")["external_ids"] == ["default:KH3", "wecom:W1"]


def test_an_owner_is_written_as_known_and_takes_the_deal_out_of_the_pool(desk: Any) -> None:
    add_record(desk.workspace, "owner", ["name=Moses Frase"])
    add_record(desk.workspace, "product", ["name=GTX Pro"])
    add_record(desk.workspace, "opportunity", ["stage=", "name=年框", "product=gtxpro"])
    desk.workspace.db.connection.execute("UPDATE opportunity SET pool = '公海'")
    set_fields(desk.workspace, "opportunity", "O1", ["owner=moses  frase"])
    deal = desk.one("opportunity")
    assert [deal[key] for key in ("owner", "owner_by", "pool", "product")] == ["Moses Frase", "person", None, "GTX Pro"]
    set_fields(desk.workspace, "opportunity", "O1", ["owner="])
    assert [desk.one("opportunity")[key] for key in ("owner", "owner_by")] == [None, None]


def test_stages_change_by_their_own_commands(workspace: Workspace) -> None:
    add_record(workspace, "opportunity", ["stage=", "name=年框"])
    lose_deal(workspace, "O1", "价格")
    with pytest.raises(BadValue, match="opp move, win"):
        set_fields(workspace, "opportunity", "O1", ["loss_reason=竞品"])


def test_a_dry_run_and_an_undo_leave_everything_as_it_was(workspace: Workspace) -> None:
    before = fetch_where(workspace.db, "customer")
    assert set_fields(workspace, "customer", "C1", ["level=B"], dry_run=True)["run"] is None
    assert fetch_where(workspace.db, "customer") == before
    run = set_fields(workspace, "customer", "C1", ["level=B", "phones=13800138000"])["run"]
    assert undo_run(workspace, run).reversed == 1
    assert fetch_where(workspace.db, "customer") == before


def test_a_city_is_a_city(crm: Any) -> None:
    made = crm("customer", "add", "name=甲公司", "city=苏州市", "province=江苏省", "--json").json
    assert (made["province"], made["city"]) == ("江苏", "苏州")


def test_a_lead_is_decided_on_by_its_own_commands(desk: Any) -> None:
    assert add_record(desk.workspace, "lead", ["name=韩梅梅", "status=跟进中"])["status"] == "following"
    for value in ("status=已转化", "reason=无需求", "decided_by=王芳"):
        with pytest.raises(BadValue):
            set_fields(desk.workspace, "lead", "L1", [value])
    assert set_fields(desk.workspace, "lead", "L1", ["status=等老板点头"])["status"] == "等老板点头"


def test_a_payment_is_of_its_contracts_customer_and_needs_an_amount(desk: Any) -> None:
    add_record(desk.workspace, "customer", ["name=甲公司"])
    add_record(desk.workspace, "contract", ["external_id=HT-1", "customer=甲公司", "amount=30万"])
    made = add_record(desk.workspace, "payment", ["contract=HT-1", "received_on=2026-06-01", "received_amount=5万"])
    assert (made["contract"], made["customer"], made["received_amount"]) == ("HT-1", "甲公司", "50000.00")
    with pytest.raises(BadValue, match="needs an amount"):
        add_record(desk.workspace, "payment", ["contract=HT-1", "due_on=2026-06-01"])
    with pytest.raises(BadValue, match="name or a number"):
        add_record(desk.workspace, "contract", ["customer=甲公司", "amount=1"])


def test_a_grade_is_one_of_those_that_there_are(workspace: Workspace) -> None:
    add_record(workspace, "opportunity", ["name=改造", "customer=C1"])
    assert set_fields(workspace, "opportunity", "O1", ["grade=ｂ"])["grade"] == "B"
    with pytest.raises(BadValue, match="D is unknown; there are A, B, C"):
        set_fields(workspace, "opportunity", "O1", ["grade=D"])
    assert set_fields(workspace, "opportunity", "O1", ["grade="])["grade"] is None


def test_a_level_is_one_that_the_rules_name_or_that_customers_have(workspace: Workspace, desk: Any) -> None:
    assert set_fields(workspace, "customer", "C1", ["level=随便"])["level"] == "随便", "no rule asks for a level"
    desk.load(desk.write("客户.csv", ("客户名称", "客户级别"), ("乙公司", "战略")))
    path = workspace.config_path
    assert path is not None
    path.write_text(
        '[[pool]]\nname = "公海"\nrecycle = { level = ["A", "B"], no_follow_up_days = 30 }\n'
        '[[grade.rule]]\nwhen = { level = "!= 普通" }\npoints = 5\n',
        encoding="utf-8",
    )
    ruled = replace(workspace, settings=load_settings(path))
    assert set_fields(ruled, "customer", "C1", ["level=ａ"])["level"] == "A"
    assert set_fields(ruled, "customer", "C1", ["level=战略"])["level"] == "战略"
    assert set_fields(ruled, "customer", "C1", ["level=普通"])["level"] == "普通"
    with pytest.raises(BadValue, match="黑名单 is unknown; there are A, B, 普通, 战略"):
        set_fields(ruled, "customer", "C1", ["level=黑名单"])

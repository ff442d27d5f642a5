"""Small sheets in the shapes that other systems write: each comes in as what it is."""

# ruff: noqa: E501 - sheets read best with a row a line

from __future__ import annotations

from typing import Any

import pytest


def _deal(desk: Any, *keys: str) -> list[Any]:
    deal = desk.one("opportunity")
    return [deal[key] for key in keys]


def test_salesforce_opportunities(desk: Any) -> None:
    desk.rows(
        ("Opportunity Name", "Account Name", "Amount", "Close Date", "Stage", "Probability (%)", "Opportunity Owner", "Created Date",
         "Lead Source", "Type", "Next Step", "Description"),
        ("Big deal", "ACME", "22,700.00", "2026-09-01", "Negotiation/Review", "90", "Jo Doe", "2026-01-05", "Web", "New", "Call", "x"),
    )  # fmt: skip
    assert _deal(desk, "name", "amount_fen", "expected_close", "stage", "probability", "owner", "source", "next_action", "note") == [
        "Big deal", 2270000, "2026-09-01", "商务谈判", 90, "Jo Doe", "Web", "Call", "x"
    ]  # fmt: skip
    assert _deal(desk, "created_at", "extra") == ["2026-01-05", {"Type": "New"}]
    assert desk.one("customer")["name"] == "ACME"


def test_salesforce_contacts_and_leads(desk: Any) -> None:
    desk.rows(
        ("First Name", "Last Name", "Account Name", "Title", "Email", "Phone", "Mailing Street"),
        ("Jo", "Doe", "ACME", "CEO", "jo@acme.com", "021-62345678", "1 Road"),
    )
    contact = desk.one("contact")
    assert [contact[key] for key in ("name", "title", "emails", "phones", "extra")] == [
        "Jo Doe", "CEO", ["jo@acme.com"], ["+862162345678"], {"Mailing Street": "1 Road"}
    ]  # fmt: skip
    desk.rows(
        ("First Name", "Last Name", "Company", "Lead Source", "Lead Status", "Email"),
        ("A", "B", "C Co", "Web", "New", "a@b.cn"),
    )
    lead = desk.one("lead")
    assert [lead[key] for key in ("name", "company", "source", "status")] == ["A B", "C Co", "Web", "new"]


def test_hubspot_deals(desk: Any) -> None:
    desk.rows(
        ("Record ID", "Deal Name", "Deal Stage", "Amount", "Deal owner", "Close Date", "Pipeline", "Create Date", "Associated Company"),
        ("901", "Big", "Closed Lost", "100", "Jo", "2026-03-01", "Sales", "2026-01-01", "ACME"),
        source="hubspot",
    )  # fmt: skip
    assert _deal(desk, "external_ids", "status", "closed_at", "expected_close", "owner", "created_at") == [
        ["hubspot:901"], "lost", "2026-03-01", None, "Jo", "2026-01-01"
    ]  # fmt: skip


def test_hubspot_contacts_keep_what_has_no_home(desk: Any) -> None:
    desk.rows(
        ("Record ID", "First Name", "Last Name", "Email", "Lifecycle Stage"), ("7", "Jo", "Doe", "jo@acme.com", "lead")
    )
    contact = desk.one("contact")
    assert (contact["name"], contact["external_ids"], contact["extra"]) == (
        "Jo Doe",
        ["hubspot:7"],
        {"Lifecycle Stage": "lead"},
    )
    assert desk.records("customer") == []


def test_zoho_potentials(desk: Any) -> None:
    desk.rows(
        ("Potential Name", "Potential Owner", "Created Time", "Closing Date", "Amount", "Expected Revenue", "Stage", "Probability", "LEADID"),
        ("Big", "Jo", "15 Apr, 2021 00:02:00", "20 May, 2021 00:00:00", "$22,700.00", "$2,270.00", "Needs Analysis", "10", "L1"),
    )  # fmt: skip
    assert _deal(desk, "amount_fen", "currency", "stage", "expected_close", "extra") == [
        2270000, "USD", "需求确认", "2021-05-20", {"Expected Revenue": "$2,270.00", "LEADID": "L1"}
    ]  # fmt: skip


def test_pipedrive_deals(desk: Any) -> None:
    heads = (
        "ID",
        "Title",
        "Value",
        "Currency of value",
        "Organization",
        "Owner",
        "Stage",
        "Status",
        "Lost reason",
        "Won time",
        "Expected close date",
    )
    desk.rows(
        tuple(f"Deal - {head}" for head in heads),
        ("5", "Big", "100", "USD", "ACME", "Jo", "Proposal", "Lost", "太贵", "", "2026-09-01"),
        ("6", "Small", "50", "USD", "ACME", "Jo", "Proposal", "Open", "", "", ""),
    )  # fmt: skip
    lost, still = desk.records("opportunity")
    assert [lost[key] for key in ("name", "amount_fen", "currency", "status", "owner")] == [
        "Big",
        10000,
        "USD",
        "lost",
        "Jo",
    ]
    assert [still[key] for key in ("status", "stage")] == ["open", "方案报价"]


def test_odoo_leads(desk: Any) -> None:
    desk.rows(
        ("External ID", "Name", "Customer Name", "Contact Name", "Email", "Job Position", "Phone", "Expected Revenue", "Salesperson",
         "Expected Closing", "City", "State", "Notes"),
        ("crm_lead_1", "Big", "ACME", "Jo", "jo@acme.com", "CEO", "13800000000", "100", "Mitchell", "2026-09-01", "苏州", "江苏", "x"),
    )  # fmt: skip
    assert _deal(desk, "external_ids", "name", "owner", "expected_close", "note") == [
        ["odoo:crm_lead_1"], "Big", "Mitchell", "2026-09-01", "x"
    ]  # fmt: skip
    assert [desk.one("contact")[key] for key in ("name", "title", "phones")] == ["Jo", "CEO", ["+8613800000000"]]
    assert [desk.one("customer")[key] for key in ("name", "province", "city")] == ["ACME", "江苏", "苏州"]


def test_yudao_opportunities(desk: Any) -> None:
    desk.rows(
        ("编号", "商机名称", "客户名称", "跟进状态", "负责人名字", "商机状态组", "商机状态", "结束状态", "结束时的备注", "预计成交日期",
         "产品总金额", "整单折扣", "商机总金额", "备注", "创建人名字", "创建时间"),
        ("1", "年框", "甲公司", "是", "王芳", "标准", "方案报价", "输单", "价格", "2026-09-01", "120", "5", "100", "x", "李雷", "2026-01-05 10:00:00"),
    )  # fmt: skip
    assert _deal(desk, "external_ids", "owner", "status", "loss_reason", "amount_fen", "expected_close", "created_at") == [
        ["yudao:1"], "王芳", "lost", "价格", 10000, "2026-09-01", "2026-01-05T10:00:00+08:00"
    ]  # fmt: skip


def test_two_header_rows(desk: Any) -> None:
    from openpyxl import load_workbook

    path = desk.book(
        "a.xlsx",
        表=[
            ["客户", None, "联系人", None],
            ["名称", "电话", "姓名", "电话"],
            ["甲公司", "021-62345678", "张三", "13800000000"],
        ],
    )
    book = load_workbook(path)
    for cells in ("A1:B1", "C1:D1"):
        book.worksheets[0].merge_cells(cells)
    book.save(path)
    desk.load(path)
    assert [desk.one("customer")[key] for key in ("name", "phones")] == ["甲公司", ["+862162345678"]]
    assert [desk.one("contact")[key] for key in ("name", "phones")] == ["张三", ["+8613800000000"]]


@pytest.mark.parametrize("width", [4, 9])
def test_wechat_contacts(desk: Any, width: int) -> None:
    heads = (
        "UserName",
        "Alias",
        "Remark",
        "NickName",
        "Type",
        "PYInitial",
        "RemarkPYInitial",
        "smallHeadImgUrl",
        "bigHeadImgUrl",
    )
    rows = [
        ("wx1", "zs", "张三-华东精密科技-13800000000", "三哥"),
        ("wx2", "", "", "上海鼎信科技有限公司"),
        ("1@chatroom", "", "", "群"),
    ]
    outcome = desk.rows(heads[:width], *[row + ("",) * (width - 4) for row in rows])
    assert outcome.tally.records == {"contact": 2, "customer": 1}
    assert [c["name"] for c in desk.records("contact")] == ["张三", "上海鼎信科技有限公司"]
    assert desk.one("customer")["name"] == "华东精密科技"
    assert desk.records("contact")[0]["extra"] == {"NickName": "三哥", "Remark": "张三-华东精密科技-13800000000"}
    assert any("hold more than a name" in str(note) for note in outcome.planned.notes())


def test_a_wecom_row_per_employee_is_one_contact_that_keeps_them_all(desk: Any) -> None:
    heads = (
        "客户名称",
        "描述",
        "添加人",
        "添加人账号",
        "添加人所属部门",
        "添加时间",
        "来源",
        "手机",
        "企业",
        "邮箱",
        "地址",
        "职务",
        "电话",
        "标签组1(等级)",
        "标签组2(意向产品)",
    )

    def row(owner: str, company: str, tag: str) -> tuple[str, ...]:
        return (
            "三哥",
            "",
            owner,
            "",
            "",
            "2026-01-05 10:00:00",
            "扫描二维码",
            "13800000000",
            company,
            "",
            "",
            "",
            "",
            tag,
            "",
        )

    desk.rows(
        heads,
        row("王芳", "华东精密", "A"),
        row("李雷雷", "华东精密", "B,VIP"),
        ("四哥", "", "王芳", "", "", "2026-01-06 10:00:00", "名片分享", *[""] * 8),
    )
    three, four = desk.records("contact")
    assert (three["name"], three["owner"], three["tags"]) == ("三哥", "李雷雷", ["等级:A", "等级:B", "等级:VIP"])
    assert desk.alternates() == [("owner", "王芳")]
    assert desk.one("customer")["name"] == "华东精密"
    assert (four["name"], four["customer_id"]) == ("四哥", None)

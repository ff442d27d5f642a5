from __future__ import annotations

import pytest

from crmcli.importers.kinds import main_kind
from crmcli.importers.meaning import EXTRA, SheetWords, known_form, meaning_of


def _paths(headers: str, kind: str = "") -> dict[str, str]:
    words = [known_form(header) for header in headers.split(",")]
    sheet = SheetWords(kind or main_kind(words) or "", frozenset(words))
    found = {header: meaning_of(word, sheet) for header, word in zip(headers.split(","), words, strict=True)}
    return {header: path[0] if path else "unknown" for header, path in found.items()}


def test_bare_headings_belong_to_the_main_kind() -> None:
    bare = "编号,名称,备注,来源,状态,负责人,创建时间"
    assert list(_paths(bare, "customer").values()) == [
        "customer.external_id", "customer.name", "customer.note", "customer.source", "customer.lifecycle",
        "customer.owner", "customer.created_at",
    ]  # fmt: skip
    assert list(_paths(bare, "opportunity").values()) == [
        "opportunity.external_id", "opportunity.name", "opportunity.note", "opportunity.source", "opportunity.stage",
        "opportunity.owner", "opportunity.created_at",
    ]  # fmt: skip
    assert list(_paths(bare, "activity").values()) == [
        EXTRA, EXTRA, "activity.text", EXTRA, EXTRA, "activity.by", "activity.at",
    ]  # fmt: skip


MEANINGS = {
    "Name,Title,Company,Phone": "contact.name contact.title customer.name contact.phones",
    "Title,Organization,Amount": "opportunity.name customer.name opportunity.amount",
    "Deal Name,Account Name,Title,Contact Name": "opportunity.name customer.name contact.title contact.name",
    "Opportunity Name,Type,Stage": "opportunity.name - opportunity.stage",
    "客户名称,跟进时间,类型": "customer.name activity.at activity.type",
    "First Name,Last Name,Company,Lead Status": "lead.first_name lead.name lead.company lead.status",
    "客户名称,联系人,线索来源": "customer.name contact.name customer.source",
    "商机名称,客户名称,线索来源,跟进人": "opportunity.name customer.name opportunity.source opportunity.owner",
    "商机编号,变更时间,阶段,丢单原因": "opportunity.external_id stage_history.at stage_history.stage"
    " stage_history.reason",
    "商机编号,变更时间,阶段,原阶段,金额,客户名称": "opportunity.external_id stage_history.at stage_history.stage"
    " stage_history.from_stage - customer.name",
    "商机名称,客户状态": "opportunity.name opportunity.stage",
    "商机名称,阶段,客户状态": "opportunity.name opportunity.stage -",
    "客户名称,客户状态": "customer.name customer.lifecycle",
    "客户名称,公司电话,座机,联系人,电话": "customer.name customer.phones customer.phones contact.name contact.phones",
    "客户名称,备注,跟进情况": "customer.name customer.note customer.note",
    "客户名称,跟进时间,下次联系时间,下一步": "customer.name activity.at activity.next_at activity.next_action",
    "sales_agent,manager,regional_office": "owner.name owner.manager owner.region",
    "product,series,sales_price": "product.name product.category product.price",
}  # fmt: skip


@pytest.mark.parametrize("headers", MEANINGS)
def test_what_headings_mean_together(headers: str) -> None:
    assert [path or "-" for path in _paths(headers).values()] == MEANINGS[headers].split()


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("＊客户名称（必填）：", "客户名称"),
        ("金额(万元)", "金额"),
        ("客户信息_客户名称", "客户名称"),
        ("客户_电话", "客户电话"),
        ("联系人_姓名", "联系人姓名"),
        ("商机_金额(万元)", "商机金额"),
        ("基本_行业", "行业"),
        ("deal_stage", "deal stage"),
        ("manager_name", "manager name"),
        ("file_title", "file title"),
    ],
)
def test_the_form_that_is_looked_up(header: str, form: str) -> None:
    assert known_form(header) == form

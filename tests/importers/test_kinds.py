from __future__ import annotations

import pytest

from crmcli.importers.kinds import main_kind
from crmcli.importers.meaning import known_form

SHEETS = {
    "customer": [
        "客户编号,客户名称,行业,地址",
        "account,sector,year_established,revenue,employees,office_location,subsidiary_of",
        "企业名称,统一社会信用代码,法定代表|人",
        "Record ID,Company name,Company owner,Industry",
        "ACCOUNTID,Account Name,Account Owner,Account Type,Industry,Website",
        "Name,Industry,Website",
        "名称,行业,地址",
        "客户名称,手机",
        "客户名称,公司电话,跟进情况",
    ],
    "contact": [
        "客户名称,联系人,手机,职务",
        "*姓名,*负责人,*客户名称,手机,电话,邮箱,职务",
        "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lifecycle Stage",
        "Name,Title,Company,Phone,Email",
        "Name,Account Name,Email",
        "姓名,手机",
        "CONTACTID,Last Name,Account Id,Email,Mobile",
    ],
    "lead": [
        "*线索名称,*负责人,邮箱,线索来源,手机",
        "LEADID,Last Name,Company,Lead Owner,Email,Lead Status",
        "First Name,Last Name,Company,Lead Source,Lead Status",
        "公司名称,线索进度,线索来源,联系人名称,联系人电话",
    ],
    "opportunity": [
        "商机编号,商机名称,客户名称,商机金额,阶段,负责人,预计成交日期,丢单原因",
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value",
        "客户,金额,跟进情况",
        "Account Name,Opportunity Name,Stage,Amount,Close Date,Lead Source,Type,Next Step,Description",
        "Record ID,Deal Name,Deal Stage,Amount,Deal owner,Close Date,Pipeline,Create Date",
        "Potential Name,Potential Owner,Created Time,Closing Date,Amount,Stage,Type,Lead Source,Probability",
        "Deal - ID,Deal - Title,Deal - Value,Deal - Stage,Deal - Status,Deal - Organization,Deal - Lost reason",
        "名称,客户,阶段,项目预算,概率 %,客户来源,关闭日期,联系人,描述",
        "External ID,Name,Customer Name,Expected Revenue,Salesperson,Expected Closing",
        "编号,商机名称,客户名称,跟进状态,负责人名字,商机状态,结束状态,结束时的备注,预计成交日期,商机总金额,创建时间",
    ],
    "stage_history": [
        "商机编号,阶段,变更时间",
        "商机编号,商机名称,客户名称,金额,原阶段,新阶段,变更时间,变更人",
        "Opportunity Name,Account Name,From Stage,To Stage,Changed at",
    ],
    "activity": [
        "客户名称,跟进时间,跟进内容,跟进人",
        "客户名称,联系人,跟进方式,创建时间,跟进内容",
        "商机编号,拜访日期,拜访内容",
    ],
    "owner": ["sales_agent,manager,regional_office", "姓名,工号,团队,大区,上级主管", "销售姓名,权重,是否在职"],
    "product": ["product,series,sales_price", "产品编号,产品名称,单价", "品名,产品分类"],
}


@pytest.mark.parametrize(("kind", "headers"), [(kind, text) for kind, texts in SHEETS.items() for text in texts])
def test_what_a_sheet_is_mainly_about(kind: str, headers: str) -> None:
    assert main_kind([known_form(header) for header in headers.split(",")]) == kind


@pytest.mark.parametrize("headers", ["填写说明", "日期,合计", "A,B,C", "备注,状态", ""])
def test_nothing_identifies_a_record(headers: str) -> None:
    assert main_kind([known_form(header) for header in headers.split(",")]) is None


def test_creation_times_are_no_change_times() -> None:
    assert main_kind(["商机编号", "阶段", "创建时间"]) == "opportunity"
    assert main_kind(["opportunity name", "stage", "created date"]) == "opportunity"


def test_what_a_person_names_counts_as_a_column() -> None:
    assert main_kind(["金额"], {"customer.name"}) == "opportunity"
    assert main_kind(["客户名称"], {"activity.at"}) == "activity"


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ("合同编号,客户名称,合同金额,签订日期,到期日期,已回款金额", "contract"),
        ("合同名称,商机名称,客户名称,合同金额,签约日期", "contract"),
        ("合同编号,客户名称,到期日期,应收金额", "payment"),
        ("合同编号,期次,计划回款日期,计划回款金额", "payment"),
        ("客户名称,合同金额,回款金额,回款日期", "payment"),
        ("回款日期,客户名称,金额", "payment"),
        ("contract no,due date,amount due,amount received", "payment"),
        ("客户名称,合同金额,签约日期", "opportunity"),
        ("商机名称,客户名称,阶段,合同编号,合同金额", "opportunity"),
        ("商机名称,客户名称,阶段,回款金额,回款日期", "opportunity"),
        ("商机名称,amount,due date", "opportunity"),
        ("客户名称,合同编号,电话", "customer"),
        ("客户名称,应收金额,电话", "customer"),
        ("客户名称,跟进时间,合同编号,合同金额", "activity"),
    ],
)
def test_contracts_and_payments_are_told_from_deals_and_customers(headers: str, kind: str) -> None:
    assert main_kind(headers.split(",")) == kind

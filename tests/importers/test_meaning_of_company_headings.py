"""Systems whose headings each company sets itself, and sheets that teams keep by hand: known by synonyms alone."""

from __future__ import annotations

from typing import Any

import pytest

from crmcli.importers.mapping import MappingChoices, map_sheet
from crmcli.importers.presets import shipped_presets

SHEETS = {
    "简道云": (
        "opportunity",
        """
        流水号=external_id 客户信息.客户名称=customer.name 商机名称=name 商机来源=source
        意向金额(元)=amount 赢率=probability 跟单人=owner 决策人=contact.name 下步计划=next_action
        最近跟进=note 提交人= 提交时间=created_at 更新时间=
        """,
    ),
    "纷享销客": (
        "opportunity",
        """
        商机名称（必填）=name 客户名称（必填）=customer.name 销售流程=pipeline 商机阶段=stage
        商机金额(元)=amount 预计成交日期（必填）=expected_close 赢率=probability 负责人（必填）=owner
        负责人主属部门= 生命状态= 输单原因=loss_reason 输单描述=loss_note 创建时间=created_at
        最后修改时间=
        """,
    ),
    "销售易": (
        "opportunity",
        """
        销售机会名称=name 客户名称=customer.name 销售金额(元)=amount 销售阶段=stage 赢率(%)=probability
        结单日期=closed_at 销售机会所有人=owner 商机来源=source 丢单原因=loss_reason 竞争对手=competitor
        """,
    ),
    "腾讯企点": (
        "customer",
        """
        客户姓名=contact.name 手机=contact.phones 公司名称=name 职位=contact.title QQ号码=
        微信号=contact.wechat 客户标签=tags 客户来源=source 创建时间=created_at
        """,
    ),
    "用友": (
        "opportunity",
        """
        商机编码=external_id 商机主题=name 客户=customer.name 预计签单金额=amount
        预计签单日期=expected_close 商机阶段=stage 业务员=owner 部门= 赢单率=probability
        """,
    ),
    "钉钉": (
        "contact",
        """
        客户名称=customer.name 客户级别=customer.level 联系人=name 手机=phones 负责人(系统)=owner
        创建时间(系统)=created_at
        """,
    ),
    "飞书": (
        "opportunity",
        """
        客户名称=customer.name 客户负责人=customer.owner 商机金额(万元)=amount 阶段=stage
        预计签约时间=expected_close 下次跟进时间=next_at 跟进记录=note 父记录=
        """,
    ),
    "手工台账": (
        "opportunity",
        """
        序号= 甲方=customer.name 项目名称=name 业主联系人=contact.name 决策人= 电话=contact.phones
        跟单人=owner 签单金额（万）=amount 预计签单时间=expected_close 项目进度=stage
        下步计划=next_action 友商=competitor 最新进展=note
        """,
    ),
    "繁體": (
        "opportunity",
        """
        客戶名稱=customer.name 聯絡人=contact.name 職稱=contact.title 行動電話=contact.phones
        電子郵件=contact.emails 業務=owner 專案名稱=name 預計成交日=expected_close 報價金額=amount
        備註=note
        """,
    ),
    "客户归属": (
        "customer",
        """
        业主单位=name 客户归属=owner 跟进状态=lifecycle 获客渠道=source 意向度=level 区域=region
        单位电话=phones 报备时间=created_at
        """,
    ),
}


@pytest.mark.parametrize("name", SHEETS)
def test_headings_that_a_company_sets_itself(name: str) -> None:
    kind, text = SHEETS[name]
    pairs = [pair.rpartition("=") for pair in text.split()]
    mapping = map_sheet([header for header, _, _ in pairs], MappingChoices(presets=shipped_presets()))
    assert (mapping.preset, mapping.kind, mapping.refusal) == (None, kind, None)
    wanted = [path if "." in path or not path else f"{kind}.{path}" for _, _, path in pairs]
    assert [column.path for column in mapping.columns] == wanted


def test_a_hand_made_sheet_is_imported_whole(crm: Any) -> None:
    file = crm.write(
        "台账.csv",
        "2026年销售台账,,,,,,,,",
        "序号,甲方,项目名称,业主联系人,电话,跟单人,签单金额（万）,预计签单时间,项目进度",
        "1,甲公司,年框,张三,13800000001,王芳,3.5,2026年9月1日,谈判中",
        "2,乙公司,试点,李四,,李雷,2,2026.3.5,黄了",
        "合计,,,,,,5.5,,",
    )
    (sheet,) = crm("import", file, "--json").json["sheets"]
    assert (sheet["new"], sheet["skipped"], sheet["sums"]["opportunity.amount"]["stored"]) == (2, 2, "55000.00")
    deals = crm("opp", "list", "--json").json
    assert [(deal["name"], deal["customer"], deal["owner"], deal["stage"]) for deal in deals] == [
        ("年框", "甲公司", "王芳", "商务谈判"), ("试点", "乙公司", "李雷", "输单")
    ]  # fmt: skip

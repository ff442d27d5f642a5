"""Rows of the field catalogue for what is sold: key, Chinese and English label, type, header synonyms.

Source: headers seen in the exports of the named systems and in sales teams' own sheets.
"""

from __future__ import annotations

from crmcli.domain.headings_parties import Row

OPPORTUNITY: list[Row] = [
    ("id", "商机号", "Opportunity no.", "id", ""),
    (
        "external_id",
        "商机编号",
        "Opportunity ID",
        "text",
        (
            "商机编码|商机ID|机会编号|机会编码|项目编号|项目编码|Deal ID|Deal - ID|业务编码|商机单号|机会ID"
            "|机会单号|商机流水号|项目号|项目代码|项目ID|立项编号|报备编号|报备单号"
        ),
    ),
    (
        "name",
        "商机名称",
        "Opportunity",
        "name",
        (
            "商机|商机名|机会名称|销售机会|项目名称|项目|Opportunity Name|Deal Name|Deal - Title|Deal title"
            "|Potential Name|商机主题|商机标题|机会主题|机会名|项目名|项目全称|工程名称|标段名称|销售机会名称"
            "|销售机会主题|采购项目|招标项目|招标项目名称|立项名称|专案名称|专案|案件名称"
        ),
    ),
    ("customer", "商机客户", "Opportunity's customer", "company", ""),
    (
        "product",
        "产品",
        "Product",
        "product",
        (
            "意向产品|产品名称|产品型号|需求产品|关联产品|product name|产品名|型号|规格型号|意向型号|意向商品"
            "|意向车型|意向课程|意向业务|商品名称|商品|采购产品|购买产品|成交产品|推荐产品|主推产品"
        ),
    ),
    (
        "amount",
        "商机金额",
        "Amount",
        "amount",
        (
            "金额|商机总金额|预计金额|预估金额|预计成交金额|销售金额|成交价|成交金额|项目金额|项目预算|预算金额"
            "|合同额|Deal Value|Deal - Value|Deal Amount|close value|Expected Revenue|Opportunity Amount"
            "|Estimated Value|意向金额|签单金额|签约金额|合同金额|预计签约金额|预计签单金额|预计合同金额"
            "|预计合同额|预计销售额|预计销售金额|预计成单金额|预计收入|预估合同额|预期金额|机会金额|商机价值"
            "|报价金额|报价总额|订单金额|成单金额|成交额|成交总额|成交总价|中标金额|合同总额|合同总价|项目总额"
            "|总金额|总价|销售额|标的金额|标的额|交易金额|客户预算|商机预算|预算"
        ),
    ),
    ("currency", "币种", "Currency", "text", "货币|Deal - Currency of value|Currency Code"),
    (
        "stage",
        "商机阶段",
        "Stage",
        "stage",
        (
            "阶段|商机状态|销售阶段|项目阶段|跟进状态|当前阶段|进展阶段|Deal Stage|StageName|Sales Stage"
            "|Deal - Stage|当前状态|商机进度|项目进度|项目状态|跟进阶段|跟进进度|机会阶段|机会状态|销售进度"
            "|销售漏斗阶段|漏斗阶段|所处阶段|成交阶段|签约进度|跟单状态|跟单进度|进度"
        ),
    ),
    (
        "status",
        "结束状态",
        "Result",
        "status",
        "成交状态|商机结果|赢输状态|Deal - Status|跟进结果|项目结果|最终结果|赢单状态|输赢",
    ),
    (
        "probability",
        "赢率",
        "Probability",
        "percent",
        (
            "可能性|成功率|赢单率|成单概率|概率|概率 %|Probability (%)|Deal - Probability|Win probability"
            "|成交概率|成单率|成交可能性|中标率|中标概率|把握度|预计成功率|签约概率|胜率|信心度"
        ),
    ),
    ("grade", "商机等级", "Grade", "text", "商机级别|商机分级"),
    (
        "owner",
        "商机负责人",
        "Opportunity owner",
        "person",
        (
            "Deal owner|Deal - Owner|Potential Owner|商机归属|商机所有人|商机归属人|销售机会所有人|机会负责人"
            "|项目销售|项目归属"
        ),
    ),
    ("source", "商机来源", "Opportunity source", "text", "机会来源|项目来源|商机渠道"),
    (
        "expected_close",
        "预计成交日期",
        "Expected close",
        "date",
        (
            "预计成交时间|预计签约日期|预计签约时间|预计签单日期|预计结单日期|预计成交|预计结束日期"
            "|Expected close date|Closing Date|Expected Closing|Expected Closure Date|Deal - Expected close date"
            "|预计签单时间|预计成单日期|预计成单时间|预计结单时间|预计关闭日期|预计下单时间|预计下单日期"
            "|预计采购时间|预计采购日期|预计赢单日期|预计成交月份|预计签约月份|预计成交日|计划签约时间"
            "|计划签约日期|计划成交日期|预期成交日期|采购时间|采购计划时间"
        ),
    ),
    (
        "created_at",
        "商机创建时间",
        "Opportunity created",
        "date",
        (
            "立项日期|立项时间|engage date|商机创建日期|Create Date|商机录入时间|商机建立时间|机会创建时间"
            "|项目创建时间|项目立项时间"
        ),
    ),
    (
        "closed_at",
        "成交日期",
        "Closed",
        "date",
        (
            "结束时间|结束日期|关闭日期|关闭时间|成交时间|签约日期|签单日期|Close Date|Closed Date"
            "|Deal - Won time|Deal - Lost time|成单日期|成单时间|赢单时间|赢单日期|输单时间|输单日期|丢单时间"
            "|丢单日期|签约时间|签单时间|结单日期|结单时间|结案日期|合同日期|合同签订日期|合同签订时间|中标日期"
            "|实际成交日期|实际成交时间|实际签约日期"
        ),
    ),
    (
        "loss_reason",
        "丢单原因",
        "Loss reason",
        "text",
        (
            "输单原因|失败原因|失单原因|流失原因|结束时的备注|未成交原因|Lost Reason|Deal - Lost reason"
            "|Closed Lost Reason|Loss Reason|丢失原因|战败原因|未签原因|未签约原因|未成单原因|未中标原因"
            "|不成交原因|失败理由|输单理由|丢单理由|无效原因|关闭原因|流单原因|放弃原因"
        ),
    ),
    (
        "loss_note",
        "丢单说明",
        "Loss note",
        "text",
        "输单说明|丢单备注|Lost Notes|丢单描述|失败说明|战败说明|输单备注|输单描述",
    ),
    (
        "competitor",
        "竞争对手",
        "Competitor",
        "text",
        (
            "竞品|竞争品牌|竞争厂家|Competitors|Main Competitor|竞争公司|竞争厂商|竞争情况|竞对|友商|竞品公司"
            "|竞品名称|竞争者|主要竞争对手|竞争对手名称"
        ),
    ),
    ("pipeline", "销售流程", "Pipeline", "text", "商机流程|销售流程名称|Deal - Pipeline|Pipeline Name"),
    ("demand", "需求程度", "Demand", "text", "需求等级|需求明确度|需求紧迫度|需求成熟度"),
    ("budget", "客户预算额", "Budget", "amount", "已批预算|获批预算|可用预算|Budget|Budget Amount"),
    ("intent", "购买意向", "Intent", "text", "采购意向|商机意向|商机意向度|Buying Intent"),
    ("stage_text", "阶段原文", "Stage as written", "text", ""),
    (
        "next_action",
        "下一步",
        "Next step",
        "text",
        (
            "下一步计划|下步计划|下一步行动|后续计划|Next Step|NextStep|下步动作|下一步动作|下一步工作|下步工作"
            "|后续动作|后续跟进计划|跟进计划|下周计划|下周工作计划|待办事项|行动计划|下次跟进内容|下次跟进计划"
        ),
    ),
    (
        "next_at",
        "下次联系时间",
        "Next contact",
        "date",
        (
            "下次跟进时间|下次联系日期|下次跟进日期|下次拜访时间|下次跟进|下次联系|下次沟通时间|下次回访"
            "|下次回访时间|计划跟进时间|下一步时间|约访时间|下次提醒时间|下次行动时间"
        ),
    ),
    ("members", "协作成员", "Members", "shares", "业绩分成|业绩分配|分成比例|团队成员分成|Deal Splits|Team Members"),
    ("conclusion", "复盘结论", "Review conclusion", "text", "复盘|复盘总结|经验教训"),
    (
        "note",
        "商机备注",
        "Opportunity note",
        "text",
        "项目情况|商机描述|项目说明|项目备注|项目背景|项目概况|商机说明|商机情况",
    ),
]

PRODUCT: list[Row] = [
    ("id", "产品号", "Product no.", "id", ""),
    (
        "external_id",
        "产品编号",
        "Product ID",
        "text",
        "产品编码|物料编码|Product Code|SKU|产品代码|商品编码|商品编号|货号|料号|存货编码|物料代码",
    ),
    ("name", "产品品名", "Product title", "text", "品名|产品全称|存货名称|物料名称"),
    (
        "category",
        "产品类别",
        "Category",
        "text",
        (
            "产品分类|产品系列|系列|series|Product Category|Product Family|商品分类|商品类别|产品类型|产品线|品类"
            "|物料分组|存货分类"
        ),
    ),
    (
        "price",
        "单价",
        "Price",
        "amount",
        (
            "产品价格|标准价|标准价格|售价|价格|sales price|List Price|Unit Price|销售单价|销售价|销售价格"
            "|标准售价|零售价|含税单价|指导价|目录价"
        ),
    ),
    ("currency", "产品币种", "Product currency", "text", ""),
    ("active", "是否在售", "On sale", "boolean", "在售"),
    ("note", "产品备注", "Product note", "text", "产品描述"),
]

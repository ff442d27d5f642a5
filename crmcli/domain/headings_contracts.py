"""Rows of the field catalogue for what was signed and paid: key, Chinese and English label, type, header synonyms.

A heading that deals have too (合同金额, 签约日期) means the contract's own only in a sheet of contracts.
Source: headers seen in the exports of the named systems and in sales teams' own sheets.
"""

from __future__ import annotations

from crmcli.domain.headings_parties import Row

CONTRACT: list[Row] = [
    ("id", "合同号码", "Contract record", "id", ""),
    (
        "external_id",
        "合同编号",
        "Contract No.",
        "text",
        (
            "合同号|合同编码|合同流水号|合同ID|协议编号|合约编号|Contract Number|Contract No|Contract ID|Contract Code"
            "|Agreement Number"
        ),
    ),
    (
        "name",
        "合同名称",
        "Contract name",
        "text",
        "合同|合同名|合同标题|合同主题|协议名称|合约名称|Contract|Contract Title|Agreement Name",
    ),
    ("customer", "合同客户", "Contract's customer", "company", "签约客户|签约单位|Account of contract"),
    ("opportunity", "合同商机", "Contract's opportunity", "reference", ""),
    (
        "amount",
        "合同金额",
        "Contract amount",
        "amount",
        (
            "合同额|合同总额|合同总价|合同总金额|签约金额|签单金额|签约额|合同价款|Contract Value|Contract Total"
            "|Total Contract Value|TCV"
        ),
    ),
    ("currency", "合同币种", "Contract currency", "text", ""),
    ("type", "合同类型", "Contract type", "text", "合同类别|签约类型|合同性质|Type of contract"),
    (
        "signed_on",
        "签订日期",
        "Signed on",
        "date",
        (
            "签订时间|合同签订日期|合同签订时间|合同签署日期|签署日期|签署时间|合同日期|签约日期|签约时间|签单日期|签单时间"
            "|下单时间|Signed Date|Date Signed|Contract Date|Contract Signed Date|Sign Date"
        ),
    ),
    (
        "starts_on",
        "合同开始日期",
        "Contract starts",
        "date",
        (
            "合同开始时间|合同生效日期|合同生效时间|生效日期|生效时间|合同起始日期|合同起始日|起始日期|服务开始日期"
            "|服务开始时间|开始日期|开始时间|起始时间|Contract Start Date|Effective Date|Start Date"
        ),
    ),
    (
        "ends_on",
        "合同到期日期",
        "Contract ends",
        "date",
        (
            "合同结束日期|合同结束时间|合同终止日期|合同到期日|合同到期时间|到期日期|到期日|到期时间|合同截止日期|有效期至"
            "|合同有效期至|服务到期日期|服务到期时间|服务到期日|服务结束日期|Contract End Date|Expiry Date"
            "|Expiration Date|Expires On|结束日期|结束时间|终止日期|截止日期|End Date"
        ),
    ),
    ("status", "合同状态", "Contract status", "text", "履行状态|合同执行状态|执行状态|Status of contract"),
    ("owner", "合同负责人", "Contract owner", "person", "合同归属人|签约销售|签约业务员"),
    ("created_at", "合同创建时间", "Contract created", "date", "合同录入时间|合同创建日期"),
    ("note", "合同备注", "Contract note", "text", "合同说明|合同描述|付款条件|付款条款|付款方式约定|Payment Terms"),
]

PAYMENT: list[Row] = [
    ("id", "回款号", "Payment record", "id", ""),
    (
        "external_id",
        "回款编号",
        "Payment No.",
        "text",
        (
            "回款单号|回款流水号|收款编号|收款单号|回款计划编号|应收单号|应收编号|到账流水号|收款流水号|Payment Number"
            "|Payment ID|Receipt Number|Receipt No"
        ),
    ),
    ("contract", "回款合同", "Payment's contract", "reference", ""),
    ("customer", "回款客户", "Payment's customer", "company", "付款单位|付款方|付款客户|Payer"),
    ("opportunity", "回款商机", "Payment's opportunity", "reference", ""),
    (
        "installment",
        "期次",
        "Installment",
        "text",
        "期数|回款期次|回款期数|收款期次|付款期次|分期|第几期|款项|款项名称|回款节点|付款节点|Installment No|Milestone",
    ),
    (
        "due_on",
        "应收日期",
        "Due on",
        "date",
        (
            "计划回款日期|计划回款时间|计划收款日期|计划收款时间|预计回款日期|预计回款时间|预计收款日期|应回款日期|应收款日期"
            "|应收时间|应付日期|付款到期日|收款到期日|回款到期日|约定付款日期|Due Date|Payment Due Date"
            "|Planned Payment Date"
        ),
    ),
    (
        "due_amount",
        "应收金额",
        "Amount due",
        "amount",
        (
            "计划回款金额|计划回款|计划收款金额|计划收款|应回款金额|应回款|应收款|应收款金额|应收账款|预计回款金额"
            "|预计收款金额|本期应收|应付金额|Due Amount|Planned Amount|Receivable Amount"
        ),
    ),
    (
        "received_on",
        "回款日期",
        "Received on",
        "date",
        (
            "回款时间|实际回款日期|实际回款时间|到账日期|到账时间|收款日期|收款时间|实际收款日期|实际到账日期|实收日期"
            "|入账日期|Payment Date|Received Date|Date Received|Receipt Date|Paid On|Date Paid"
        ),
    ),
    (
        "received_amount",
        "回款金额",
        "Amount received",
        "amount",
        (
            "实际回款金额|实际回款|实收金额|实收|到账金额|收款金额|已回款金额|已收金额|本次回款|本次回款金额|本期实收"
            "|回款额|实收款|Received Amount|Amount Paid|Paid Amount|Payment Amount"
        ),
    ),
    ("currency", "回款币种", "Payment currency", "text", ""),
    ("method", "回款方式", "Payment method", "text", "收款方式|付款方式|结算方式|到账方式|支付方式|Method of payment"),
    ("owner", "回款负责人", "Payment owner", "person", "收款人|回款人|收款负责人|催款人|催收人|登记人"),
    ("created_at", "回款创建时间", "Payment created", "date", ""),
    ("note", "回款备注", "Payment note", "text", "回款说明|收款备注|款项说明"),
]

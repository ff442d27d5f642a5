"""The rows of the field catalogue: key, Chinese and English label, type, header synonyms (| between them)."""

from __future__ import annotations

Row = tuple[str, str, str, str, str]

_CUSTOMER: list[Row] = [
    ("id", "客户号", "Customer no.", "id", ""),
    (
        "external_id",
        "客户编号",
        "Customer ID",
        "text",
        "客户编码|客户代码|客户ID|ACCOUNTID|Account ID|Company ID|公司ID|客户唯一ID",
    ),
    (
        "name",
        "客户名称",
        "Customer",
        "company",
        "客户|客户名|客户姓名|客户全称|公司名称|公司名|公司|公司全称|企业名称|企业|单位名称|单位|所属公司|所属企业|甲方|客户公司|客户单位"
        "|购货单位|开票单位|account|Account Name|Company name|Company|Organization|Organization - Name|Organization Name|Customer Name"
        "|Associated Company|Deal - Organization|client|client name",
    ),
    ("short_name", "客户简称", "Short name", "text", "简称|公司简称|企业简称"),
    (
        "credit_code",
        "统一社会信用代码",
        "Credit code",
        "credit_code",
        "信用代码|社会信用代码|税号|纳税人识别号|统一信用代码",
    ),
    (
        "phones",
        "公司电话",
        "Company phone",
        "phones",
        "座机|公司座机|办公电话|固定电话|固话|总机|客户电话|Company phone number|Account Phone",
    ),
    ("emails", "公司邮箱", "Company e-mail", "emails", "公司邮件|企业邮箱"),
    ("wechat", "公司微信", "Company WeChat", "text", "企业微信号"),
    ("industry", "行业", "Industry", "text", "客户行业|所属行业|行业门类|行业分类|公司行业|sector"),
    ("level", "客户级别", "Level", "text", "客户等级|级别|等级|客户分级|Rating|Account Tier"),
    ("source", "客户来源", "Customer source", "text", ""),
    (
        "region",
        "地区",
        "Area",
        "region",
        "所在地区|所在地|所在省市县|地区名称|省市|省市区|省/市|省/市/区|省份城市|客户地区",
    ),
    (
        "province",
        "省份",
        "Province",
        "region",
        "省|所在省份|所在省|省份/直辖市|State|Billing State/Province|Billing State",
    ),
    ("city", "城市", "City", "region", "市|所在城市|地市|Billing City"),
    ("district", "区县", "District", "region", "区|县|所在区县|区/县|县区"),
    (
        "address",
        "地址",
        "Address",
        "text",
        "详细地址|企业地址|公司地址|注册地址|联系地址|通讯地址|办公地址|客户地址|办公地点|Organization - Address|Street|Billing Street|office location",
    ),
    ("owner", "客户负责人", "Customer owner", "person", "Account Owner|Company owner"),
    ("tags", "客户标签", "Tags", "tags", "企业标签"),
    ("lifecycle", "客户状态", "Lifecycle", "text", "Lifecycle Stage|客户阶段|客户类型|Account Type"),
    (
        "parent",
        "上级客户",
        "Parent",
        "text",
        "母公司|上级公司|所属集团|集团名称|subsidiary of|Parent Account|Related company",
    ),
    ("created_at", "客户创建时间", "Customer created", "date", "客户创建日期|建档日期|建档时间|发展日期"),
    ("note", "客户备注", "Customer note", "text", "客户描述"),
]

_CONTACT: list[Row] = [
    ("id", "联系人号", "Contact no.", "id", ""),
    ("external_id", "联系人编号", "Contact ID", "text", "联系人编码|CONTACTID|联系人ID"),
    (
        "name",
        "联系人",
        "Contact",
        "name",
        "联系人姓名|客户联系人|联系人名称|联系人名|联络人|主要联系人|首要联系人|对接人|法定代表人|法人|法人代表|经理|Contact Name|Contact person|Person - Name|Last Name"
        "|Full Name|Deal - Contact person|Primary Contact|客户签约人",
    ),
    ("customer", "所属客户", "Contact's customer", "company", ""),
    (
        "title",
        "职务",
        "Title",
        "text",
        "职位|所属职位|岗位|头衔|Job Position|Job title|联系人职务|联系人职位",
    ),
    ("role", "决策角色", "Role", "text", "角色|是否关键决策人|决策角色类型"),
    (
        "phones",
        "手机",
        "Phone",
        "phones",
        "手机号|手机号码|联系电话|联系方式|联系人电话|联系人手机|电话|电话号码|移动电话|企微手机号|系统手机|手机1|手机2|电话1|电话2|Mobile|Phone Number|Mobile Phone"
        "|Person - Phone|telephone|tel|Primary mobile no|Mobile No",
    ),
    (
        "emails",
        "邮箱",
        "E-mail",
        "emails",
        "电子邮箱|邮件|邮箱地址|联系人邮箱|Email|Mail|Email Address|Primary email|Person - Email (Work)|Person - Email",
    ),
    ("wechat", "微信", "WeChat", "text", "微信号|联系人微信"),
    ("owner", "联系人负责人", "Contact owner", "person", ""),
    ("tags", "联系人标签", "Contact tags", "tags", ""),
    ("created_at", "联系人创建时间", "Contact created", "date", ""),
    ("note", "联系人备注", "Contact note", "text", ""),
]

_LEAD: list[Row] = [
    ("id", "线索号", "Lead no.", "id", ""),
    ("external_id", "线索编号", "Lead ID", "text", "线索编码|LEADID|线索ID"),
    ("name", "线索名称", "Lead", "name", "线索|Lead Name"),
    ("company", "线索公司", "Lead's company", "company", "线索公司名称"),
    ("phones", "线索电话", "Lead phone", "phones", "线索手机"),
    ("emails", "线索邮箱", "Lead e-mail", "emails", ""),
    ("wechat", "线索微信", "Lead WeChat", "text", ""),
    ("source", "线索来源", "Lead's source", "text", "线索渠道"),
    ("status", "线索状态", "Lead Status", "text", "线索进度"),
    ("owner", "线索负责人", "Lead Owner", "person", ""),
    ("tags", "线索标签", "Lead tags", "tags", ""),
    ("created_at", "线索创建时间", "Lead created", "date", ""),
    ("note", "线索备注", "Lead note", "text", ""),
]

_OPPORTUNITY: list[Row] = [
    ("id", "商机号", "Opportunity no.", "id", ""),
    (
        "external_id",
        "商机编号",
        "Opportunity ID",
        "text",
        "商机编码|商机ID|机会编号|机会编码|项目编号|项目编码|Deal ID|Deal - ID|业务编码|商机单号",
    ),
    (
        "name",
        "商机名称",
        "Opportunity",
        "name",
        "商机|商机名|机会名称|销售机会|项目名称|项目|Opportunity Name|Deal Name|Deal - Title|Deal title|Potential Name",
    ),
    ("customer", "商机客户", "Opportunity's customer", "company", ""),
    ("product", "产品", "Product", "product", "意向产品|产品名称|产品型号|需求产品|关联产品|product name"),
    (
        "amount",
        "商机金额",
        "Amount",
        "amount",
        "金额|商机总金额|预计金额|预估金额|预计成交金额|销售金额|成交价|成交金额|项目金额|项目预算|预算金额|合同额|Deal Value|Deal - Value|Deal Amount|close value|Expected Revenue"
        "|Opportunity Amount|Estimated Value",
    ),
    ("currency", "币种", "Currency", "text", "货币|Deal - Currency of value|Currency Code"),
    (
        "stage",
        "商机阶段",
        "Stage",
        "stage",
        "阶段|商机状态|销售阶段|项目阶段|跟进状态|当前阶段|进展阶段|Deal Stage|StageName|Sales Stage|Deal - Stage",
    ),
    ("status", "结束状态", "Result", "status", "成交状态|商机结果|赢输状态|Deal - Status"),
    (
        "probability",
        "赢率",
        "Probability",
        "percent",
        "可能性|成功率|赢单率|成单概率|概率|概率 %|Probability (%)|Deal - Probability|Win probability",
    ),
    ("grade", "商机等级", "Grade", "text", "商机级别|商机分级"),
    ("owner", "商机负责人", "Opportunity owner", "person", "Deal owner|Deal - Owner|Potential Owner"),
    ("source", "商机来源", "Opportunity source", "text", "机会来源"),
    (
        "expected_close",
        "预计成交日期",
        "Expected close",
        "date",
        "预计成交时间|预计签约日期|预计签约时间|预计签单日期|预计结单日期|预计成交|预计结束日期|Expected close date|Closing Date|Expected Closing|Expected Closure Date"
        "|Deal - Expected close date",
    ),
    (
        "created_at",
        "商机创建时间",
        "Opportunity created",
        "date",
        "立项日期|立项时间|engage date|商机创建日期|Create Date",
    ),
    (
        "closed_at",
        "成交日期",
        "Closed",
        "date",
        "结束时间|结束日期|关闭日期|关闭时间|成交时间|签约日期|签单日期|Close Date|Closed Date|Deal - Won time|Deal - Lost time",
    ),
    (
        "loss_reason",
        "丢单原因",
        "Loss reason",
        "text",
        "输单原因|失败原因|失单原因|流失原因|结束时的备注|未成交原因|Lost Reason|Deal - Lost reason|Closed Lost Reason|Loss Reason",
    ),
    ("loss_note", "丢单说明", "Loss note", "text", "输单说明|丢单备注|Lost Notes"),
    ("competitor", "竞争对手", "Competitor", "text", "竞品|竞争品牌|竞争厂家|Competitors|Main Competitor"),
    ("stage_text", "阶段原文", "Stage as written", "text", ""),
    (
        "next_action",
        "下一步",
        "Next step",
        "text",
        "下一步计划|下步计划|下一步行动|后续计划|Next Step|NextStep",
    ),
    (
        "next_at",
        "下次联系时间",
        "Next contact",
        "date",
        "下次跟进时间|下次联系日期|下次跟进日期|下次拜访时间",
    ),
    ("note", "商机备注", "Opportunity note", "text", "项目情况|商机描述"),
]

_STAGE_HISTORY: list[Row] = [
    ("opportunity", "变更商机", "Changed opportunity", "reference", ""),
    ("from_stage", "原阶段", "From Stage", "stage", "变更前阶段|变更前|旧阶段|前阶段|原状态"),
    ("stage", "新阶段", "To Stage", "stage", "变更后阶段|变更后|现阶段|新状态"),
    (
        "at",
        "变更时间",
        "Changed at",
        "date",
        "进入时间|阶段变更时间|变更日期|进入日期|阶段进入时间|Stage Changed At|Last Stage Change Date",
    ),
    ("by", "变更人", "Changed by", "person", "操作人|Changed By"),
    ("reason", "变更原因", "Change reason", "text", "原因|Reason"),
    ("note", "变更备注", "Change note", "text", "变更说明"),
]

_ACTIVITY: list[Row] = [
    ("id", "跟进号", "Activity no.", "id", ""),
    ("customer", "跟进客户", "Activity's customer", "company", ""),
    ("contact", "跟进联系人", "Activity's contact", "name", ""),
    ("opportunity", "跟进商机", "Activity's opportunity", "reference", ""),
    (
        "type",
        "跟进方式",
        "Activity type",
        "text",
        "跟进类型|联系类型|拜访方式|沟通方式|跟进形式|Activity - Type",
    ),
    (
        "at",
        "跟进时间",
        "Activity time",
        "date",
        "跟进日期|拜访日期|拜访时间|沟通时间|联系时间|Activity Date|Activity - Due date|Call Date",
    ),
    ("by", "跟进人", "Activity by", "person", "拜访人|记录人"),
    (
        "text",
        "跟进内容",
        "Activity text",
        "text",
        "跟进记录|沟通内容|拜访内容|沟通记录|拜访记录|Activity - Subject|Note - Content|Comments",
    ),
    ("next_action", "后续行动", "Follow-up action", "text", ""),
    ("next_at", "后续时间", "Follow-up date", "date", ""),
]

_OWNER: list[Row] = [
    ("id", "人员号", "Owner no.", "id", ""),
    ("external_id", "工号", "Employee ID", "text", "员工编号|员工工号|账号|Owner ID|User ID"),
    ("name", "销售姓名", "Sales owner", "name", "员工姓名|销售代表|销售人员姓名|sales rep name"),
    ("team", "团队", "Team", "text", "销售团队|小组|所属团队|组别|Sales Team|部门|所属部门|Department"),
    ("manager", "上级主管", "Manager", "name", "主管|直属上级|直属主管|上级|团队经理"),
    ("region", "大区", "Region", "text", "销售大区|所属大区|区域|regional office|Sales Region|Territory"),
    ("provinces", "负责省份", "Provinces", "tags", "覆盖省份|负责区域"),
    ("weight", "权重", "Weight", "number", "分配权重|轮数"),
    ("active", "是否在职", "Active", "boolean", "在职|在职状态|启用"),
]

_PRODUCT: list[Row] = [
    ("id", "产品号", "Product no.", "id", ""),
    ("external_id", "产品编号", "Product ID", "text", "产品编码|物料编码|Product Code|SKU"),
    ("name", "产品品名", "Product title", "text", "品名|产品全称"),
    (
        "category",
        "产品类别",
        "Category",
        "text",
        "产品分类|产品系列|系列|series|Product Category|Product Family",
    ),
    (
        "price",
        "单价",
        "Price",
        "amount",
        "产品价格|标准价|标准价格|售价|价格|sales price|List Price|Unit Price",
    ),
    ("currency", "产品币种", "Product currency", "text", ""),
    ("active", "是否在售", "On sale", "boolean", "在售"),
    ("note", "产品备注", "Product note", "text", "产品描述"),
]

FIELDS: dict[str, list[Row]] = {
    "customer": _CUSTOMER,
    "contact": _CONTACT,
    "lead": _LEAD,
    "opportunity": _OPPORTUNITY,
    "stage_history": _STAGE_HISTORY,
    "activity": _ACTIVITY,
    "owner": _OWNER,
    "product": _PRODUCT,
}

# Headers that name no kind of record: they belong to what the sheet is mainly about.
BARE: dict[str, str] = {
    "external_id": "编号|编码|单号|ID|Record ID|External ID|唯一ID|代码",
    "name": "名称|Name|姓名|Title",
    "note": "备注|备注信息|描述|描述信息|说明|跟进情况|客户需求|需求|Description|Notes|Note|Remark|Remarks",
    "source": "来源|渠道|来源渠道|添加方式|Source|Lead Source|origin",
    "status": "状态|Status",
    "owner": "负责人|负责人名字|负责销售|负责人姓名|所属员工|跟进员工|归属人|业务员|销售|销售员|销售人员|销售负责人|对接销售|经办人|客户经理|Owner|sales agent"
    "|Salesperson|Sales Rep|Owner Name|Assigned To|Assigned User",
    "created_at": "创建时间|创建日期|录入时间|录入日期|登记时间|登记日期|添加时间|注册时间|Created Date|Created Time|Created At|Date Created|Created On",
    "tags": "标签|label|Tags|Tag",
    "type": "类型|Type",
}

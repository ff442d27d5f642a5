"""Rows of the field catalogue for those who buy and sell: key, Chinese and English label, type, header synonyms.

Source: headers seen in the exports of the named systems and in sales teams' own sheets.
"""

from __future__ import annotations

Row = tuple[str, str, str, str, str]

CUSTOMER: list[Row] = [
    ("id", "客户号", "Customer no.", "id", ""),
    (
        "external_id",
        "客户编号",
        "Customer ID",
        "text",
        (
            "客户编码|客户代码|客户ID|ACCOUNTID|Account ID|Company ID|公司ID|客户唯一ID|客户唯一编码|客户流水号"
            "|往来单位编码|单位编码"
        ),
    ),
    (
        "name",
        "客户名称",
        "Customer",
        "company",
        (
            "客户|客户名|客户姓名|客户全称|公司名称|公司名|公司|公司全称|企业名称|企业|单位名称|单位|所属公司"
            "|所属企业|甲方|客户公司|客户单位|购货单位|开票单位|account|Account Name|Company name|Company"
            "|Organization|Organization - Name|Organization Name|Customer Name|Associated Company"
            "|Deal - Organization|client|client name|业主|业主单位|业主名称|建设单位|采购方|采购单位|买方|需方"
            "|客户企业|客户主体|客户全名|客户公司名称|客户单位名称|单位全称|企业全称|机构名称|学校名称|医院名称"
            "|工厂名称|门店名称|店铺名称|终端客户|最终客户|最终用户|用户单位|使用单位|往来单位|往来单位名称"
            "|购货单位名称|合作单位|签约客户|签约主体|成交客户|对应客户|关联客户|客户抬头|公司抬头|开票抬头"
        ),
    ),
    ("short_name", "客户简称", "Short name", "text", "简称|公司简称|企业简称|单位简称"),
    (
        "credit_code",
        "统一社会信用代码",
        "Credit code",
        "credit_code",
        (
            "信用代码|社会信用代码|税号|纳税人识别号|统一信用代码|社会统一信用代码|纳税人识别码|税务登记号"
            "|统一社会信用代码/税号"
        ),
    ),
    (
        "phones",
        "公司电话",
        "Company phone",
        "phones",
        (
            "座机|公司座机|办公电话|固定电话|固话|总机|客户电话|Company phone number|Account Phone|公司固话"
            "|公司联系电话|单位电话|企业电话|注册电话|前台电话"
        ),
    ),
    ("emails", "公司邮箱", "Company e-mail", "emails", "公司邮件|企业邮箱|公司邮箱地址"),
    ("wechat", "公司微信", "Company WeChat", "text", "企业微信号"),
    (
        "industry",
        "行业",
        "Industry",
        "text",
        "客户行业|所属行业|行业门类|行业分类|公司行业|sector|行业类型|行业类别|主营行业|细分行业|产业|产业别",
    ),
    (
        "level",
        "客户级别",
        "Level",
        "text",
        (
            "客户等级|级别|等级|客户分级|Rating|Account Tier|客户重要程度|重要程度|客户星级|客户评级|意向度"
            "|意向程度|意向等级|客户意向"
        ),
    ),
    ("size", "人员规模", "Size", "text", "企业规模|公司规模|员工人数|员工规模|Company Size|Number of Employees"),
    ("source", "客户来源", "Customer source", "text", "客户渠道|客户来源渠道"),
    (
        "region",
        "地区",
        "Area",
        "region",
        (
            "所在地区|所在地|所在省市县|地区名称|省市|省市区|省/市|省/市/区|省份城市|客户地区|区域|客户区域"
            "|省份/城市|县市"
        ),
    ),
    (
        "province",
        "省份",
        "Province",
        "region",
        "省|所在省份|所在省|省份/直辖市|State|Billing State/Province|Billing State|所属省份|客户省份|注册省份",
    ),
    ("city", "城市", "City", "region", "市|所在城市|地市|Billing City|所属城市|客户城市|注册城市|地级市"),
    ("district", "区县", "District", "region", "区|县|所在区县|区/县|县区|所属区县|行政区"),
    (
        "address",
        "地址",
        "Address",
        "text",
        (
            "详细地址|企业地址|公司地址|注册地址|联系地址|通讯地址|办公地址|客户地址|办公地点"
            "|Organization - Address|Street|Billing Street|office location|单位地址|经营地址|通信地址|邮寄地址"
            "|收货地址|公司注册地址|客户详细地址"
        ),
    ),
    (
        "owner",
        "客户负责人",
        "Customer owner",
        "person",
        "Account Owner|Company owner|客户归属|客户归属人|客户所有人|客户所属人|客户跟进人|客户所属销售",
    ),
    ("tags", "客户标签", "Tags", "tags", "企业标签"),
    (
        "lifecycle",
        "客户状态",
        "Lifecycle",
        "text",
        "Lifecycle Stage|客户阶段|客户类型|Account Type|客户性质|客户生命周期",
    ),
    (
        "parent",
        "上级客户",
        "Parent",
        "text",
        (
            "母公司|上级公司|所属集团|集团名称|subsidiary of|Parent Account|Related company|集团公司|所属集团公司"
            "|总公司|上级单位|主管单位"
        ),
    ),
    ("locked_until", "锁定至", "Locked until", "date", "锁定到期日|锁定截止日期|保护期至|保护到期日|保护截止日期"),
    (
        "created_at",
        "客户创建时间",
        "Customer created",
        "date",
        "客户创建日期|建档日期|建档时间|发展日期|客户录入时间|客户添加时间|成为客户时间|首次合作时间",
    ),
    ("note", "客户备注", "Customer note", "text", "客户描述|客户说明|客户情况|客户背景"),
]

CONTACT: list[Row] = [
    ("id", "联系人号", "Contact no.", "id", ""),
    ("external_id", "联系人编号", "Contact ID", "text", "联系人编码|CONTACTID|联系人ID"),
    (
        "name",
        "联系人",
        "Contact",
        "name",
        (
            "联系人姓名|客户联系人|联系人名称|联系人名|联络人|主要联系人|首要联系人|对接人|法定代表人|法人"
            "|法人代表|经理|Contact Name|Contact person|Person - Name|Last Name|Full Name|Deal - Contact person"
            "|Primary Contact|客户签约人|主联系人|关键联系人|采购联系人|采购负责人"
            "|客户方联系人|客户方负责人|甲方联系人|甲方负责人|业主联系人|对方联系人|客户接口人|接口人|收货人"
            "|收件人|法人姓名|联系人1|决策人|关键决策人|关键人"
            "|联系人及电话|联系人/电话|联系人和电话|联系人、电话|联系人(电话)|联系人&电话|联系人+电话"
            "|联系人及联系方式|联系人/联系方式|联系人及联系电话|联系人/手机|联系人及手机|姓名及电话|姓名/电话"
        ),
    ),
    ("customer", "所属客户", "Contact's customer", "company", ""),
    (
        "title",
        "职务",
        "Title",
        "text",
        "职位|所属职位|岗位|头衔|Job Position|Job title|联系人职务|联系人职位|职称|联系人职称|职务/职位|职级",
    ),
    (
        "role",
        "决策角色",
        "Role",
        "role",
        "角色|是否关键决策人|决策角色类型|决策人角色|是否决策人|决策权|采购角色|联系人角色|是否关键联系人",
    ),
    (
        "phones",
        "手机",
        "Phone",
        "phones",
        (
            "手机号|手机号码|联系电话|联系方式|联系人电话|联系人手机|电话|电话号码|移动电话|企微手机号|系统手机"
            "|手机1|手机2|电话1|电话2|Mobile|Phone Number|Mobile Phone|Person - Phone|telephone|tel"
            "|Primary mobile no|Mobile No|手机/电话|电话/手机|手机/微信|手机(微信同号)|微信/手机|联系手机"
            "|联系号码|号码|手机3|电话3|备用电话|备用手机|其他电话|第二电话|联系电话1|联系电话2|联系方式1"
            "|联系方式2|客户手机|客户手机号|客户联系电话|客户联系方式|联系人联系方式|负责人电话|决策人电话"
            "|法人电话|更多电话|更多号码|有效手机号|行动电话|手提电话"
        ),
    ),
    (
        "emails",
        "邮箱",
        "E-mail",
        "emails",
        (
            "电子邮箱|邮件|邮箱地址|联系人邮箱|Email|Mail|Email Address|Primary email|Person - Email (Work)"
            "|Person - Email|联系邮箱|更多邮箱|邮箱1|邮箱2|电邮|电子邮件|信箱|客户邮箱"
        ),
    ),
    ("wechat", "微信", "WeChat", "text", "微信号|联系人微信|微信ID|微信账号|客户微信|WeChat ID|vx"),
    ("owner", "联系人负责人", "Contact owner", "person", ""),
    ("tags", "联系人标签", "Contact tags", "tags", ""),
    ("created_at", "联系人创建时间", "Contact created", "date", ""),
    ("note", "联系人备注", "Contact note", "text", ""),
]

LEAD: list[Row] = [
    ("id", "线索号", "Lead no.", "id", ""),
    ("external_id", "线索编号", "Lead ID", "text", "线索编码|LEADID|线索ID"),
    ("name", "线索名称", "Lead", "name", "线索|线索姓名|线索联系人|Lead Name"),
    ("company", "线索公司", "Lead's company", "company", "线索公司名称|线索所属公司"),
    ("phones", "线索电话", "Lead phone", "phones", "线索手机"),
    ("emails", "线索邮箱", "Lead e-mail", "emails", ""),
    ("wechat", "线索微信", "Lead WeChat", "text", ""),
    ("source", "线索来源", "Lead's source", "text", "线索渠道|线索来源渠道"),
    ("status", "线索状态", "Lead Status", "text", "线索进度|线索阶段|线索跟进状态"),
    (
        "reason",
        "线索关闭原因",
        "Lead closed because",
        "text",
        "线索无效原因|Disqualification Reason|Unqualified Reason",
    ),
    ("decided_at", "线索处理时间", "Lead closed on", "date", "线索转化时间|线索转换时间|Converted Date|线索关闭时间"),
    ("decided_by", "线索处理人", "Lead closed by", "person", "线索转化人"),
    ("owner", "线索负责人", "Lead Owner", "person", "线索归属|线索所有人|线索归属人"),
    ("tags", "线索标签", "Lead tags", "tags", ""),
    ("created_at", "线索创建时间", "Lead created", "date", ""),
    ("note", "线索备注", "Lead note", "text", ""),
]

OWNER: list[Row] = [
    ("id", "人员号", "Owner no.", "id", ""),
    (
        "external_id",
        "工号",
        "Employee ID",
        "text",
        "员工编号|员工工号|账号|Owner ID|User ID|员工账号|销售编号|人员编号",
    ),
    ("name", "销售姓名", "Sales owner", "name", "员工姓名|销售代表|销售人员姓名|sales rep name|业务员姓名"),
    (
        "team",
        "团队",
        "Team",
        "text",
        "销售团队|小组|所属团队|组别|Sales Team|部门|所属部门|Department|销售部门|销售组|事业部",
    ),
    ("manager", "上级主管", "Manager", "name", "主管|直属上级|直属主管|上级|团队经理"),
    (
        "region",
        "大区",
        "Region",
        "text",
        "销售大区|所属大区|区域|regional office|Sales Region|Territory|战区|负责大区",
    ),
    ("provinces", "负责省份", "Provinces", "tags", "覆盖省份|负责区域"),
    ("weight", "权重", "Weight", "number", "分配权重|轮数"),
    ("active", "是否在职", "Active", "boolean", "在职|在职状态|启用"),
]

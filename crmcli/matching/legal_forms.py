"""Legal forms, kinds of branches and the short names of banks, as facts.

Source: Company Law of the PRC (forms), the suffix list of shibing624/companynameparser (Apache-2.0), the list of
banking institutions of the National Financial Regulatory Administration (banks and their customary short names).
"""

COMPANY_FORMS: tuple[str, ...] = (
    "股份有限责任公司",
    "有限责任股份公司",
    "有限责任公司",
    "责任有限公司",
    "股份有限公司",
    "有限股份公司",
    "股份公司",
    "有限公司",
    "总公司",
    "有限责任",
    "公司",
)
PARTNERSHIP_FORMS: tuple[str, ...] = (
    "有限合伙企业",
    "合伙企业(有限合伙)",
    "合伙企业(普通合伙)",
    "合伙企业(特殊普通合伙)",
    "合伙企业",
    "(有限合伙)",
    "(普通合伙)",
    "(特殊普通合伙)",
    "有限合伙",
)
_LATIN = "ltd limited inc incorporated co corp corporation company llc llp plc gmbh ag sa bv nv pte pty"
LATIN_FORMS: frozenset[str] = frozenset(_LATIN.split())
BRANCHES: tuple[str, ...] = (
    "分公司",
    "支公司",
    "分行",
    "支行",
    "分理处",
    "营业部",
    "营业厅",
    "储蓄所",
    "办事处",
    "代表处",
    "分店",
    "门店",
    "分部",
    "分厂",
    "分院",
    "分校",
    "事业部",
)

# customary name of a bank -> the brand that stands for it, longest first; the trade of all of them is 银行
BANKS: dict[str, str] = {
    "中国邮政储蓄银行": "邮政储蓄",
    "邮政储蓄银行": "邮政储蓄",
    "邮储银行": "邮政储蓄",
    "上海浦东发展银行": "浦东发展",
    "上海市浦东发展银行": "浦东发展",
    "浦东发展银行": "浦东发展",
    "上海浦发银行": "浦东发展",
    "浦发银行": "浦东发展",
    "中国农业发展银行": "农业发展",
    "农业发展银行": "农业发展",
    "农发行": "农业发展",
    "国家开发银行": "国家开发",
    "国开行": "国家开发",
    "中国进出口银行": "进出口",
    "进出口银行": "进出口",
    "中国工商银行": "工商",
    "工商银行": "工商",
    "工行": "工商",
    "中国农业银行": "农业",
    "农业银行": "农业",
    "农行": "农业",
    "中国建设银行": "建设",
    "建设银行": "建设",
    "建行": "建设",
    "中国银行": "中国",
    "中行": "中国",
    "交通银行": "交通",
    "交行": "交通",
    "招商银行": "招商",
    "招行": "招商",
    "中国光大银行": "光大",
    "光大银行": "光大",
    "中国民生银行": "民生",
    "民生银行": "民生",
    "中信银行": "中信",
    "中信实业银行": "中信",
    "兴业银行": "兴业",
    "华夏银行": "华夏",
    "平安银行": "平安",
    "广东发展银行": "广发",
    "广发银行": "广发",
    "渤海银行": "渤海",
    "浙商银行": "浙商",
    "恒丰银行": "恒丰",
}

# one trade written in two ways
TRADE_SYNONYMS: tuple[tuple[str, str], ...] = (
    ("农商银行", "农村商业银行"),
    ("农商行", "农村商业银行"),
    ("农信联社", "农村信用合作联社"),
    ("农信社", "农村信用合作社"),
    ("市商业银行", "市银行"),  # city commercial banks dropped 商业 from their names by and by
)
FINANCE: tuple[str, ...] = ("银行", "证券", "保险", "信托", "期货", "人寿")

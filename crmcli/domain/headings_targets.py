"""Rows of the field catalogue for what is to be won: key, Chinese and English label, type, header synonyms.

Source: headers seen in sales teams' own sheets of targets.
"""

from __future__ import annotations

from crmcli.domain.headings_parties import Row

TARGET: list[Row] = [
    ("id", "目标号", "Target record", "id", ""),
    ("owner", "目标负责人", "Target owner", "person", "目标归属人|考核人|责任销售"),
    ("team", "目标团队", "Target team", "text", "目标部门|考核团队"),
    (
        "period",
        "目标周期",
        "Target period",
        "text",
        "目标期间|考核周期|考核期|考核期间|目标月份|目标季度|周期|期间|年月|月份|季度|Period|Target Month|Quota Period",
    ),
    (
        "amount",
        "目标金额",
        "Target amount",
        "amount",
        (
            "销售目标|业绩目标|目标额|目标业绩|销售目标金额|签约目标|任务额|任务金额|销售任务|指标|业绩指标|Target|Quota"
            "|Quota Amount"
        ),
    ),
    ("count", "目标单数", "Target count", "number", "目标数量|目标成交数|目标签单数|单数目标|Target Deals|Quota Deals"),
    ("note", "目标备注", "Target note", "text", ""),
]

MONTHS: dict[str, str] = {
    f"target.m{number:02}": f"{number}月|{number:02}月|{chinese}月|{english}"
    for number, (chinese, english) in enumerate(
        zip(
            ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"),
            ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
            strict=True,
        ),
        1,
    )
}
"""Columns of a sheet with a month each: field path -> headings. Its year stands in `YEAR`."""
YEAR = {"target.year": "年份|年度|目标年份|目标年度|Year|Fiscal Year"}

"""The made-up company itself: three sales teams and eight products."""

from __future__ import annotations

from decimal import Decimal

from crmcli.demo_data.model import Owner, Product
from crmcli.demo_data.words import EAST, SOUTH

KEY_ACCOUNTS = "大客户"
LEFT_NICKNAME = "老周"  # signs some old rows; no owner list knows the name

OWNERS = (
    Owner("顾文涛", "华东", "华东", "沈国栋", ("上海",), 3),
    Owner("许晓彤", "华东", "华东", "沈国栋", ("江苏",), 3),
    Owner("秦浩然", "华东", "华东", "沈国栋", ("浙江",), 2),
    Owner("陶雨晴", "华东", "华东", "沈国栋", ("安徽", "山东"), 1),
    Owner("严俊", "华东", "华东", "沈国栋", ("上海", "江苏"), 1, active=False),
    Owner("梁志恒", "华南", "华南", "罗建平", ("广东",), 3),
    Owner("欧阳倩", "华南", "华南", "罗建平", ("广东", "福建"), 2),
    Owner("邓佳怡", "华南", "华南", "罗建平", ("福建",), 2, leave=("2026-06-29", "2026-07-03")),
    Owner("冼伟文", "华南", "华南", "罗建平", ("湖南",), 1),
    Owner("江一鸣", KEY_ACCOUNTS, "全国", "方若琳", (), 1),
    Owner("韩雪梅", KEY_ACCOUNTS, "全国", "方若琳", (), 1),
    Owner("白启航", KEY_ACCOUNTS, "全国", "方若琳", (), 1),
)

PRODUCTS = (
    Product("P-101", "QH-S200 伺服驱动器", "运动控制", Decimal(4800)),
    Product("P-102", "QH-S500 伺服电机", "运动控制", Decimal(7600)),
    Product("P-201", "QH-P100 可编程控制器", "控制系统", Decimal(5200)),
    Product("P-202", "QH-P300 运动控制器", "控制系统", Decimal(12800)),
    Product("P-301", "QH-V100 视觉检测系统", "机器视觉", Decimal(68000)),
    Product("P-401", "QH-R06 六轴机器人", "机器人", Decimal(118000)),
    Product("P-501", "QH-L01 产线数据采集", "软件", Decimal(36000)),
    Product("P-502", "QH-M10 MES 基础版", "软件", Decimal(160000)),
)


def territory_owners(province: str) -> tuple[Owner, ...]:
    """Return the owners, past ones too, who sell in a province: its own, else its area's, else everybody."""
    own = tuple(owner for owner in OWNERS if province in owner.provinces)
    area = "华东" if province in EAST else "华南" if province in SOUTH else ""
    return own or tuple(owner for owner in OWNERS if owner.region == area) or OWNERS

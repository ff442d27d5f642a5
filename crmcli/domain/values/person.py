"""Written people: names, titles, and what a WeChat remark packs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crmcli.domain.values.company import clean_company, company_name_problem
from crmcli.domain.values.phone import take_phones
from crmcli.domain.values.text import halfwidth, is_blank, simplify

# The frequent surnames of China. Source: 百家姓 and common knowledge.
_COMPOUND_WORDS = """
    欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 令狐 慕容 司徒 司空 夏侯 端木 长孙 宇文 轩辕 独孤 南宫 申屠 淳于
    单于 太叔 澹台
"""
_COMPOUND = frozenset(_COMPOUND_WORDS.split())
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石"
    "金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文殷樊兰施洪安颜倪牛温芦季俞章鲁葛伍"
    "申尤毕聂柴焦庞邢翁傅辛管祝左涂齐庄游骆喻耿房詹凌路梅童涂欧古裴翟符穆阮柳解柯卜霍甘宁盛霍单项包苗关曲舒房娄应褚连戚岳尚翟简"
    "纪时滕桂佟车冉全牟盖鲍栾党屈丛迟艾代明闵晏池查阎卓冷饶晋佘边鞠蒙阳仇沙虞苑戎岑隋谷茅荆巩费华仲习麦蔺冼揭占楚揣宗成占初郎谌储"
    "芮卞宫农凤吉井卫隆巫乌敬匡商蓝伏桑景丰封宣麻邸茹强来况郁俸祁米商竺雍练靳满原元水"
)
_TITLES = (
    "副总经理|总经理助理|总经理|总工程师|工程师|董事长|副总裁|总裁|总监|副总|经理|主任|主管|厂长|院长|校长|处长|科长|部长|局长|所长|站长"
    "|店长|组长|队长|会长|秘书|助理|老板|老师|教授|博士|医生|律师|会计|采购|先生|女士|小姐|师傅|总|工|董|姐|哥|处|科|局|院"
)
_TITLE = re.compile(rf"(?P<name>.*?)\s*(?P<title>{_TITLES})")
_HANZI_NAME = re.compile(r"[\u3400-\u9fff]{2,4}")
_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z.'’-]*(?: [A-Za-z][A-Za-z.'’-]*){1,3}")
_BETWEEN_PARTS = re.compile(r"[-—–_|/\\\s,、;+·@()\[\]:]+")
# How firms' names end in a remark: 公司, the legal forms, and trades.
_COMPANY_WORDS = """
    公司 集团 科技 有限 股份 企业 实业 厂 商行 商贸 贸易 中心 事务所 工作室 研究院 研究所 设计院 医院 诊所 学校 大学
    学院 银行 酒店 超市 商店 合作社 经营部 营业部 门市部 电子 机械 电器 电气 建材 化工 物流 网络 软件 信息 传媒 广告
    教育 医药 药业 食品 服饰 家具 装饰 工程 建设 地产 置业 控股 投资 资本 基金 重工 制造 材料 能源 环保 农业 汽车 精密
    五金 塑料 印刷 包装 纺织
"""
_COMPANY_ENDINGS = tuple(_COMPANY_WORDS.split())
_LONGEST_GIVEN = 2


@dataclass(frozen=True, slots=True)
class Remark:
    """What a WeChat remark says beyond doubt; None and () where it says nothing."""

    name: str | None
    company: str | None
    phones: tuple[str, ...]


def looks_like_person(text: str) -> bool:
    """Return whether a text reads as a person's name: a surname with one or two hanzi, or Latin words.

    >>> [looks_like_person(t) for t in ("张三", "欧阳娜娜", "Moses Frase", "华东精密", "AAA建材王姐", "张")]
    [True, True, True, False, False, False]
    """
    value = simplify(halfwidth(text))
    if _LATIN_NAME.fullmatch(value):
        return True
    if not _HANZI_NAME.fullmatch(value) or is_company(value):
        return False
    if value[:2] in _COMPOUND:
        return 1 <= len(value) - 2 <= _LONGEST_GIVEN
    return value[0] in _SURNAMES and len(value) - 1 <= _LONGEST_GIVEN


def name_and_title(name: str) -> tuple[str, str]:
    """Return a name and its title; a title that is needed to name somebody stays in the name too.

    >>> name_and_title("张三经理"), name_and_title("张经理"), name_and_title("李建工")
    (('张三', '经理'), ('张经理', '经理'), ('李建工', ''))
    """
    found = _TITLE.fullmatch(name)
    if found is None:
        return name, ""
    if _is_surname(found["name"]):
        return name, found["title"]
    if len(found["title"]) > 1 and looks_like_person(found["name"]):
        return found["name"], found["title"]
    return name, ""


def _is_surname(text: str) -> bool:
    return text in _COMPOUND or (len(text) == 1 and simplify(text) in _SURNAMES)


def reads_as_person(name: str) -> bool:
    """Return whether a text reads as a person's name, or as a surname with a title (张总)."""
    found = _TITLE.fullmatch(name)
    return looks_like_person(name) or bool(found and _is_surname(found["name"]))


def is_company(text: str) -> bool:
    """Return whether a text ends in a word for a firm, an institution or a trade (科技, 公司, 医院)."""
    return text.endswith(_COMPANY_ENDINGS)


def remark_parts(text: str) -> Remark:
    """Return the name, the company and the phones that a remark such as `张三-XX科技-13800000000` holds.

    A company is a part that ends in a word for one, a name a part that reads as a person: nothing is invented
    from a nickname.

    >>> remark_parts("张三-华东精密科技-13800000000")
    Remark(name='张三', company='华东精密科技', phones=('+8613800000000',))
    >>> remark_parts("AAA建材王姐")
    Remark(name=None, company=None, phones=())
    """
    phones, rest = take_phones(text)
    parts = [part for part in _BETWEEN_PARTS.split(rest) if not is_blank(part)]
    companies = [part for part in parts if is_company(part) and not company_name_problem(part)]
    names = [
        name_and_title(part)[0] for part in parts if part not in companies and reads_as_person(name_and_title(part)[0])
    ]
    company = clean_company(max(companies, key=len)) if companies else None
    return Remark(names[0] if names else None, company, tuple(phones))

"""Pairs of different firms that look alike, made by rule from a seed: a matcher may merge none of them unasked.

Usage: lookalike_firms.py [SEED ...]   (default: 20 seeds; prints the pairs that are merged, exits 1 if there are any)
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from dataclasses import dataclass

from crmcli.matching.find import find_duplicates
from crmcli.matching.records import MatchBatch

PAIRS = 1_000
_WORDS = """
places: 北京 上海 广州 深圳 天津 重庆 成都 杭州 南京 武汉 西安 苏州 青岛 长沙 郑州 宁波 无锡 佛山 东莞 合肥
trades: 智能科技 信息技术 机械设备 生物医药 贸易 餐饮管理 物流 文化传媒 建筑工程 新能源 家具 食品
sectors: 科技 贸易 物流 食品 机械 电子 医药 建材 服装 化工 旅游 广告
homophones: 信鑫 恒衡 泰太 华桦 盛圣 宏鸿 瑞锐 博搏 远源 金锦 嘉佳 汇慧 创窗 联莲 丰锋 康慷 诚城 利立 兴星 隆龙 辉晖
people: 王伟 李娜 张敏 刘洋 陈静 杨帆 赵磊 黄丽 周强 吴燕
roads: 人民路 中山路 建设路 科技路 创业路 长江路
quarters: 城东 城西 新华 中山 高新 开发区 人民路 解放路
sides: 华东 华南 华北 西南 西北 东北
numerals: 一 二 三 四 五 六 七 八 十 十一 十二 二十
numbers: 1 2 3 4 5 6 7 8 10 11 12 20
english_brands: Dingxin Hengtai Huasheng Hongrui Boyuan Jinjia Tianhui Chuanglian
english_trades: Technology Trading Logistics Machinery Textile Chemical Electronics Packaging
english_places: Shanghai Beijing Shenzhen Guangzhou Ningbo Suzhou
"""
WORDS = {line.partition(":")[0]: line.partition(":")[2].split() for line in _WORDS.strip().splitlines()}
CHARACTERS = (
    "鼎信恒泰华盛宏瑞博远金嘉天汇创联达通源丰安康诚益佳美乐优百德亿利顺兴旺隆昌荣光辉耀明星辰宇航海洋润泽沃腾飞跃翔凯"
)
FORMS = ("有限公司",) * 7 + ("股份有限公司", "有限责任公司", "集团有限公司")
FREE_MAIL = ("qq.com", "163.com", "126.com", "sina.com")
COLUMNS = ("names", "credit_codes", "phones", "emails", "addresses", "cities", "contacts")
_CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm's name, part by part."""

    place: str
    brand: str
    trade: str
    form: str

    def __str__(self) -> str:
        return self.place + self.brand + self.trade + self.form


@dataclass(frozen=True, slots=True)
class Lookalikes:
    """Pairs of different firms: the rule that made each, the ids of both, and all records in one batch."""

    kinds: list[str]
    pairs: list[tuple[str, str]]
    batch: MatchBatch


def make_lookalikes(seed: int, count: int = PAIRS) -> Lookalikes:
    """Return `count` pairs, every rule in turn; what the two share beside the name is drawn for each pair."""
    chance = random.Random(seed)
    kinds = [RULES[i % len(RULES)] for i in range(count)]
    rows: list[list[str]] = []
    for rule in kinds:
        first, second = rule(chance)
        rows += _records(chance, first, second, codes=rule is same_name_other_code)
    columns = dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
    batch = MatchBatch([str(i) for i in range(len(rows))], **columns)
    return Lookalikes([r.__name__ for r in kinds], [(str(2 * i), str(2 * i + 1)) for i in range(count)], batch)


def merged_of(made: Lookalikes) -> list[tuple[str, str, str]]:
    """Return (rule, first name, second name) of every pair that was merged without asking."""
    found = find_duplicates(made.batch)
    cluster = dict(zip(found.ids, found.cluster_ids, strict=True))
    name = dict(zip(made.batch.ids, made.batch.names, strict=True))
    both = zip(made.kinds, made.pairs, strict=True)
    return [(kind, name[a], name[b]) for kind, (a, b) in both if cluster[a] == cluster[b]]


def _records(chance: random.Random, first: str, second: str, *, codes: bool) -> list[list[str]]:
    """Return both firms as rows; each thing but the name is shared with some chance, as by one agent or building."""
    share = chance.choice((0.0, 0.3, 0.6, 1.0))
    coded = codes or chance.random() < 0.5
    rows = []
    shared = _detail(chance)
    for name in (first, second):
        own = _detail(chance)
        same = [chance.random() < share for _ in own]
        details = [one if both else other for one, other, both in zip(shared, own, same, strict=True)]
        rows.append([name, credit_code(chance) if coded else "", *details])
    return rows


def _detail(chance: random.Random) -> list[str]:
    """Return phones, mail, address, city and contact: a few agents, buildings and people serve many firms."""
    mobile = f"+8613{chance.randrange(10**9):09d}"
    switchboard = f"+8621{chance.randrange(20_000_000, 20_000_040)}"
    mail = f"u{chance.randrange(400)}@{chance.choice((*FREE_MAIL, 'agent.com.cn'))}"
    city = chance.choice(WORDS["places"])
    room = chance.randrange(101, 2_000)
    address = f"{city}市{chance.choice(WORDS['roads'])}{chance.randrange(1, 40)}号国际大厦{room}室"
    return [
        chance.choice((mobile, switchboard, f"{mobile};{switchboard}")),
        mail,
        address,
        city,
        chance.choice(WORDS["people"]),
    ]


def credit_code(chance: random.Random) -> str:
    """Return a valid unified social credit code.

    Source: GB 32100-2015, check character by weights of 3 to the i modulo 31.
    """
    body = "91310000" + "".join(chance.choice(_CODE_CHARACTERS) for _ in range(9))
    total = sum(_CODE_CHARACTERS.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + _CODE_CHARACTERS[-total % 31]


def _firm(chance: random.Random) -> Firm:
    length = 2 if chance.random() < 0.75 else 3
    brand = "".join(chance.sample(CHARACTERS, length))
    return Firm(chance.choice(WORDS["places"]), brand, chance.choice(WORDS["trades"]), chance.choice(FORMS))


def _other(chance: random.Random, choices: list[str], *taken: str) -> str:
    return chance.choice([c for c in choices if c not in taken])


def one_character(chance: random.Random) -> tuple[str, str]:
    """One character of the brand is another."""
    firm = _firm(chance)
    at = chance.randrange(len(firm.brand))
    brand = firm.brand[:at] + _other(chance, list(CHARACTERS), *firm.brand) + firm.brand[at + 1 :]
    return str(firm), str(Firm(firm.place, brand, firm.trade, firm.form))


def homophone(chance: random.Random) -> tuple[str, str]:
    """A character of the brand is another that sounds the same."""
    firm = _firm(chance)
    pair = chance.choice(WORDS["homophones"])
    brand, sounds = pair[0] + firm.brand[1:], pair[1] + firm.brand[1:]
    return str(Firm(firm.place, brand, firm.trade, firm.form)), str(Firm(firm.place, sounds, firm.trade, firm.form))


def swapped(chance: random.Random) -> tuple[str, str]:
    """The brand's characters stand in the other order."""
    firm = _firm(chance)
    return str(firm), str(Firm(firm.place, firm.brand[::-1], firm.trade, firm.form))


def longer_brand(chance: random.Random) -> tuple[str, str]:
    """The brand has one character more, before or behind."""
    firm, more = _firm(chance), chance.choice("新中大源华")
    brand = more + firm.brand if chance.random() < 0.5 else firm.brand + more
    return str(firm), str(Firm(firm.place, brand, firm.trade, firm.form))


def other_place(chance: random.Random) -> tuple[str, str]:
    """A sister company in another city, the place before the brand or in brackets."""
    firm = _firm(chance)
    place = _other(chance, WORDS["places"], firm.place)
    inside = f"{firm.brand}{firm.trade}({place}){firm.form}"
    return str(firm), chance.choice((inside, str(Firm(place, firm.brand, firm.trade, firm.form))))


def other_trade(chance: random.Random) -> tuple[str, str]:
    """A sister company in another trade."""
    firm = _firm(chance)
    return str(firm), str(Firm(firm.place, firm.brand, _other(chance, WORDS["trades"], firm.trade), firm.form))


def narrower_trade(chance: random.Random) -> tuple[str, str]:
    """A sister company whose trade is the other's and more."""
    firm = _firm(chance)
    sector, more = chance.choice(WORDS["sectors"]), chance.choice(("销售", "设备", "租赁", "进出口", "服务", "投资"))
    wide, narrow = (
        Firm(firm.place, firm.brand, sector, firm.form),
        Firm(firm.place, firm.brand, sector + more, firm.form),
    )
    return str(wide), str(narrow)


def group_and_member(chance: random.Random) -> tuple[str, str]:
    """A group and a company of it."""
    firm = _firm(chance)
    member = chance.choice((firm.trade, ""))
    return f"{firm.place}{firm.brand}集团有限公司", f"{firm.place}{firm.brand}{member}有限公司"


def branch_and_head(chance: random.Random) -> tuple[str, str]:
    """A head office and a branch of it."""
    firm = _firm(chance)
    branch = chance.choice(("分公司", "第一分公司", f"{chance.choice(WORDS['places'])}分公司", "办事处"))
    return str(firm), f"{firm}{branch}"


def two_branches(chance: random.Random) -> tuple[str, str]:
    """Two branches of one head office."""
    firm = _firm(chance)
    first, second = chance.sample([*WORDS["places"], "第一", "第二", "第十", "第12"], 2)
    return f"{firm}{first}分公司", f"{firm}{second}分公司"


def bank_branches(chance: random.Random) -> tuple[str, str]:
    """Two branches of one bank in one city."""
    bank = chance.choice(("中国工商银行", "农行", "招商银行股份有限公司", "中国建设银行股份有限公司"))
    first, second = chance.sample(WORDS["quarters"], 2)
    city = chance.choice(WORDS["places"])
    return f"{bank}{city}{first}支行", f"{bank}{city}{second}支行"


def other_number(chance: random.Random) -> tuple[str, str]:
    """The same name with another number, in words or digits."""
    firm = _firm(chance)
    numbers = (WORDS["numerals"], WORDS["numbers"])
    first, second = chance.sample(range(len(numbers[0])), 2)
    one, other = chance.choice(numbers)[first], chance.choice(numbers)[second]
    form = chance.choice(
        ("第{}机械厂", "{}号投资合伙企业(有限合伙)", "第{}建筑工程有限公司", "{}期股权投资基金", "{}号店")
    )
    start = firm.place + firm.brand
    return start + form.format(one), start + form.format(other)


def other_part(chance: random.Random) -> tuple[str, str]:
    """Companies of one group, told apart by a letter or by a part of the country."""
    firm = _firm(chance)
    first, second = chance.sample(chance.choice(([*"ABCDE"], WORDS["sides"])), 2)
    start, end = firm.place + firm.brand, firm.trade + firm.form
    return start + first + end, start + second + end


def partnership(chance: random.Random) -> tuple[str, str]:
    """A company and a partnership of one brand."""
    firm = _firm(chance)
    start = f"{firm.place}{firm.brand}投资管理"
    return f"{start}有限公司", f"{start}合伙企业(有限合伙)"


def same_name_other_code(chance: random.Random) -> tuple[str, str]:
    """One name, two valid credit codes: a namesake."""
    firm = _firm(chance)
    return str(firm), str(firm)


def english(chance: random.Random) -> tuple[str, str]:
    """English names of sister companies, in another trade or another city."""
    brand, kind = chance.choice(WORDS["english_brands"]), chance.choice(("english_trades", "english_places"))
    first, second = chance.sample(WORDS[kind], 2)
    if kind == "english_trades":
        start = f"{chance.choice(WORDS['english_places'])} {brand}"
        return f"{start} {first} Co., Ltd.", f"{start} {second} Co., Ltd."
    end = f"{brand} {chance.choice(WORDS['english_trades'])} Co., Ltd."
    return f"{first} {end}", f"{second} {end}"


RULES: tuple[Callable[[random.Random], tuple[str, str]], ...] = (
    one_character,
    homophone,
    swapped,
    longer_brand,
    other_place,
    other_trade,
    narrower_trade,
    group_and_member,
    branch_and_head,
    two_branches,
    bank_branches,
    other_number,
    other_part,
    partnership,
    same_name_other_code,
    english,
)


def main() -> int:
    seeds = [int(a) for a in sys.argv[1:]] or list(range(20))
    wrong = 0
    for seed in seeds:
        merged = merged_of(make_lookalikes(seed))
        wrong += len(merged)
        print(f"seed {seed}: {PAIRS} pairs, merged {len(merged)}")
        for kind, first, second in merged:
            print(f"  {kind}: {first} | {second}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

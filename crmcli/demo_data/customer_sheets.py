"""The company's own customer lists: the titled workbook, the old GBK list and the export of the CRM before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from crmcli.demo_data import words
from crmcli.demo_data.model import AS_OF, COMPANY, Cell, Firm, Person, Row, SampleFile, Table
from crmcli.demo_data.odds import chance
from crmcli.demo_data.spelling import Names, masked, messy_phone, plain_mobile, written_day

IN_BOOK = 255  # firms 0 .. 254 stand in 客户表, the next ones only in a later list
IN_OLD_LIST = 320
IN_OLD_CRM = 355

_BOOK_HEADER = (
    *("序号", "*客户名称", "*联系人", "联系电话（必填）", "职务", "客户行业", "客户级别", "客户来源", "省", "市"),
    *("详细地址", "统一社会信用代码", "*负责人", "建档日期", "备注"),
)
_BOOK_WIDTHS = (6, 32, 10, 24, 12, 12, 12, 12, 8, 8, 30, 22, 10, 14, 24)
_LEVEL_TEXTS = {"A": ("A（重点客户）", "A"), "B": ("B（普通客户）", "B"), "C": ("C（非优先客户）", "C")}
_NOTES = ("老客户介绍", "展会加的微信", "需要开专票", "账期60天", "技术比较懂，直接谈方案", "之前用进口品牌")
_PROVINCE, _NAME, _NUMBER, _DAY = 8, 1, 0, 13


def customer_book(rng: Random, firms: tuple[Firm, ...], names: Names) -> SampleFile:
    """Return 客户表.xlsx: title, note, header in row 3, one block of merged provinces, totals, a hidden list."""
    records = [_book_row(rng, firm, firm.people[0], firm.name) for firm in firms[:IN_BOOK]]
    records += [
        _book_row(rng, firm, firm.people[1], firm.name)
        for firm in rng.sample([firm for firm in firms[:IN_BOOK] if len(firm.people) > 1], 8)
    ]
    records += [_other_spelling(rng, firm, names) for firm in rng.sample(firms[:IN_BOOK], 10)]
    records = _with_bad_days(rng, records)
    records.sort(key=lambda row: _province_order(str(row.cells[_PROVINCE])))
    first = str(records[0].cells[_PROVINCE])
    block = sum(row.cells[_PROVINCE] == first for row in records)
    records[1:block] = [_with_cell(row, _PROVINCE, None) for row in records[1:block]]
    records[40:40] = [_nobody(rng, "名片丢了，等展会名单")]
    records[170:170] = [_nobody(rng, "电话里没说清楚公司")]
    numbered = [_with_cell(row, _NUMBER, number) for number, row in enumerate(records, 1)]
    rows = [
        Row((f"{COMPANY}客户信息表（2026年6月）",), "above"),
        Row(("填表说明：带 * 为必填项；一个客户一行；日期请写成 2026-01-31；客户级别请从下拉框选。",), "above"),
        Row(_BOOK_HEADER, "header"),
        *numbered[:block],
        Row((None, "小计", f"{block} 家"), "skipped"),
        *numbered[block:],
        Row(("合 计", None, f"{len(numbered)} 家"), "skipped"),
        Row(("备注：以上数据截至2026年6月28日，由销售内勤整理，黄色部分待核实。",), "skipped"),
        Row(("制表人：内勤组　　审核：沈国栋",), "skipped"),
    ]
    last = len(rows)
    width = len(_BOOK_HEADER)
    merges = (
        (1, 1, 1, width),
        (2, 1, 2, width),
        (4, _PROVINCE + 1, 3 + block, _PROVINCE + 1),
        (last - 2, 1, last - 2, 2),
        (last - 1, 1, last - 1, width),
    )
    sheet = Table("客户信息", tuple(rows), merges, _BOOK_WIDTHS, {7: "下拉选项!$A$2:$A$4", 8: "下拉选项!$B$2:$B$8"})
    return SampleFile("客户表.xlsx", (sheet, _choices()))


def _choices() -> Table:
    levels = [*(texts[0] for texts in _LEVEL_TEXTS.values()), *[None] * 4]
    rows = tuple(Row(pair) for pair in zip(levels, words.SOURCES, strict=True))
    return Table("下拉选项", (Row(("客户级别", "客户来源"), "header"), *rows), hidden=True)


def _province_order(province: str) -> tuple[bool, str]:
    return province != "安徽", province  # the intern who merged the cells began with 安徽 and gave up


def _book_row(rng: Random, firm: Firm, person: Person, name: str, code_rate: float = 0.45) -> Row:
    code = firm.credit_code if rng.random() < code_rate else ""
    province = firm.place.province + ("省" if chance(rng, 0.2) and not firm.place.direct else "")
    cells: tuple[Cell, ...] = (
        0,
        name,
        person.name,
        messy_phone(firm, person, rng),
        person.title if chance(rng, 0.8) else None,
        words.TRADES[firm.trade] if chance(rng, 0.9) else None,
        rng.choice(_LEVEL_TEXTS[firm.level]),
        firm.source,
        firm.place.province if firm.place.province == "安徽" else province,
        firm.place.city + ("市" if chance(rng, 0.5) else ""),
        firm.address,
        code or None,
        firm.owner or None,
        written_day(firm.filed, rng),
        rng.choice(_NOTES) if chance(rng, 0.25) else None,
    )
    return Row(cells, firm=firm.number, customer=name, credit_code=code)


def _other_spelling(rng: Random, firm: Firm, names: Names) -> Row:
    return _book_row(rng, firm, firm.people[-1], names.variant(firm, rng), code_rate=0)


def _with_bad_days(rng: Random, records: list[Row]) -> list[Row]:
    """Return the records, three of them with a day that no calendar has and two with a phone too short."""
    days = ("2026.2.30", "2025-13-05", "2025年6月31日")
    out = list(records)
    chosen = rng.sample(range(IN_BOOK), 5)
    for index, day in zip(chosen, days, strict=False):
        out[index] = replace(_with_cell(out[index], _DAY, day), bad=("建档日期",))
    for index in chosen[3:]:
        out[index] = replace(_with_cell(out[index], 3, f"138000{rng.randrange(1000):03d}"), bad=("联系电话（必填）",))
    return out


def _with_cell(row: Row, column: int, value: Cell) -> Row:
    return replace(row, cells=(*row.cells[:column], value, *row.cells[column + 1 :]))


def _nobody(rng: Random, note: str) -> Row:
    """Return a row that names neither a firm nor a person nor a number."""
    owner = rng.choice(("顾文涛", "许晓彤"))
    cells = (0, None, None, None, None, "机械加工", "C", "展会", "上海", "上海", None, None, owner, None, note)
    return Row(cells, "rejected")


def old_list(rng: Random, firms: tuple[Firm, ...], names: Names) -> SampleFile:
    """Return 老客户.csv: saved by Excel as GBK, other headings, variants, masked and spoilt phones."""
    known = rng.sample(firms[:IN_BOOK], 70)
    rows = [_old_row(rng, firm, names.variant(firm, rng)) for firm in known]
    rows += [_old_row(rng, firm, firm.name) for firm in firms[IN_BOOK:IN_OLD_LIST]]
    rows += [_masked_row(rng, firm) for firm in rng.sample(firms[:IN_BOOK], 2)]
    rng.shuffle(rows)
    for index in rng.sample(range(len(rows)), 4):  # Excel wrote the number's first three digits and no more
        cells = rows[index].cells
        rows[index] = replace(rows[index], cells=(*cells[:2], "1.38E+10", *cells[3:]), bad=("手机",))
    rows[30:30] = [Row((None, "无", "-", None, None, "秦浩然", "名片模糊，看不清"), "rejected")]
    rows[90:90] = [Row((None, None, None, None, "上海市高新区", "顾文涛", "展会扫码，未留信息"), "rejected")]
    table = Table("老客户", (Row(("单位名称", "联系人", "手机", "电话", "地址", "归属人", "备注"), "header"), *rows))
    return SampleFile("老客户.csv", (table,), encoding="gbk")


def _old_row(rng: Random, firm: Firm, name: str) -> Row:
    person = rng.choice((firm.people[0], firm.people[0], firm.people[-1]))
    mobile = rng.choices((plain_mobile(person, rng), masked(person.mobile), None), (72, 12, 16))[0]
    contact = person.name if chance(rng, 0.75) else f"{person.name[0]}{rng.choice(('总', '工', '经理'))}"
    place = firm.place if firm.place.direct else f"{firm.place.province}省{firm.place.city}市"
    city = f"{firm.place.city}市" if firm.place.direct or chance(rng, 0.5) else place
    note = rng.choice((*_NOTES, "2019年买过驱动器，\n后来没再联系")) if chance(rng, 0.3) else None
    cells: tuple[Cell, ...] = (
        name,
        contact if chance(rng, 0.93) else rng.choice(words.PLACEHOLDERS),
        mobile if mobile is not None else rng.choice((None, *words.PLACEHOLDERS)),
        firm.landline if chance(rng, 0.5) else rng.choice((None, "-")),
        f"{city}{firm.address}" if chance(rng, 0.8) else None,
        firm.owner if firm.owner and chance(rng, 0.9) else None,
        note,
    )
    bad = ("手机",) if isinstance(mobile, str) and "*" in mobile else ()
    return Row(cells, firm=firm.number, customer=name, bad=bad)


def _masked_row(rng: Random, firm: Firm) -> Row:
    """Return a row as lists are passed around: who the firm is cannot be known from it."""
    person = firm.people[0]
    contact = f"{person.name[0]}{rng.choice(('先生', '女士'))}"
    name = f"{firm.place.city}***{firm.legal}"
    cells = (name, contact, masked(person.mobile), None, None, firm.owner or None, rng.choice(_NOTES))
    return Row(cells, bad=("单位名称", "手机"))


_CRM_HEADER = (
    *("*客户名称", "*负责人", "客户来源", "手机", "电话", "网址", "邮箱", "客户行业", "客户级别", "下次联系时间"),
    *("备注", "省", "市", "区", "详细地址"),
)
_CRM_NOTE = (
    "注意事项：\n1、表头标“*”的红色字体为必填项\n2、日期时间：推荐格式为2020-02-02 13:13:13\n"
    "3、手机号：支持6-15位数字（包含国外手机号格式）\n4、邮箱：只支持邮箱格式\n5、多行文本：字数限制800字"
)
_CRM_WIDTHS = (34, 10, 12, 16, 16, 20, 26, 14, 18, 20, 20, 10, 10, 14, 26)


def old_crm_export(rng: Random, firms: tuple[Firm, ...], names: Names) -> SampleFile:
    """Return 历史客户.xls: the template of the CRM used before, a merged note above the header in row 2.

    Source: 悟空CRM 11's customer template (`CrmUploadExcelServiceImpl.java`, `DB/wk_crm_single.sql`).
    """
    rows = [_crm_row(rng, firm, names.variant(firm, rng)) for firm in rng.sample(firms[:IN_OLD_LIST], 32)]
    rows += [_crm_row(rng, firm, firm.name) for firm in firms[IN_OLD_LIST:IN_OLD_CRM]]
    rng.shuffle(rows)
    above = (Row((_CRM_NOTE,), "above"), Row(_CRM_HEADER, "header"))
    merge = ((1, 1, 1, len(_CRM_HEADER)),)
    places = [Row((place.province, place.city)) for place in words.PLACES]
    return SampleFile(
        "历史客户.xls",
        (
            Table("客户导入模板", (*above, *rows), merge, _CRM_WIDTHS),
            Table("mapAddress", tuple(places), hidden=True),
        ),
    )


def _crm_row(rng: Random, firm: Firm, name: str) -> Row:
    person = firm.people[0]
    following = AS_OF - timedelta(days=rng.randrange(200, 600))
    province = firm.place.province + ("市" if firm.place.direct else "省")
    site = f"www.firm{firm.number:03d}.example.com" if chance(rng, 0.3) else None
    cells: tuple[Cell, ...] = (
        name,
        firm.owner or None,
        firm.source,
        person.mobile if chance(rng, 0.85) else None,
        firm.landline if chance(rng, 0.4) else None,
        site,
        f"sales@firm{firm.number:03d}.example.com" if chance(rng, 0.4) else None,
        rng.choice(("生产", "生产", "IT", "商业服务")),
        _LEVEL_TEXTS[firm.level][0],
        _midmorning(following) if chance(rng, 0.5) else None,
        rng.choice(_NOTES) if chance(rng, 0.3) else None,
        province,
        f"{firm.place.city}市",
        firm.district,
        firm.street,
    )
    return Row(cells, firm=firm.number, customer=name)


def _midmorning(day: date) -> str:
    return f"{day.isoformat()} 09:30:00"

"""The sales team's own sheets: opportunities, their stage history, follow-ups, owners and products."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from crmcli.demo_data.customer_sheets import IN_BOOK
from crmcli.demo_data.model import AS_OF, COMPANY, LOST, Cell, Deal, Firm, Row, SampleFile, Step, Table
from crmcli.demo_data.odds import chance
from crmcli.demo_data.spelling import Names
from crmcli.demo_data.staff import OWNERS, PRODUCTS

_AMOUNT = "预计金额(万元)"
_DEAL_HEADER = (
    *("商机编号", "商机名称", "客户名称", "产品", _AMOUNT, "阶段", "负责人", "创建时间", "预计成交日期"),
    *("结束时间", "丢单原因"),
)
_DEAL_WIDTHS = (14, 30, 34, 24, 14, 12, 10, 13, 13, 13, 14)
_CLOSE = 8
_TYPES = ("电话", "拜访", "微信", "邮件", "线上会议")
_TYPE_WEIGHTS = (35, 25, 25, 5, 10)
_VISITS = 480


def written_firms(rng: Random, deals: tuple[Deal, ...], firms: tuple[Firm, ...], names: Names) -> dict[int, str]:
    """Return firm number -> the one name that the sales team's sheets use for it."""
    numbers = sorted({deal.firm for deal in deals if deal.firm is not None})
    return {
        number: firms[number].name if number >= IN_BOOK or chance(rng, 0.8) else names.variant(firms[number], rng)
        for number in numbers
    }


def deal_book(rng: Random, deals: tuple[Deal, ...], written: dict[int, str]) -> SampleFile:
    """Return 商机跟进表.xlsx: title, header in row 2, free-text stages, amounts in 万元, a total, a notes sheet."""
    rows = [_deal_row(rng, deal, written) for deal in deals]
    with_close = [i for i, deal in enumerate(deals) if deal.expected_close and deal.number and not deal.approximate]
    for index, day in zip(rng.sample(with_close, 3), ("2026-02-30", "2026.13.1", "2025/6/31"), strict=True):
        cells = rows[index].cells
        rows[index] = replace(rows[index], cells=(*cells[:_CLOSE], day, *cells[_CLOSE + 1 :]), bad=("预计成交日期",))
    for place in (120, 405):  # pasted twice
        copied = next(row for row in rows[place:] if row.cells[0] and not row.bad)
        rows.insert(rows.index(copied) + 1, replace(copied, tag="repeat"))
    nothing = (None, None, None, "QH-S200 伺服驱动器", 12.5, "跟进中", "顾文涛", date(2026, 3, 9), None, None, None)
    rows.insert(333, Row(nothing, "rejected"))
    total = sum(float(deal.amount_yuan) for deal in deals if deal.amount_yuan) / 10_000
    last = Row((None, "合计", f"共{len(deals)}条", None, round(total, 2)), "skipped")
    title = Row((f"{COMPANY}　商机跟进表（2025.01—2026.06）",), "above")
    sheet = Table(
        "商机", (title, Row(_DEAL_HEADER, "header"), *rows, last), ((1, 1, 1, 11),), _DEAL_WIDTHS, filtered=True
    )
    lines = ("填写说明", "1. 金额单位为万元", "2. 阶段有变化请当天改", "3. 丢单必须写原因")
    notes = Table("说明", tuple(Row((line,), "above") for line in lines), widths=(40,))
    return SampleFile("商机跟进表.xlsx", (sheet, notes))


def _deal_row(rng: Random, deal: Deal, written: dict[int, str]) -> Row:
    customer = written[deal.firm] if deal.firm is not None else ""
    owner = deal.owner or rng.choice((None, None, None, "-", "暂无"))
    cells: tuple[Cell, ...] = (
        deal.number or None,
        deal.name,
        customer or None,
        deal.product,
        deal.written_amount,
        deal.written_stage,
        owner,
        _day(rng, deal.created),
        _day(rng, deal.expected_close),
        _day(rng, deal.closed),
        deal.reason or None,
    )
    return Row(cells, firm=deal.firm, customer=customer, bad=(_AMOUNT,) if deal.approximate else ())


def _day(rng: Random, day: date | None) -> Cell:
    return day if day is None or chance(rng, 0.9) else f"{day.year}.{day.month}.{day.day}"


def stage_history(rng: Random, deals: tuple[Deal, ...]) -> SampleFile:
    """Return 阶段变更记录.csv: every stage event of the deals whose history was kept, in order of time."""
    events = [(step, deal.number) for deal in deals if deal.recorded for step in deal.steps]
    events.sort(key=lambda event: (event[0].at, event[1]))
    rows = [_event_row(step, number) for step, number in events]
    day = datetime(2026, 1, 15, 14, 5)  # noqa: DTZ001  (local wall time, as the file has it)
    rows.insert(rng.randrange(600, 700), _event_row(Step(day, "", "初步接触", "顾文涛"), "", "rejected"))
    table = Table("阶段变更记录", (Row(("商机编号", "原阶段", "阶段", "变更时间", "变更人"), "header"), *rows))
    return SampleFile("阶段变更记录.csv", (table,), encoding="gbk")


def _event_row(step: Step, number: str, tag: str = "record") -> Row:
    return Row((number or None, step.from_stage or None, step.stage, f"{step.at:%Y-%m-%d %H:%M}", step.by), tag)


_SAYINGS = (
    ("沟通{what}的技术参数，客户要看样机", "安排样机演示"),
    ("现场看了产线，{what}需要配合改造电柜", "出改造方案"),
    ("报价已发，对方说比预算高一些", "和主管申请折扣"),
    ("{who}说下周内部评审{what}方案", "评审后回访"),
    ("对方在比两家，重点看{what}的交期", "确认库存和交期"),
    ("电话没人接，微信留言", "三天后再打"),
    ("合同条款过了一遍，付款方式还在谈", "法务改合同"),
    ("寄了{what}的样本和案例", "一周后问反馈"),
)


def follow_ups(rng: Random, deals: tuple[Deal, ...], firms: tuple[Firm, ...], written: dict[int, str]) -> SampleFile:
    """Return 跟进记录.xlsx: who spoke with whom, when, and what comes next."""
    usable = [deal for deal in deals if deal.firm is not None and deal.number]
    visits = sorted(
        (_visit(rng, deal, firms, written) for deal in rng.choices(usable, k=_VISITS)),
        key=lambda row: (str(row.cells[2]), str(row.cells[1])),
    )
    rows = list({(row.cells[1], row.cells[2]): row for row in visits}.values())
    nobody = (None, None, datetime(2026, 4, 2, 10, 0), "电话", "客户说再考虑", "许晓彤", None, None)  # noqa: DTZ001
    rows.insert(200, Row(nobody, "rejected"))
    header = ("客户名称", "商机编号", "跟进时间", "跟进方式", "跟进内容", "跟进人", "下次联系时间", "下一步")
    table = Table("跟进记录", (Row(header, "header"), *rows), widths=(34, 14, 18, 10, 44, 10, 14, 18), filtered=True)
    return SampleFile("跟进记录.xlsx", (table,))


def _visit(rng: Random, deal: Deal, firms: tuple[Firm, ...], written: dict[int, str]) -> Row:
    number = deal.firm if deal.firm is not None else 0
    start, end = deal.steps[0].at, deal.steps[-1].at + timedelta(days=12)
    latest = min(end, datetime.combine(AS_OF, start.time()) - timedelta(days=1))
    at = start + timedelta(minutes=rng.randrange(max(1, int((latest - start).total_seconds()) // 60)))
    at = at.replace(hour=9 + at.hour % 9)
    text, following = rng.choice(_SAYINGS)
    said = text.format(what=deal.product.replace("-", " ").split()[-1], who=firms[number].people[0].name)
    ended = deal.stage == LOST or chance(rng, 0.3)
    cells: tuple[Cell, ...] = (
        written[number],
        deal.number,
        at,
        rng.choices(_TYPES, _TYPE_WEIGHTS)[0],
        said,
        deal.steps[0].by,
        None if ended else at.date() + timedelta(days=rng.randrange(2, 15)),
        None if ended else following,
    )
    return Row(cells, firm=number, customer=written[number])


def owner_book() -> SampleFile:
    """Return 负责人.xlsx: the salespeople with team, area, manager, provinces and weight."""
    rows = tuple(
        Row(
            (
                *(owner.name, owner.team, owner.region, owner.manager, "、".join(owner.provinces)),
                *(owner.weight, "是" if owner.active else "否"),
            )
        )
        for owner in OWNERS
    )
    header = ("姓名", "团队", "区域", "主管", "负责省份", "权重", "是否在职")
    return SampleFile(
        "负责人.xlsx", (Table("负责人", (Row(header, "header"), *rows), widths=(10, 10, 10, 10, 18, 8, 10)),)
    )


def product_list() -> SampleFile:
    """Return 产品.csv: the products with category and list price."""
    rows = tuple(Row((product.number, product.name, product.category, int(product.price))) for product in PRODUCTS)
    return SampleFile(
        "产品.csv",
        (Table("产品", (Row(("产品编号", "产品名称", "产品类别", "单价(元)"), "header"), *rows)),),
        "utf-8-sig",
    )

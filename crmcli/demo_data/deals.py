"""The true opportunities: what happened to each, step by step, and how the sheet writes it down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from crmcli.demo_data.model import (
    AS_OF,
    ENDS,
    LOST,
    STAGES,
    VOID,
    WON,
    Cell,
    Deal,
    Firm,
    Product,
    Step,
)
from crmcli.demo_data.odds import chance
from crmcli.demo_data.staff import LEFT_NICKNAME, OWNERS, PRODUCTS

DEALS = 600
_UNASSIGNED = 42
_ONLY_IN_DEALS = 25  # the last firms have no sheet but this one
_FIRST_DAY = date(2025, 1, 2)
_LAST_DAY = AS_OF - timedelta(days=1)
ON_HOLD = "暂搁置"  # a stage text that no pipeline knows

_WRITTEN_STAGES = {
    "初步接触": ("初步接触", "初步接触", "新线索", "待跟进", "初步意向"),
    "需求确认": ("需求确认", "需求确认", "跟进中", "需求沟通中"),
    "方案报价": ("方案报价", "已报价", "已报价", "报价中"),
    "商务谈判": ("商务谈判", "谈判中", "谈判中", "合同审批中"),
    WON: (WON, "已签单", "已签单", "已签约", "已成交"),
    LOST: (LOST, "丢单", "黄了", "输单"),
    VOID: (VOID, "无效", "无效商机"),
}
# reason -> what people write for it; the first is the reason itself
WRITTEN_REASONS = {
    "价格": ("价格", "太贵", "价格高", "比同行贵"),
    "竞品": ("竞品", "被竞品抢单", "选了别家"),
    "预算": ("预算", "预算被砍", "没钱了"),
    "需求变化": ("需求变化", "需求取消"),
    "立项失败": ("立项失败", "没立上项"),
    "决策链复杂": ("决策链复杂",),
    "时机": ("时机", "明年再说"),
    "服务": ("服务",),
    "失联": ("失联", "联系不上"),
    "其他": ("其他",),
}
_REASON_WEIGHTS = (28, 20, 10, 9, 8, 5, 7, 3, 8, 2)
UNKNOWN_REASON = "老板换人了"  # no dictionary knows it
_REOPENED = {LOST: 0.10, WON: 0.03, VOID: 0.03}
_ADVANCE, _SKIP, _BACK, _LOSE, _VOID, _STALL = range(6)
_MOVES = {1: (58, 7, 0, 15, 7, 13), 2: (58, 7, 5, 15, 3, 12), 3: (58, 0, 7, 19, 2, 14), 4: (62, 0, 7, 20, 1, 10)}


def make_deals(rng: Random, firms: tuple[Firm, ...]) -> tuple[Deal, ...]:
    """Return all deals by the day they were created, with what the sheet leaves out already left out."""
    days = sorted(_workday(rng) for _ in range(DEALS))
    chosen = [*firms[-_ONLY_IN_DEALS:], *rng.choices(firms, k=DEALS - _ONLY_IN_DEALS)]
    rng.shuffle(chosen)
    deals = [_make_deal(rng, number, day, firm) for number, (day, firm) in enumerate(zip(days, chosen, strict=True), 1)]
    for index in rng.sample(range(200), 38):  # nobody kept a history of these
        deals[index] = replace(deals[index], recorded=False)
    for index in rng.sample([i for i, deal in enumerate(deals) if not deal.recorded and not _ended(deal)], 2):
        deals[index] = replace(deals[index], stage=ON_HOLD, written_stage=ON_HOLD)
    _leave_out(rng, deals)
    _take_owners(rng, deals, firms)
    return tuple(deals)


def _leave_out(rng: Random, deals: list[Deal]) -> None:
    """Blank the cells that people forgot: ids, customers, days; three rows carry a nickname for an owner."""
    for index in rng.sample([i for i, deal in enumerate(deals) if not deal.recorded], 6):
        deals[index] = replace(deals[index], number="")
    recorded = [i for i, deal in enumerate(deals) if deal.recorded]
    for index in rng.sample([i for i in recorded if deals[i].firm is not None], 5):
        deals[index] = replace(deals[index], created=None)
    spare = [i for i in recorded if sum(deal.firm == deals[i].firm for deal in deals) > 1]
    for index in rng.sample(spare, 4):
        deals[index] = replace(deals[index], firm=None)
    for index in rng.sample([i for i, deal in enumerate(deals) if _ended(deal)], 3):
        deals[index] = replace(deals[index], owner=LEFT_NICKNAME)
    for index in rng.sample([i for i in recorded if deals[i].stage in ENDS], 25):
        deals[index] = replace(deals[index], closed=None)  # the stage history still knows when


def _take_owners(rng: Random, deals: list[Deal], firms: tuple[Firm, ...]) -> None:
    """Leave open deals without owner: first those of firms that nobody looks after, then others."""
    still_open = [index for index, deal in enumerate(deals) if not _ended(deal)]
    rng.shuffle(still_open)
    still_open.sort(key=lambda index: (firm := deals[index].firm) is None or firms[firm].owner != "")
    for index in still_open[:_UNASSIGNED]:
        deals[index] = replace(deals[index], owner="")


def _ended(deal: Deal) -> bool:
    return deal.stage in ENDS


def _make_deal(rng: Random, number: int, day: date, firm: Firm) -> Deal:
    product = rng.choices(PRODUCTS, (20, 18, 16, 12, 12, 8, 9, 5))[0]
    owner = firm.owner if firm.owner and chance(rng, 0.85) else rng.choice(OWNERS).name
    steps = _life(rng, day, owner)
    stage = steps[-1].stage
    amount, written = _amount(rng, product)
    return Deal(
        number=f"SJ{day.year}-{number:04d}",
        name=f"{firm.brand}{_project(rng, product)}",
        firm=firm.number,
        product=product.name.replace(" ", "") if chance(rng, 0.05) else product.name,
        amount_yuan=amount,
        written_amount=written,
        owner=owner,
        created=day,
        expected_close=day + timedelta(days=rng.randrange(40, 160)) if chance(rng, 0.9) else None,
        closed=steps[-1].at.date() if stage in ENDS else None,
        steps=steps,
        recorded=True,
        stage=stage,
        written_stage=rng.choice(_WRITTEN_STAGES[stage]),
        reason=_reason(rng) if stage == LOST else "",
    )


def _project(rng: Random, product: Product) -> str:
    what = product.name.split(" ", 1)[1]
    return f"{what}{rng.choice(('项目', '采购', '改造', '二期', '一期', '扩产', '试点'))}"


def _amount(rng: Random, product: Product) -> tuple[Decimal | None, Cell]:
    """Return the amount in yuan and the cell under a heading that says 万元."""
    pieces = max(1, round(Decimal(250_000) * Decimal(rng.lognormvariate(0, 0.8)) / product.price))
    yuan = (product.price * pieces).quantize(Decimal(100))
    wan = yuan / 10_000
    round_wan = max(1, round(wan))
    ways: tuple[tuple[Decimal | None, Cell], ...] = (
        (yuan, float(wan)),
        (None, None),
        (Decimal(round_wan * 10_000), f"约{round_wan}万"),
        (yuan, f"{wan.normalize():f}万"),
    )
    return rng.choices(ways, (88, 6, 3, 3))[0]


def _reason(rng: Random) -> str:
    reason = rng.choices(tuple(WRITTEN_REASONS), _REASON_WEIGHTS)[0]
    written = rng.choice((reason, *WRITTEN_REASONS[reason]))
    return rng.choices((written, "", UNKNOWN_REASON), (84, 14, 2))[0]


def _life(rng: Random, day: date, owner: str) -> tuple[Step, ...]:
    """Return the stage events of one deal from its creation until it ends, stalls or the present day comes."""
    rank = rng.choices((1, 2, 3), (88, 10, 2))[0]
    steps = [Step(_at(rng, day), "", STAGES[rank - 1], owner)]
    while (at := steps[-1].at + timedelta(days=2 + rng.gammavariate(2.0, 9.0))).date() <= _LAST_DAY:
        reopened = steps[-1].stage in ENDS
        if reopened and not chance(rng, _REOPENED[steps[-1].stage]):
            break
        if reopened:
            rank = 4 if steps[-1].stage == WON else rng.choice((2, 3))
            to_stage = STAGES[rank - 1]
        else:
            move = rng.choices(range(6), _MOVES[rank])[0]
            if move == _STALL:
                break
            to_stage, rank = _moved(move, rank)
        steps.append(Step(_at(rng, at.date()), steps[-1].stage, to_stage, owner))
    return tuple(steps)


def _moved(move: int, rank: int) -> tuple[str, int]:
    if move == _LOSE:
        return LOST, rank
    if move == _VOID:
        return VOID, rank
    rank += {_ADVANCE: 1, _SKIP: 2, _BACK: -1}[move]
    return (WON, rank) if rank > len(STAGES) else (STAGES[rank - 1], rank)


def _at(rng: Random, day: date) -> datetime:
    return datetime.combine(day, time(9, 0)) + timedelta(minutes=rng.randrange(9 * 60))


def _workday(rng: Random) -> date:
    span = (_LAST_DAY - _FIRST_DAY).days - 4
    day = _FIRST_DAY + timedelta(days=rng.randrange(span))
    return day if day.weekday() < 5 else day + timedelta(days=7 - day.weekday())  # noqa: PLR2004  (Saturday)

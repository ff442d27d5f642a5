"""A house with customers, leads, follow-ups, tasks and contracts: its settings, and what is told of it.

Everything told says when it was recorded and, where that was taken back, until when it stood.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from .seen import Asked

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, LATER, WRONG, UNDONE, LAST = (
    datetime.fromisoformat(f"2026-{day}:00+08:00")
    for day in ("03-31T20:00", "04-30T20:00", "05-20T20:00", "05-25T20:00", "06-30T18:00")
)
STAGES = ("初步接触", "需求确认", "方案报价")
ENDS = {"赢单": "won", "输单": "lost", "无效": "void"}
NONE = "未填"
POOL = "公海"
SELLERS = ("张伟", "王芳", "李强", "赵敏")
TEAMS = {"张伟": "华东", "王芳": "华东", "李强": "华南", "赵敏": "华南", "陈静": ""}
WEIGHTS = {"张伟": 2}
LEAVE = {"张伟": (date(2026, 5, 6), date(2026, 5, 12))}
MONDAY_TO_THURSDAY = ("李强",)
MIN_N = 3
COLLISION_DAYS = 30
CUSTOMERS_SOURCE = "老客户"  # counts for an opportunity without a source of its own
OPENS, CLOSES = 9, 18
# Source: 国务院办公厅关于2026年部分节假日安排的通知
HOLIDAYS = (("01-01", "01-03"), ("02-15", "02-23"), ("04-04", "04-06"), ("05-01", "05-05"), ("06-19", "06-21"))
WORKED = ("01-04", "02-14", "02-28", "05-09")
TARGETS = (  # owner, team, period, yuan, deals; of a sheet
    ("张伟", "", "2026-05", 3000, 2), ("王芳", "", "2026-05", 2500, None), ("李强", "", "2026-06", None, 1),
    ("", "华南", "2026-05", 4000, 1), ("", "", "2026Q2", 20000, 9), ("赵敏", "", "2026-04", 1500, 1),
)  # fmt: skip
OWN_TARGETS = (("王芳", "", "2026-05", 2000, 1), ("陈静", "", "2026-06", 500, 1))  # of crm.toml, which goes before
GOALS = (  # figure, owner, team, period, value
    ("winrate", "", "", "2026Q2", 0.5), ("conversion", "", "", "2026-04", 0.2), ("lost", "张伟", "", "2026Q2", 3),
    ("cycle_days", "", "", "2026Q2", 40), ("on_time_rate", "", "华东", "2026Q2", 0.4),
    ("created", "", "", "2026-04", 8),
    ("missed_rate", "", "", "2026Q2", 0.3), ("follow_up_rate", "", "", "2026-06", 0.5),
)  # fmt: skip


def _tables() -> str:
    text = ""
    for name, team in TEAMS.items():
        text += f'[[owner]]\nname = "{name}"\nteam = "{team}"\nweight = {WEIGHTS.get(name, 1)}\n'
        if name in LEAVE:
            text += f'leave = [["{LEAVE[name][0]}", "{LEAVE[name][1]}"]]\n'
        if name in MONDAY_TO_THURSDAY:
            text += 'work_days = ["mon", "tue", "wed", "thu"]\n'
    for owner, team, period, amount, count in OWN_TARGETS:
        text += f'[[target]]\nowner = "{owner}"\nteam = "{team}"\nperiod = "{period}"\n'
        text += f"amount = {amount}\ncount = {count}\n"
    for metric, owner, team, period, value in GOALS:
        text += f'[[goal]]\nmetric = "{metric}"\nowner = "{owner}"\nteam = "{team}"\nperiod = "{period}"\n'
        text += f"value = {value}\n"
    return text


CONFIG = f"""
[workspace]
timezone = "Asia/Shanghai"
currency = "CNY"
min_n = {MIN_N}
[[pipeline]]
key = "standard"
name = "标准"
stages = [ {", ".join(f'{{ name = "{name}" }}' for name in STAGES)} ]
[loss]
required = false
reasons = ["价格", "竞品"]
[lead]
reasons = ["无需求", "重复"]
[assign]
holidays = "CN"
work_hours = ["09:00", "18:00"]
fallback = "{POOL}"
[[assign.rule]]
name = "展会的"
when = {{ source = "展会" }}
to = ["张伟", "王芳"]
strategy = "weighted"
[[assign.rule]]
name = "华南的"
when = {{ source = "官网" }}
to = {{ team = "华南" }}
strategy = "round_robin"
[[pool]]
name = "{POOL}"
recycle = {{ no_follow_up_days = 25, no_deal_days = 60 }}
protect = ["locked"]
open_deals = "keep"
[collision]
days = {COLLISION_DAYS}
{_tables()}"""


@dataclass
class Told:
    """Something that was recorded; `removed` is when it was taken back."""

    recorded: datetime
    removed: datetime | None = field(default=None, kw_only=True)


AnyTold = TypeVar("AnyTold", bound=Told)


def known(all_told: Iterable[AnyTold], asked: Asked) -> list[AnyTold]:
    """Return what was known when it was asked."""
    return [
        one for one in all_told
        if (asked.known is None or one.recorded <= asked.known)
        and (one.removed is None or (asked.known is not None and asked.known < one.removed))
    ]  # fmt: skip


@dataclass
class Held(Told):
    """Whose a customer became, at the time of recording: an owner's or a pool's; how, and why."""

    owner: str | None
    pool: str | None
    was: str | None
    how: str
    why: str = ""


@dataclass
class Customer(Told):
    """A customer as it came in, and whose it became since."""

    name: str
    owner: str | None
    phone: str
    created: str
    held: list[Held] = field(default_factory=list)
    number: str = ""  # that it was given as it came in


@dataclass
class Step(Told):
    """A stage or an end entered."""

    at: str
    name: str
    reason: str | None = None


@dataclass
class Given(Told):
    """To whom an opportunity was given, at the time of recording; `rule` "": a person did; `owner` None: a pool's."""

    owner: str | None
    rule: str = ""


@dataclass
class Deal(Told):
    """An opportunity as it came in, and what became of it."""

    key: str
    customer: str
    created: str
    owner: str | None
    product: str | None
    source: str | None
    competitor: str | None
    amount: str | None
    currency: str
    steps: list[Step] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    number: str = ""


@dataclass
class Contact(Told):
    """A follow-up by a person with a customer, about an opportunity or about none; the day of the step it plans."""

    at: str
    by: str
    customer: str
    deal: str | None = None
    next_day: str | None = None


@dataclass
class Task(Told):
    """Something to do by a day, for an opportunity or a customer; `done` is when it was ticked off."""

    owner: str
    due: str
    customer: str
    deal: str | None = None
    done: datetime | None = None


@dataclass
class Decision(Told):
    """What was decided on a lead: "qualified", "disqualified" or "" for taken up again."""

    at: str | None
    state: str
    reason: str | None = None
    deal: str | None = None


@dataclass
class Lead(Told):
    """A lead as it came in, and what was decided on it since."""

    key: str
    owner: str | None
    source: str | None
    created: str | None
    decided: list[Decision] = field(default_factory=list)


@dataclass
class Contract(Told):
    """What was signed."""

    key: str
    customer: str
    owner: str | None
    currency: str
    void: bool


@dataclass
class Payment(Told):
    """A row of what is due, of what was received, or of both; amounts in fen."""

    key: str
    contract: str | None
    customer: str | None
    owner: str | None
    installment: str | None
    due_on: str | None
    due: int | None
    received_on: str | None
    received: int | None
    currency: str | None


@dataclass
class Verdict(Told):
    """Whom a manager gave a collision to."""

    kind: str
    key: str
    owner: str
    facts: frozenset[tuple[str, str]]
    suggestion: str | None


@dataclass
class House:
    """All that is told."""

    customers: list[Customer] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)


def works(day: date, who: str = "") -> bool:
    """Return whether a day is a working day of the calendar, and of somebody."""
    text = day.isoformat()[5:]
    holiday = any(first <= text <= last for first, last in HOLIDAYS)
    if who in MONDAY_TO_THURSDAY:  # a day made up for is not theirs: settled in the calendar's own words
        at_work = day.weekday() < 4 and not holiday
    else:
        at_work = text in WORKED or (day.weekday() < 5 and not holiday)
    away = LEAVE.get(who)
    return at_work and not (away and away[0] <= day <= away[1])


def days_from(first: date, last: date) -> Iterable[date]:
    """Return the days from the first up to and with the last."""
    return (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))

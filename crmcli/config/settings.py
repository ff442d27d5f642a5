"""What crm.toml may say: one frozen model a table, every default visible.

The keys are a contract. A value that is only suspicious passes here; `check` looks at what the parts say together.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from crmcli.config.people import WHOM_TAGS, Assign, OwnerTable
from crmcli.config.preset_table import PresetTable
from crmcli.config.process import Lead, Loss, PipelineTable, default_pipelines
from crmcli.config.table import Days, Limit, Name, Pattern, Switch, Table, Texts, Whole
from crmcli.domain.assignment.model import PUBLIC_POOL

# tags that pydantic puts into the place of a mistake and that the file does not hold
CHOICE_TAGS = WHOM_TAGS | {"(one)", "(several)"}
_PERIOD = r"^[0-9]{4}(Q[1-4]|H[12]|-(0[1-9]|1[0-2]))?$"


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (LookupError, ValueError, OSError):  # of a folder of zones, or a name that is no path
        raise PydanticCustomError("unknown_zone", "no time zone of that name") from None
    return value


class Workspace(Table):
    """`language` None: the machine's locale decides. `min_n`: a rate over fewer cases is not printed."""

    name: str = ""
    language: Literal["zh", "en"] | None = None
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    week_starts: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"
    min_n: Annotated[Whole, Field(ge=1)] = 5


class GradeRule(Table):
    """Points for a deal that meets `when`; `name` is what reasons call the rule, "" the condition as written."""

    name: str = ""
    when: dict[str, Any] = Field(default_factory=dict)
    points: Whole


class Grade(Table):
    """Grade A from `a` points, B from `b`, else C; written `A` and `B` in the file."""

    a: Whole = Field(default=60, alias="A")
    b: Whole = Field(default=30, alias="B")
    rule: tuple[GradeRule, ...] = ()


class Recycle(Table):
    """When a customer falls into the pool; a clock that is None does not run; `level` empty: every level."""

    level: Texts = ()
    no_follow_up_days: Days | None = None
    no_opportunity_days: Days | None = None
    no_deal_days: Days | None = None


def _recycle_tag(value: Any) -> str:
    return "(one)" if isinstance(value, Mapping | BaseModel) else "(several)"


Recycling = Annotated[
    Annotated[Recycle, Tag("(one)")] | Annotated[tuple[Recycle, ...], Tag("(several)")], Discriminator(_recycle_tag)
]
Protection = Literal["open_deal", "contract", "receivable", "won_deal", "locked"]


class Pool(Table):
    """One public pool; a limit that is None does not hold.

    `recycle`: the first that is for a customer's level decides. `when` tells whose customers fall into this pool, and
    `members` (names or teams; empty: everybody) who may claim from it. `protect`: what keeps a customer out of it.
    `open_deals`: what becomes of a customer's open deals when it falls, if they do not protect it. `max_owned` is how
    many customers one may have at all; what falls in anew nobody may claim for `new_days`; `working_days`: the
    clocks count working days of `[assign] holidays`.
    """

    name: Name
    enabled: Switch = True
    recycle: Recycling = Recycle()
    when: dict[str, Any] = Field(default_factory=dict)
    members: Texts = ()
    protect: tuple[Protection, ...] = ("open_deal", "contract", "receivable", "locked")
    open_deals: Literal["keep", "move", "close"] = "keep"
    working_days: Switch = False
    notice_days: Annotated[Whole, Field(ge=0)] = 3
    claim_per_day: Limit = None
    max_owned: Limit = None
    previous_owner_days: Annotated[Whole, Field(ge=0)] = 0
    new_days: Annotated[Whole, Field(ge=0)] = 0

    @property
    def recycling(self) -> tuple[Recycle, ...]:
        """Return the rules by which customers fall into the pool, in order."""
        return (self.recycle,) if isinstance(self.recycle, Recycle) else self.recycle


class Collision(Table):
    """What counts as a collision of salespeople: contact by both within `days`."""

    days: Days = 90


class Target(Table):
    """What an owner or a team is to win in a period (2026, 2026H1, 2026Q4, 2026-10); `amount` in yuan."""

    owner: str = ""
    team: str = ""
    period: Annotated[str, Field(pattern=_PERIOD)]
    amount: Annotated[Decimal, Field(ge=0)] | None = None
    count: Annotated[Whole, Field(ge=0)] | None = None


class Goal(Table):
    """What another figure is to be in a period: rates as 0.3 or 30 (percent), money in yuan.

    `better` "higher" or "lower", "": as is usual for the figure.
    """

    metric: Literal["amount_won", "won", "lost", "created", "winrate", "conversion", "cycle_days", "on_time_rate",
                    "missed_rate", "follow_up_rate"]  # fmt: skip
    period: Annotated[str, Field(pattern=_PERIOD)]
    value: Annotated[Decimal, Field(ge=0)]
    owner: str = ""
    team: str = ""
    better: Literal["", "higher", "lower"] = ""


class SourceTable(Table):
    """Another system that runs beside this one; `owns` are the fields on which it has the last word."""

    owns: Texts = ()


Keep = Literal["longest", "newest", "complete", "source", "by_hand"]


class Merge(Table):
    """Which of differing values stays when customers are merged; what a person set comes before every rule.

    `longest`: the fullest text; `newest`: the one written last; `complete`: that of the record with most fields
    filled; `source`: that of the first of `sources`; `by_hand`: a person chooses, nothing is merged without one.
    `fields` says it for single fields.
    """

    default: Keep = "longest"
    sources: Texts = ()
    fields: dict[str, Keep] = Field(default_factory=dict)


class Messages(Table):
    """What imports of chats keep. `me`: my own names and ids, where a file does not say which messages are mine.

    `notes`: a text message that holds one of these words (or patterns) is kept as a follow-up; no other text is.
    """

    me: Texts = ()
    notes: tuple[Annotated[Pattern, Field(min_length=1)], ...] = ()


class Remind(Table):
    """`max_plan_days`: a plan protects from "stalled" so long; `levels`: days overdue for owner, manager, risk.

    `ahead_days`: how early a coming day is told; `silent_days`: a customer with an owner whom nobody contacted for so
    long is told, None: never; `roles`: a deal beyond its first stage needs a contact with one of these roles, empty:
    not asked. `notify` are addresses of the notification library, or "env:NAME" of a variable that holds one.
    """

    max_plan_days: Days = 30
    levels: tuple[Days, Days, Days] = (3, 5, 7)
    ahead_days: Annotated[Whole, Field(ge=0)] = 3
    silent_days: Days | None = None
    roles: Texts = ()
    notify: Texts = ()


class Daily(Table):
    """What `run daily` does, in this order, and how many of its backups stay; `out` is the folder for its files."""

    steps: tuple[Literal["backup", "grade", "assign", "pool", "remind", "snapshot"], ...] = (
        "backup",
        "grade",
        "assign",
        "pool",
        "remind",
        "snapshot",
    )
    keep_backups: Days = 14
    out: Name = "daily"


class Settings(Table):
    """The whole of crm.toml. A pool named 公海 is always there, configured or not."""

    workspace: Workspace = Workspace()
    pipeline: Annotated[tuple[PipelineTable, ...], Field(default_factory=default_pipelines, min_length=1)]
    loss: Loss = Loss()
    lead: Lead = Lead()
    owner: tuple[OwnerTable, ...] = ()
    assign: Assign = Assign()
    grade: Grade = Grade()
    pool: tuple[Pool, ...] = (Pool(name=PUBLIC_POOL),)
    target: tuple[Target, ...] = ()
    goal: tuple[Goal, ...] = ()
    source: dict[str, SourceTable] = Field(default_factory=dict)
    merge: Merge = Merge()
    messages: Messages = Messages()
    collision: Collision = Collision()
    remind: Remind = Remind()
    daily: Daily = Daily()
    preset: tuple[PresetTable, ...] = ()

    @property
    def pools(self) -> tuple[Pool, ...]:
        """Return the configured pools, with 公海 behind them where it is not among them."""
        named = {pool.name for pool in self.pool}
        return self.pool if PUBLIC_POOL in named else (*self.pool, Pool(name=PUBLIC_POOL))

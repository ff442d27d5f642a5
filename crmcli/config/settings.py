"""What crm.toml may say: one frozen model a table, every default visible.

The keys are a contract. A value that is only suspicious passes here; `check` looks at what the parts say together.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from crmcli.config.preset_table import PresetTable
from crmcli.config.table import Days, Leave, Limit, Name, Pattern, Real, Switch, Table, Texts, Weekday, Whole
from crmcli.domain.assignment.model import PUBLIC_POOL
from crmcli.domain.loss_reasons import DEFAULT_REASONS
from crmcli.domain.pipeline import DEFAULT_LOST, DEFAULT_PIPELINE, DEFAULT_VOID, DEFAULT_WON

# tags that pydantic puts into the place of a mistake and that the file does not hold
WHOM_TAGS = frozenset({"(name)", "(names)", "(group)"})
_PERIOD = r"^[0-9]{4}(Q[1-4]|H[12]|-(0[1-9]|1[0-2]))?$"


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (LookupError, ValueError, OSError):  # of a folder of zones, or a name that is no path
        raise PydanticCustomError("unknown_zone", "no time zone of that name") from None
    return value


def _whom_tag(value: Any) -> str:
    return "(name)" if isinstance(value, str) else "(group)" if isinstance(value, Mapping | BaseModel) else "(names)"


class Workspace(Table):
    """`language` None: the machine's locale decides. `min_n`: a rate over fewer cases is not printed."""

    name: str = ""
    language: Literal["zh", "en"] | None = None
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    week_starts: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"
    min_n: Annotated[Whole, Field(ge=1)] = 5


class StageTable(Table):
    """One stage. `probability` 0-100, None unknown; `rot_days` None: never stalled by silence alone."""

    name: Name
    probability: Annotated[Real, Field(ge=0, le=100)] | None = None
    rot_days: Days | None = None
    category: Literal["pipeline", "best_case", "commit", "omitted"] = "pipeline"
    require: Texts = ()


class PipelineTable(Table):
    """One sales process; `synonyms` are stage or end -> texts in old sheets."""

    key: Name
    name: str = ""
    stages: Annotated[tuple[StageTable, ...], Field(min_length=1)]
    won: Name = DEFAULT_WON
    lost: Name = DEFAULT_LOST
    void: Name = DEFAULT_VOID
    synonyms: dict[str, Texts] = Field(default_factory=dict)


class Loss(Table):
    """The loss reasons; `synonyms` are reason -> texts in old sheets."""

    required: Switch = True
    reasons: Texts = DEFAULT_REASONS
    synonyms: dict[str, Texts] = Field(default_factory=dict)


class OwnerTable(Table):
    """One salesperson; what is not written here comes from the imported owner of that name, if there is one."""

    name: Name
    team: str = ""
    region: str = ""
    provinces: Texts = ()
    manager: str = ""
    weight: Annotated[Real, Field(ge=0)] = 1
    max_open: Limit = None
    max_per_day: Limit = None
    max_per_month: Limit = None
    leave: tuple[Leave, ...] = ()
    work_days: tuple[Weekday, ...] = ()
    deputy: str = ""
    active: Switch = True


class Group(Table):
    """Everybody of a team, region or manager; several keys mean those that fit all."""

    team: Annotated[Texts, BeforeValidator(_listed)] = ()
    region: Annotated[Texts, BeforeValidator(_listed)] = ()
    manager: Annotated[Texts, BeforeValidator(_listed)] = ()


Whom = Annotated[
    Annotated[str, Tag("(name)")]
    | Annotated[Texts, Field(min_length=1), Tag("(names)")]
    | Annotated[Group, Tag("(group)")],
    Discriminator(_whom_tag),
]


class AssignRule(Table):
    """One assignment rule. `on_full`: what happens when the member whose turn it is has reached a limit."""

    name: Name
    when: dict[str, Any] = Field(default_factory=dict)
    to: Whom
    strategy: Literal["fixed", "round_robin", "weighted", "least_load"] = "round_robin"
    on_full: Literal["next_member", "next_rule", "fallback"] = "next_member"
    only_new: Switch = False
    min_age: Annotated[Whole, Field(ge=0)] = 0


class Assign(Table):
    """The switches of assignment and its rules in order. `holidays` "": rest days are not looked at."""

    sticky: Switch = True
    reassign: Switch = False
    catch_up: Annotated[Whole, Field(ge=0)] = 0
    fallback: Name = PUBLIC_POOL
    holidays: Literal["", "CN"] = ""
    rule: tuple[AssignRule, ...] = ()


class GradeRule(Table):
    """Points for a deal that meets `when`."""

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


class Pool(Table):
    """One public pool; `claim_per_day` None: no limit."""

    name: Name
    recycle: Recycle = Recycle()
    notice_days: Annotated[Whole, Field(ge=0)] = 3
    claim_per_day: Annotated[Whole, Field(ge=0)] | None = None
    previous_owner_days: Annotated[Whole, Field(ge=0)] = 0


class Target(Table):
    """What an owner or a team is to win in a period (2026, 2026H1, 2026Q4, 2026-10); `amount` in yuan."""

    owner: str = ""
    team: str = ""
    period: Annotated[str, Field(pattern=_PERIOD)]
    amount: Annotated[Decimal, Field(ge=0)] | None = None
    count: Annotated[Whole, Field(ge=0)] | None = None


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
    """`max_plan_days`: a plan protects from "stalled" so long; `levels`: days overdue for owner, manager, risk."""

    max_plan_days: Days = 30
    levels: tuple[Days, Days, Days] = (3, 5, 7)
    notify: Texts = ()


def _default_pipelines() -> tuple[PipelineTable, ...]:
    usual = DEFAULT_PIPELINE
    stages = [
        {
            "name": stage.name,
            "probability": stage.probability,
            "rot_days": stage.rot_days,
            "category": stage.category,
            "require": stage.require,
        }
        for stage in usual.stages
    ]
    return (PipelineTable.model_validate({"key": usual.key, "name": usual.name, "stages": stages}),)


class Settings(Table):
    """The whole of crm.toml. A pool named 公海 is always there, configured or not."""

    workspace: Workspace = Workspace()
    pipeline: Annotated[tuple[PipelineTable, ...], Field(default_factory=_default_pipelines, min_length=1)]
    loss: Loss = Loss()
    owner: tuple[OwnerTable, ...] = ()
    assign: Assign = Assign()
    grade: Grade = Grade()
    pool: tuple[Pool, ...] = (Pool(name=PUBLIC_POOL),)
    target: tuple[Target, ...] = ()
    source: dict[str, SourceTable] = Field(default_factory=dict)
    merge: Merge = Merge()
    messages: Messages = Messages()
    remind: Remind = Remind()
    preset: tuple[PresetTable, ...] = ()

    @property
    def pools(self) -> tuple[Pool, ...]:
        """Return the configured pools, with 公海 behind them where it is not among them."""
        named = {pool.name for pool in self.pool}
        return self.pool if PUBLIC_POOL in named else (*self.pool, Pool(name=PUBLIC_POOL))

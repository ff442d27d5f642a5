"""What crm.toml says of those who sell, and of the rules that give them opportunities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Discriminator, Field, Tag

from crmcli.config.table import Days, Leave, Limit, Name, Real, Switch, Table, Texts, Weekday, Whole, WorkHours
from crmcli.domain.assignment.model import PUBLIC_POOL

# tags that pydantic puts into the place of a mistake and that the file does not hold
WHOM_TAGS = frozenset({"(name)", "(names)", "(group)"})


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _whom_tag(value: Any) -> str:
    return "(name)" if isinstance(value, str) else "(group)" if isinstance(value, Mapping | BaseModel) else "(names)"


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
    """The switches of assignment and its rules in order. `holidays` "": rest days are not looked at.

    Whoever does not contact a deal within `first_contact_hours` of `work_hours` loses it to the next, at most
    `first_contact_moves` times; then it is the manager's. None: no such clock.
    """

    sticky: Switch = True
    reassign: Switch = False
    catch_up: Annotated[Whole, Field(ge=0)] = 0
    fallback: Name = PUBLIC_POOL
    holidays: Literal["", "CN"] = ""
    first_contact_hours: Days | None = None
    first_contact_moves: Annotated[Whole, Field(ge=0)] = 2
    work_hours: WorkHours = ("09:00", "18:00")
    rule: tuple[AssignRule, ...] = ()

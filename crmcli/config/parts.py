"""Settings -> what the domain works with: pipelines, loss reasons, owners, assignment rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crmcli.config.people import AssignRule, Group, OwnerTable
from crmcli.config.process import PipelineTable, StageTable
from crmcli.config.settings import Pool, Settings
from crmcli.domain.assignment.model import Owner, Rule, Switches, Whom
from crmcli.domain.conditions import Condition, parse_condition
from crmcli.domain.grading import GradeRule, GradeScale
from crmcli.domain.loss_reasons import LossReasons
from crmcli.domain.ownership import Ownership, ownership
from crmcli.domain.pipeline import Pipeline, Stage, StageTask
from crmcli.domain.pool import PublicPool, RecycleRule
from crmcli.domain.values.text import fold

EVERYBODY = "*"
_STORED = ("team", "region", "provinces", "manager", "weight", "active")


def pipelines(settings: Settings) -> tuple[Pipeline, ...]:
    """Return the sales processes in the file's order; there is always one."""
    return tuple(_pipeline(table) for table in settings.pipeline)


def _pipeline(table: PipelineTable) -> Pipeline:
    return Pipeline(
        table.key,
        table.name or table.key,
        tuple(_stage(stage, rank) for rank, stage in enumerate(table.stages, 1)),
        table.won,
        table.lost,
        table.void,
        table.synonyms,
        table.renamed,
        condition(table.when) if table.when else None,
        table.qualified_stage,
    )


def _stage(table: StageTable, rank: int) -> Stage:
    return Stage(
        name=table.name,
        rank=rank,
        probability=table.probability,
        rot_days=table.rot_days,
        category=table.category,
        require=table.require,
        max_days=table.max_days,
        checklist=table.checklist,
        tasks=tuple(StageTask(task.title, task.owner, task.days) for task in table.tasks),
        approval=table.approval,
    )


def loss_reasons(settings: Settings) -> LossReasons:
    """Return the company's loss reasons."""
    return LossReasons(settings.loss.reasons, settings.loss.synonyms, settings.loss.required)


def owning_sources(settings: Settings) -> Ownership:
    """Return which sources decide on which fields."""
    return ownership({name: source.owns for name, source in settings.source.items()})


def owners(settings: Settings, stored: Sequence[Mapping[str, Any]] = ()) -> tuple[Owner, ...]:
    """Return everybody who sells: those of crm.toml, then those only the database knows, each in the order given.

    `stored` are the database's owner records. What crm.toml says of somebody wins over the record.
    """
    records = {fold(record["name"]): record for record in reversed(stored)}
    written = [_owner(table, records.get(fold(table.name), {})) for table in settings.owner]
    known = {fold(owner.name) for owner in written}
    others = [record for key, record in reversed(records.items()) if key not in known]
    return (*written, *(_owner(OwnerTable(name=record["name"]), record) for record in others))


def _owner(table: OwnerTable, record: Mapping[str, Any]) -> Owner:
    values = {key: getattr(table, key) for key in OwnerTable.model_fields}
    for key in _STORED:
        if key not in table.model_fields_set and record.get(key) not in (None, "", []):
            values[key] = record[key]
    values["provinces"] = tuple(values["provinces"])
    values["active"] = bool(values["active"])
    return Owner(**values)


def switches(settings: Settings) -> Switches:
    """Return what holds for every assignment rule."""
    assign = settings.assign
    return Switches(
        assign.sticky,
        assign.reassign,
        assign.catch_up,
        assign.fallback,
        assign.holidays,
        assign.first_contact_hours,
        assign.first_contact_moves,
        assign.work_hours,
    )


def assignment_rules(settings: Settings) -> tuple[Rule, ...]:
    """Return the assignment rules in order, of settings that `load_settings` has let pass."""
    return tuple(_rule(table) for table in settings.assign.rule)


def _rule(table: AssignRule) -> Rule:
    return Rule(
        name=table.name,
        when=condition(table.when),
        to=whom(table),
        strategy=table.strategy,
        on_full=table.on_full,
        only_new=table.only_new,
        min_age_days=table.min_age,
    )


def grade_scale(settings: Settings) -> GradeScale:
    """Return the points and thresholds by which opportunities are graded."""
    rules = (
        GradeRule(rule.name or _written(rule.when), condition(rule.when), rule.points) for rule in settings.grade.rule
    )
    return GradeScale(settings.grade.a, settings.grade.b, tuple(rules))


def _written(when: Mapping[str, Any]) -> str:
    """Return a condition as one line, the name of a rule that has none: `amount >= 200000, industry 制造/化工`."""
    told = (f"{key} {'/'.join(map(str, one)) if isinstance(one, list | tuple) else one}" for key, one in when.items())
    return ", ".join(told) or EVERYBODY


def condition(when: Mapping[str, Any]) -> Condition:
    """Return the tree of a `when` that was checked when the settings were read."""
    parsed = parse_condition(when)
    return parsed if isinstance(parsed, Condition) else Condition()


def whom(table: AssignRule) -> Whom:
    """Return whom a rule gives to: `"*"` is a group without bounds, everybody."""
    to = table.to
    if isinstance(to, Group):
        return Whom(team=to.team, region=to.region, manager=to.manager)
    names = (to,) if isinstance(to, str) else to
    return Whom() if EVERYBODY in names else Whom(names=names)


def public_pools(settings: Settings) -> tuple[PublicPool, ...]:
    """Return the public pools in the file's order, 公海 always among them."""
    return tuple(_pool(table, settings.assign.holidays) for table in settings.pools)


def _pool(table: Pool, holidays: str) -> PublicPool:
    rules = tuple(
        RecycleRule(rule.level, rule.no_follow_up_days, rule.no_opportunity_days, rule.no_deal_days)
        for rule in table.recycling
    )
    return PublicPool(
        name=table.name,
        enabled=table.enabled,
        when=condition(table.when),
        rules=rules,
        protect=table.protect,
        open_deals=table.open_deals,
        calendar=holidays if table.working_days else None,
        notice_days=table.notice_days,
        members=frozenset(fold(name) for name in table.members),
        claim_per_day=table.claim_per_day,
        max_owned=table.max_owned,
        previous_owner_days=table.previous_owner_days,
        new_days=table.new_days,
    )

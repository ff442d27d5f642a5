"""What crm.toml says of sales processes, loss reasons and leads."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from crmcli.config.table import Days, Name, Real, Switch, Table, Texts, Whole
from crmcli.domain.leads import DEFAULT_REASONS as DEFAULT_LEAD_REASONS
from crmcli.domain.loss_reasons import DEFAULT_REASONS
from crmcli.domain.pipeline import DEFAULT_LOST, DEFAULT_PIPELINE, DEFAULT_VOID, DEFAULT_WON


class StageTask(Table):
    """A task that entering a stage makes. `owner` is a name, "owner" or "manager" of the deal; due in `days`."""

    title: Name
    owner: Name = "owner"
    days: Annotated[Whole, Field(ge=0)] = 0


class StageTable(Table):
    """One stage. `probability` 0-100, None unknown; `rot_days` None: never stalled by silence alone.

    `require` are fields to fill and `checklist` things to tick before it is entered, and `approval` is who must have
    approved that (a name, or "manager"; "" nobody). `max_days` is how long a deal may be in it.
    """

    name: Name
    probability: Annotated[Real, Field(ge=0, le=100)] | None = None
    rot_days: Days | None = None
    category: Literal["pipeline", "best_case", "commit", "omitted"] = "pipeline"
    require: Texts = ()
    max_days: Days | None = None
    checklist: Texts = ()
    tasks: tuple[StageTask, ...] = ()
    approval: str = ""


class PipelineTable(Table):
    """One sales process; `synonyms` are stage or end -> texts in old sheets.

    `renamed` are stages that crm.toml once had -> what they are now; `when` tells which new deals take this process.
    Sales cycles count from the entry of `qualified_stage`; "": from the creation.
    """

    key: Name
    name: str = ""
    stages: Annotated[tuple[StageTable, ...], Field(min_length=1)]
    won: Name = DEFAULT_WON
    lost: Name = DEFAULT_LOST
    void: Name = DEFAULT_VOID
    synonyms: dict[str, Texts] = Field(default_factory=dict)
    renamed: dict[str, Name] = Field(default_factory=dict)
    when: dict[str, Any] = Field(default_factory=dict)
    qualified_stage: str = ""


class Loss(Table):
    """The loss reasons; `synonyms` are reason -> texts in old sheets."""

    required: Switch = True
    reasons: Texts = DEFAULT_REASONS
    synonyms: dict[str, Texts] = Field(default_factory=dict)


class Lead(Table):
    """Why leads come to nothing: one of `reasons` must be given."""

    reasons: Annotated[Texts, Field(min_length=1)] = DEFAULT_LEAD_REASONS


def default_pipelines() -> tuple[PipelineTable, ...]:
    """Return the process that holds where crm.toml has none."""
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

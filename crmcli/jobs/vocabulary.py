"""What written texts mean in this workspace: crm.toml's words, and those that people said since."""

from __future__ import annotations

import re

from crmcli.config import parts
from crmcli.domain.conditions import Condition, parse_condition
from crmcli.domain.loss_reasons import LossReasons
from crmcli.domain.pipeline import Pipeline
from crmcli.domain.values.text import fold
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import Database
from crmcli.store.records import fetch_where

# what texts are said to mean: a stage or an end, a loss reason, an owner
STAGE, REASON, OWNER = "stage", "loss_reason", "owner"
_OPERATOR = re.compile(r"^[<>=!≥≤≠＜＞＝！\s]+")  # what stands before a value in a condition


def stored_words(db: Database, kind: str) -> dict[str, str]:
    """Return written text -> what it means, in the order they were said; a text that is to stay means itself."""
    return {one["written"]: one["meaning"] for one in fetch_where(db, "synonym", "kind = ?", (kind,))}


def pipelines(workspace: Workspace) -> tuple[Pipeline, ...]:
    """Return the sales processes; what crm.toml says of a text counts more than what the database says."""
    words = stored_words(workspace.db, STAGE)
    return tuple(pipeline.with_words(words) for pipeline in parts.pipelines(workspace.settings))


def loss_reasons(workspace: Workspace) -> LossReasons:
    """Return the company's loss reasons; crm.toml's words count more than the database's."""
    return parts.loss_reasons(workspace.settings).with_words(stored_words(workspace.db, REASON))


def customer_levels(workspace: Workspace) -> tuple[str, ...]:
    """Return the levels that a customer may be given: those that crm.toml's rules name, and those that customers have.

    Empty where no rule asks for a level: then any will do.
    """
    settings = workspace.settings
    named = [level for pool in settings.pool for rule in pool.recycling for level in rule.level]
    whens = [rule.when for rule in settings.assign.rule] + [rule.when for rule in settings.grade.rule]
    whens += [pool.when for pool in settings.pool] + [pipeline.when for pipeline in settings.pipeline]
    for parsed in map(parse_condition, whens):
        tests = parsed.tests if isinstance(parsed, Condition) else ()
        named += [_OPERATOR.sub("", one.written) for either in tests for one in either if one.key == "level"]
    if not any(named):
        return ()
    used = workspace.db.values("SELECT DISTINCT level FROM customer WHERE level IS NOT NULL ORDER BY 1")
    known: dict[str, str] = {}
    for level in (*named, *used):
        known.setdefault(fold(level), level)
    known.pop("", None)
    return tuple(known.values())


def owner_names(workspace: Workspace) -> dict[str, str]:
    """Return folded name -> name of everybody who is known as an owner, in crm.toml or in the database."""
    stored = [owner["name"] for owner in fetch_where(workspace.db, "owner")]
    names = [*stored, *(owner.name for owner in workspace.settings.owner)]
    return {fold(name): name for name in names if name}

"""The weights in use: those that ship, or those that the last `dedupe run --refit` fitted to the customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crmcli.domain.records import ENTITIES, Record
from crmcli.jobs.workspace import Workspace
from crmcli.matching.frequency import Frequency
from crmcli.matching.model import DEFAULT, Level, Model
from crmcli.matching.model_text import fits_of, from_plain, to_plain, version_of
from crmcli.matching.records import MatchBatch
from crmcli.matching.refit import LevelFit, refit
from crmcli.store.database import Database
from crmcli.store.journal import Run
from crmcli.store.records import fetch_where

_PLAIN = ("base", "levels", "matches", "frequencies")


@dataclass(frozen=True, slots=True)
class ModelShown:
    """The model in use: its name, what it was fitted from ("" for the shipped one), its fitted and the shipped levels.

    `matches`: field -> pairs of one customer that spoke for it. `frequencies`: term -> how often its values occur.
    """

    version: str
    base: str
    levels: list[LevelFit]
    shipped: Mapping[str, tuple[Level, ...]]
    matches: Mapping[str, int]
    frequencies: Mapping[str, Frequency]
    auto_score: float
    review_score: float


def current_model(db: Database) -> Model:
    """Return the model that customers are compared with: the one fitted last, or the shipped one."""
    stored = _last(db)
    return from_plain(stored, stored["version"], DEFAULT) if stored else DEFAULT


def refit_model(run: Run, batch: MatchBatch) -> Model:
    """Return the model fitted to a batch, which is stored; from the shipped one, so that it does not creep.

    Fitted twice to the same customers it is the same, and nothing is stored.
    """
    plain = to_plain(refit(batch, DEFAULT))
    stored = _last(run.db)
    if stored and all(stored[key] == plain[key] for key in _PLAIN):
        return current_model(run.db)
    version = version_of(plain, f"R{run.id}")
    run.insert("model", [ENTITIES["model"].blank() | plain | {"version": version}])
    return from_plain(plain, version, DEFAULT)


def show_model(workspace: Workspace) -> ModelShown:
    """Return the model in use, for people."""
    stored: Mapping[str, Any] = _last(workspace.db) or {"base": "", "levels": {}, "matches": {}}
    model = current_model(workspace.db)
    return ModelShown(
        version=model.version,
        base=stored["base"],
        levels=fits_of(stored),
        shipped=DEFAULT.levels,
        matches=stored["matches"],
        frequencies=model.frequencies,
        auto_score=model.auto_score,
        review_score=model.review_score,
    )


def _last(db: Database) -> Record | None:
    return max(fetch_where(db, "model"), key=lambda one: int(one["id"]), default=None)

"""A fitted model as plain data that a person can read, and back; its name tells its content."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from hashlib import sha256
from typing import Any

from crmcli.matching.frequency import Frequency
from crmcli.matching.model import Level, Model
from crmcli.matching.refit import LevelFit, Refit

Plain = dict[str, Any]


def to_plain(fitted: Refit) -> Plain:
    """Return a fitted model as plain data: what it was fitted from, its levels and its frequencies.

    Levels: field -> level -> weight before and after, m and u. `matches`: field -> pairs of one customer that spoke.
    """
    levels: dict[str, Plain] = {}
    for fit in fitted.levels:
        shown = {"before": fit.before, "after": fit.after, "m": _rounded(fit.m), "u": _rounded(fit.u)}
        levels.setdefault(fit.field, {})[fit.level] = shown
    return {
        "base": fitted.base,
        "levels": levels,
        "matches": {field: round(number) for field, number in fitted.matches.items()},
        "frequencies": {term: asdict(one) for term, one in fitted.model.frequencies.items() if one.records},
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 9)


def from_plain(plain: Mapping[str, Any], version: str, base: Model) -> Model:
    """Return `base` with the weights and frequencies of a fitted model; what that does not have stays."""

    def fitted(field: str, level: Level) -> Level:
        known = plain["levels"].get(field, {}).get(level.name)
        return replace(level, weight=known["after"]) if known else level

    levels = {field: tuple(fitted(field, level) for level in known) for field, known in base.levels.items()}
    frequencies = {term: Frequency(**one) for term, one in plain["frequencies"].items() if term in base.frequencies}
    return replace(base, version=version, levels=levels, frequencies={**base.frequencies, **frequencies})


def fits_of(plain: Mapping[str, Any]) -> list[LevelFit]:
    """Return the fitted levels of plain data."""
    return [
        LevelFit(field, level, one["before"], one["after"], one["m"], one["u"])
        for field, levels in plain["levels"].items()
        for level, one in levels.items()
    ]


def version_of(plain: Plain, run: str) -> str:
    """Return the name of a model that a run fitted; models of different content have different names.

    >>> version_of({"levels": {}}, "R7")
    'R7-em-43b6'
    """
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True)
    return f"{run}-em-{sha256(text.encode()).hexdigest()[:4]}"

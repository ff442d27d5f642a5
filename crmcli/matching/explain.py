"""Why two records are, or are not, the same customer: one reason a field."""

from __future__ import annotations

from dataclasses import dataclass

from crmcli.i18n import Message
from crmcli.matching.comparisons import compare
from crmcli.matching.features import features_of
from crmcli.matching.model import DEFAULT, Model
from crmcli.matching.pairs import TIERS, score_pairs
from crmcli.matching.records import MatchBatch

_SOURCE_COLUMNS = {
    "credit_code": "credit_codes",
    "phone": "phones",
    "email": "emails",
    "wechat": "wechat",
    "contact": "contacts",
    "address": "addresses",
    "city": "cities",
}
_PARTS = ("brand", "trade", "digits")


@dataclass(frozen=True, slots=True)
class Reason:
    """What one field says: its level, the level's weight, the sentence, and what stands on either side."""

    field: str
    level: str
    weight: float
    message: Message
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The reasons of one pair, strongest first, with their score 0-100 and tier."""

    reasons: list[Reason]
    score: float
    tier: str
    model_version: str


def explain(batch: MatchBatch, a: str, b: str, model: Model = DEFAULT) -> Explanation:
    """Return why the records with the ids `a` and `b` have their score; fields unknown on both sides are left out.

    Raises:
        ValueError: an id is not in the batch.
    """
    import numpy as np

    records = batch.take([batch.ids.index(a), batch.ids.index(b)])
    features = features_of(records)
    pair = np.array([[0, 1]], dtype=np.int64)
    reasons = []
    for field, found in compare(features, pair).items():
        level = model.levels[field][int(found[0])]
        if level.name == "unknown":
            continue
        left, right = (_evidence(records, field, row) for row in (0, 1))
        message = Message(level.reason.text, {"a": left, "b": right})
        reasons.append(Reason(field, level.name, level.weight, message, left, right))
    scored = score_pairs(features, pair, model, keep_different=True)
    reasons.sort(key=lambda r: -abs(r.weight))
    return Explanation(reasons, float(scored.score[0]), TIERS[int(scored.tier[0])], model.version)


def _evidence(records: MatchBatch, field: str, row: int) -> str:
    """Return what the record at `row` says in `field`, as it was written."""
    column = _SOURCE_COLUMNS.get(field)
    if column:
        return records.column(column)[row]
    if field in _PARTS:
        features = features_of(records.take([row]))
        values = {"brand": features.brand, "trade": features.trade, "digits": features.digits}[field].values
        return values[0] if values else ""
    return records.names[row]

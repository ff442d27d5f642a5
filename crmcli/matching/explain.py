"""Why two records are, or are not, the same customer: one reason a field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from crmcli.i18n import Message
from crmcli.matching.coincidence import Coincidence, coincidence
from crmcli.matching.comparisons import compare
from crmcli.matching.features import Features, features_of
from crmcli.matching.model import DEFAULT, Model, score_of
from crmcli.matching.pairs import TIERS, score_pairs
from crmcli.matching.rarity import Rarity, rarities, reason_of
from crmcli.matching.records import MatchBatch

_SOURCE_COLUMNS = {
    "credit_code": "credit_codes",
    "phone": "phones",
    "email": "emails",
    "wechat": "wechat",
    "contact": "contacts",
    "address": "addresses",
    "birth": "births",
    "postcode": "postcodes",
}
_SHARED = ("mobile same", "landline same")
_PARTS = {"brand": "brand", "trade": "trade", "digits": "digits", "city": "home"}


@dataclass(frozen=True, slots=True)
class Reason:
    """What one field says: its level, the level's weight, the sentence, and what stands on either side.

    What the frequency of a value says is a reason of its own, of the level "rare" or "common".
    """

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


def running_scores(weights: Iterable[float]) -> list[float]:
    """Return the score after each of the weights in turn, from 50 where nothing is known.

    >>> running_scores([6.0, 2.5, -1.0])
    [88.9, 95.0, 93.1]
    """
    return [score_of(total) for total in accumulate(weights)]


def explain(batch: MatchBatch, a: str, b: str, model: Model = DEFAULT) -> Explanation:
    """Return why the records with the ids `a` and `b` have their score; fields unknown on both sides are left out.

    Raises:
        ValueError: an id is not in the batch.
    """
    return explain_all(batch, [(a, b)], model)[0]


def explain_all(batch: MatchBatch, pairs: Sequence[tuple[str, str]], model: Model = DEFAULT) -> list[Explanation]:
    """Return the explanation of each pair of ids, in their order.

    Raises:
        ValueError: an id is not in the batch.
    """
    import numpy as np

    wanted = list(dict.fromkeys(record_id for pair in pairs for record_id in pair))
    row_of = {record_id: row for row, record_id in enumerate(batch.ids)}
    if missing := [record_id for record_id in wanted if record_id not in row_of]:
        raise ValueError(f"{missing[0]} is not in the batch")
    records = batch.take([row_of[record_id] for record_id in wanted])
    place = {record_id: row for row, record_id in enumerate(wanted)}
    rows = np.array([[place[a], place[b]] for a, b in pairs], dtype=np.int64).reshape(-1, 2)
    features = features_of(records, model.words)
    levels = compare(features, rows)
    scored = score_pairs(features, rows, model)
    told = _Evidence(records, features)
    rare = list(rarities(features, rows, levels, model))
    chance = coincidence(features, rows, levels, model)
    return [
        Explanation(
            _strongest_first(
                _reasons(told, {field: int(found[i]) for field, found in levels.items()}, place[a], place[b], model)
                + [_frequency(features, rarity, i, model) for rarity in rare if rarity.weights[i]]
                + ([_chance(chance, i)] if chance.weights[i] else [])
            ),
            float(scored.score[i]),
            TIERS[int(scored.tier[i])],
            model.version,
        )
        for i, (a, b) in enumerate(pairs)
    ]


def _reasons(told: _Evidence, levels: dict[str, int], a: int, b: int, model: Model) -> list[Reason]:
    reasons = []
    for field, found in levels.items():
        level = model.levels[field][found]
        if level.name == "unknown":
            continue
        left, right = told.of(field, a), told.of(field, b)
        if field == "phone" and level.name in _SHARED:
            left = right = told.shared_phones(a, b) or left
        message = Message(level.reason.text, {"a": left, "b": right})
        reasons.append(Reason(field, level.name, level.weight, message, left, right))
    return reasons


def _frequency(features: Features, rarity: Rarity, row: int, model: Model) -> Reason:
    """Return what the frequency of the value says in which the pair at `row` agrees."""
    text = rarity.term.values(features).values[int(rarity.codes[row])]
    weight = float(rarity.weights[row])
    level = "rare" if weight > 0 else "common"
    return Reason(rarity.term.field, level, weight, reason_of(rarity.term, text, weight, model), text, text)


def _chance(found: Coincidence, row: int) -> Reason:
    """Return what the number of people says of the pair at `row`."""
    level = "rare" if found.weights[row] > 0 else "common"
    return Reason("person", level, float(found.weights[row]), found.reason(row), "", "")


def _strongest_first(reasons: list[Reason]) -> list[Reason]:
    return sorted(reasons, key=lambda r: -abs(r.weight))


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What each record says, as it was written; parts of names as they were understood."""

    records: MatchBatch
    features: Features

    def of(self, field: str, row: int) -> str:
        """Return what the record at `row` says in `field`."""
        if field == "person":
            return " ".join(filter(None, (self.records.column(c)[row] for c in ("given_names", "surnames"))))
        column = _SOURCE_COLUMNS.get(field)
        if column:
            return self.records.column(column)[row]
        if field in _PARTS:
            part = getattr(self.features, _PARTS[field])
            code = int(part.codes[row])
            return part.values[code] if code >= 0 else ""
        if field == "place" and (code := int(self.features.places[row])) >= 0:
            return "、".join("".join(place) for place in self.features.place_sets[code])
        return self.records.names[row]

    def shared_phones(self, a: int, b: int) -> str:
        """Return the numbers that both records have, as they are written."""
        first, second = (self.records.column("phones")[row].split(";") for row in (a, b))
        return ";".join(number for number in first if number in second)

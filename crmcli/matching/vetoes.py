"""What may never be merged without a person, and what is related but not the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from crmcli.matching.model import AUTO_WEIGHT, Model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Levels = NDArray[np.int8]
    Flags = NDArray[np.bool_]

# what a branch or a sister company must share with the other to be called related
HEAD_WEIGHT = 6.0
HEAD_FIELDS = ("brand", "trade", "place")
# what says beside the names that two records are one customer
BESIDE_FIELDS = ("phone", "email", "wechat", "contact", "address", "postcode", "city")


def vetoed(model: Model, levels: Mapping[str, Levels]) -> tuple[Flags, Flags]:
    """Return per pair whether some field forbids to merge it without asking, and whether that contradicts other links.

    The same valid credit code is the same legal person and outranks every other field. Firms that look alike differ in
    full names: where one name is a short form, a slip contradicts nothing, and forbids nothing if the records are sure
    without their names.
    """
    import numpy as np

    one_person = levels["credit_code"] == model.index("credit_code", "same")
    short: Flags = levels["shorthand"] == model.index("shorthand", "one at least")
    contradicted: Flags = np.zeros(len(one_person), dtype=np.bool_)
    slipped = contradicted.copy()
    for field, found in levels.items():
        slip = np.array([level.never_auto and level.slip for level in model.levels[field]], dtype=np.bool_)
        never = np.array([level.never_auto for level in model.levels[field]], dtype=np.bool_)
        slipped |= slip[found]
        contradicted |= (never & ~slip)[found]
    contradicted = (contradicted | slipped & ~short) & ~one_person
    slipped &= ~contradicted & ~one_person
    slipped[slipped] = ~_sure_without_names(model, {field: found[slipped] for field, found in levels.items()})
    return contradicted | slipped, contradicted


def _sure_without_names(model: Model, levels: Mapping[str, Levels]) -> Flags:
    """Return whether what stands beside the names reaches the auto tier by itself, and no other contact is named.

    One agent's phone and address stand in the records of many firms, each with a contact of its own.
    """
    import numpy as np

    beside = np.sum([weights_of(model, field)[levels[field]] for field in BESIDE_FIELDS], axis=0)
    sure: Flags = (beside >= AUTO_WEIGHT) & (levels["contact"] != model.index("contact", "different"))
    return sure


def related(model: Model, levels: Mapping[str, Levels]) -> Flags:
    """Return per pair whether one is a branch of the other: linked, not merged."""
    one_branch = levels["branch"] == model.index("branch", "one only")
    head = sum(weights_of(model, field)[levels[field]] for field in HEAD_FIELDS)
    result: Flags = one_branch & (head >= HEAD_WEIGHT)
    return result


def weights_of(model: Model, field: str) -> NDArray[np.float64]:
    """Return the weights of a field's levels in the order of the model's table."""
    import numpy as np

    return np.array([level.weight for level in model.levels[field]])

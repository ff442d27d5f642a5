"""What may never be merged without a person, and what is related but not the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from crmcli.matching.model import Model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Levels = NDArray[np.int8]
    Flags = NDArray[np.bool_]

# what a branch or a sister company must share with the other to be called related
HEAD_WEIGHT = 6.0
HEAD_FIELDS = ("brand", "trade", "place")


def vetoed(model: Model, levels: Mapping[str, Levels]) -> Flags:
    """Return per pair whether some field forbids to merge it without asking.

    The same valid credit code is the same legal person and outranks every other field.
    """
    import numpy as np

    one_person = levels["credit_code"] == model.index("credit_code", "same")
    forbidden: Flags = np.zeros(len(one_person), dtype=np.bool_)
    for field, found in levels.items():
        never = np.array([level.never_auto for level in model.levels[field]], dtype=np.bool_)
        forbidden |= never[found]
    forbidden &= ~one_person
    return forbidden


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

"""Pairs that agree in a value -> what it says that the value is rare, or frequent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmcli.i18n import Message, msg
from crmcli.matching.features import Features, Field
from crmcli.matching.frequency import Frequencies, Frequency, frequency_of
from crmcli.matching.model import Model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Levels = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Term:
    """A value whose frequency counts: the field and the levels at which two records agree in it."""

    name: str
    field: str
    levels: tuple[str, ...]
    values: Callable[[Features], Field]


TERMS = (
    Term("brand", "brand", ("same, long", "same"), lambda f: f.brand),
    Term("contact", "contact", ("same",), lambda f: f.contact),
    Term("surname", "contact", ("surname same",), lambda f: f.surname),
    Term("road", "address", ("same", "road same"), lambda f: f.road),
    Term("phone", "phone", ("mobile same", "landline same"), lambda f: Field(f.phones, f.phone_numbers)),
    Term("domain", "email", ("domain same",), lambda f: f.domain),
)


@dataclass(frozen=True, slots=True)
class Rarity:
    """What the frequency of the values says: per pair a weight, and the value's code (-1 where none is agreed in)."""

    term: Term
    codes: Codes
    weights: NDArray[np.float64]


def frequencies_of(features: Features) -> Frequencies:
    """Return how often each term's values occur."""
    import numpy as np

    found = {}
    for term in TERMS:
        values = term.values(features)
        codes = values.codes[values.codes >= 0]
        counts = np.bincount(codes, minlength=len(values.values)).tolist()
        found[term.name] = frequency_of({text: n for text, n in zip(values.values, counts, strict=True) if n})
    return found


def rarities(f: Features, pairs: Codes, levels: Mapping[str, Levels], model: Model) -> Iterator[Rarity]:
    """Yield what each term says of `pairs` (rows, n x 2) with their levels; of several shared values the rarest."""
    import numpy as np

    for term in TERMS:
        at = [model.index(term.field, level) for level in term.levels]
        rows = np.flatnonzero(np.isin(levels[term.field], at))
        codes, weights = np.full(len(pairs), -1, dtype=np.int64), np.zeros(len(pairs))
        codes[rows], weights[rows] = _rarest(term, term.values(f), pairs[rows], model.frequencies[term.name])
        yield Rarity(term, codes, weights)


def _rarest(term: Term, values: Field, pairs: Codes, frequency: Frequency) -> tuple[Codes, NDArray[np.float64]]:
    """Return per pair the code of the rarest value that both have, -1 where none is, and what its frequency says."""
    import numpy as np

    columns = values.codes if values.codes.ndim > 1 else values.codes[:, None]
    best, weights = np.full(len(pairs), -1, dtype=np.int64), np.full(len(pairs), -np.inf)
    for i in range(columns.shape[1]):
        left = columns[pairs[:, 0], i]
        for j in range(columns.shape[1]):
            shared = np.flatnonzero((left >= 0) & (left == columns[pairs[:, 1], j]))
            single, position = np.unique(left[shared], return_inverse=True)
            texts = map(values.values.__getitem__, single.tolist())
            said = np.array(frequency.adjustments(term.name, texts))
            rarer = shared[said[position] > weights[shared]] if len(single) else shared
            best[rarer] = left[rarer]
            weights[rarer] = said[position][said[position] > weights[shared]] if len(single) else 0.0
    return best, np.where(best >= 0, weights, 0.0)


def reason_of(term: Term, text: str, weight: float, model: Model) -> Message:
    """Return what the frequency of `text` says, in words; `b` stands in the arguments as in every reason."""
    frequency = model.frequencies[term.name]
    if not frequency.records:
        return msg("{a} is rare", a=text, b=text) if weight > 0 else msg("{a} is common", a=text, b=text)
    said = {"a": text, "b": text, "count": max(round(frequency.count(text)), 1), "total": f"{frequency.records:,}"}
    if weight > 0:
        return msg("{a} is rare: about {count} of {total}", **said)
    return msg("{a} is common: about {count} of {total}", **said)

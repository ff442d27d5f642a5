"""Which pairs of records may be worth a comparison: the rest are different, whatever their texts say.

What is cheap to see, whether codes are equal and texts have a character in common, bounds the weight that a comparison
can find. Where the bound does not reach the review tier, and neither can be a branch of the other, none is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crmcli.matching.features import Features
from crmcli.matching.model import Model, score_of
from crmcli.matching.names_compared import long_ones
from crmcli.matching.rarity import TERMS
from crmcli.matching.vetoes import HEAD_FIELDS, HEAD_WEIGHT, weights_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Masks = NDArray[np.uint64]
    Table = NDArray[np.int32]
    Weights = NDArray[np.float64]

# what two records may share, a bit each: of the name ("long brand": one of those that weigh more; "branch": both name
# one or neither does; "trade near": their trades may have a character in common; "place near": their places a province)
_NAME = ("name", "brand", "long brand", "trade", "place", "branch", "trade near", "place near")
# and beside the name ("mails": both have mail; "latin number": the house number in a Latin road)
_BESIDE = (
    *("phone", "email", "domain", "mails", "wechat", "credit_code", "contact", "surname"),
    *("road", "latin number", "city", "postcode"),
)
# which of them are equal codes, in the order of the columns; a blank column leaves its bit to another sign
_NAME_CODES, _BESIDE_CODES = _NAME[:6], ("", *_BESIDE[1:])
_TRADE_NEAR, _PLACE_NEAR = _NAME.index("trade near"), _NAME.index("place near")

# field -> level -> the sign without which ("-": with which) it does not hold; any other may hold at any time
_NEEDS: Mapping[str, Mapping[str, str]] = {
    "name": {"identical": "name"},
    "brand": {"same, long": "long brand", "same": "brand"},
    "trade": {"same": "trade", "one slip": "-brand", "slip": "-brand"},
    "place": {"same": "place"},
    "branch": {"same": "branch", "near": "branch", "different": "branch", "one only": "-branch"},
    "phone": {"mobile same": "phone", "landline same": "phone", "one digit off": "contact", "end same": "phone"},
    "email": {"same": "email", "almost same": "mails", "domain same": "domain"},
    "wechat": {"same": "wechat"},
    "credit_code": {"same": "credit_code"},
    "contact": {"same": "contact", "surname same": "surname"},
    "address": {"same": "road", "street same": "latin number", "road same": "road", "almost same": "latin number"},
    "city": {"same": "city"},
    "postcode": {"same": "postcode"},
}
# field -> levels that do not hold of texts with nothing in common
_NEAR: Mapping[str, tuple[str, ...]] = {
    "trade": ("unknown", "same", "neither", "shortened", "extended", "near"),
    "place": ("unknown", "same", "neither", "in the address", "one only", "partly", "partly, full names"),
}
_OF_NAME = ("name", "brand", "trade", "place", "branch")
# fields that say nothing but of records that are compared always
_UNSEEN = ("name_words", "person", "birth")
_ROUNDING = 1e-6
_BITS = 64
# columns of a table: as many as its bits have places
_WIDTH = 16
# pairs looked at together: few enough for the processor's cache
_TOGETHER = 1 << 15


@dataclass(frozen=True, slots=True)
class Promise:
    """Tells pairs that may be worth a comparison.

    `name` and `beside` are codes, a row a record; an unknown one is like no other. `trades` and `places` are what they
    have as bits, all of them where unknown. `phones` are codes, a column a phone, -1 for none. `unseen` are records of
    which more is compared than the signs show. `most`: field -> the most that it can weigh, for each combination of
    signs; `name_most` and `beside_most` are their sums. `least`: the weight of the review tier.
    """

    name: Table
    beside: Table
    trades: Masks
    places: Masks
    phones: list[NDArray[np.int32]]
    unseen: Flags
    most: Mapping[str, Weights]
    name_most: Weights
    beside_most: Weights
    least: float

    def among(self, rows: Codes) -> Promise:
        """Return the same of some rows, in their order: rows that stand together are looked up faster."""
        return replace(
            self,
            name=self.name.take(rows, axis=0),
            beside=self.beside.take(rows, axis=0),
            trades=self.trades.take(rows),
            places=self.places.take(rows),
            phones=[column.take(rows) for column in self.phones],
            unseen=self.unseen.take(rows),
        )

    def of(self, a: Codes, b: Codes) -> Flags:
        """Return whether the pairs of rows `a` and `b` may be worth a comparison."""
        import numpy as np

        parts = [np.empty(0, dtype=np.bool_)]
        for i in range(0, len(a), _TOGETHER):
            left, right = a[i : i + _TOGETHER], b[i : i + _TOGETHER]
            parts.append(self.weights(self.signs(left, right), left, right) >= self.least)
        return np.concatenate(parts)

    def weights(self, signs: NDArray[np.uint16], a: Codes, b: Codes) -> Weights:
        """Return the most that each pair of rows, which share `signs` of the name, can weigh."""
        import numpy as np

        beside = _equal(self.beside, a, b)
        beside |= self._phone_shared(a, b)
        weights = self.name_most.take(signs) + self.beside_most.take(beside)
        if self.unseen.any():
            weights[self.unseen.take(a) & self.unseen.take(b)] = np.inf
        return weights

    def signs(self, a: Codes, b: Codes) -> NDArray[np.uint16]:
        """Return the signs of the name that each pair of rows shares, a bit each."""
        signs = _equal(self.name, a, b)
        for masks, bit in ((self.trades, _TRADE_NEAR), (self.places, _PLACE_NEAR)):
            signs |= ((masks.take(a) & masks.take(b)) != 0).astype(signs.dtype) << bit
        return signs

    def _phone_shared(self, a: Codes, b: Codes) -> Flags:
        import numpy as np

        shared = np.zeros(len(a), dtype=np.bool_)
        right = [column.take(b) for column in self.phones]
        for column in self.phones:
            left = column.take(a)
            known = left >= 0
            for other in right:
                shared |= (left == other) & known
        return shared


def _equal(table: Table, a: Codes, b: Codes) -> NDArray[np.uint16]:
    """Return in which columns the pairs of rows are equal, a bit a column, the first the lowest."""
    import numpy as np

    equal = table.take(a, axis=0) == table.take(b, axis=0)
    return np.packbits(equal.ravel(), bitorder="little").view("<u2")


def promise_of(features: Features, model: Model) -> Promise:
    """Return what tells which pairs of `features` may reach the review tier under `model`."""
    import numpy as np

    f = features
    long = long_ones(f.brand)
    latin = np.array([*map(str.isascii, f.road.values), True], dtype=np.bool_)
    columns = {
        "name": f.name.codes,
        "brand": f.brand.codes,
        "long brand": np.where(long[f.brand.codes], f.brand.codes, -1),
        "trade": f.trade.codes,
        "place": f.places,
        "branch": (f.branch >= 0).astype(np.int32),
        "email": f.email.codes,
        "domain": f.domain.codes,
        "mails": np.where(f.email.codes >= 0, 0, -1),
        "wechat": f.wechat.codes,
        "credit_code": f.credit_code.codes,
        "contact": f.contact.codes,
        "surname": f.surname.codes,
        "road": f.road.codes,
        "latin number": np.where(latin[f.road.codes], f.number.codes, -1),
        "city": f.home.codes,
        "postcode": f.postcode.codes,
    }
    ends = f.phone_ends.codes if f.phone_ends.values else f.phones
    most = _most_of_all(model)
    return Promise(
        name=_table(f.size, [columns.get(sign) for sign in _NAME_CODES]),
        beside=_table(f.size, [columns.get(sign) for sign in _BESIDE_CODES]),
        trades=_masks(f.trade.values)[f.trade.codes],
        places=_masks([{place.province for place in places} for places in f.place_sets])[f.places],
        phones=[column.astype(np.int32) for column in ends.T],
        unseen=f.latin | (f.name.codes < 0) | (f.given >= 0) | (f.surnames >= 0) | (f.birth.codes >= 0),
        most=most,
        name_most=_name_most(most),
        beside_most=np.sum([most[field] for field in most if field not in _OF_NAME], axis=0),
        least=_least(model),
    )


def _table(size: int, columns: Sequence[Codes | None]) -> Table:
    """Return columns of codes side by side; an unknown one gets a code of its own, and so does a blank column."""
    import numpy as np

    alone = -1 - np.arange(size, dtype=np.int32)
    table = np.tile(alone[:, None], _WIDTH)
    for place, codes in enumerate(columns):
        if codes is not None:
            table[:, place] = np.where(codes >= 0, codes, alone)
    return table


def _masks(values: Iterable[Iterable[str]]) -> Masks:
    """Return for each value (some texts) bits that have one in common with another's if they share a text."""
    import numpy as np

    masks = [sum({1 << sum(map(ord, text)) % _BITS for text in texts}) for texts in values]
    return np.array([*masks, 2**_BITS - 1], dtype=np.uint64)


def _least(model: Model) -> float:
    """Return the least weight whose score reaches the review tier."""
    low, high = -100.0, 100.0
    while high - low > _ROUNDING:
        middle = (low + high) / 2
        low, high = (low, middle) if score_of(middle) >= model.review_score else (middle, high)
    return low - _ROUNDING


def _most_of_all(model: Model) -> dict[str, Weights]:
    """Return field -> the most that it can weigh, for each combination of the signs of the name or of those beside."""
    name, beside = (_shared(signs) for signs in (_NAME, _BESIDE))
    fields = (field for field in model.levels if field not in _UNSEEN)
    return {field: _most(model, field, name if field in _OF_NAME else beside) for field in fields}


def _name_most(most: Mapping[str, Weights]) -> Weights:
    """Return the most that each combination of signs of the name can weigh; more than all where one may be a branch."""
    import numpy as np

    related = ~_shared(_NAME)["branch"] & (np.sum([most[field] for field in HEAD_FIELDS], axis=0) >= HEAD_WEIGHT)
    return np.where(related, np.inf, np.sum([most[field] for field in _OF_NAME], axis=0))


def _shared(signs: tuple[str, ...]) -> dict[str, Flags]:
    """Return for each sign which combinations have it."""
    import numpy as np

    combinations = np.arange(1 << len(signs))
    return {sign: (combinations >> bit & 1).astype(bool) for bit, sign in enumerate(signs)}


def _most(model: Model, field: str, shared: Mapping[str, Flags]) -> Weights:
    """Return the most that a field can weigh, for each combination of signs."""
    import numpy as np

    needs, near = _NEEDS.get(field, {}), _NEAR.get(field, ())
    most = np.full(len(next(iter(shared.values()))), -np.inf)
    for level, weight in zip(model.levels[field], tops_of(model, field).tolist(), strict=True):
        sign = needs.get(level.name, "")
        may = np.ones(len(most), dtype=np.bool_)
        if sign:
            may &= ~shared[sign[1:]] if sign.startswith("-") else shared[sign]
        if level.name in near:
            may &= shared[f"{field} near"]
        most[may] = np.maximum(most[may], weight)
    return most


def tops_of(model: Model, field: str) -> Weights:
    """Return the most that each level of a field can weigh: its weight, and what a rare value adds."""
    tops = weights_of(model, field)
    for term in TERMS:
        if term.field == field:
            tops[[model.index(field, level) for level in term.levels]] += max(_rarest(model, term.name), 0.0)
    return tops


def _rarest(model: Model, term: str) -> float:
    """Return the most that the frequency of a value of `term` can add."""
    frequency = model.frequencies[term]
    fewest = min([frequency.rest, *frequency.counts.values()])
    return replace(frequency, rest=fewest, counts={}).adjustment(term, "")

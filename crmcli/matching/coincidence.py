"""What agreement says among so many people: the more there are, the more agree by chance.

Two Roberts born on one day are one person among a thousand, and two among ten million. After Fellegi and Sunter, what
two records agree in is set against the size of the data: among N people it takes log2(N) bits before one person is as
likely as two, and some more to be sure. Names, dates of birth, mail addresses and cities that agree count by their
share of the data instead of by the weight of their level; all else keeps its weight.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import log2
from typing import TYPE_CHECKING

from crmcli.i18n import Message, msg
from crmcli.matching.features import Features
from crmcli.matching.frequency import RECORDS_AT_LARGE, WEIGHT_PER_BIT
from crmcli.matching.model import AUTO_WEIGHT, REVIEW_WEIGHT, Model
from crmcli.matching.people_counts import ONE_PERSON, USUAL_REPEATS, PeopleCounts
from crmcli.matching.vetoes import weights_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pairs = NDArray[np.int64]
    Levels = NDArray[np.int8]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

# so many bits beyond those of chance make two records one person: of the least sure pairs one in 33 is a coincidence,
# of all that are sure less than one in two hundred
SURE_BITS = 5.0
# with so many they are twice as likely one person as two, and worth a question
DOUBTFUL_BITS = 1.0
# data of fewer people are a part of some that have as many
FEWEST_PEOPLE = 1_000
# of people at large so many share a typical value
_GIVEN, _SURNAME, _BIRTH, _MAIL, _CITY = 1 / 200, 1 / 1_000, 1 / 20_000, 1 / 100_000, 1 / 30
# so many more have a name that is almost the same
_SIMILAR_GIVEN, _SIMILAR_SURNAME = 1 / 100, 1 / 300
# a name alone tells less than its parts do together: names run in families
_MOST_NAME_BITS = 14.0
_GENERATION_YEARS = 15
# one mail address and one name, born a generation apart, may be a parent's and a child's
_MOST_FAMILY_MAIL_BITS = 4.0
# another mail address than one's own is one of eight that are stated twice
OTHER_MAIL_BITS = -3.0
# given name and surname are given in either order, each of which may agree
_EITHER_ORDER_BITS = 1.0


@dataclass(frozen=True, slots=True)
class Coincidence:
    """What the number of people says, per pair a weight: 0 where the two are not people. `people`: how many."""

    weights: Floats
    people: int

    def reason(self, row: int) -> Message:
        """Return in words what the weight of the pair at `row` stands for."""
        text = msg("among {people} people so much agrees by chance", people=f"{self.people:,}")
        sure = msg("among {people} people so much seldom agrees by chance", people=f"{self.people:,}")
        return sure if self.weights[row] > 0 else text


def coincidence(f: Features, pairs: Pairs, levels: Mapping[str, Levels], model: Model) -> Coincidence:
    """Return what the number of people in the data, and how many share a value, say of `pairs` (rows, n x 2)."""
    import numpy as np

    counts = model.people
    weights = np.zeros(len(pairs))
    rows = np.flatnonzero((f.name.codes[pairs] < 0).all(axis=1)) if counts.people else np.empty(0, dtype=np.int64)
    if len(rows):
        found = {field: level[rows] for field, level in levels.items()}
        weights[rows] = _beyond_weights(f, pairs[rows, 0], pairs[rows, 1], found, model)
    return Coincidence(weights, counts.people)


def _beyond_weights(f: Features, a: Pairs, b: Pairs, levels: Mapping[str, Levels], model: Model) -> Floats:
    """Return what takes the sum of the levels' weights to that of the bits beyond chance: sure ones are AUTO_WEIGHT.

    Doubtful ones are REVIEW_WEIGHT.
    """
    import numpy as np

    counts = model.people
    weight = sum((weights_of(model, field)[found] for field, found in levels.items()), np.zeros(len(a)))
    bits = weight / WEIGHT_PER_BIT
    for field, level, counted in _counted(f, a, b, levels, model):
        position = model.index(field, level)
        bits += np.where(levels[field] == position, counted - weights_of(model, field)[position] / WEIGHT_PER_BIT, 0.0)
    chance = log2(max(counts.people, FEWEST_PEOPLE)) - log2(counts.repeats / USUAL_REPEATS)
    scale = (AUTO_WEIGHT - REVIEW_WEIGHT) / (SURE_BITS - DOUBTFUL_BITS)
    beyond: Floats = AUTO_WEIGHT + (bits - chance - SURE_BITS) * scale - weight
    return beyond.round(1)


def _counted(
    f: Features, a: Pairs, b: Pairs, levels: Mapping[str, Levels], model: Model
) -> Iterator[tuple[str, str, Floats]]:
    """Yield the levels of which it counts how many people share a value, each with the bits per pair."""
    import numpy as np

    counts = model.people
    shares = partial(_shares, people=counts.people)
    mail = -np.log2(shares(f.email.values, counts.mails, _MAIL))[f.email.codes[a]]
    apart = (levels["birth"] == model.index("birth", "different")) & _generation_apart(f, a, b)
    yield "email", "same", np.where(apart, np.minimum(mail, _MOST_FAMILY_MAIL_BITS), mail)
    yield "email", "different", np.full(len(a), OTHER_MAIL_BITS)
    yield "birth", "same", -np.log2(shares(f.birth.values, counts.births, _BIRTH))[f.birth.codes[a]]
    yield "city", "same", -np.log2(shares(f.home.values, counts.cities, _CITY))[f.home.codes[a]]
    yield from _names(f, a, b, counts)


def _generation_apart(f: Features, a: Pairs, b: Pairs) -> Flags:
    """Return whether the years of birth lie so far apart; those of unknown ones (-1) say nothing."""
    import numpy as np

    years = np.array([*(int(date[:4]) for date in f.birth.values), 0], dtype=np.int64)[f.birth.codes]
    apart: Flags = np.abs(years[a] - years[b]) >= _GENERATION_YEARS
    return apart


def _names(f: Features, a: Pairs, b: Pairs, counts: PeopleCounts) -> Iterator[tuple[str, str, Floats]]:
    """Yield the levels at which two people's names agree, each with the bits per pair."""
    import numpy as np

    given = _shares(f.person_names, counts.given, _GIVEN, counts.people)
    surnames = _shares(f.person_names, counts.surnames, _SURNAME, counts.people)
    either = given + surnames
    first = _alike(f.given[a], f.given[b], given, _SIMILAR_GIVEN)
    last = _alike(f.surnames[a], f.surnames[b], surnames, _SIMILAR_SURNAME)
    crossed = _alike(f.given[a], f.surnames[b], either, _SIMILAR_GIVEN)
    back = _alike(f.surnames[a], f.given[b], either, _SIMILAR_GIVEN)
    both = np.minimum(first + last, _MOST_NAME_BITS)
    yield "person", "same", both
    yield "person", "almost same", both
    yield "person", "swapped", np.minimum(crossed + back, _MOST_NAME_BITS) - _EITHER_ORDER_BITS
    yield "person", "surname same", last
    yield "person", "given name same", first
    yield "person", "one name swapped", crossed + back - _EITHER_ORDER_BITS


def _alike(left: Pairs, right: Pairs, shares: Floats, similar: float) -> Floats:
    """Return the bits of two names that are the same or almost, 0 where one is not known."""
    import numpy as np

    near = np.minimum(shares[left] + shares[right] + similar, 1.0)
    known = (left >= 0) & (right >= 0)
    return np.where(known, -np.log2(np.where(left == right, shares[left], near)), 0.0)


def _shares(values: Sequence[str], counts: Mapping[str, int], at_large: float, people: int) -> Floats:
    """Return which share of the people has each value; one more, 1, for the unknown value (-1).

    Each value is had by one person at least, and a few records with one value may be of one person.
    """
    import numpy as np

    others = np.array([max(counts.get(value, 0) - ONE_PERSON, 1) for value in values], dtype=np.float64)
    shares = (others + RECORDS_AT_LARGE * at_large) / (people + RECORDS_AT_LARGE)
    return np.append(shares, 1.0)

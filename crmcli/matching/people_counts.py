"""How often the names, dates and mail addresses of the people in the data occur."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crmcli.matching.normalise import fold_all
from crmcli.matching.records import MatchBatch

# a value that so few have is one person's, written down several times
ONE_PERSON = 3
# a record of one in so many has a second one of the same person, where the data do not say
USUAL_REPEATS = 0.25
_FEWEST_REPEATS, _MOST_REPEATS = 0.05, 4.0
# where too few pairs are caught twice, those that are caught at all are counted, some of them twice
_FEWEST_TWICE, _MOST_CAUGHT = 10, 1.0


@dataclass(frozen=True, slots=True)
class PeopleCounts:
    """Of `people` people so many have each value; those that are `ONE_PERSON`'s are not kept.

    `repeats`: how many pairs of records of one person are to be expected, a person.
    """

    people: int = 0
    given: Mapping[str, int] = field(default_factory=dict)
    surnames: Mapping[str, int] = field(default_factory=dict)
    births: Mapping[str, int] = field(default_factory=dict)
    mails: Mapping[str, int] = field(default_factory=dict)
    cities: Mapping[str, int] = field(default_factory=dict)
    repeats: float = USUAL_REPEATS


NOBODY = PeopleCounts()


def people_counts(batch: MatchBatch) -> PeopleCounts:
    """Return the counts over the records of `batch` that are people with a Latin name; of no others."""
    if batch.given_names is None and batch.surnames is None:
        return NOBODY
    given, surnames = (fold_all(batch.column(column)) for column in ("given_names", "surnames"))
    births, mails = batch.column("births"), [mail.strip().lower() for mail in batch.column("emails")]
    people = sum(1 for names in zip(given, surnames, strict=True) if any(names))
    if not people:
        return NOBODY
    return PeopleCounts(
        people,
        _often(given),
        _often(surnames),
        _often(births),
        _often(mails),
        _often(fold_all(batch.column("cities"))),
        _repeats(people, given, surnames, births, mails),
    )


def _often(values: Iterable[str]) -> dict[str, int]:
    counts = Counter(values)
    counts.pop("", None)
    return {value: n for value, n in sorted(counts.items()) if n > ONE_PERSON}


def _repeats(people: int, given: list[str], surnames: list[str], births: list[str], mails: list[str]) -> float:
    """Return how many pairs of records of one person there are a person, those written differently too.

    Source: Lincoln and Petersen's estimate, as Chandra Sekar and Deming apply it to records, 1949: pairs are caught by
    two things that say nothing of each other, and how many are caught twice tells how many are caught by neither.
    """
    twice = _pairs(given, surnames, births, mails)
    if twice < _FEWEST_TWICE:
        caught = _pairs(given, births) + _pairs(surnames, births) + _pairs(given, mails)
        return min(max(caught / people, _FEWEST_REPEATS), _MOST_CAUGHT)
    one, other = _pairs(given, births) * _pairs(surnames, mails), _pairs(surnames, births) * _pairs(given, mails)
    return min(max((one + other) / (2 * twice) / people, _FEWEST_REPEATS), _MOST_REPEATS)


def _pairs(*columns: list[str]) -> int:
    """Return how many pairs of records agree in all of some columns."""
    counts = Counter(values for values in zip(*columns, strict=True) if all(values))
    return sum(n * (n - 1) // 2 for n in counts.values())

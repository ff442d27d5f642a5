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
_FEWEST_REPEATS, _MOST_REPEATS = 0.05, 1.0


@dataclass(frozen=True, slots=True)
class PeopleCounts:
    """Of `people` people so many have each value; those that are `ONE_PERSON`'s are not kept.

    `repeats`: pairs of records that agree in two telling things, a record: how many second records are to be expected.
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
        _repeats(people, ((given, births), (surnames, births), (given, mails))),
    )


def _often(values: Iterable[str]) -> dict[str, int]:
    counts = Counter(values)
    counts.pop("", None)
    return {value: n for value, n in sorted(counts.items()) if n > ONE_PERSON}


def _repeats(people: int, telling: Iterable[tuple[list[str], list[str]]]) -> float:
    """Return how many pairs of records there are a person that agree in both of two columns."""
    pairs = 0
    for first, second in telling:
        counts = Counter(both for both in zip(first, second, strict=True) if all(both))
        pairs += sum(n * (n - 1) // 2 for n in counts.values())
    return min(max(pairs / people, _FEWEST_REPEATS), _MOST_REPEATS)

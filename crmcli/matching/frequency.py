"""How often the values of the data occur: a rare brand says more than a frequent one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import copysign, fsum, log2
from types import MappingProxyType

from crmcli.matching.shares import TYPICAL_SHARES, share_at_large

# one doubling of the odds (a bit) in weights: score_of doubles the odds at 2, and fields that agree
# seldom agree independently, so that what they say is counted at a quarter
WEIGHT_PER_BIT = 0.5
# as many records as what is known of customers at large counts for
RECORDS_AT_LARGE = 1_000
LEAST, MOST = -2.0, 3.0
# a value up to four times as rare or frequent as is typical says nothing: duplicates themselves make it more frequent
ORDINARY_BITS = 2.0
# what fewer have is one of the rest, and no model keeps a single person's number or name
FEWEST_COUNTED = 10
MOST_COUNTED = 2_000


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often the values of one term (brand, surname, road ...) occur in the data that a model was fitted to.

    `records` have the term. `counts` holds the most frequent values; each of the rest occurs `rest` times on average.
    `typical` is how often the value of a record occurs: the geometric mean over the records.
    """

    records: int = 0
    typical: float = 0.0
    rest: float = 0.0
    counts: Mapping[str, int] = field(default_factory=dict)

    def count(self, text: str) -> float:
        """Return how often `text` occurs; of one that is not counted, how often those do."""
        return self.counts.get(text, self.rest)

    def adjustment(self, term: str, text: str) -> float:
        """Return what agreement in `text` says more, or less, than agreement in a typical value: a weight."""
        return self._said(term, self.count(text), share_at_large(term, text))

    def adjustments(self, term: str, texts: Iterable[str]) -> list[float]:
        """Return the `adjustment` of each of many texts: most of them are as frequent as others."""
        known: dict[tuple[float, float], float] = {}
        said = []
        for text in texts:
            often = self.count(text), share_at_large(term, text)
            if often not in known:
                known[often] = self._said(term, *often)
            said.append(known[often])
        return said

    def _said(self, term: str, count: float, at_large: float) -> float:
        expected = count + RECORDS_AT_LARGE * at_large
        typical = self.typical + RECORDS_AT_LARGE * TYPICAL_SHARES[term]
        bits = log2(typical / expected)
        telling = max(abs(bits) - ORDINARY_BITS, 0.0)
        return round(min(MOST, max(LEAST, copysign(WEIGHT_PER_BIT * telling, bits))), 1) + 0.0


Frequencies = Mapping[str, Frequency]
AT_LARGE: Frequencies = MappingProxyType({term: Frequency() for term in TYPICAL_SHARES})


def frequency_of(counts: Mapping[str, int]) -> Frequency:
    """Return the frequency of a term whose values occur so often; independent of the order of `counts`.

    >>> found = frequency_of({"鼎信": 2, "宏达": 30, "华泰": 1, "远大": 1})
    >>> found.records, dict(found.counts), found.rest
    (34, {'宏达': 30}, 1.3333)
    """
    records = sum(counts.values())
    if not records:
        return Frequency()
    often = sorted((-n, text) for text, n in counts.items() if n >= FEWEST_COUNTED)[:MOST_COUNTED]
    kept = {text: -n for n, text in often}
    rest = (records - sum(kept.values())) / max(len(counts) - len(kept), 1)
    typical = 2.0 ** (fsum(n * log2(n) for n in counts.values()) / records)
    return Frequency(records, round(typical, 4), round(rest, 4), kept)

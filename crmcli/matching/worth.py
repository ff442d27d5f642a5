"""What the answer to a question about two records is worth: which to ask a person first."""

from __future__ import annotations

from math import log2, log10

# the most points for each, 100 together
MONEY, ACTIVITY, SIZE, CLOSENESS = 40.0, 20.0, 20.0, 20.0
# from where on more counts no more: yuan as a power of ten, follow-ups as a power of two, records, points of score
_MOST_MONEY, _MOST_ACTIVITY, _MOST_RECORDS, _FARTHEST = 7, 6, 5, 25.0


def worth_of_answer(amount_fen: int, activities: int, records: int, score: float, threshold: float) -> float:
    """Return 0-100: money and follow-ups behind the records, how many they are, how near the score is to `threshold`.

    Ten times the money, or twice the follow-ups, count one step more; one decimal.

    >>> worth_of_answer(0, 0, 2, 70.0, 95.0), worth_of_answer(10_000_000_00, 63, 5, 95.0, 95.0)
    (5.0, 100.0)
    """
    yuan = max(amount_fen, 0) / 100
    parts = (
        MONEY * min(log10(1 + yuan) / _MOST_MONEY, 1),
        ACTIVITY * min(log2(1 + activities) / _MOST_ACTIVITY, 1),
        SIZE * min((records - 1) / (_MOST_RECORDS - 1), 1),
        CLOSENESS * max(1 - abs(score - threshold) / _FARTHEST, 0),
    )
    return round(sum(parts), 1)

"""The known word that a written one most resembles, with why: a suggestion for a person, never a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crmcli.i18n import Message, msg
from crmcli.matching.normalise import fold, pinyin_of

_LIKE_ENOUGH = 60.0  # of two four-character words, three characters in place
_SOUNDS = 95.0
_INSIDE = 90.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a text may mean, how sure that is (0-100), and why."""

    meaning: str
    score: float
    why: Message


def closest(text: str, known: Mapping[str, str]) -> Suggestion | None:
    """Return what a text most resembles among known written words (-> meaning), None where nothing is like it.

    >>> found = closest("方案报价中", {"方案报价": "方案报价", "报价": "方案报价", "商务谈判": "商务谈判"})
    >>> found.meaning, found.score
    ('方案报价', 90.0)
    """
    found = [(one, len(word)) for word, meaning in known.items() if (one := _resembles(text, word, meaning))]
    best = min(found, key=lambda pair: (-pair[0].score, -pair[1], pair[0].meaning), default=None)
    return best[0] if best else None


def _resembles(text: str, word: str, meaning: str) -> Suggestion | None:
    from rapidfuzz import fuzz

    written, other = fold(text), fold(word)
    if not written or not other:
        return None
    if len(other) > 1 and (other in written or written in other):
        return Suggestion(meaning, _INSIDE, msg("contains {word}", word=word))
    if pinyin_of(written) == pinyin_of(other):
        return Suggestion(meaning, _SOUNDS, msg("sounds like {word}", word=word))
    score = round(fuzz.ratio(written, other), 1)
    if score < _LIKE_ENOUGH:
        return None
    return Suggestion(meaning, score, msg("is {score} % like {word}", score=round(score), word=word))

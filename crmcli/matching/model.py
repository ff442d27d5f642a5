"""The weights: named levels of each field, in a table that a person can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from crmcli.i18n import Message, msg
from crmcli.matching.frequency import AT_LARGE, Frequencies
from crmcli.matching.latin_words import NO_COUNTS, WordCounts
from crmcli.matching.people_counts import NOBODY, PeopleCounts

MODEL_VERSION = "2026.2-priors"


@dataclass(frozen=True, slots=True)
class Level:
    """How two records can compare in a field.

    `weight` is added to the sum; positive speaks for one customer, 2 doubling the odds about four times.
    `never_auto` keeps a pair out of the auto tier whatever else agrees; of a `slip`, which may be one of the pen, that
    holds for two full names only (see `vetoes`). `reason` may use {a} and {b}.
    """

    name: str
    weight: float
    reason: Message
    never_auto: bool = False
    slip: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """Levels per field (in the order in which reasons are told), two thresholds on the score (0-100), frequencies.

    `words`: how often the words of Latin names occur; `people`: what people are called, and how many there are.
    """

    version: str
    levels: Mapping[str, tuple[Level, ...]]
    auto_score: float
    review_score: float
    frequencies: Frequencies = field(default_factory=lambda: AT_LARGE)
    words: WordCounts = NO_COUNTS
    people: PeopleCounts = NOBODY

    def index(self, field: str, level: str) -> int:
        """Return the position of `level` among the levels of `field`."""
        return next(i for i, known in enumerate(self.levels[field]) if known.name == level)


def score_of(weight: float) -> float:
    """Return the score 0-100 for a sum of weights: 50 at none, 95.7 at 9, monotone, one decimal.

    >>> score_of(0.0), score_of(9.0)
    (50.0, 95.8)
    """
    odds: float = 2.0 ** (weight / 2.0)
    return round(100.0 * odds / (1.0 + odds), 1)


_UNKNOWN = Level("unknown", 0.0, msg("not known on both sides"))

# Source of the weights: set by hand as priors from the measured facts about each part of a name, see
# benchmarks/dedupe_results.py for what they give on the labelled names.
_LEVELS: dict[str, tuple[Level, ...]] = {
    "credit_code": (
        _UNKNOWN,
        Level("same", 14.0, msg("the credit code is the same: {a}")),
        Level("different", -14.0, msg("the credit codes differ: {a} and {b}"), never_auto=True),
    ),
    "name": (
        _UNKNOWN,
        Level("identical", 4.0, msg("the names are identical: {a}")),
        Level("written differently", 0.0, msg("the names are written differently: {a} and {b}")),
    ),
    "brand": (
        _UNKNOWN,
        Level("same, long", 8.0, msg("the brand is the same and long: {a}")),
        Level("same", 6.0, msg("the brand is the same: {a}")),
        Level("same, slip beside", 2.0, msg("the brand is the same, and a slip stands beside it: {a} and {b}")),
        Level("near", 2.0, msg("the brands are almost the same: {a} and {b}"), never_auto=True, slip=True),
        Level("near, Latin", 2.5, msg("the names are almost the same: {a} and {b}")),
        Level("one character of two", -1.5, msg("the brands share one character: {a} and {b}"), never_auto=True),
        Level("different", -6.0, msg("the brands differ: {a} and {b}"), never_auto=True),
    ),
    "trade": (
        _UNKNOWN,
        Level("same", 2.5, msg("the trade is the same: {a}")),
        Level("neither", 1.0, msg("neither full name states a trade")),
        Level("shortened", 0.0, msg("a short form leaves out part of the trade: {a} and {b}")),
        Level(
            "extended",
            0.0,
            msg("one full name states more trade than the other: {a} and {b}"),
            never_auto=True,
            slip=True,
        ),
        Level("near", 0.5, msg("the trades are almost the same: {a} and {b}"), never_auto=True, slip=True),
        Level("slip", 2.0, msg("the trades differ by a slip of the pen")),
        Level("one slip", 2.0, msg("brand and trade together differ by one character"), never_auto=True, slip=True),
        Level("different", -5.0, msg("the trades differ: {a} and {b}"), never_auto=True),
    ),
    "place": (
        _UNKNOWN,
        Level("same", 2.5, msg("the place in the name is the same: {a}")),
        Level("neither", 1.0, msg("neither name states a place")),
        Level("in the address", 1.5, msg("the place in one name is where the other has its address: {a} and {b}")),
        Level("one only", 0.0, msg("only one name states a place: {a} and {b}")),
        Level("partly", 0.0, msg("the places in the names agree in part: {a} and {b}")),
        Level(
            "partly, full names",
            0.0,
            msg("two full names state places of which one lies in the other: {a} and {b}"),
            never_auto=True,
        ),
        Level("different", -5.0, msg("the places in the names differ: {a} and {b}"), never_auto=True),
    ),
    "name_words": (
        _UNKNOWN,
        Level("same, full names", 8.0, msg("the words of two full names are the same, and rare: {a} and {b}")),
        Level("same", 6.0, msg("the words of the names are the same: {a} and {b}")),
        Level("same, common", 3.0, msg("the words of the names are the same, but common ones: {a} and {b}")),
        Level("almost same", 4.0, msg("the words of the names are almost the same: {a} and {b}")),
        Level(
            "other kind", 0.0, msg("the telling words are the same, each name has a common one of its own: {a} and {b}")
        ),
        Level("within", 4.5, msg("one name has all telling words of the other: {a} and {b}")),
        Level("mostly", 2.5, msg("most of the names' telling words are the same: {a} and {b}")),
        Level("each its own", 1.5, msg("two full names have words of their own: {a} and {b}"), never_auto=True),
        Level("partly", 1.5, msg("the names share a telling word: {a} and {b}")),
        Level("little", 0.0, msg("the names share words that say little: {a} and {b}")),
        Level("different", -4.0, msg("the names share no telling word: {a} and {b}"), never_auto=True),
    ),
    "person": (
        _UNKNOWN,
        Level("same", 5.5, msg("given name and surname are the same: {a}")),
        Level("almost same", 4.5, msg("given name and surname are almost the same: {a} and {b}")),
        Level("swapped", 4.5, msg("given name and surname are swapped: {a} and {b}")),
        Level("surname same", 3.0, msg("the surname is the same, one given name is not known: {a} and {b}")),
        Level("given name same", 2.5, msg("the given name is the same, one surname is not known: {a} and {b}")),
        Level("one name swapped", 1.0, msg("the one's surname is the other's given name: {a} and {b}")),
        Level("other surname", -1.0, msg("the given name is the same, the surname is not: {a} and {b}")),
        Level(
            "other given name",
            -3.0,
            msg("the surname is the same, the given name is not: {a} and {b}"),
            never_auto=True,
        ),
        Level("different", -5.0, msg("the persons' names differ: {a} and {b}"), never_auto=True),
    ),
    "birth": (
        _UNKNOWN,
        Level("same", 6.0, msg("the date of birth is the same: {a}")),
        Level("almost same", 3.0, msg("the dates of birth differ by one slip: {a} and {b}")),
        Level("two parts same", 1.5, msg("two of year, month and day of birth are the same: {a} and {b}")),
        Level("two slips", 0.5, msg("the dates of birth differ by two slips: {a} and {b}")),
        Level("within a year", 0.0, msg("the dates of birth lie less than a year apart: {a} and {b}")),
        Level("different", -2.0, msg("the dates of birth differ: {a} and {b}")),
    ),
    "form": (
        _UNKNOWN,
        Level("same kind", 0.0, msg("the legal forms are of one kind")),
        Level("different kind", -2.0, msg("one is a company, the other a partnership"), never_auto=True),
    ),
    "group": (
        _UNKNOWN,
        Level("same", 0.0, msg("both or neither are called a group")),
        Level("one only", -1.0, msg("only one is called a group (集团)"), never_auto=True, slip=True),
    ),
    "branch": (
        _UNKNOWN,
        Level("neither", 0.0, msg("neither is a branch")),
        Level("same", 1.0, msg("the branch is the same: {a}")),
        Level("near", -3.0, msg("the branches may be the same: {a} and {b}"), never_auto=True),
        Level("one only", -10.0, msg("one is a branch of the other: {a} and {b}"), never_auto=True),
        Level("different", -12.0, msg("they are different branches: {a} and {b}"), never_auto=True),
    ),
    "shorthand": (
        _UNKNOWN,
        Level("one at least", 0.0, msg("a name is no full one, slips occur in such: {a} and {b}")),
    ),
    "digits": (
        _UNKNOWN,
        Level("same", 0.0, msg("the numbers in the names agree")),
        Level("different", -4.0, msg("the numbers in the names differ: {a} and {b}"), never_auto=True),
    ),
    "phone": (
        _UNKNOWN,
        Level("mobile same", 6.5, msg("a mobile number is shared: {a}")),
        Level("landline same", 3.0, msg("a landline number is shared: {a}")),
        Level("one digit off", 4.0, msg("the contact is the same, a mobile number but for one digit: {a} and {b}")),
        Level("end same", 2.5, msg("a phone number is the same, but for country or area: {a} and {b}")),
        Level("different", -0.5, msg("no phone number is shared: {a} and {b}")),
    ),
    "email": (
        _UNKNOWN,
        Level("same", 5.5, msg("the mail address is the same: {a}")),
        Level("almost same", 3.0, msg("the mail addresses are almost the same: {a} and {b}")),
        Level("domain same", 3.0, msg("the company's mail domain is the same: {a} and {b}")),
        Level("different", -0.5, msg("the mail addresses differ: {a} and {b}")),
    ),
    "wechat": (
        _UNKNOWN,
        Level("same", 5.0, msg("the WeChat id is the same: {a}")),
        Level("different", -0.5, msg("the WeChat ids differ: {a} and {b}")),
    ),
    "contact": (
        _UNKNOWN,
        Level("same", 5.0, msg("the contact is the same: {a}")),
        Level("surname same", 1.5, msg("the contact's surname is the same: {a} and {b}")),
        Level("different", -1.0, msg("the contacts differ: {a} and {b}")),
    ),
    "address": (
        _UNKNOWN,
        Level("same", 4.5, msg("road and number are the same: {a} and {b}")),
        Level("street same", 5.0, msg("house number and street are the same: {a} and {b}")),
        Level("almost same", 3.0, msg("the number is the same and the road almost: {a} and {b}")),
        Level("road same", 1.0, msg("the road is the same: {a} and {b}")),
        Level("elsewhere", -3.0, msg("house number or street differ: {a} and {b}")),
        Level("different", -1.0, msg("the addresses differ: {a} and {b}")),
    ),
    "postcode": (
        _UNKNOWN,
        Level("same", 1.0, msg("the postcode is the same: {a}")),
        Level("different", -0.5, msg("the postcodes differ: {a} and {b}")),
    ),
    "city": (
        _UNKNOWN,
        Level("same", 0.5, msg("the city is the same: {a}")),
        Level("different", -0.5, msg("the cities differ: {a} and {b}")),
    ),
}

AUTO_WEIGHT = 9.0
REVIEW_WEIGHT = 4.0
DEFAULT = Model(MODEL_VERSION, MappingProxyType(_LEVELS), score_of(AUTO_WEIGHT), score_of(REVIEW_WEIGHT))

"""The review workbook: two customers side by side a row, with reasons and a column for the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crmcli.i18n import Message, _
from crmcli.reports.asking import AskColumn, Asking, AskRow, write_asking
from crmcli.reports.decisions import DECISION_HEADERS, DECISIONS, PAIR_HEADER, in_words

_SAME, _DIFFERENT = "E2F0D9", "FCE4D6"
_FIRST = 3  # the first column of the fields, behind decision, score and reasons


@dataclass(frozen=True, slots=True)
class ReviewField:
    """One thing that both records say: its heading, the two texts, and the width of its columns."""

    title: Message
    a: str
    b: str
    width: int = 14


@dataclass(frozen=True, slots=True)
class ReviewPair:
    """One row: `key` is what `apply` needs to know it again; `decision` is set where a person was unsure before.

    The first field is the two numbers; of all others, those that agree and those that differ are coloured.
    """

    key: str
    score: float
    reasons: list[str]
    fields: list[ReviewField]
    decision: str = ""


def write_review(path: Path, pairs: Sequence[ReviewPair]) -> None:
    """Write the workbook; the rows stand in the order given.

    Raises:
        FileNotWritten: the file cannot be written; what was there before is left as it was.
    """
    columns = [
        AskColumn(in_words(DECISION_HEADERS), 11, asked=True),
        AskColumn(_("score"), 8, number="0.0"),
        AskColumn(_("reasons"), 46),
    ]
    for field in pairs[0].fields if pairs else []:
        columns += [AskColumn(f"{field.title} {side}", field.width) for side in ("A", "B")]
    lists = {"": [in_words(words) for words in DECISIONS.values()]}
    asking = Asking(_("possible duplicates"), columns, PAIR_HEADER, lists)
    write_asking(path, asking, [_row(pair) for pair in pairs])


def _row(pair: ReviewPair) -> AskRow:
    decision = in_words(DECISIONS[pair.decision]) if pair.decision else ""
    fills: dict[int, str] = {}
    for place, field in enumerate(pair.fields[1:], 1):
        at = _FIRST + 2 * place
        fills |= dict.fromkeys((at, at + 1), _colour(field.a, field.b))
    texts = [text for field in pair.fields for text in (field.a, field.b)]
    return AskRow([decision, pair.score, "\n".join(pair.reasons), *texts], pair.key, fills)


def _colour(a: str, b: str) -> str:
    if not a or not b:
        return ""
    return _SAME if a == b else _DIFFERENT

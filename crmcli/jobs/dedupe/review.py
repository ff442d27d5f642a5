"""What waits for a person, as a workbook, and the hidden cells by which its rows are known again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from crmcli.domain.records import Record, record_number
from crmcli.domain.values.money import fen_to_text
from crmcli.i18n import msg
from crmcli.jobs.dedupe.pairs import reason_in_words
from crmcli.jobs.dedupe.questions import QuestionGroup, questions
from crmcli.jobs.dedupe.sides import CHOSEN, UNITED, Sides, heading, load_sides, said_of
from crmcli.jobs.dedupe.survival import Survivorship, survivorship
from crmcli.jobs.workspace import Workspace
from crmcli.reports.duplicates import ReviewColumn, ReviewGroup, ReviewSide, write_review
from crmcli.store.database import Database

# the order of the columns
SHOWN = (*CHOSEN[:8], *UNITED, "contacts", "deals", "activities", *CHOSEN[8:])
# what parts the hidden cell of a group's first row, and of its last
WHOLE, KEPT = "|", "="


def review_workbook(workspace: Workspace, path: Path) -> int:
    """Return how many pairs the workbook asks about.

    Raises:
        FileNotWritten: the file cannot be written.
    """
    groups = questions(workspace)
    last_run = int(workspace.db.value("SELECT coalesce(max(id), 0) FROM run"))
    book = _Book(workspace.db, load_sides(workspace.db, (one for group in groups for one in group.customers)),
                 survivorship(workspace.settings), last_run)  # fmt: skip
    write_review(path, [ReviewColumn(key, heading(key)) for key in SHOWN], [book.group(group) for group in groups])
    return sum(len(group.pairs) for group in groups)


def fingerprint(*records: Record) -> str:
    """Return what two records were like, in a few signs."""
    return sha256(json.dumps(records, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def text_mark(text: str) -> str:
    """Return what a cell said, in a few signs, whatever its white space."""
    return sha256(" ".join(text.split()).encode()).hexdigest()[:8]


def reasons_of(pair: Record) -> list[str]:
    """Return why two customers may be one, each reason with its weight."""
    return [f"{reason['weight']:+.1f} {reason_in_words(reason)}" for reason in pair["reasons"] if reason["weight"]]


def behind(group: QuestionGroup) -> str:
    """Return in words what stands behind a group."""
    money = fen_to_text(group.amount_fen)
    words = msg("{count} customers, {money} in open and won deals, {activities} follow-ups",
                count=len(group.customers), money=money, activities=group.activities)  # fmt: skip
    return str(words)


class _Book:
    """The groups as rows of the workbook."""

    def __init__(self, db: Database, sides: Sides, rules: Survivorship, last_run: int) -> None:
        self.db = db
        self.sides = sides
        self.rules = rules
        self.last_run = last_run

    def group(self, group: QuestionGroup) -> ReviewGroup:
        """Return a group's rows and what would stay of it."""
        records = [self.sides.customers[number] for number in group.customers]
        plan = self.rules.plan(self.db, "customer", records)
        wanted = frozenset(self.rules.by_hand("customer", plan))
        kept = said_of(plan.values) | dict.fromkeys(wanted, "")
        keys = [self._key(pair) for pair in group.pairs]
        first = ReviewSide(WHOLE.join(["", *keys]), record_number("customer", group.first),
                           self.sides.told(group.first), [behind(group)])  # fmt: skip
        others = [
            ReviewSide(key, record_number("customer", other), self.sides.told(other), reasons_of(pair),
                       pair["score"] or 0.0, pair["decision"] or "")
            for key, pair, other in zip(keys, group.pairs, group.others, strict=True)
        ]  # fmt: skip
        return ReviewGroup(
            kept_key(group.customers, kept), [first, *others], kept, group.worth, frozenset(CHOSEN), wanted
        )

    def _key(self, pair: Record) -> str:
        """Return the hidden cell of a pair: its number, the last run before, a fingerprint of both customers."""
        a, b = (self.sides.customers[pair[key]] for key in ("a_id", "b_id"))
        return f"{record_number('pair', pair['id'])}:{self.last_run}:{fingerprint(a, b)}"


def kept_key(customers: Iterable[int], kept: Mapping[str, str]) -> str:
    """Return the hidden cell of a group's last row: its customers, and what its cells said, by column."""
    marks = ",".join(f"{key}:{text_mark(kept[key])}" for key in CHOSEN)
    return f"{KEPT}{','.join(map(str, customers))}{KEPT}{marks}"

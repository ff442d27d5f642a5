"""What is to be asked of a person about customers that may be one: groups, the one whose answer is worth most first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crmcli.domain.records import Record
from crmcli.jobs.dedupe.pairs import pairs_to_review
from crmcli.jobs.workspace import Workspace
from crmcli.matching.model import DEFAULT
from crmcli.matching.worth import worth_of_answer
from crmcli.store.database import Database
from crmcli.store.records import chunks

# a customer with more questions is asked about again in another group: nobody compares more at once
MOST_COMPARED = 7


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """A customer and those that may be the same as it: `pairs` are stored pairs of it, best score first.

    `amount_fen` and `activities` are what stands behind all of them, `worth` (0-100) what an answer is worth.
    """

    first: int
    pairs: list[Record]
    amount_fen: int
    activities: int
    worth: float

    @property
    def others(self) -> list[int]:
        """Return the customers that are compared with the first, in the order of the pairs."""
        return [pair["b_id"] if pair["a_id"] == self.first else pair["a_id"] for pair in self.pairs]

    @property
    def customers(self) -> list[int]:
        """Return the first customer and the others."""
        return [self.first, *self.others]


def questions(workspace: Workspace) -> list[QuestionGroup]:
    """Return what waits for a person, worth most first; what somebody was unsure about before comes last of all.

    Of three customers that may be one, two are compared with the third; whether these two are the same mostly follows,
    and is asked another time where it does not.
    """
    waiting = pairs_to_review(workspace.db)
    asked = [_stars([pair for pair in waiting if (pair["decision"] is not None) is before]) for before in (False, True)]
    behind = _Behind(workspace, {number for pair in waiting for number in (pair["a_id"], pair["b_id"])})
    return [group for stars in asked for group in sorted(map(behind.group, stars), key=_first_asked)]


def _first_asked(group: QuestionGroup) -> tuple[float, int]:
    return -group.worth, group.pairs[0]["id"]


def _stars(pairs: Sequence[Record]) -> list[tuple[int, list[Record]]]:
    """Return (customer, its pairs): the customers with most pairs first; a pair inside a star is left out."""
    near: dict[int, dict[int, Record]] = {}
    for pair in pairs:
        for one, other in ((pair["a_id"], pair["b_id"]), (pair["b_id"], pair["a_id"])):
            near.setdefault(one, {})[other] = pair
    dealt: set[int] = set()
    stars = []
    for first in sorted(near, key=lambda number: (-len(near[number]), number)):
        own = {other: pair for other, pair in near[first].items() if pair["id"] not in dealt}
        ranked = sorted(own.items(), key=lambda one: (-(one[1]["score"] or 0.0), one[1]["id"]))
        for part in chunks(ranked, MOST_COMPARED):
            stars.append((first, [pair for _, pair in part]))
            members = {first, *(other for other, _ in part)}
            dealt |= {pair["id"] for one in members for other, pair in near[one].items() if other in members}
    return stars


class _Behind:
    """The money and the follow-ups behind customers."""

    def __init__(self, workspace: Workspace, customers: Iterable[int]) -> None:
        self.amounts: Counter[int] = Counter()
        self.activities: Counter[int] = Counter()
        for part in chunks(sorted(customers)):
            self._count(workspace.db, part, workspace.settings.workspace.currency)

    def _count(self, db: Database, customers: Sequence[int], currency: str) -> None:
        within = f"customer_id IN ({','.join('?' * len(customers))}) GROUP BY customer_id"
        amounts = (
            "SELECT customer_id, sum(amount_fen) AS n FROM opportunity"  # noqa: S608 (question marks alone are put in)
            f" WHERE status IN ('open', 'won') AND coalesce(currency, ?) = ? AND {within}"
        )
        for row in db.rows(amounts, (currency, currency, *customers)):
            self.amounts[row["customer_id"]] += row["n"] or 0
        counted = f"SELECT customer_id, count(*) AS n FROM activity WHERE {within}"  # noqa: S608 (as above)
        for row in db.rows(counted, customers):
            self.activities[row["customer_id"]] += row["n"]

    def group(self, star: tuple[int, list[Record]]) -> QuestionGroup:
        """Return a customer and its pairs with what stands behind them."""
        bare = QuestionGroup(*star, 0, 0, 0.0)
        money, contacts = (sum(count[one] for one in bare.customers) for count in (self.amounts, self.activities))
        nearest = min((abs(score - DEFAULT.auto_score), score) for score in (pair["score"] or 0.0 for pair in star[1]))
        worth = worth_of_answer(money, contacts, len(bare.customers), nearest[1], DEFAULT.auto_score)
        return QuestionGroup(*star, money, contacts, worth)

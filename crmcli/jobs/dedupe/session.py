"""Doubtful pairs one after the other, each decision a run of its own that can be taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from crmcli.domain.changes import Flat
from crmcli.domain.records import Record
from crmcli.jobs.dedupe.deciding import decide_pair
from crmcli.jobs.dedupe.questions import QuestionGroup, questions
from crmcli.jobs.dedupe.review import behind, reasons_of
from crmcli.jobs.dedupe.sides import load_sides, said_of
from crmcli.jobs.dedupe.survival import survivorship
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch, survivors


@dataclass(frozen=True, slots=True)
class ShownPair:
    """One question: two customers told by key, what would stay, why they may be one, and what an answer is worth.

    `wanted` are fields of which only a person may choose the value that stays: field -> the two values.
    """

    pair: Record
    a: Mapping[str, str]
    b: Mapping[str, str]
    kept: Mapping[str, str]
    wanted: Mapping[str, tuple[object, object]]
    reasons: list[str]
    behind: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision that was taken: its run, the place of its pair, what was decided."""

    run: str
    place: int
    decision: str


class ReviewSession:
    """What waits for a person when the session starts, in the order of the workbook; `place` is where it is, from 0."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.asked: list[tuple[QuestionGroup, Record]] = [
            (group, pair) for group in questions(workspace) for pair in group.pairs
        ]
        self.place = 0
        self.taken: list[Taken] = []

    @property
    def total(self) -> int:
        """Return how many pairs there are."""
        return len(self.asked)

    @property
    def counts(self) -> Counter[str]:
        """Return how often each decision was taken."""
        return Counter(one.decision for one in self.taken)

    def question(self) -> ShownPair | None:
        """Return the pair to decide now, None at the end; those that other decisions have answered are passed over."""
        while self.place < self.total:
            group, pair = self.asked[self.place]
            alive = survivors(self.workspace.db, "customer", (pair["a_id"], pair["b_id"]))
            a, b = alive[pair["a_id"]], alive[pair["b_id"]]
            present = fetch(self.workspace.db, "pair", [pair["id"]]).get(pair["id"])
            if a != b and present is not None and present["decision"] == pair["decision"]:
                return self._shown(group, present, a, b)
            self.place += 1
        return None

    def _shown(self, group: QuestionGroup, pair: Record, a: int, b: int) -> ShownPair:
        db, rules = self.workspace.db, survivorship(self.workspace.settings)
        sides = load_sides(db, (a, b))
        plan = rules.plan(db, "customer", [sides.customers[a], sides.customers[b]])
        wanted = {
            key: (sides.customers[a].get(key), sides.customers[b].get(key)) for key in rules.by_hand("customer", plan)
        }
        return ShownPair(
            pair, sides.told(a), sides.told(b), said_of(plan.values), wanted, reasons_of(pair), behind(group)
        )

    def decide(self, decision: str, chosen: Flat | None = None) -> None:
        """Take a decision about the present pair, and go on to the next.

        Raises:
            NotDecided: another decision or a value still to choose stands against it.
        """
        _, pair = self.asked[self.place]
        present = fetch(self.workspace.db, "pair", [pair["id"]])[pair["id"]]
        run = decide_pair(self.workspace, present, decision, chosen)
        self.taken.append(Taken(run or "", self.place, decision))
        self.place += 1

    def take_back(self) -> bool:
        """Return whether there was a decision of this session to take back; its pair is the present one then."""
        if not self.taken:
            return False
        last = self.taken.pop()
        undo_run(self.workspace, last.run)
        self.place = last.place
        return True

"""The merges that stand: by whom, and taking back those of the machine that do not hold any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crmcli.jobs.dedupe.originals import Histories
from crmcli.jobs.journal.reversal import Reversal
from crmcli.store.changes import Change, changes_of_step
from crmcli.store.journal import Run


@dataclass(frozen=True, slots=True)
class Link:
    """One customer merged into another by a change of the journal; `firm` ones stand whatever records say.

    Firm is what a person merged, and what was merged before into a customer that a person merged: it was judged so.
    """

    loser: int
    survivor: int
    change: Change
    firm: bool


def standing_links(merged: Mapping[int, int], alive: Mapping[int, int], histories: Histories) -> list[Link]:
    """Return the merges that stand, latest first.

    `merged`: customer -> the one that it was merged into; `alive`: customer -> the one that it lives on in.
    """
    made = {loser: _merge_of(histories[loser]) for loser in merged}
    judged: dict[int, int] = {}
    for loser, change in made.items():
        if change.run_kind != "dedupe":
            judged[alive[loser]] = max(judged.get(alive[loser], 0), change.id)
    links = [
        Link(loser, survivor, made[loser], made[loser].id <= judged.get(alive[loser], 0))
        for loser, survivor in merged.items()
    ]
    return sorted(links, key=lambda link: -link.change.id)


def _merge_of(history: Sequence[Change]) -> Change:
    return [change for change in history if change.after.get("merged_into")][-1]


def take_back(run: Run, links: Iterable[Link]) -> None:
    """Take merges back, the latest first, each a step of its own; what a person did since is kept."""
    for link in sorted(links, key=lambda link: -link.change.id):
        run.step = run.reserve("step", 1)
        change = link.change
        changes = [change] if change.step is None else changes_of_step(run.db, change.run_id, change.step)
        reversal = Reversal(run)
        reversal.reverse_all(reversed(changes))
        reversal.finish()
    run.step = None

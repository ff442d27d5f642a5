"""One run over all customers: the sure ones merged, the doubtful ones stored for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crmcli.jobs.dedupe.candidates import Candidates, load_candidates
from crmcli.jobs.dedupe.comparing import Matcher
from crmcli.jobs.dedupe.merging import Merging, awaits_person, choose_survivor, merge_customer
from crmcli.jobs.dedupe.model import refit_model
from crmcli.jobs.dedupe.pairs import findings_of, open_table, pairs_to_review, store_pairs
from crmcli.jobs.dedupe.survival import Survivorship, survivorship
from crmcli.jobs.workspace import Workspace
from crmcli.matching.find import Duplicates, Engine
from crmcli.store.journal import Run, open_run
from crmcli.store.records import survivors


@dataclass(frozen=True, slots=True)
class DedupeResult:
    """What a run did: customers looked at, pairs compared, customers merged away and into how many.

    `fresh` counts the customers that are new or changed since the last run, `scored` the pairs that had to be scored
    because of them. `review` counts the pairs that wait for a person, found now or earlier.
    """

    run: str | None
    customers: int
    candidates: int
    merged: int
    clusters: int
    review: int
    fresh: int
    scored: int
    model: str


def dedupe_customers(
    workspace: Workspace,
    *,
    review_only: bool = False,
    full: bool = False,
    refit: bool = False,
    dry_run: bool = False,
    engine: Engine | None = None,
) -> DedupeResult:
    """Return what was merged and what waits for a person; `review_only` merges nothing, `full` scores all pairs again.

    `refit` first fits the weights to the customers; they are what later runs compare with too.

    `engine` compares elsewhere, all customers each time.

    A merge can make further ones sure, so it goes on until none is left: the next run on the same records does nothing.

    Raises:
        CrmError: the database cannot be written.
    """
    with open_run(workspace.db, workspace.start("dedupe", dry_run=dry_run)) as run:
        candidates = load_candidates(run.db)
        if refit:
            candidates = replace(candidates, model=refit_model(run, candidates.batch))
        matcher = Matcher(run.db, candidates.model, full=full, engine=engine)
        found = matcher.find(candidates)
        customers, compared, fresh = len(candidates.unmerged), found.candidates, matcher.fresh
        merged: list[int] = []
        kept: set[int] = set()
        rules = survivorship(workspace.settings)
        while not review_only and (
            groups := [one for one in sure_groups(candidates, found) if not awaits_person(run, one, rules)]
        ):
            for survivor, losers in merge_groups(run, candidates, groups, rules).items():
                kept.add(survivor)
                merged += losers
            candidates = load_candidates(run.db)
            found = matcher.find(candidates)
        matcher.keep(run)
        store_pairs(run, candidates, open_table(candidates, found.pairs))
        clusters = len(set(survivors(run.db, "customer", kept).values()))
        review = _waiting(run)
        run.counts.update({"customers": customers, "merged": len(merged), "clusters": clusters, "review": review})
        version = candidates.model.version
        return DedupeResult(
            run.shown_id, customers, compared, len(merged), clusters, review, fresh, matcher.scored, version
        )


def sure_groups(candidates: Candidates, found: Duplicates) -> list[list[int]]:
    """Return the customers that may be merged without asking, by cluster, each list and all of them in order."""
    members: dict[str, list[int]] = {}
    for record_id, cluster in zip(found.ids, found.cluster_ids, strict=True):
        if candidates.survivor[int(record_id)] == int(record_id):
            members.setdefault(cluster, []).append(int(record_id))
    return sorted(sorted(group) for group in members.values() if len(group) > 1)


def merge_groups(
    run: Run, candidates: Candidates, groups: Sequence[Sequence[int]], rules: Survivorship
) -> dict[int, list[int]]:
    """Return survivor -> those merged into it, for groups of customers that are one; the reasons are kept."""
    chosen = dict(choose_survivor(run, group, rules) for group in groups)
    pairs = [(survivor, loser) for survivor, losers in chosen.items() for loser in losers]
    ordered = {(survivor, loser): (min(survivor, loser), max(survivor, loser)) for survivor, loser in pairs}
    why = findings_of(candidates, [(pair, pair) for pair in ordered.values()])
    for survivor, loser in pairs:
        merge_customer(run, survivor, loser, replace(why[ordered[survivor, loser]], tier="auto"), Merging(rules))
    return chosen


def _waiting(run: Run) -> int:
    return sum(pair["decision"] is None for pair in pairs_to_review(run.db))

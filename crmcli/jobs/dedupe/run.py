"""One run over all customers: the sure ones merged, the doubtful ones stored for a person."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crmcli.jobs.dedupe.candidates import load_candidates
from crmcli.jobs.dedupe.comparing import Matcher
from crmcli.jobs.dedupe.model import refit_model
from crmcli.jobs.dedupe.pairs import open_table, pairs_to_review, store_pairs
from crmcli.jobs.dedupe.renewing import Renewal, renew_merges
from crmcli.jobs.dedupe.survival import survivorship
from crmcli.jobs.workspace import Workspace
from crmcli.matching.find import Engine
from crmcli.store.journal import Run, open_run


@dataclass(frozen=True, slots=True)
class DedupeResult:
    """What a run did: customers looked at, pairs compared, customers merged away and into how many.

    `fresh` counts the customers that are new or changed since the last run, `scored` the pairs that had to be scored
    because of them. `review` counts the pairs that wait for a person, found now or earlier. `parted` are the merges of
    earlier runs that do not hold any more, taken back: (customer that lives by itself or elsewhere, where it was).
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
    parted: list[tuple[str, str]]


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

    Who is one is found from the records as they came, without what merges gathered: it is the same whatever was merged
    before, and the next run on the same records does nothing.

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
        done = Renewal(candidates.survivor)
        if not review_only:
            done = renew_merges(run, candidates, found, survivorship(workspace.settings))
            candidates = replace(candidates, survivor=done.survivor)
        matcher.keep(run)
        store_pairs(run, candidates, open_table(candidates, found.pairs))
        merged, clusters, review = len(done.merged), len(done.kept), _waiting(run)
        run.counts.update({"customers": customers, "merged": merged, "clusters": clusters, "review": review})
        if done.parted:
            run.counts["parted"] = len(done.parted)
        version = candidates.model.version
        return DedupeResult(
            run.shown_id, customers, compared, merged, clusters, review, fresh, matcher.scored, version, done.parted
        )


def _waiting(run: Run) -> int:
    return sum(pair["decision"] is None for pair in pairs_to_review(run.db))

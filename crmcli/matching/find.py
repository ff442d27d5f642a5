"""A batch of records -> which of them are the same customer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmcli.matching.clusters import Clusters, Pair, Verdict, cluster, group
from crmcli.matching.features import features_of
from crmcli.matching.keys import candidate_pairs
from crmcli.matching.model import DEFAULT, Model
from crmcli.matching.pairs import AUTO, RELATED, REVIEW, TIERS, ScoredPairs, score_pairs
from crmcli.matching.promise import promise_of
from crmcli.matching.records import MatchBatch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]

IdPair = tuple[str, str]
FORCED_SCORE = 100.0
MAX_REVIEW_GROUP = 50


@dataclass(frozen=True, slots=True)
class PairTable:
    """Pairs worth keeping, parallel columns, best score first: ids a and b (a is the older), score 0-100, tier.

    `tier` is "auto", "review" or "related".
    """

    a: list[str]
    b: list[str]
    score: list[float]
    tier: list[str]

    def __len__(self) -> int:
        return len(self.a)


@dataclass(frozen=True, slots=True)
class Compared:
    """What an engine found among records: the candidate pairs scored, without the different ones, in any order.

    `candidates`: pairs that were compared. `between`: scores any pairs of rows (n x 2), different ones kept.
    """

    scored: ScoredPairs
    candidates: int
    between: Callable[[NDArray[np.int64]], ScoredPairs]


Engine = Callable[[MatchBatch, Model], Compared]


def compare_here(records: MatchBatch, model: Model, touching: frozenset[str] | None = None) -> Compared:
    """Return what is found among records on this machine; row i is record i.

    Where ids are given as `touching`, only pairs with one of these are compared.
    """
    import numpy as np

    features = features_of(records, model.words)
    promise = promise_of(features, model)
    candidates = candidate_pairs(features, promise)
    if touching is not None:
        asked = np.fromiter((record_id in touching for record_id in records.ids), bool, len(records))
        candidates = candidates[asked[candidates].any(axis=1)]
    return Compared(
        scored=score_pairs(features, candidates, model, promise),
        candidates=len(candidates),
        between=lambda pairs: score_pairs(features, pairs, model),
    )


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Who is the same customer. The columns run parallel to `ids`, which are in the order of the batch.

    `cluster_ids`: smallest id among those that may be merged without asking (the auto tier only).
    `review_groups`: the same for auto and review together. `tiers`: auto, review or single.
    `scores`: of a record's best link, 0 for a single. `candidates`: pairs that were compared.
    `largest` and `diameter`: of the clusters, in records and in links.
    """

    ids: list[str]
    cluster_ids: list[str]
    review_groups: list[str]
    tiers: list[str]
    scores: list[float]
    pairs: PairTable
    candidates: int
    largest: int
    diameter: int
    model_version: str


def find_duplicates(
    batch: MatchBatch,
    model: Model = DEFAULT,
    forbidden: Iterable[IdPair] = (),
    forced: Iterable[IdPair] = (),
    engine: Engine = compare_here,
) -> Duplicates:
    """Return who is the same customer in `batch`; the answer does not depend on the order of the records.

    Args:
        batch: the records.
        model: levels, weights and thresholds.
        forbidden: ids that a person called different; outranks every score, through chains too.
        forced: ids that a person called the same; outranks every score, but not `forbidden`.
        engine: where the records are compared.

    Pairs with ids that are not in the batch are passed over.
    """
    records = batch.by_id()
    forbidden, forced = list(forbidden), list(forced)
    needed = forbidden or forced or records is not batch
    row_of = {record_id: row for row, record_id in enumerate(records.ids)} if needed else {}
    never, always = _rows(forbidden, row_of), _rows(forced, row_of)
    always = [pair for pair in always if pair not in set(never)]
    compared = engine(records, model)
    scored = _decided(compared.scored, never, len(records))
    clusters = _clusters(len(records), compared, scored, never, always)
    scored = _demoted(scored, clusters.roots)
    groups = _review_groups(scored, clusters, never)
    tiers, scores = _per_record(scored, clusters.roots, groups, always)
    ids = records.ids
    order = range(len(records)) if records is batch else [row_of[record_id] for record_id in batch.ids]
    return Duplicates(
        ids=list(batch.ids),
        cluster_ids=[ids[clusters.roots[row]] for row in order],
        review_groups=[ids[groups[row]] for row in order],
        tiers=[tiers[row] for row in order],
        scores=[scores[row] for row in order],
        pairs=_table(scored, ids),
        candidates=compared.candidates,
        largest=clusters.largest,
        diameter=clusters.diameter,
        model_version=model.version,
    )


def _rows(pairs: Iterable[IdPair], row_of: dict[str, int]) -> list[Pair]:
    """Return pairs of ids as sorted pairs of rows, smaller first, those of this batch only."""
    found = {tuple(sorted((row_of[a], row_of[b]))) for a, b in pairs if a in row_of and b in row_of and a != b}
    return sorted((a, b) for a, b in found)


def _ranked(pairs: ScoredPairs) -> ScoredPairs:
    """Return the pairs best score first, ties in the order of the ids."""
    import numpy as np

    return pairs.at(np.lexsort((pairs.b, pairs.a, -pairs.score)))


def _decided(pairs: ScoredPairs, never: list[Pair], size: int) -> ScoredPairs:
    """Return the pairs ranked, without those that a person called different."""
    import numpy as np

    out = [a * size + b for a, b in never]
    return _ranked(pairs.where(~np.isin(pairs.a * size + pairs.b, out)))


def _rows_of(pairs: ScoredPairs) -> list[Pair]:
    return list(zip(pairs.a.tolist(), pairs.b.tolist(), strict=True))


def _clusters(size: int, compared: Compared, scored: ScoredPairs, never: list[Pair], always: list[Pair]) -> Clusters:
    """Return the clusters of the auto links; every pair inside one is compared, candidate or not."""

    def judge(wholes: list[list[int]]) -> Verdict:
        inside = compared.between(_all_pairs(wholes))
        against = inside.vetoed | (inside.tier == RELATED)
        return Verdict(_rows_of(inside.where(against)), _rows_of(inside.where(inside.tier == AUTO)))

    links = scored.where(scored.tier == AUTO)
    alone = _alone(size, links.a, links.b, [*never, *always])
    clusters = cluster(size, _rows_of(links.where(~alone)), judge, never, always)
    pairs = _rows_of(links.where(alone))
    roots = _joined(clusters.roots, pairs)
    return Clusters(roots, max(clusters.largest, 2), max(clusters.diameter, 1)) if pairs else clusters


def _alone(size: int, a: Rows, b: Rows, said: list[Pair]) -> NDArray[np.bool_]:
    """Return whether a link of `a` and `b` is the only one of both, and no person said anything of them."""
    import numpy as np

    links = np.bincount(a, minlength=size) + np.bincount(b, minlength=size)
    for pair in said:
        links[[*pair]] += 2
    alone: NDArray[np.bool_] = (links[a] == 1) & (links[b] == 1)
    return alone


def _joined(roots: list[int], alone: list[Pair]) -> list[int]:
    """Return the smallest row of each row's group, links that stand alone joining two rows each."""
    roots = roots.copy()
    for a, b in alone:
        roots[b] = a
    return roots


def _all_pairs(wholes: list[list[int]]) -> NDArray[np.int64]:
    """Return every pair of rows inside each list (n x 2, smaller first)."""
    import numpy as np

    found = [np.empty((0, 2), dtype=np.int64)]
    for rows in wholes:
        left, right = np.triu_indices(len(rows), 1)
        members = np.array(rows, dtype=np.int64)
        found.append(np.column_stack((members[left], members[right])))
    return np.concatenate(found)


def _demoted(scored: ScoredPairs, roots: list[int]) -> ScoredPairs:
    """Return the pairs with auto links across clusters put into review: the bridges that were cut."""
    import numpy as np

    root = np.array(roots, dtype=np.int64)
    across = (scored.tier == AUTO) & (root[scored.a] != root[scored.b])
    tier = np.where(across, np.int8(REVIEW), scored.tier)
    return ScoredPairs(scored.a, scored.b, scored.score, tier, scored.vetoed)


def _review_groups(scored: ScoredPairs, clusters: Clusters, never: list[Pair]) -> list[int]:
    """Return the smallest row of what auto and review links join, bounded in size, clusters kept whole."""
    import numpy as np

    size, roots = len(clusters.roots), np.array(clusters.roots, dtype=np.int64)
    rows = (roots != np.arange(size)).nonzero()[0]
    links = scored.where(scored.tier == REVIEW)
    a, b = np.concatenate((roots[rows], links.a)), np.concatenate((rows, links.b))
    alone = _alone(size, a, b, never)
    others = list(zip(a[~alone].tolist(), b[~alone].tolist(), strict=True))
    whole = int((~alone[: len(rows)]).sum())
    grouping, _ = group(size, others[whole:], never, others[:whole], MAX_REVIEW_GROUP)
    return _joined(grouping.roots(), list(zip(a[alone].tolist(), b[alone].tolist(), strict=True)))


def _per_record(
    scored: ScoredPairs, roots: list[int], groups: list[int], always: list[Pair]
) -> tuple[list[str], list[float]]:
    """Return tier and score of each record."""
    import numpy as np

    size = len(roots)
    root, review = np.array(roots, dtype=np.int64), np.array(groups, dtype=np.int64)
    in_cluster = np.bincount(root, minlength=size)[root] > 1
    in_review = np.bincount(review, minlength=size)[review] > 1
    open_pairs = scored.tier == REVIEW
    in_review[scored.a[open_pairs]] = in_review[scored.b[open_pairs]] = True
    best = np.zeros(size)
    for rows in (scored.a, scored.b):
        linked = scored.tier != RELATED
        np.maximum.at(best, rows[linked], scored.score[linked])
    for a, b in always:
        if root[a] == root[b]:
            best[[a, b]] = FORCED_SCORE
    tiers = np.where(in_cluster, "auto", np.where(in_review, "review", "single"))
    return tiers.tolist(), np.where(in_cluster | in_review, best, 0.0).tolist()


def _table(scored: ScoredPairs, ids: list[str]) -> PairTable:
    return PairTable(
        [ids[row] for row in scored.a.tolist()],
        [ids[row] for row in scored.b.tolist()],
        scored.score.tolist(),
        [TIERS[tier] for tier in scored.tier.tolist()],
    )

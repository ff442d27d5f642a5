"""Scored pairs -> clusters that hold as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

MAX_SIZE = 200
MAX_DIAMETER = 4

Pair = tuple[int, int]


@dataclass(slots=True)
class Grouping:
    """Rows joined under constraints: what is apart stays apart, through chains too."""

    size: int
    apart: dict[int, set[int]] = field(default_factory=dict)
    _parent: list[int] = field(default_factory=list)
    _members: dict[int, list[int]] = field(default_factory=dict)
    _joined: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start with every row alone."""
        self._parent = list(range(self.size))

    def keep_apart(self, pairs: Iterable[Pair]) -> None:
        """Remember that the rows of each pair may never be in one group."""
        for a, b in pairs:
            self.apart.setdefault(a, set()).add(b)
            self.apart.setdefault(b, set()).add(a)

    def find(self, row: int) -> int:
        """Return the smallest row of the group that `row` is in."""
        while self._parent[row] != row:
            self._parent[row] = self._parent[self._parent[row]]
            row = self._parent[row]
        return row

    def members(self, row: int) -> list[int]:
        """Return the rows of the group that `row` is in, in no promised order."""
        root = self.find(row)
        return self._members.get(root, [root])

    def join(self, a: int, b: int, max_size: int) -> bool:
        """Join two groups and return True; False when a pair is to be kept apart or the group grew too large."""
        first, second = self.find(a), self.find(b)
        if first == second:
            return True
        if second < first:
            first, second = second, first
        left, right = self._members.get(first) or [first], self._members.get(second) or [second]
        if len(left) + len(right) > max_size or (self.apart and self._divided(left, right)):
            return False
        self._parent[second] = first
        self._members[first] = left + right
        self._members.pop(second, None)
        self._joined.append(second)
        return True

    def roots(self) -> list[int]:
        """Return the smallest row of each row's group."""
        roots = list(range(self.size))
        for row in self._joined:  # no other row has another than itself
            roots[row] = self.find(row)
        return roots

    def _divided(self, left: list[int], right: list[int]) -> bool:
        small, large = sorted((left, right), key=len)
        there = None
        for row in small:
            rivals = self.apart.get(row)
            if rivals:
                there = there or set(large)
                if not rivals.isdisjoint(there):
                    return True
        return False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a comparison of every pair inside groups found; pairs with the smaller row first."""

    contradicting: list[Pair]
    agreeing: list[Pair]


@dataclass(frozen=True, slots=True)
class Clusters:
    """`roots`: the smallest row of each row's cluster.

    `largest`: rows in one cluster; `diameter`: most links on the shortest way between two rows of one cluster.
    """

    roots: list[int]
    largest: int
    diameter: int


def group(
    size: int,
    links: Sequence[Pair],
    apart: Iterable[Pair],
    forced: Sequence[Pair] = (),
    max_size: int = MAX_SIZE,
) -> tuple[Grouping, list[Pair]]:
    """Return the grouping by `links` (strongest first) and the links that had to be left out.

    `forced` links come before all others and are not bounded in size; `apart` outranks them too.
    """
    grouping = Grouping(size)
    grouping.keep_apart(apart)
    cut = [pair for pair in forced if not grouping.join(*pair, max_size=size)]
    cut += [pair for pair in links if not grouping.join(*pair, max_size=max_size)]
    return grouping, cut


def cluster(
    size: int,
    links: Sequence[Pair],
    judge: Callable[[list[list[int]]], Verdict],
    forbidden: Sequence[Pair] = (),
    forced: Sequence[Pair] = (),
) -> Clusters:
    """Return clusters in which no two members contradict each other.

    Args:
        size: number of rows.
        links: pairs that may be merged, strongest first, ties in the order of the rows.
        judge: given lists of rows, compares every pair within each list.
        forbidden: pairs that a person called different; they hold through chains.
        forced: pairs that a person called the same.
    """
    loose, too_large = group(size, links, forbidden, forced)
    verdict = judge(_groups(loose, [*links, *forced]))
    apart = [*forbidden, *sorted(set(verdict.contradicting) - set(forced))]
    beyond = set(too_large)
    held = [link for link in links if link not in beyond]
    strict, _ = group(size, held, apart, forced)
    near = _neighbours([*held, *forced, *verdict.agreeing])
    spans = _spans(strict, near)
    wide = {root for root, span in spans.items() if span > MAX_DIAMETER}
    if wide:
        held = _around_centres(strict, held, near, wide)
        strict, _ = group(size, held, apart, forced)
        spans = _spans(strict, near)
    roots = strict.roots()
    largest = max((len(strict.members(root)) for root in spans), default=min(size, 1))
    return Clusters(roots, largest, max(spans.values(), default=0))


def _groups(grouping: Grouping, links: Sequence[Pair]) -> list[list[int]]:
    """Return the groups of three rows or more; two rows that are linked were compared already."""
    roots = sorted({grouping.find(a) for a, _ in links})
    return [rows for root in roots if len(rows := sorted(grouping.members(root))) > 2]  # noqa: PLR2004


def _neighbours(links: Iterable[Pair]) -> dict[int, set[int]]:
    near: dict[int, set[int]] = {}
    for a, b in links:
        near.setdefault(a, set()).add(b)
        near.setdefault(b, set()).add(a)
    return near


def _spans(grouping: Grouping, near: dict[int, set[int]]) -> dict[int, int]:
    """Return smallest row -> diameter of each group of two rows or more."""
    roots = sorted({grouping.find(row) for row in near})
    return {root: _span(set(grouping.members(root)), near) for root in roots if len(grouping.members(root)) > 1}


def _span(rows: set[int], near: dict[int, set[int]]) -> int:
    """Return the most links on the shortest way from the first row, and then from the row farthest from that."""
    last, steps = min(rows), 0
    for _ in range(2):
        seen, border, steps = {last}, {last}, 0
        while following := {n for row in border for n in near[row] & rows} - seen:
            border, steps = following, steps + 1
            seen |= border
        last = min(border)
    return steps


def _around_centres(grouping: Grouping, links: Sequence[Pair], near: dict[int, set[int]], wide: set[int]) -> list[Pair]:
    """Return the links without those in a group of `wide` that do not bind a row to the group's centre.

    The centre is the row with most links, the smallest among equals.
    """
    centres = {root: max(sorted(grouping.members(root)), key=lambda row: len(near[row])) for root in wide}
    kept = []
    for link in links:
        centre = centres.get(grouping.find(link[0]))
        if centre is None or centre in link:
            kept.append(link)
    return kept

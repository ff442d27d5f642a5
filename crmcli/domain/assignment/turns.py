"""Whose turn it is: a quota method, whose memory is a mapping of owner to the turns that are owed.

Source: M. L. Balinski and H. P. Young, "The Quota Method of Apportionment", American Mathematical Monthly 82 (1975):
of those who would not get more than their quota rounded up, the one whose next turn is due first. Whatever the
weights and however many turns, nobody is ever a whole turn away from the share of their weight, which the largest
deficit (smooth weighted round robin) does not ensure among three or more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

from crmcli.domain.assignment.model import Round

_ROUNDING = 1e-9  # what a share may seem to be off by only because thirds are no binary fractions


def going_on(kept: Round | None, weights: Mapping[str, float]) -> dict[str, float]:
    """Return the turns that are owed as a round goes on; none where its members or their weights are others now.

    A share is counted by one set of weights: from the change on everybody has had as many turns as they should, and
    is never a whole turn away from it again. What the old weights owed, by them, is less than a turn, and lapses.

    >>> going_on({"owed": {"a": 0.5, "b": -0.5}, "weights": {"a": 1, "b": 1}}, {"a": 1, "b": 1})
    {'a': 0.5, 'b': -0.5}
    >>> going_on({"owed": {"a": 0.5, "b": -0.5}, "weights": {"a": 1, "b": 1}}, {"a": 1, "b": 3})
    {}
    """
    # a round of an older version of this program says nothing of its weights
    return dict(kept["owed"]) if kept and kept.get("weights") == weights else {}


def take_turn(
    credits_before: Mapping[str, float],
    present: Sequence[tuple[str, float]],
    absent: Sequence[tuple[str, float]] = (),
    catch_up: int = 0,
) -> tuple[str, dict[str, float]]:
    """Return whose turn it is among `present` (name, weight), and the turns owed after it; of equals the first.

    A credit is the share of all turns so far less the turns that were had. Who is absent earns up to `catch_up`
    turns, to be given back later; with 0 the credits stand still.

    >>> credits, order = {}, ""
    >>> for _ in range(7):
    ...     name, credits = take_turn(credits, [("a", 5), ("b", 1), ("c", 1)])
    ...     order += name
    >>> order
    'aaabaca'
    """
    after = {name: credits_before.get(name, 0.0) for name, _ in (*present, *absent)}
    shared = 1.0
    everybody = sum(weight for _, weight in (*present, *absent))
    for name, weight in absent:
        gain = max(0.0, min(weight / everybody, catch_up - after[name])) if catch_up else 0.0
        after[name] += gain
        shared -= gain
    total = sum(weight for _, weight in present)
    # what those who are away are owed or have had too much is nobody's fault who is here
    surplus = sum(after[name] for name, _ in present)
    for name, weight in present:
        after[name] += shared * weight / total
    chosen = _due_first([(name, weight / total, after[name] - surplus * weight / total) for name, weight in present])
    after[chosen] -= 1
    return chosen, after


def _due_first(members: Sequence[tuple[str, float, float]]) -> str:
    """Return the member (name, share of a turn, turns owed) who may have a turn and must have it soonest.

    Of several who must have it by the same turn it is the one who is owed most.
    """
    entitled = [member for member in members if member[2] > _ROUNDING]
    return min(entitled, key=lambda member: (ceil((1 - member[2]) / member[1] - _ROUNDING), -round(member[2], 9)))[0]

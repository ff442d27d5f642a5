"""Whose turn it is: smooth weighted round robin, whose memory is a mapping of owner to credit.

Source: the "smooth weighted round-robin balancing" of nginx (commit 52327e0627f4): every member earns its weight a
turn, the richest is chosen and pays what all earned, so that the choices are spread and no draw is needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def take_turn(
    credits_before: Mapping[str, float],
    present: Sequence[tuple[str, float]],
    absent: Sequence[tuple[str, float]] = (),
    catch_up: int = 0,
) -> tuple[str, dict[str, float]]:
    """Return whose turn it is among `present` (name, weight), and the credits after it; of equals the first.

    Who is absent earns up to `catch_up` turns, to be given back later; with 0 the credits stand still.

    >>> credits, order = {}, ""
    >>> for _ in range(7):
    ...     name, credits = take_turn(credits, [("a", 5), ("b", 1), ("c", 1)])
    ...     order += name
    >>> order
    'aabacaa'
    """
    after = {name: credits_before.get(name, 0) for name, _ in (*present, *absent)}
    earned = 0.0
    for name, weight in present:
        after[name] += weight
        earned += weight
    most = catch_up * sum(weight for _, weight in (*present, *absent))
    for name, weight in absent:
        gain = max(0.0, min(weight, most - after[name])) if catch_up else 0.0
        after[name] += gain
        earned += gain
    chosen = max(present, key=lambda member: after[member[0]])[0]
    after[chosen] -= earned
    return chosen, after

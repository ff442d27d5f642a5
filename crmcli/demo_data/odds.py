"""Seeded chance."""

from __future__ import annotations

from random import Random


def chance(rng: Random, probability: float) -> bool:
    """Return True in `probability` (0 to 1) of the calls."""
    return rng.random() < probability

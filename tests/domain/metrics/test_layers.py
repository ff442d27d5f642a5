from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from crmcli.domain.metrics.evidence import Block, Evidence, shown_places
from crmcli.domain.metrics.layers import Layer, layers_of, some_of
from crmcli.domain.metrics.timeline import Standing, Timeline

See = Callable[..., tuple[Timeline, Standing]]


def deals(see: See) -> Timeline:
    rows = [
        (number, "2026-01-05", [("2026-01-05", "初步接触")], {"amount_fen": amount, "currency": currency})
        for number, (amount, currency) in enumerate(((100, "CNY"), (None, "CNY"), (30, "USD"), (5, None)), 1)
    ]
    return see(*rows)[0]


def test_a_figure_has_its_deals_what_they_add_and_who_is_in_the_numerator(see: See) -> None:
    line = deals(see)
    four, rows = np.arange(4), np.array([1, 0, 1, 1])
    rate = Layer("rate", four, rows, np.array([False, True, True, False]))
    found = layers_of(line, (Layer("amount", four, rows, worth="amount_fen"), rate), "CNY", 100)
    assert found.blocks == {
        (0, "amount"): Block(0, 1), (1, "amount"): Block(1, 3), (0, "rate"): Block(4, 1), (1, "rate"): Block(5, 3),
    }  # fmt: skip
    assert found.deals.tolist() == [1, 0, 2, 3, 1, 2, 0, 3]
    assert found.sums[1, "amount"] == {"CNY": 105, "USD": 30}
    assert found.numerators == {(0, "rate"): 1, (1, "rate"): 1}
    assert found.worth.tolist()[:4] == [None, 100, 30, 5]
    assert (found.count, found.places.tolist()) == (8, list(range(8)))


def test_a_list_that_is_too_short_shows_the_first_of_every_figure(see: See) -> None:
    line = deals(see)
    found = layers_of(line, (Layer("n", np.arange(4), np.array([0, 0, 0, 1])),), "CNY", 3)
    assert (found.count, found.places.tolist(), found.rows.tolist()) == (4, [0, 1, 3], [0, 0, 1])
    order = Evidence(np.arange(9), {(0, "all"): Block(0, 9), (1, "last"): Block(7, 2)})
    assert shown_places(order, 4).tolist() == [0, 1, 7, 8]
    assert shown_places(order, 9).tolist() == list(range(9))


def test_some_of_a_column_and_some_of_the_rows() -> None:
    evidence = Evidence(
        np.array([7, 8, 9]), {(0, "n"): Block(0, 2), (1, "n"): Block(2, 1)}, {"days": np.array([1, 2, 3])}
    )
    some = some_of("late", evidence, "n", np.array([False, True, True]))
    assert (some.deals.tolist(), some.rows.tolist()) == ([8, 9], [0, 1])
    last = evidence.shared(n=("amount",)).only_rows((1,))
    assert (last.order.tolist(), last.blocks) == ([9], {(0, "n"): Block(0, 1), (0, "amount"): Block(0, 1)})
    marks: Any = last.marks
    assert list(marks["days"]) == [3]

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from crmcli.domain.handover import Heir, Item, Unit, share_out, shares

PEOPLE = ["王芳", "李伟", "张强"]
UNITS = st.lists(
    st.builds(
        Unit,
        st.tuples(st.sampled_from(("customer", "lead", "task")), st.integers(1, 60)),
        st.integers(0, 10_000_00),
    ),
    unique_by=lambda unit: unit.place,
)


@given(UNITS)
def test_everybody_gets_as_many_of_each_kind(units: list[Unit]) -> None:
    given_to = share_out(units, PEOPLE)
    assert given_to.keys() == {unit.place for unit in units}
    for kind in ("customer", "lead", "task"):
        numbers = Counter(dict.fromkeys(PEOPLE, 0))
        numbers.update(who for (own, _), who in given_to.items() if own == kind)
        assert max(numbers.values()) - min(numbers.values()) <= 1


@given(UNITS, st.randoms())
def test_the_order_in_which_they_come_does_not_matter(units: list[Unit], shuffled: object) -> None:
    again = list(units)
    shuffled.shuffle(again)  # type: ignore[attr-defined]
    assert share_out(again, PEOPLE) == share_out(units, PEOPLE)


def test_one_gets_all() -> None:
    units = [Unit(("customer", 1), 5), Unit(("lead", 1))]
    assert set(share_out(units, ["王芳"]).values()) == {"王芳"}


def test_the_larger_ones_are_spread() -> None:
    units = [Unit(("customer", number), fen) for number, fen in enumerate((900, 800, 100, 90), 1)]
    sums = Counter[str]()
    for (_, number), who in share_out(units, PEOPLE[:2]).items():
        sums[who] += units[number - 1].fen
    assert sums == {"王芳": 990, "李伟": 900}


def test_shares_add_up_currency_by_currency() -> None:
    items = [
        Item("opportunity", "O1", "a", Heir("王芳"), fen=100),
        Item("opportunity", "O2", "b", Heir("王芳"), fen=7, currency="USD"),
        Item("opportunity", "O3", "c", Heir(None, "公海"), fen=None),
        Item("customer", "C1", "d", Heir("王芳"), fen=100),
        Item("lead", "L1", "e", Heir(None)),
    ]
    got = shares(items, "CNY")
    assert list(got) == ["公海", "王芳", ""]
    assert (got["王芳"].counts, got["王芳"].fen) == ({"opportunity": 2, "customer": 1}, {"CNY": 100, "USD": 7})
    assert (got["公海"].fen, got[""].counts) == ({"CNY": 0}, {"lead": 1})

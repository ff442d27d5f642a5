from __future__ import annotations

from crmcli.matching.clusters import MAX_DIAMETER, Verdict, cluster, group


def content(_: list[list[int]]) -> Verdict:
    return Verdict([], [])


def test_the_weakest_bridge_to_a_contradiction_is_cut() -> None:
    strongest_first = [(0, 1), (1, 2)]
    found = cluster(3, strongest_first, lambda _: Verdict([(0, 2)], []))
    assert found.roots == [0, 0, 2]
    assert (found.largest, found.diameter) == (2, 1)


def test_forbidden_outranks_forced_through_a_chain() -> None:
    found = cluster(3, [], content, forbidden=[(0, 2)], forced=[(0, 1), (1, 2)])
    assert found.roots[0] != found.roots[2]


def test_a_group_is_bounded_in_size_and_says_what_it_left_out() -> None:
    grouping, cut = group(4, [(0, 1), (1, 2), (2, 3)], [], max_size=3)
    assert sorted(grouping.members(0)) == [0, 1, 2]
    assert cut == [(2, 3)]


def test_a_long_chain_is_parted_around_its_centre() -> None:
    chain = [(i, i + 1) for i in range(9)]
    assert cluster(10, chain, content).diameter <= MAX_DIAMETER


def test_a_chain_whose_members_all_agree_is_no_chain() -> None:
    chain = [(i, i + 1) for i in range(9)]
    everyone = [(a, b) for a in range(10) for b in range(a + 1, 10)]
    found = cluster(10, chain, lambda _: Verdict([], everyone))
    assert (found.largest, found.diameter) == (10, 1)

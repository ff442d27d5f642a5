from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.matching.find import Duplicates, find_duplicates
from crmcli.matching.records import MatchBatch

GOLD = Path(__file__).parents[3] / "shared" / "gold"
PLACES = ("上海", "北京市", "深圳", "")
BRANDS = ("鼎信", "鼎新", "恒远达", "拓搏", "拓博")
ENDINGS = ("科技有限公司", "贸易有限责任公司", "科技", "科技股份有限公司", "投资有限公司北京分公司")
PHONES = ("", "+8613800138000", "+8613900139000", "+8613800138000;+862161234567", "+862161234567")
PEOPLE = ("", "王伟", "李娜", "王总")


def batch_of(rows: Sequence[tuple[str, str, str, str]]) -> MatchBatch:
    """Make a batch of (id, name, phone, contact)."""
    ids, names, phones, people = (list(column) for column in zip(*rows, strict=True))
    return MatchBatch(ids, names, phones=phones, contacts=people)


def outcome(found: Duplicates) -> dict[str, tuple[str, str, str, float]]:
    columns = (found.cluster_ids, found.review_groups, found.tiers, found.scores)
    return dict(zip(found.ids, zip(*columns, strict=True), strict=True))


def pair_scores(found: Duplicates) -> dict[tuple[str, str], tuple[float, str]]:
    pairs = found.pairs
    return {(a, b): (s, t) for a, b, s, t in zip(pairs.a, pairs.b, pairs.score, pairs.tier, strict=True)}


def joined(found: Duplicates, a: str, b: str) -> bool:
    cluster = dict(zip(found.ids, found.cluster_ids, strict=True))
    return cluster[a] == cluster[b]


def names_found(*names: str) -> Duplicates:
    return find_duplicates(MatchBatch([str(i) for i in range(len(names))], list(names)))


records = st.lists(
    st.tuples(
        st.builds("".join, st.tuples(*map(st.sampled_from, (PLACES, BRANDS, ENDINGS)))),
        st.sampled_from(PHONES),
        st.sampled_from(PEOPLE),
    ),
    min_size=2,
    max_size=14,
)
numbered = records.map(lambda rows: [(str(i), *row) for i, row in enumerate(rows)])


@settings(max_examples=25, deadline=None)
@given(numbered, st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(rows: list[tuple[str, str, str, str]], chance: random.Random) -> None:
    mixed = list(rows)
    chance.shuffle(mixed)
    first, second = find_duplicates(batch_of(rows)), find_duplicates(batch_of(mixed))
    assert outcome(first) == outcome(second)
    assert first.pairs == second.pairs


@settings(max_examples=15, deadline=None)
@given(numbered)
def test_a_pair_scores_the_same_alone_and_among_others(rows: list[tuple[str, str, str, str]]) -> None:
    whole = pair_scores(find_duplicates(batch_of(rows)))
    for a, b in combinations(rows[:6], 2):
        alone = pair_scores(find_duplicates(batch_of([a, b])))
        score = whole.get((a[0], b[0]), (0.0, ""))[0]
        assert alone.get((a[0], b[0]), (0.0, ""))[0] == score


@settings(max_examples=15, deadline=None)
@given(numbered)
def test_a_pair_scores_the_same_from_both_sides(rows: list[tuple[str, str, str, str]]) -> None:
    turned = [(str(len(rows) - 1 - int(i)), *rest) for i, *rest in rows]
    ahead = pair_scores(find_duplicates(batch_of(rows)))
    back = pair_scores(find_duplicates(batch_of([(r[0], r[1], r[2], r[3]) for r in turned])))
    last = len(rows) - 1
    assert {tuple(sorted((last - int(a), last - int(b)))) for a, b in back} == {(int(a), int(b)) for a, b in ahead}
    # where two links tie in a cluster the lower number decides which is cut, so only scores are compared
    assert sorted(score for score, _ in back.values()) == sorted(score for score, _ in ahead.values())


@settings(max_examples=25, deadline=None)
@given(numbered, st.data())
def test_forbidden_pairs_stay_apart_through_chains(rows: list[tuple[str, str, str, str]], data: st.DataObject) -> None:
    ids = st.sampled_from([row[0] for row in rows])
    forbidden = data.draw(st.lists(st.tuples(ids, ids).filter(lambda p: p[0] != p[1]), max_size=4))
    forced = data.draw(st.lists(st.tuples(ids, ids).filter(lambda p: p[0] != p[1]), max_size=3))
    found = find_duplicates(batch_of(rows), forbidden=forbidden, forced=forced)
    groups = dict(zip(found.ids, found.review_groups, strict=True))
    for a, b in forbidden:
        assert not joined(found, a, b)
        assert groups[a] != groups[b]


@settings(max_examples=15, deadline=None)
@given(numbered)
def test_clusters_lie_within_review_groups_and_carry_their_smallest_id(
    rows: list[tuple[str, str, str, str]],
) -> None:
    found = find_duplicates(batch_of(rows))
    for cluster in set(found.cluster_ids):
        members = [i for i, c in zip(found.ids, found.cluster_ids, strict=True) if c == cluster]
        groups = {g for i, g in zip(found.ids, found.review_groups, strict=True) if i in members}
        assert cluster == min(members, key=int)
        assert len(groups) == 1


def test_forced_pairs_are_joined_whatever_they_say() -> None:
    batch = MatchBatch(["1", "2"], ["上海鼎信贸易有限公司", "北京恒远物流有限公司"])
    found = find_duplicates(batch, forced=[("2", "1")])
    assert found.cluster_ids == ["1", "1"]
    assert found.tiers == ["auto", "auto"]
    assert found.scores == [100.0, 100.0]


def test_a_bridge_between_contradicting_records_is_cut_and_reviewed() -> None:
    rows = [
        ("1", "上海鼎信物流有限公司", "+8613800138000", "王伟"),
        ("2", "", "+8613800138000", "王伟"),
        ("3", "北京鼎信物流有限公司", "+8613800138000", "王伟"),
    ]
    found = find_duplicates(batch_of(rows))
    assert not joined(found, "1", "3")
    assert Counter(found.pairs.tier)["auto"] == 1
    assert found.largest == 2


def test_a_branch_is_related_to_its_head_office() -> None:
    found = names_found("上海鼎信贸易有限公司", "上海鼎信贸易有限公司第一分公司")
    assert found.pairs.tier == ["related"]
    assert found.tiers == ["single", "single"]


def test_a_crowded_key_still_finds_its_pairs() -> None:
    names = [f"鼎信{trade}有限公司" for trade in ("科技", "贸易", "物流") for _ in range(90)]
    found = names_found(*names)
    assert len(set(found.cluster_ids)) == 3
    assert found.candidates < 90 * 90


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("上海鼎信智能科技有限公司", "上海市鼎信智能科技有限责任公司"),
        ("上海鼎信智能科技有限公司", "鼎信智能科技（上海）股份有限公司"),
        ("北京恒远貿易有限公司", "北京恒远贸易有限公司"),
        ("中国工商银行股份有限公司武汉洪山支行", "工行武汉市洪山区支行"),
        ("Bright Star Trading (HK) Limited", "Bright Star Trading(HK) Ltd."),
        ("天津一轻（集团）有限公司", "天津市一轻集团有限公司"),
    ],
)
def test_one_firm_written_in_two_ways_is_merged(first: str, second: str) -> None:
    assert names_found(first, second).tiers == ["auto", "auto"]


def test_records_without_names_are_found_by_phone_and_person() -> None:
    rows = [("1", "", "+8613800138000", "王伟"), ("2", "", "+8613800138000", "王偉"), ("3", "", "", "王伟")]
    found = find_duplicates(batch_of(rows))
    assert found.cluster_ids == ["1", "1", "3"]


def test_people_of_one_name_are_never_merged_by_name() -> None:
    assert names_found("王伟", "王伟").tiers == ["review", "review"]


def test_an_empty_batch_has_no_duplicates() -> None:
    found = find_duplicates(MatchBatch([], []))
    assert (found.cluster_ids, found.candidates, len(found.pairs)) == ([], 0, 0)


def test_labelled_names_hold_precision_and_recall() -> None:
    path, negatives = GOLD / "zh_companies.csv", GOLD / "zh_companies_hard_negatives.csv"
    if not path.exists():
        pytest.skip("the labelled names (shared/gold) are not on this machine")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    found = find_duplicates(MatchBatch([r["id"] for r in rows], [r["客户名称"] for r in rows]))

    def within(labels: Sequence[object]) -> int:
        return sum(n * (n - 1) // 2 for n in Counter(labels).values())

    gold = [r["cluster"] for r in rows]
    both = within(list(zip(gold, found.cluster_ids, strict=True)))
    assert both / within(found.cluster_ids) >= 0.995
    assert both / within(gold) >= 0.80
    assert within(list(zip(gold, found.review_groups, strict=True))) / within(gold) >= 0.95
    cluster = dict(zip((r["客户名称"] for r in rows), found.cluster_ids, strict=True))
    for pair in csv.DictReader(negatives.read_text(encoding="utf-8-sig").splitlines()):
        assert cluster[pair["name_a"]] != cluster[pair["name_b"]], pair

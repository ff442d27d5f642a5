"""What holds of finding duplicates whatever the records: order, splits, symmetry, a second run, forbidden pairs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.matching.find import Duplicates, find_duplicates
from crmcli.matching.records import MatchBatch
from crmcli.matching.remembered import Comparing

COLUMNS = ("names", "credit_codes", "phones", "emails", "addresses", "cities", "contacts", "wechat")
Row = tuple[str, ...]

CHINESE_NAMES = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(("", "上海", "上海市", "北京", "江苏昆山")),
        st.sampled_from(("鼎信", "鼎鑫", "信鼎", "鼎信达", "三全", "3全", "第三")),
        st.sampled_from(("", "科技", "科計", "智能科技", "贸易", "(上海)科技")),
        st.sampled_from(("", "有限公司", "股份有限公司", "集团有限公司", "有限公司北京分公司", "合伙企业(有限合伙)")),
    ),
)
OTHER_NAMES = ("", "王伟", "张三总", "Dingxin Trading Co., Ltd.", "Shanghai Dingxin Trading Co.", "鼎信", "鼎信科技")
ROWS = st.tuples(
    st.one_of(CHINESE_NAMES, st.sampled_from(OTHER_NAMES)),
    st.sampled_from(("", "", "", "91310000607321448W", "91110000802100433B")),
    st.sampled_from(("", "+8613800138000", "+8613900139000", "+8613800138000;+862161234567", "+862161234567")),
    st.sampled_from(("", "wang@dingxin.com", "li@dingxin.com", "wang@qq.com", "li@qq.com")),
    st.sampled_from(("", "上海市世纪大道100号", "世纪大道100号B座", "北京市中山路8号")),
    st.sampled_from(("", "上海", "北京市")),
    st.sampled_from(("", "王伟", "王总", "李娜")),
    st.sampled_from(("", "", "wx_wang")),
)
RECORDS = st.lists(ROWS, min_size=2, max_size=12)
ROUNDS = settings(max_examples=20, deadline=None)


def batch_of(rows: Sequence[Row], ids: Sequence[str] | None = None) -> MatchBatch:
    columns = zip(COLUMNS, zip(*rows, strict=True), strict=True)
    return MatchBatch(list(ids or map(str, range(1, len(rows) + 1))), **{name: list(c) for name, c in columns})


def clusters(found: Duplicates) -> dict[str, tuple[str, str, str, float]]:
    columns = zip(found.cluster_ids, found.review_groups, found.tiers, found.scores, strict=True)
    return dict(zip(found.ids, columns, strict=True))


def pairs_within(found: Duplicates) -> list[tuple[str, str]]:
    """Return every pair of ids in one cluster."""
    cluster = dict(zip(found.ids, found.cluster_ids, strict=True))
    return [(a, b) for a, b in combinations(found.ids, 2) if cluster[a] == cluster[b]]


@ROUNDS
@given(RECORDS, st.randoms(use_true_random=False))
def test_any_order_gives_the_same_clusters_and_ids(rows: list[Row], chance: random.Random) -> None:
    order = list(range(len(rows)))
    chance.shuffle(order)
    mixed = batch_of([rows[i] for i in order], [str(i + 1) for i in order])
    straight, shuffled = find_duplicates(batch_of(rows)), find_duplicates(mixed)
    assert clusters(straight) == clusters(shuffled)
    assert straight.pairs == shuffled.pairs


@ROUNDS
@given(RECORDS, st.data())
def test_any_split_into_batches_gives_the_same_clusters_and_ids(rows: list[Row], data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(1, len(rows)), max_size=3).map(sorted))
    arrival = data.draw(st.permutations(range(len(rows))))
    engine = Comparing()
    found = find_duplicates(batch_of(rows))
    for end in [*cuts, len(rows)]:
        here = sorted(arrival[:end])
        last = find_duplicates(batch_of([rows[i] for i in here], [str(i + 1) for i in here]), engine=engine)
    assert last == found


@ROUNDS
@given(ROWS, ROWS)
def test_a_pair_has_one_score_from_both_sides(first: Row, second: Row) -> None:
    there, back = find_duplicates(batch_of([first, second])), find_duplicates(batch_of([second, first]))
    assert (there.tiers, there.scores, there.pairs) == (back.tiers, back.scores, back.pairs)


@ROUNDS
@given(RECORDS)
def test_merging_what_was_found_finds_nothing_new(rows: list[Row]) -> None:
    found = find_duplicates(batch_of(rows))
    again = find_duplicates(batch_of(rows), forced=pairs_within(found))
    assert again.cluster_ids == found.cluster_ids
    assert again.review_groups == found.review_groups


@ROUNDS
@given(RECORDS, st.data())
def test_forbidden_pairs_stay_apart_through_chains_and_later_runs(rows: list[Row], data: st.DataObject) -> None:
    found = find_duplicates(batch_of(rows))
    linked = [(a, b) for a, b in zip(found.pairs.a, found.pairs.b, strict=True)]
    some = st.lists(st.sampled_from(linked), max_size=3) if linked else st.just([])
    forbidden = data.draw(some)
    engine = Comparing()
    for batch in (batch_of(rows), batch_of([*rows, rows[0], rows[-1]])):
        later = find_duplicates(batch, forbidden=forbidden, forced=pairs_within(found), engine=engine)
        state = clusters(later)
        assert all(state[a][0] != state[b][0] and state[a][1] != state[b][1] for a, b in forbidden)


@ROUNDS
@given(RECORDS)
def test_different_valid_credit_codes_are_never_in_one_cluster(rows: list[Row]) -> None:
    found = find_duplicates(batch_of(rows))
    codes = dict(zip(found.ids, (row[1] for row in rows), strict=True))
    assert all(not codes[a] or not codes[b] or codes[a] == codes[b] for a, b in pairs_within(found))

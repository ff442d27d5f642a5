from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.matching.addresses import take_apart
from crmcli.matching.addresses_at_once import addresses_taken_apart
from crmcli.matching.places import written_names

PLACES = ["上海市", "浙江省", "杭州", "浦东新区", "南京", "北京", "中山", "哈尔滨", "道里区", "朝阳", "海川区"]
PLACES += sorted(written_names())[::500]
SIGNS = "东西北中一二1路街道巷弄大里外区县镇乡鼎(号 a"

addresses = st.builds(
    lambda *parts: "".join(parts),
    st.lists(st.sampled_from(PLACES), max_size=3).map("".join),
    st.text(SIGNS, max_size=6),
    st.sampled_from(["", "人民路5号", "胡同北段12号"]),
)


def test_an_address_has_its_parts() -> None:
    (parts,) = addresses_taken_apart(["上海市浦东新区世纪大道100号"])
    assert (parts.road, parts.number, [place.area for place in parts.places]) == ("世纪大道", "100", ["浦东新区"])


@settings(max_examples=60)
@given(st.lists(addresses, max_size=60))
def test_addresses_have_the_parts_that_each_alone_has(texts: list[str]) -> None:
    assert addresses_taken_apart(texts) == [take_apart(text) for text in texts]

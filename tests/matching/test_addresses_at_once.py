from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.matching.addresses import AddressParts, take_apart
from crmcli.matching.addresses_at_once import plain_addresses
from crmcli.matching.normalise import numerals_to_digits
from crmcli.matching.places import written_names

PLACES = ["上海市", "浙江省", "杭州", "浦东新区", "南京", "北京", "中山", "哈尔滨", "道里区", "朝阳", "海川区"]
PLACES += sorted(written_names())[::500]
SIGNS = "东西北中一二1路街道巷弄大里外区县镇乡鼎(号 a胡同段٣"

addresses = st.builds(
    lambda *parts: "".join(parts),
    st.lists(st.sampled_from(PLACES), max_size=3).map("".join),
    st.text(SIGNS, max_size=9),
    st.sampled_from(["", "人民路5号", "胡同北段12号"]),
)


def parts_of(texts: list[str]) -> dict[int, AddressParts]:
    said = plain_addresses(texts)
    columns = zip(said.rows.tolist(), said.places.tolist(), said.roads, said.numbers, strict=True)
    return {
        row: AddressParts(said.named[code], numerals_to_digits(road), number) for row, code, road, number in columns
    }


def test_an_address_has_its_parts() -> None:
    parts = parts_of(["5 Main Street", "上海市浦东新区世纪大道100号"])[1]
    assert (parts.road, parts.number, [place.area for place in parts.places]) == ("世纪大道", "100", ["浦东新区"])


@settings(max_examples=100)
@given(st.lists(addresses, max_size=60))
def test_plain_addresses_have_the_parts_that_each_alone_has(texts: list[str]) -> None:
    found = parts_of(texts)
    assert found == {row: take_apart(texts[row]) for row in found}

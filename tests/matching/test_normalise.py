from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crmcli.matching.normalise import fold, fold_all

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
